"""回避: which inspector does not go to which institution, and why. Kept also while the institution is not known yet."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from registry import reasons
from registry.inspectors import known as known_condition
from registry.linking import find
from registry.names import fold_expression
from registry.tables import columns

if TYPE_CHECKING:
    import duckdb
    import polars

    from store.releases import Draft, Release


def known(
    release: Release | Draft, known_at: int | None = None, day: date | None = None
) -> polars.DataFrame:
    """All recusals whose institution is known: inspector, target (its id), reason; by inspector and target.

    `day`: only those that hold on it, first and last day included; None: also those that are over or to come.
    """
    found = listed(release, known_at, day)
    return (
        found.filter(found["target"].is_not_null())
        .select("inspector", "target", "reason")
        .unique(maintain_order=True)
    )


def listed(
    release: Release | Draft, known_at: int | None = None, day: date | None = None
) -> polars.DataFrame:
    """Every recusal, also of institutions that are not known yet: inspector target reason since until uscc name.

    The name is the institution's newest one, else as given.
    """
    parameters: list[object] = [] if known_at is None else [known_at]
    times = "since, until"
    if "since" not in columns(release.connection, "recusals"):  # as an older version has made it
        times = "CAST(NULL AS DATE) AS since, CAST(NULL AS DATE) AS until"
    holds = "true"
    if day is not None:
        parameters.append(day)
        holds = HOLDS.format(day=f"CAST(${len(parameters)} AS DATE)")
    known_ = known_condition("$1", known_at)
    return release.frame(LISTED.format(times=times, known=known_, holds=holds), parameters)


def unmatched(release: Release | Draft) -> list[dict[str, str]]:
    """Recusals that keep nobody away, as a number or a day was mistyped: name, column, value, reason of each issue."""
    if not release.has("recusals"):
        return []
    timed = "since" in columns(release.connection, "recusals")
    return release.frame(f"{UNMATCHED} {BACKWARDS if timed else ''} ORDER BY ALL").to_dicts()


def take(connection: duckdb.DuckDBPyConnection, rows: polars.DataFrame, run: int) -> None:
    """Keep what the recusals of intake say that is new; a stated time stands above none.

    Of one inspector, institution and reason: a row with times takes the place of one without; of rows that begin on
    one day a stated end takes the place of none, and a later end of an earlier one. So old sheets may come again, and
    the order of files and nights does not matter.
    """
    import polars

    frame = rows.with_columns(
        fold_expression("name").alias("folded"), polars.col("reason").fill_null("")
    )
    connection.register("recusals_read", frame.to_arrow())
    connection.execute(WANTED)
    connection.execute(REFINED, {"run": run})
    connection.execute(NEW, {"run": run})
    connection.unregister("recusals_read")


def link(connection: duckdb.DuckDBPyConnection, run: int) -> None:
    """Say of every recusal whom it concerns: by code, else by the name that is in force now."""
    connection.execute(CLAIMS)
    find(connection, "recusal_claims")
    connection.execute(MOVED)
    connection.execute(NEVER_KNOWN, {"run": run})
    connection.execute(ENDED, {"run": run})
    connection.execute(ADDED, {"run": run})


UNMATCHED = f"""
SELECT DISTINCT coalesce(name, '') AS name, 'inspector' AS "column", inspector AS value,
    '{reasons.NO_SUCH_INSPECTOR}' AS reason
FROM recusals WHERE known_to IS NULL AND inspector NOT IN (SELECT id FROM inspectors WHERE known_to IS NULL)
UNION
SELECT DISTINCT coalesce(name, ''), 'target', coalesce(uscc, ''), '{reasons.RECUSAL_WAITS}'
FROM recusals WHERE known_to IS NULL AND target IS NULL
"""

BACKWARDS = f"""
UNION
SELECT DISTINCT coalesce(name, ''), 'until', CAST(until AS TEXT), '{reasons.RECUSAL_BACKWARDS}'
FROM recusals WHERE known_to IS NULL AND until < since
"""

WHO = "concat_ws(chr(31), inspector, coalesce(uscc, ''), coalesce(licence, ''), coalesce(folded, ''), reason)"
KEY = f"concat_ws(chr(31), {WHO}, coalesce(CAST(since AS TEXT), ''), coalesce(CAST(until AS TEXT), ''))"
HOLDS = "coalesce(since, {day}) <= {day} AND coalesce(until, {day}) >= {day}"

LISTED = """
WITH rows AS (
    SELECT DISTINCT inspector, target, reason, {times}, uscc, name AS given FROM recusals WHERE {known}
), names AS (
    SELECT id, max_by(name, valid_from) AS name FROM institutions WHERE known_to IS NULL GROUP BY id
)
SELECT DISTINCT r.inspector, r.target, r.reason, r.since, r.until, r.uscc, coalesce(n.name, r.given) AS name
FROM rows r LEFT JOIN names n ON n.id = r.target
WHERE {holds} ORDER BY ALL
"""

WANTED = f"""
CREATE OR REPLACE TEMP TABLE wanted_recusals AS
WITH said AS (
    SELECT inspector, reason, uscc, licence, name, folded, since, until FROM recusals_read
    UNION ALL
    SELECT inspector, reason, uscc, licence, name, folded, since, until FROM recusals
    WHERE known_to IS NULL AND {WHO} IN (SELECT {WHO} FROM recusals_read)
), spans AS (
    SELECT inspector, reason, uscc, licence, min(name) AS name, folded, since, max(until) AS until
    FROM said GROUP BY inspector, reason, uscc, licence, folded, since
)
SELECT * FROM spans
QUALIFY since IS NOT NULL OR until IS NOT NULL
    OR count(*) OVER (PARTITION BY inspector, reason, uscc, licence, folded) = 1
"""

REFINED = f"""
UPDATE recusals SET known_to = $run
WHERE known_to IS NULL AND {WHO} IN (SELECT {WHO} FROM wanted_recusals)
    AND {KEY} NOT IN (SELECT {KEY} FROM wanted_recusals)
"""

NEW = f"""
INSERT INTO recusals (inspector, reason, uscc, licence, name, folded, known_from, since, until)
SELECT inspector, reason, uscc, licence, name, folded, $run, since, until FROM wanted_recusals
WHERE {KEY} NOT IN (SELECT {KEY} FROM recusals WHERE known_to IS NULL)
ORDER BY ALL
"""

CLAIMS = f"""
CREATE OR REPLACE TEMP TABLE recusal_claims AS
SELECT DISTINCT {KEY} AS claim, uscc AS code, licence, folded, CAST(NULL AS DATE) AS day
FROM recusals WHERE known_to IS NULL
"""

MOVED = f"""
CREATE OR REPLACE TEMP TABLE moved_recusals AS
SELECT r.* REPLACE (f.institution AS target)
FROM recusals r LEFT JOIN found f ON f.claim = {KEY}
WHERE r.known_to IS NULL AND r.target IS DISTINCT FROM f.institution
"""

NEVER_KNOWN = f"""
DELETE FROM recusals WHERE known_from = $run AND {KEY} IN (SELECT {KEY} FROM moved_recusals)
"""

ENDED = f"""
UPDATE recusals SET known_to = $run WHERE known_to IS NULL AND {KEY} IN (SELECT {KEY} FROM moved_recusals)
"""

ADDED = """
INSERT INTO recusals SELECT * REPLACE ($run AS known_from, NULL AS known_to) FROM moved_recusals ORDER BY ALL
"""
