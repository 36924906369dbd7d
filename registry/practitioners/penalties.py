"""Whose suspension (停止执业) or revocation (吊销) it is: by licence number if the name agrees, else by name and firm.

Without a number it is the only person of that name who ever practised in that institution; of several, the only one
there on the day of the conduct, else of the decision. A name alone never decides it, nor does a number under another
name: such a penalty waits, and nobody is suspended by it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from double_random.registry.institutions.names import normalize_expression
from double_random.registry.practitioners.matching import match_persons
from double_random.registry.practitioners.parties import describe_parties
from double_random.registry.practitioners.tables import ensure_practitioner_tables, replace_rows
from double_random.store.frames import query_frame

if TYPE_CHECKING:
    import duckdb
    import polars

    from double_random.registry.institutions.kinds import InstitutionKind
    from double_random.registry.practitioners.kinds import PractitionerFacts


def insert_penalties(
    connection: duckdb.DuckDBPyConnection,
    penalties: polars.DataFrame,
    facts: PractitionerFacts,
    kinds: Sequence[InstitutionKind],
    run: int,
) -> None:
    """Insert the new ones of persons' suspensions and revocations: of rows without an organisation code, whose name has
    no word of an institution's kind (parties.py). A revocation that says nothing beside the name is nobody's: left out.
    """
    import polars

    event = polars.coalesce(
        polars.when(polars.col("kinds").list.contains(kind)).then(polars.lit(event))
        for kind, event in EVENTS.items()
    )
    orders = (
        describe_parties(penalties, facts, kinds)
        .with_columns(event.alias("event"), normalize_expression("name").alias("folded"))
        .filter(polars.col("event").is_not_null(), polars.col("decided").is_not_null())
        .filter(polars.col("personal") | polars.col("possible") | _is_unmarked_suspension(kinds))
    )
    if not orders.height:
        return
    ensure_practitioner_tables(connection)
    connection.register("orders_read", orders.select(*COLUMNS).to_arrow())
    connection.execute(NEW, {"run": run})
    connection.unregister("orders_read")


def link_penalties(
    connection: duckdb.DuckDBPyConnection,
    derive_posts: Callable[[Collection[str]], polars.DataFrame],
    run: int,
) -> set[str]:
    """Link every suspension and revocation to its person; returns the persons whose links this has changed.

    `derive_posts`: where persons practised, by their permits alone.
    """
    connection.execute(ASKED)
    before = query_frame(connection, STANDING)
    if not before.height and not connection.execute("SELECT 1 FROM person_asked").fetchall():
        return set()
    match_persons(connection, derive_posts)
    found = query_frame(connection, FOUND)
    touched = {*before["penalty"], *found["penalty"]}
    if not touched:
        return set()
    replace_rows(connection, "practitioner_links", "penalty", touched, found, run)
    old, new = set(before.iter_rows()), set(found.iter_rows())
    return {practitioner for _penalty, practitioner, _how in old ^ new}


def _is_unmarked_suspension(kinds: Sequence[InstitutionKind]) -> polars.Expr:
    """A suspension of practice of which nothing else says that it is a person's: 停止执业 is a person's alone."""
    import polars

    institution = polars.col("name").str.contains_any([w for kind in kinds for w in kind.words])
    return (polars.col("event") == "suspended") & polars.col("uscc").is_null() & ~institution


EVENTS = {"revocation": "revoked", "practice_suspension": "suspended"}  # penalty kind → its effect
COLUMNS = (
    "event", "name", "folded", "licence", "practice", "conducted", "document", "decided", "ends", "authority",
    "practice_code",
)  # fmt: skip

KEY = tuple(name for name in COLUMNS if name not in ("name", "practice_code"))

NEW = f"""
INSERT INTO added.practitioner_penalties BY NAME
WITH typed AS (
    SELECT DISTINCT sha256(concat_ws(chr(31), 'penalty',
        {", ".join(f"coalesce(CAST({name} AS TEXT), '')" for name in KEY)}, practice_code)) AS penalty,
        {", ".join(COLUMNS)}
    FROM orders_read
)
SELECT DISTINCT ON (penalty) *, CAST($run AS INTEGER) AS known_from, CAST(NULL AS INTEGER) AS known_to FROM typed
WHERE penalty NOT IN (SELECT penalty FROM practitioner_penalties WHERE known_to IS NULL)
ORDER BY ALL
"""

STANDING = "SELECT penalty, practitioner, how FROM practitioner_links WHERE known_to IS NULL"

ASKED = """
CREATE OR REPLACE TEMP TABLE person_asked AS
SELECT penalty AS claim, folded, licence, practice, practice_code, coalesce(conducted, decided) AS day
FROM practitioner_penalties WHERE known_to IS NULL
"""

FOUND = """
SELECT claim AS penalty, practitioner, how FROM person_found ORDER BY ALL
"""
