"""回避 from a person: it holds against the person and the institution where the person practises, and moves along.

While it is not clear who is meant it holds against all who may be, and their institutions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from double_random.registry.practitioners.claims import list_waiting
from double_random.registry.practitioners.parties import describe_parties
from double_random.registry.practitioners.tables import ensure_practitioner_tables
from double_random.store.bitemporal import knowledge_condition, period_condition
from double_random.store.frames import query_frame

if TYPE_CHECKING:
    import duckdb
    import polars

    from double_random.registry.institutions.kinds import InstitutionKind
    from double_random.registry.practitioners.kinds import PractitionerFacts
    from double_random.store.releases import Draft, Release

TABLE = "person_recusals"


def split_recusals(
    rows: polars.DataFrame, facts: PractitionerFacts, kinds: Sequence[InstitutionKind]
) -> tuple[polars.DataFrame, polars.DataFrame]:
    """Recusals of intake from persons (with the `claim` of each), and from institutions."""
    import polars

    from double_random.registry.institutions.names import normalize_names

    read = describe_parties(rows, facts, kinds)
    others = rows.filter(~read["personal"])
    if rows["person"].null_count() < rows.height:  # a column of persons may hold an institution
        others = others.with_columns(polars.coalesce("person", "name").alias("name"))
    persons = read.filter(polars.col("personal"))
    persons = persons.with_columns(
        normalize_names(persons["name"]).alias("folded"), polars.col("reason").fill_null("")
    )
    said = [polars.col(name).cast(polars.String).fill_null("") for name in KEY]
    text = persons.select(polars.concat_str(said, separator="\x1f").alias("text"))["text"]
    claims = [_hash_text(value) for value in text]
    return persons.with_columns(polars.Series("claim", claims, polars.String)), others


def insert_person_recusals(
    connection: duckdb.DuckDBPyConnection, persons: polars.DataFrame, run: int
) -> None:
    """Insert the new ones; they are linked with the records about persons."""
    if not persons.height:
        return
    ensure_practitioner_tables(connection)
    connection.register("recusals_read", persons.to_arrow())
    connection.execute(NEW_CLAIMS, {"run": run})
    connection.execute(NEW, {"run": run})
    connection.unregister("recusals_read")


def find_waiting(release: Draft, persons: polars.DataFrame) -> polars.DataFrame:
    """Of the recusals of a run those whose person is not clear, with `why`."""
    import polars

    waiting = list_waiting(release) if persons.height else {}
    why = [waiting.get(claim, (None, []))[0] for claim in persons["claim"]]
    return persons.with_columns(polars.Series("why", why, polars.String)).filter(
        polars.col("why").is_not_null()
    )


def list_person_recusals(
    release: Release | Draft, people: str, meant: str, known_at: int | None, day: date | None
) -> polars.DataFrame | None:
    """inspector target reason since until uscc name: a recusal's person, or null while it is not clear; None: none.

    `people`, `meant`: how an inspector's number is found (recusals.py).
    """
    if not release.has(TABLE):
        return None
    parameters: list[object] = [] if known_at is None else [known_at]
    known, holds = knowledge_condition("$1", known_at), "true"
    if day is not None:
        parameters.append(day)
        holds = HOLDS.format(day=f"CAST(${len(parameters)} AS DATE)")
    sql = LISTED.format(people=people, meant=meant, known=known, holds=holds)
    return release.frame(sql, parameters)


def bound_targets(
    release: Release | Draft, people: str, meant: str, day: date | None
) -> polars.DataFrame | None:
    """Whom each person's recusal that holds on a day is against: claim name inspector reason since until target.

    Targets are the persons and their institutions of that day, while the person is not clear of all who may be meant;
    null if nobody may be. Without a day: of all recusals, as it is now. None: there are no such recusals.
    """
    if not release.has(TABLE) or not release.connection.execute(f"FROM {TABLE} LIMIT 1").fetchall():
        return None
    import polars

    waiting = list_waiting(release)
    pairs = [(claim, who) for claim, (_why, ids) in waiting.items() for who in ids]
    schema = {"claim": polars.String, "practitioner": polars.String}
    connection = release.connection
    may_be = polars.DataFrame(pairs, schema=schema, orient="row")
    connection.register("may_be", may_be.to_arrow())
    if waiting:  # a number under another name: its bearer may be meant too
        connection.execute(NUMBERS_TOO)
    else:
        connection.execute("CREATE OR REPLACE TEMP TABLE recusal_persons AS FROM may_be")
    connection.unregister("may_be")
    known = knowledge_condition("", None)
    holds = "true" if day is None else HOLDS.format(day="CAST($day AS DATE)")
    sql = BOUND.format(people=people, meant=meant, known=known, holds=holds)
    return query_frame(connection, sql, {"day": day})


def _hash_text(text: str) -> str:
    import hashlib

    return hashlib.sha256(b"recusal\x1f" + text.encode()).hexdigest()


KEY = (
    "inspector", "reason", "folded", "licence", "practice", "practice_code", "since", "until",
)  # fmt: skip
HOLDS = "coalesce(since, {day}) <= {day} AND coalesce(until, {day}) >= {day}"

NEW_CLAIMS = """
INSERT INTO added.person_claims
    (claim, name, folded, licence, practice, practice_code, conducted, day, known_from)
