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
from double_random.store.sql_files import read_sql
from double_random.store.tables import end_rows

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
    owners, region = read_sql("registry.institutions", "owners"), region_pattern()
    spelled = json.dumps([sorted(rules), prefixes, owners, region])
    reassignment.find_reassignable(connection, hashlib.sha256(spelled.encode()).hexdigest(), run)
    connection.execute(owners, {"region": region})
    connection.execute(RETURNED)
    connection.execute(NEW, {"run": run})
    connection.execute(MOVED, {"run": run})
    connection.execute(ARRIVED_ELSEWHERE, {"run": run})
    end_rows(connection, "decisions", "SELECT place FROM moved", run)


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
INSERT INTO added.decisions
SELECT d.* EXCLUDE (place) REPLACE (m.institution AS institution, CAST($run AS INTEGER) AS known_from)
FROM placed.decisions d JOIN moved m ON m.place = d.place
"""

RETURNED = """
CREATE OR REPLACE TEMP TABLE returned AS
SELECT decision, min(arrived) AS arrived FROM decisions
WHERE known_to IS NOT NULL GROUP BY decision
"""

NEW = f"""
INSERT INTO added.decisions
SELECT d.decision, o.institution, d.kind, d.event, d.name, d.folded, d.uscc, d.licence, d.district, d.address,
    d.head, d.head_office, d.document, d.title, d.content, d.decided, d.licence_from, d.licence_to, d.authority,
    d.state, coalesce(r.arrived, $run), $run, NULL, d.authority_code
FROM incoming d {OWNER}
LEFT JOIN returned r ON r.decision = d.decision
"""
