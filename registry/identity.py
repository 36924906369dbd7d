"""Whose decision it is: by code, else by licence number, else by a person's word, else by a name that one alone bears.

An id is the unified social credit code, or L: + licence number (docs/draw-protocol.md). It follows from all open
decisions together, so it does not matter in which order, or in how many nights, they came. Where a later decision
shows better whose an earlier one was, the earlier row's knowledge ends and a new row says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from registry.kinds import Kind


def place(connection: duckdb.DuckDBPyConnection, kinds: Sequence[Kind], run: int) -> None:
    """Move the decisions of `incoming` that are new into the register, and everything to whom it belongs."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE kind_ids (kind TEXT, by_code BOOLEAN, by_licence BOOLEAN)"
    )
    connection.execute("CREATE OR REPLACE TEMP TABLE own_prefixes (prefix TEXT)")
    for kind in kinds:
        connection.execute(
            "INSERT INTO kind_ids VALUES (?, ?, ?)",
            [kind.code, "uscc" in kind.id, "licence" in kind.id],
        )
    for prefix in sorted({prefix for kind in kinds for prefix in kind.uscc}):
        connection.execute("INSERT INTO own_prefixes VALUES (?)", [prefix])
    connection.execute(PLACED)
    connection.execute(NEW, {"run": run})
    connection.execute(MOVED)
    connection.execute(LEFT, {"run": run})
    connection.execute(ARRIVED_ELSEWHERE, {"run": run})


# A host's code (12…, 52…, 91…) may stand for several institutions: then each goes by its licence number.
PLACED = """
CREATE OR REPLACE TEMP TABLE placed AS
WITH everything AS (
    SELECT decision, institution, kind, event, folded, uscc, licence FROM decisions WHERE known_to IS NULL
    UNION ALL
    SELECT decision, NULL, kind, event, folded, uscc, licence FROM incoming
    WHERE NOT again AND decision NOT IN (SELECT decision FROM decisions WHERE known_to IS NULL)
), shared AS (
    SELECT uscc FROM everything
    WHERE uscc IS NOT NULL AND left(uscc, 2) NOT IN (SELECT prefix FROM own_prefixes)
    GROUP BY uscc
    HAVING count(DISTINCT kind) > 1 OR count(DISTINCT licence) FILTER (event = 'founded') > 1
), coded AS (
    SELECT e.*,
        CASE WHEN k.by_code AND e.uscc NOT IN (SELECT uscc FROM shared) THEN e.uscc
             WHEN k.by_licence AND e.uscc IS NOT NULL THEN 'L:' || e.licence END AS code_id
    FROM everything e JOIN kind_ids k ON k.kind = e.kind
), holders AS (
    SELECT licence, min(code_id) AS holder FROM coded
    WHERE licence IS NOT NULL AND code_id IS NOT NULL
    GROUP BY licence HAVING count(DISTINCT code_id) = 1
), numbered AS (
    SELECT c.*,
        coalesce(c.code_id, h.holder, CASE WHEN k.by_licence THEN 'L:' || c.licence END) AS number_id
    FROM coded c JOIN kind_ids k ON k.kind = c.kind
    LEFT JOIN holders h ON h.licence = c.licence AND c.code_id IS NULL
), bearers AS (
    SELECT folded, kind, min(number_id) AS bearer FROM numbered
    WHERE number_id IS NOT NULL
        AND folded IN (SELECT folded FROM numbered WHERE number_id IS NULL)
    GROUP BY folded, kind HAVING count(DISTINCT number_id) = 1
)
SELECT n.decision, n.institution AS before, coalesce(n.number_id, d.institution, b.bearer) AS institution
FROM numbered n
LEFT JOIN decided_links d ON n.number_id IS NULL AND d.folded = n.folded AND d.known_to IS NULL
LEFT JOIN bearers b ON n.number_id IS NULL AND b.folded = n.folded AND b.kind = n.kind
"""

NEW = """
INSERT INTO decisions
SELECT i.decision, p.institution, i.kind, i.event, i.name, i.folded, i.uscc, i.licence, i.district, i.address,
    i.head, i.head_office, i.document, i.title, i.content, i.decided, i.licence_from, i.licence_to, i.authority,
    i.state, coalesce((SELECT min(e.arrived) FROM decisions e WHERE e.decision = i.decision), $run), $run, NULL
FROM incoming i JOIN placed p ON p.decision = i.decision
WHERE NOT i.again AND i.decision NOT IN (SELECT decision FROM decisions WHERE known_to IS NULL)
"""

MOVED = """
CREATE OR REPLACE TEMP TABLE moved AS
SELECT d.* REPLACE (p.institution AS institution)
FROM decisions d JOIN placed p ON p.decision = d.decision
WHERE d.known_to IS NULL AND d.institution IS DISTINCT FROM p.institution
"""

LEFT = """
UPDATE decisions SET known_to = $run
WHERE known_to IS NULL AND decision IN (SELECT decision FROM moved)
"""

ARRIVED_ELSEWHERE = """
INSERT INTO decisions SELECT * REPLACE ($run AS known_from, NULL AS known_to) FROM moved
"""
