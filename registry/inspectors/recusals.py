"""回避: which inspector must not inspect whom, and why. Kept also if the institution or person is not known yet."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from double_random.registry import reasons
from double_random.registry.inspectors import person_recusals
from double_random.registry.institutions.linking import find_institutions
from double_random.registry.institutions.names import normalize_expression
from double_random.registry.tables import column_names
from double_random.store.bitemporal import knowledge_condition
from double_random.store.json_rows import query_rows
from double_random.store.tables import end_where, remove_added

if TYPE_CHECKING:
    import duckdb
    import polars

    from double_random.store.releases import Draft, Release


def known_recusals(
    release: Release | Draft, known_at: int | None = None, day: date | None = None
) -> polars.DataFrame:
    """All recusals of known parties: inspector, target (its id), reason; by inspector and target.

    A recusal from a person is also one from the institution where the person is on the day; while it is not clear who
    is meant it is one from all who may be. `day`: only those in force on it, first and last day included; None: also
    past and future ones.
    """
    import polars

    columns = ("inspector", "target", "reason")
    recusals = list_recusals(release, known_at, day).select(columns)
    people = PEOPLE.format(known="known_to IS NULL")
    bound = person_recusals.bound_targets(release, people, MEANT, day)
    if bound is not None:
        recusals = polars.concat([recusals, bound.select(columns)]).sort(columns)
    return recusals.filter(polars.col("target").is_not_null()).unique(maintain_order=True)


def list_recusals(
    release: Release | Draft, known_at: int | None = None, day: date | None = None
) -> polars.DataFrame:
    """Every recusal, also of unknown parties: inspector target reason since until uscc name.

    The name is the institution's or person's newest one, else as given.
    """
    import polars

    parameters: list[object] = [] if known_at is None else [known_at]
    times = "since, until"
    if "since" not in column_names(release.connection, "recusals"):  # made by an older version
        times = "CAST(NULL AS DATE) AS since, CAST(NULL AS DATE) AS until"
    holds = "true"
    people = PEOPLE.format(known=knowledge_condition("$1", known_at))
    if day is not None:
        parameters.append(day)
        holds = HOLDS.format(day=f"CAST(${len(parameters)} AS DATE)")
    known_ = knowledge_condition("$1", known_at)
    listed = release.frame(
        LISTED.format(times=times, known=known_, holds=holds, people=people), parameters
    )
    persons = person_recusals.list_person_recusals(release, people, MEANT, known_at, day)
    if persons is None or not persons.height:
        return listed
    return polars.concat([listed, persons]).sort(listed.columns)


def find_unmatched(release: Release | Draft, day: date | None = None) -> list[dict[str, Any]]:
    """Recusals without effect: name, column, value, reason, file, sheet, row and about of each issue.

    `about` distinguishes it from others with the same text. `day`: only those that would be in force on it.
    """
    if not release.has("recusals"):
        return []
    existing = column_names(release.connection, "recusals")
    missing = {"since": "DATE", "until": "DATE", "file": "TEXT", "sheet": "TEXT", "row": "INTEGER"}
    extra = [f"CAST(NULL AS {missing[name]}) AS {name}" for name in missing if name not in existing]
    holds = "true" if day is None else HOLDS.format(day="CAST($1 AS DATE)")
    sql = UNMATCHED.format(extra="".join(f", {expression}" for expression in extra), holds=holds)
    found = query_rows(release.connection, sql, [] if day is None else [day])
    return found + _find_unmatched_persons(release, day)


def _find_unmatched_persons(release: Release | Draft, day: date | None) -> list[dict[str, Any]]:
    """The same of recusals from persons: nobody may be meant, or the inspector is not on the roster."""
    people = PEOPLE.format(known="known_to IS NULL")
    bound = person_recusals.bound_targets(release, people, MEANT, day)
    if bound is None or not bound.height:
        return []
    badges = {
        str(badge)
        for (badge,) in release.connection.execute(
            "SELECT DISTINCT id FROM inspectors WHERE known_to IS NULL"
        ).fetchall()
    }
    rows: list[dict[str, Any]] = []
    for item in bound.unique("claim", maintain_order=True).iter_rows(named=True):
        faults = [("inspector", item["inspector"], reasons.NO_SUCH_INSPECTOR)]
        faults = faults if item["inspector"] not in badges else []
        if item["target"] is None:
            faults.append(("target", "", reasons.PERSON_RECUSAL_WAITS))
        for column, value, reason in faults:
            place = {"file": "", "sheet": "", "row": 0, "about": item["claim"]}
            note = {"name": item["name"] or "", "column": column, "value": value, "reason": reason}
            rows.append(note | place)
    return rows


def insert_recusals(
    connection: duckdb.DuckDBPyConnection, rows: polars.DataFrame, run: int
) -> None:
    """Insert the new recusals of intake; a stated time takes precedence over none.

    For one inspector, institution and reason: a row with times replaces one without; of rows with the same first day
    a stated end replaces none, and a later end replaces an earlier one. So old sheets may be read again, and the
    order of files and runs does not matter.
    """
    import polars

    frame = rows.with_columns(
        normalize_expression("name").alias("folded"), polars.col("reason").fill_null("")
    )
    connection.register("recusals_read", frame.to_arrow())
    connection.execute(WANTED)
    end_where(connection, "recusals", REFINED, run)
    connection.execute(NEW, {"run": run})
    connection.unregister("recusals_read")


def link_recusals(connection: duckdb.DuckDBPyConnection, run: int) -> None:
    """Link every recusal to its institution: by code, else by the name in force now."""
    connection.execute(CLAIMS)
    find_institutions(connection)
    connection.execute(MOVED)
    remove_added(connection, "recusals", NEVER_KNOWN, {"run": run})
    end_where(connection, "recusals", HAS_MOVED, run)
    connection.execute(ADDED, {"run": run})


# The inspector of a text in place of a certificate number: the bearer of that number, else the only one of that name.
PEOPLE = """
people AS (SELECT DISTINCT id, name FROM inspectors WHERE {known}
), named AS (
    SELECT regexp_replace(name, '\\s', '', 'g') AS given, min(id) AS id FROM people
    GROUP BY 1 HAVING count(DISTINCT id) = 1
)"""

MEANT = """CASE WHEN r.inspector IN (SELECT id FROM people) THEN r.inspector
         ELSE coalesce((SELECT id FROM named WHERE given = regexp_replace(r.inspector, '\\s', '', 'g')), r.inspector)
    END"""

ABOUT = """concat_ws(chr(31), inspector, coalesce(uscc, ''), coalesce(name, ''), reason,
        coalesce(CAST(since AS TEXT), ''), coalesce(CAST(until AS TEXT), ''))"""

UNMATCHED = f"""
WITH {PEOPLE.format(known="known_to IS NULL")}, asked AS (
    SELECT r.*{{extra}}, {MEANT} AS meant FROM recusals r WHERE r.known_to IS NULL
), standing AS (
    SELECT * FROM asked WHERE {{holds}}
)
SELECT DISTINCT coalesce(name, '') AS name, 'inspector' AS "column", inspector AS value,
    '{reasons.NO_SUCH_INSPECTOR}' AS reason, coalesce(file, '') AS file, coalesce(sheet, '') AS sheet,
    coalesce(row, 0) AS row, {ABOUT} AS about
