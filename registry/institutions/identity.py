"""The owner of a decision: by code, else by licence number, else by a manual decision, else by a unique name.

An id is the unified social credit code, or L: + licence number (docs/reference/draw-protocol.md). It follows from all
open decisions together, so the order and the number of runs in which they arrived does not matter. If a later
decision gives a better owner for an earlier one, the earlier row's knowledge ends and a new row records it. Only
decisions whose owner may change in a run are evaluated again (reassignment.py).

Two foundings of different names are not one institution because they have one licence number: the number belongs to
the earlier one, or to the one that also has the code, whichever was read first. All rows of the later name under that
number wait for a manual decision (`registry link`), as rows without an owner do. A code belongs to its bearer alone:
there the note of duplicate_foundings.py is enough. It is not a contradiction if one name begins with the other, if
both foundings have one document, or if a change of name gave the name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from double_random.registry.institutions import reassignment
from double_random.registry.institutions.names import region_pattern

if TYPE_CHECKING:
    import duckdb

    from double_random.registry.institutions.kinds import InstitutionKind


def place_decisions(
    connection: duckdb.DuckDBPyConnection, kinds: Sequence[InstitutionKind], run: int
) -> None:
    """Insert the new decisions of `incoming` into the register, and assign all decisions to their owners."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE kind_ids (kind TEXT, by_code BOOLEAN, by_licence BOOLEAN)"
    )
    connection.execute("CREATE OR REPLACE TEMP TABLE own_prefixes (prefix TEXT)")
    rules = [[kind.code, "uscc" in kind.id, "licence" in kind.id] for kind in kinds]
    prefixes = sorted({prefix for kind in kinds for prefix in kind.uscc})
    for rule in rules:
        connection.execute("INSERT INTO kind_ids VALUES (?, ?, ?)", rule)
    for prefix in prefixes:
        connection.execute("INSERT INTO own_prefixes VALUES (?)", [prefix])
    placed = PLACED.format(region=region_pattern())
    spelled = json.dumps([sorted(rules), prefixes, placed])
    reassignment.find_reassignable(connection, hashlib.sha256(spelled.encode()).hexdigest(), run)
    connection.execute(placed)
    connection.execute(RETURNED)
    connection.execute(NEW, {"run": run})
    connection.execute(MOVED, {"run": run})
    connection.execute(ARRIVED_ELSEWHERE, {"run": run})
    connection.execute(LEFT, {"run": run})