SELECT DISTINCT ON (claim) claim, name, folded, licence, practice, practice_code, NULL, NULL, $run
FROM recusals_read WHERE claim NOT IN (SELECT claim FROM person_claims)
ORDER BY claim, name
"""

NEW = """
INSERT INTO added.person_recusals
SELECT DISTINCT ON (claim) claim, inspector, reason, since, until, file, sheet, row, $run, NULL
FROM recusals_read WHERE claim NOT IN (SELECT claim FROM person_recusals WHERE known_to IS NULL)
ORDER BY claim, file, sheet, row
"""

# For one inspector, person and reason: a row with times counts instead of one without; of one first day the latest end.
SPANS = """
spans AS (
    SELECT any_value(r.claim ORDER BY r.claim) AS claim, r.inspector, r.reason, r.since,
        CASE WHEN bool_or(r.until IS NOT NULL) THEN max(r.until) END AS until,
        any_value(c.name ORDER BY c.name) AS name
    FROM (SELECT * FROM person_recusals WHERE {known}) r JOIN person_claims c ON c.claim = r.claim
    GROUP BY r.inspector, r.reason, c.folded, c.licence, c.practice, c.practice_code, r.since
    QUALIFY r.since IS NOT NULL OR bool_or(r.until IS NOT NULL) OR count(*) OVER (
        PARTITION BY r.inspector, r.reason, c.folded, c.licence, c.practice, c.practice_code) = 1
)"""

LISTED = f"""
WITH {{people}}, {SPANS}, bearers AS (
    SELECT id, max_by(name, valid_from) AS name FROM practitioners WHERE known_to IS NULL GROUP BY id
)
SELECT DISTINCT {{meant}} AS inspector, l.institution AS target, r.reason, r.since, r.until,
    CAST(NULL AS TEXT) AS uscc, coalesce(n.name, r.name) AS name
FROM spans r LEFT JOIN links l ON l.claim = r.claim AND l.known_to IS NULL LEFT JOIN bearers n ON n.id = l.institution
WHERE {{holds}} ORDER BY ALL
"""

NUMBERS_TOO = """
CREATE OR REPLACE TEMP TABLE recusal_persons AS
SELECT claim, practitioner FROM may_be
UNION
SELECT a.claim, n.id FROM person_asked a JOIN person_numbers n ON n.licence = a.licence
"""

BOUND = f"""
WITH {{people}}, {SPANS}, meant AS (
    SELECT r.* REPLACE ({{meant}} AS inspector), coalesce(l.institution, p.practitioner) AS practitioner
    FROM (SELECT * FROM spans WHERE {{holds}}) r LEFT JOIN links l ON l.claim = r.claim AND l.known_to IS NULL
    LEFT JOIN recusal_persons p ON p.claim = r.claim
)
SELECT claim, name, inspector, reason, since, until, practitioner AS target FROM meant
UNION
SELECT m.claim, m.name, m.inspector, m.reason, m.since, m.until, e.institution
FROM meant m JOIN employment e ON e.practitioner = m.practitioner AND e.known_to IS NULL
WHERE CASE WHEN CAST($day AS DATE) IS NULL THEN e.until IS NULL
    ELSE {period_condition("CAST($day AS DATE)", "e.")} END
ORDER BY ALL
"""
