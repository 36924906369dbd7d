"""Whose suspension (停止执业) or revocation (吊销) it is: by licence number if the name agrees, else by name and firm.

Without a number it is the only person of that name who ever practised in that institution; of several, the only one
there on the day of the conduct, else of the decision. A name alone never decides it, nor does a number under another
name: such a penalty waits, and nobody is suspended by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from double_random.registry.institutions.names import normalize_expression
from double_random.registry.practitioners.tables import (
    ensure_practitioner_tables,
    list_ids,
    replace_rows,
)
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
    no word of an institution's kind. A revocation that says nothing beside the name is nobody's, and left out.
    """
    import polars

    institution = polars.col("name").str.contains_any([w for kind in kinds for w in kind.words])
    event = polars.coalesce(
        polars.when(polars.col("kinds").list.contains(kind)).then(polars.lit(event))
        for kind, event in EVENTS.items()
    )
    told = polars.any_horizontal(polars.col("licence", "practice", "conducted").is_not_null())
    orders = (
        penalties.with_columns(
            event.alias("event"),
            normalize_expression("name").alias("folded"),
            polars.coalesce("licence", stated_number(facts)).alias("licence"),
            normalize_expression("practice").alias("practice"),
        )
        .filter(polars.col("event").is_not_null(), polars.col("decided").is_not_null())
        .filter(polars.col("name").is_not_null(), polars.col("uscc").is_null(), ~institution)
        .filter(told | (polars.col("event") == "suspended"))
    )
    if not orders.height:
        return
    ensure_practitioner_tables(connection)
    connection.register("orders_read", orders.select(*COLUMNS).to_arrow())
    connection.execute(NEW, {"run": run})
    connection.unregister("orders_read")


def stated_number(facts: PractitionerFacts) -> polars.Expr:
    """The licence number that a penalty states outside its own column: of the certificate, else in its facts."""
    import polars

    patterns = facts.statements.get("number", ())
    return polars.coalesce(
        *(
            polars.col(column).str.extract(pattern)
            for column in ("certificate", "facts")
            for pattern in patterns
        ),
        polars.lit(None, polars.String),
    )


def list_name_candidates(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The persons who bear, or bore, the name of a penalty without a number."""
    return list_ids(connection, CANDIDATES)


def link_penalties(
    connection: duckdb.DuckDBPyConnection, posts: polars.DataFrame, run: int
) -> set[str]:
    """Link every suspension and revocation to its person; returns the persons whose links this has changed.

    `posts`: where the candidates for a name practised, by their permits alone.
    """
    connection.register("decided_posts", posts.to_arrow())
    before = query_frame(connection, STANDING)
    found = query_frame(connection, FOUND)
    connection.unregister("decided_posts")
    touched = {*before["penalty"], *found["penalty"]}
    if not touched:
        return set()
    replace_rows(connection, "practitioner_links", "penalty", touched, found, run)
    old, new = set(before.iter_rows()), set(found.iter_rows())
    return {practitioner for _penalty, practitioner, _how in old ^ new}


EVENTS = {"revocation": "revoked", "practice_suspension": "suspended"}  # penalty kind → its effect
COLUMNS = (
    "event", "name", "folded", "licence", "practice", "conducted", "document", "decided", "ends", "authority",
)  # fmt: skip

NEW = f"""
INSERT INTO added.practitioner_penalties
WITH typed AS (
    SELECT DISTINCT sha256(concat_ws(chr(31), 'penalty',
        {", ".join(f"coalesce(CAST({name} AS TEXT), '')" for name in COLUMNS if name != "name")})) AS penalty,
        {", ".join(COLUMNS)}
    FROM orders_read
)
SELECT DISTINCT ON (penalty) *, $run, NULL FROM typed
WHERE penalty NOT IN (SELECT penalty FROM practitioner_penalties WHERE known_to IS NULL)
ORDER BY ALL
"""

CANDIDATES = """
SELECT DISTINCT id FROM practitioners WHERE known_to IS NULL AND folded IN (
    SELECT folded FROM practitioner_penalties WHERE known_to IS NULL AND licence IS NULL AND practice IS NOT NULL)
"""

STANDING = "SELECT penalty, practitioner, how FROM practitioner_links WHERE known_to IS NULL"

FOUND = """
WITH names AS (
    SELECT DISTINCT id, folded FROM practitioners WHERE known_to IS NULL
), numbers AS (
    SELECT DISTINCT practitioner AS id, licence FROM practitioner_decisions
    WHERE known_to IS NULL AND practitioner IS NOT NULL
    UNION
    SELECT practitioner, former_licence FROM practitioner_decisions
    WHERE known_to IS NULL AND practitioner IS NOT NULL AND former_licence IS NOT NULL
), asked AS (
    SELECT penalty, folded, licence, practice, coalesce(conducted, decided) AS day
    FROM practitioner_penalties WHERE known_to IS NULL
), by_number AS (
    SELECT DISTINCT a.penalty, n.id FROM asked a
    JOIN numbers n ON n.licence = a.licence JOIN names m ON m.id = n.id AND m.folded = a.folded
), there AS (
    SELECT DISTINCT a.penalty, n.id,
        coalesce(e.since <= a.day, true) AND coalesce(e.until > a.day, true) AS on_the_day
    FROM asked a
    JOIN names n ON n.folded = a.folded
    JOIN decided_posts e ON e.practitioner = n.id
    JOIN institutions i ON i.id = e.institution AND i.folded = a.practice AND i.known_to IS NULL
    WHERE a.licence IS NULL
), by_name AS (
    SELECT penalty,
        CASE WHEN count(DISTINCT id) = 1 THEN min(id)
             WHEN count(DISTINCT id) FILTER (on_the_day) = 1 THEN min(id) FILTER (on_the_day) END AS id
    FROM there GROUP BY penalty
)
SELECT penalty, id AS practitioner, 'licence' AS how FROM by_number
UNION ALL
SELECT penalty, id, 'name' FROM by_name WHERE id IS NOT NULL
ORDER BY ALL
"""