FROM standing WHERE meant NOT IN (SELECT id FROM people)
UNION
SELECT DISTINCT coalesce(name, ''), 'target', coalesce(uscc, ''), '{reasons.RECUSAL_WAITS}',
    coalesce(file, ''), coalesce(sheet, ''), coalesce(row, 0), {ABOUT}
FROM standing WHERE target IS NULL
UNION
SELECT DISTINCT coalesce(name, ''), 'until', CAST(until AS TEXT), '{reasons.RECUSAL_BACKWARDS}',
    coalesce(file, ''), coalesce(sheet, ''), coalesce(row, 0), {ABOUT}
FROM asked WHERE until < since
ORDER BY ALL
"""

WHO = "concat_ws(chr(31), inspector, coalesce(uscc, ''), coalesce(licence, ''), coalesce(folded, ''), reason)"
KEY = f"concat_ws(chr(31), {WHO}, coalesce(CAST(since AS TEXT), ''), coalesce(CAST(until AS TEXT), ''))"
HOLDS = "coalesce(since, {day}) <= {day} AND coalesce(until, {day}) >= {day}"

LISTED = f"""
WITH {{people}}, rows AS (
    SELECT DISTINCT {MEANT} AS inspector, target, reason, {{times}}, uscc, name AS given
    FROM recusals r WHERE {{known}}
), names AS (
    SELECT id, max_by(name, valid_from) AS name FROM institutions WHERE known_to IS NULL GROUP BY id
)
SELECT DISTINCT r.inspector, r.target, r.reason, r.since, r.until, r.uscc, coalesce(n.name, r.given) AS name
FROM rows r LEFT JOIN names n ON n.id = r.target
WHERE {{holds}} ORDER BY ALL
"""

WANTED = f"""
CREATE OR REPLACE TEMP TABLE wanted_recusals AS
WITH said AS (
    SELECT inspector, reason, uscc, licence, name, folded, since, until,
        struct_pack(file := file, sheet := sheet, row := CAST(row AS INTEGER)) AS place
    FROM recusals_read
    UNION ALL
    SELECT inspector, reason, uscc, licence, name, folded, since, until,
        CASE WHEN file IS NOT NULL THEN struct_pack(file := file, sheet := sheet, row := row) END
    FROM recusals
    WHERE known_to IS NULL AND {WHO} IN (SELECT {WHO} FROM recusals_read)
), spans AS (
    SELECT inspector, reason, uscc, licence, min(name) AS name, folded, since, max(until) AS until,
        min(place) AS place
    FROM said GROUP BY inspector, reason, uscc, licence, folded, since
)
SELECT * FROM spans
QUALIFY since IS NOT NULL OR until IS NOT NULL
    OR count(*) OVER (PARTITION BY inspector, reason, uscc, licence, folded) = 1
