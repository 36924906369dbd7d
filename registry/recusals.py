"""回避: which inspector does not go to which institution, and why. Kept also while the institution is not known yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry import reasons
from registry.inspectors import known as known_condition
from registry.linking import find
from registry.names import fold_expression

if TYPE_CHECKING:
    import duckdb
    import polars

    from store.releases import Draft, Release


def known(release: Release | Draft, known_at: int | None = None) -> polars.DataFrame:
    """All recusals whose institution is known: inspector, target (its id), reason; by inspector and target."""
    return release.frame(
        f"""SELECT DISTINCT inspector, target, reason FROM recusals
            WHERE target IS NOT NULL AND {known_condition("$1", known_at)} ORDER BY ALL""",
        [] if known_at is None else [known_at],
    )


def unmatched(release: Release | Draft) -> list[dict[str, str]]:
    """Recusals that keep nobody away, as a number was mistyped: name, column, value, reason of each issue."""
    if not release.has("recusals"):
        return []
    return release.frame(UNMATCHED).to_dicts()


def take(connection: duckdb.DuckDBPyConnection, rows: polars.DataFrame, run: int) -> None:
    """Keep the recusals of intake that are new."""
    import polars

    frame = rows.with_columns(
        fold_expression("name").alias("folded"), polars.col("reason").fill_null("")
    )
    connection.register("recusals_read", frame.to_arrow())
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
ORDER BY ALL
"""

KEY = "concat_ws(chr(31), inspector, coalesce(uscc, ''), coalesce(folded, ''), reason)"

NEW = f"""
INSERT INTO recusals
SELECT DISTINCT inspector, CAST(NULL AS TEXT), reason, uscc, name, folded, $run, NULL FROM recusals_read
WHERE {KEY} NOT IN (SELECT {KEY} FROM recusals WHERE known_to IS NULL)
ORDER BY ALL
"""

CLAIMS = f"""
CREATE OR REPLACE TEMP TABLE recusal_claims AS
SELECT DISTINCT {KEY} AS claim, uscc AS code, CAST(NULL AS TEXT) AS licence, folded, CAST(NULL AS DATE) AS day
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