# The owner of a decision follows from its kind, code, licence number and name alone. So it is computed once for each
# distinct combination, of which there are far fewer than decisions.
# A host's code (12…, 52…, 91…) may belong to several institutions: then each is identified by its licence number.
PLACED = """
CREATE OR REPLACE TEMP TABLE owners AS
WITH sayings AS (
    SELECT kind, uscc, licence, folded, bool_or(event = 'founded') AS founds FROM (
        SELECT kind, uscc, licence, folded, event FROM asked_again
        UNION ALL
        SELECT kind, uscc, licence, folded, event FROM incoming
    ) GROUP BY kind, uscc, licence, folded
), shared AS (
    SELECT uscc FROM sayings
    WHERE uscc IS NOT NULL AND left(uscc, 2) NOT IN (SELECT prefix FROM own_prefixes)
    GROUP BY uscc
    HAVING count(DISTINCT kind) > 1 OR count(DISTINCT licence) FILTER (founds) > 1
), coded AS (
    SELECT s.*,
        CASE WHEN k.by_code AND s.uscc NOT IN (SELECT uscc FROM shared) THEN s.uscc
             WHEN k.by_licence AND s.uscc IS NOT NULL THEN 'L:' || s.licence END AS code_id
    FROM sayings s JOIN kind_ids k ON k.kind = s.kind
), holders AS (
    SELECT licence, min(code_id) AS holder FROM coded
    WHERE licence IS NOT NULL AND code_id IS NOT NULL
    GROUP BY licence HAVING count(DISTINCT code_id) = 1
), numbered AS (
    SELECT c.*,
        coalesce(c.code_id, h.holder, CASE WHEN k.by_licence THEN 'L:' || c.licence END) AS number_id
    FROM coded c JOIN kind_ids k ON k.kind = c.kind
    LEFT JOIN holders h ON h.licence = c.licence AND c.code_id IS NULL
), contested AS (
    SELECT number_id FROM numbered WHERE number_id IS NOT NULL
    GROUP BY number_id HAVING count(DISTINCT folded) FILTER (founds) > 1
), contesting AS MATERIALIZED (
    SELECT * FROM numbered WHERE number_id IN (SELECT number_id FROM contested)
), said AS MATERIALIZED (
    SELECT c.number_id, c.number_id IS NOT DISTINCT FROM c.uscc AS coded, d.folded, d.event,
        d.state, d.decided, coalesce(d.document, '') AS document,
        contains(concat_ws(' ', d.title, d.content), '名称') AS renames
    FROM contesting c
    JOIN (
        SELECT kind, uscc, licence, folded, event, state, decided, document, title, content
        FROM decisions WHERE rowid IN (SELECT place FROM asked_again)
        UNION ALL
        SELECT kind, uscc, licence, folded, event, state, decided, document, title, content FROM incoming
    ) d ON d.kind = c.kind AND d.uscc IS NOT DISTINCT FROM c.uscc AND d.licence IS NOT DISTINCT FROM c.licence
        AND d.folded = c.folded
), founded AS MATERIALIZED (
    SELECT number_id, folded, regexp_replace(folded, '{region}', '') AS rest, list(DISTINCT document) AS documents,
        min(struct_pack(by_licence := NOT coded, decided := decided, folded := folded)) AS since,
        bool_or(coded) AS coded
    FROM said s
    WHERE event = 'founded' AND state = 'valid' AND NOT EXISTS (
        SELECT 1 FROM said r
        WHERE r.number_id = s.number_id AND r.folded = s.folded AND r.renames AND r.event <> 'founded'
    )
    GROUP BY number_id, folded
), held AS MATERIALIZED (
    SELECT l.number_id, l.folded
    FROM founded l
    JOIN (SELECT number_id, min(since) AS since FROM founded GROUP BY number_id) o ON o.number_id = l.number_id
    JOIN founded f ON f.number_id = l.number_id AND f.since = o.since
    WHERE NOT l.coded AND NOT starts_with(l.rest, f.rest) AND NOT starts_with(f.rest, l.rest)
        AND NOT list_has_any(l.documents, f.documents)
), bearers AS (
    SELECT folded, kind, min(number_id) AS bearer FROM numbered
    WHERE number_id IS NOT NULL AND (number_id, folded) NOT IN (SELECT (number_id, folded) FROM held)
        AND folded IN (SELECT folded FROM numbered WHERE number_id IS NULL)
    GROUP BY folded, kind HAVING count(DISTINCT number_id) = 1
)
SELECT n.kind, coalesce(n.uscc, '') AS uscc, coalesce(n.licence, '') AS licence, n.folded,
    CASE WHEN h.folded IS NULL THEN coalesce(n.number_id, d.institution, b.bearer) ELSE d.institution END
        AS institution,
    CASE WHEN d.institution IS NULL THEN h.number_id END AS held
FROM numbered n
LEFT JOIN held h ON h.number_id = n.number_id AND h.folded = n.folded
LEFT JOIN decided_links d ON (n.number_id IS NULL OR h.folded IS NOT NULL) AND d.folded = n.folded
    AND d.known_to IS NULL
LEFT JOIN bearers b ON n.number_id IS NULL AND b.folded = n.folded AND b.kind = n.kind
"""

OWNER = """LEFT JOIN owners o ON o.kind = d.kind AND o.uscc = coalesce(d.uscc, '')
    AND o.licence = coalesce(d.licence, '') AND o.folded = d.folded"""

# New rows are inserted first. (DuckDB 2.0: after an INSERT of no rows into a new table, a large one in the same
# transaction cannot be read before the commit.)
MOVED = f"""
CREATE OR REPLACE TEMP TABLE moved AS
SELECT d.place, o.institution
FROM asked_again d {OWNER}
WHERE d.movable AND d.known_from < $run AND d.institution IS DISTINCT FROM o.institution
"""

ARRIVED_ELSEWHERE = """
INSERT INTO decisions
SELECT d.* REPLACE (m.institution AS institution, CAST($run AS INTEGER) AS known_from)
FROM decisions d JOIN moved m ON m.place = d.rowid
"""

LEFT = """
UPDATE decisions SET known_to = $run WHERE rowid IN (SELECT place FROM moved)
"""

RETURNED = """
CREATE OR REPLACE TEMP TABLE returned AS
SELECT decision, min(arrived) AS arrived FROM decisions
WHERE known_to IS NOT NULL GROUP BY decision
"""

NEW = f"""
INSERT INTO decisions
SELECT d.decision, o.institution, d.kind, d.event, d.name, d.folded, d.uscc, d.licence, d.district, d.address,
    d.head, d.head_office, d.document, d.title, d.content, d.decided, d.licence_from, d.licence_to, d.authority,
    d.state, coalesce(r.arrived, $run), $run, NULL, d.authority_code
FROM incoming d {OWNER}
LEFT JOIN returned r ON r.decision = d.decision
"""