"""

REFINED = f"""
{WHO} IN (SELECT {WHO} FROM wanted_recusals)
    AND {KEY} NOT IN (SELECT {KEY} FROM wanted_recusals)
"""

NEW = f"""
INSERT INTO added.recusals (inspector, reason, uscc, licence, name, folded, known_from, since, until, file, sheet, row)
SELECT inspector, reason, uscc, licence, name, folded, $run, since, until, place.file, place.sheet, place.row
FROM wanted_recusals
WHERE {KEY} NOT IN (SELECT {KEY} FROM recusals WHERE known_to IS NULL)
ORDER BY ALL
"""

CLAIMS = f"""
CREATE OR REPLACE TEMP TABLE asked_claims AS
SELECT DISTINCT {KEY} AS claim, uscc AS code, licence, folded, CAST(NULL AS DATE) AS day
FROM recusals WHERE known_to IS NULL
"""

MOVED = f"""
CREATE OR REPLACE TEMP TABLE moved_recusals AS
SELECT r.* REPLACE (f.institution AS target)
FROM recusals r LEFT JOIN found f ON f.claim = {KEY}
WHERE r.known_to IS NULL AND r.target IS DISTINCT FROM f.institution
"""

HAS_MOVED = f"{KEY} IN (SELECT {KEY} FROM moved_recusals)"

NEVER_KNOWN = f"SELECT place FROM placed.recusals WHERE known_from = $run AND {HAS_MOVED}"

ADDED = """
INSERT INTO added.recusals SELECT * REPLACE ($run AS known_from, NULL AS known_to) FROM moved_recusals ORDER BY ALL
"""
