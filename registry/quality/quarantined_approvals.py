"""Quarantined approvals (隔离的许可): the content of a quarantined permit, for the coverage.

Such a row is an approval in force that the register does not have, as long as it is open (quarantine.py), names an
institution, and is neither invalid nor the end of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from double_random.registry import reasons
from double_random.registry.quality import quarantine
from double_random.registry.quality.quarantine import PLACE
from double_random.registry.tables import column_names

if TYPE_CHECKING:
    import duckdb
    import polars

    from double_random.registry.institutions.kinds import InstitutionKind
    from double_random.store.releases import Draft, Release


def insert_approvals(
    connection: duckdb.DuckDBPyConnection,
    permits: polars.DataFrame,
    aside: polars.DataFrame,
    kinds: Sequence[InstitutionKind],
    run: int,
) -> None:
    """Store the content of quarantined permits, read by decisions.classify_permits.

    `aside` has their number by file, sheet and row. A faulty day or state is left out.
    """
    import polars

    words = [word for kind in kinds for word in kind.words]
    named = polars.col("kind").is_not_null() | polars.col("name").str.contains_any(words)
    approvals = (
        permits.filter(polars.col("name").fill_null("") != "", named)
        .drop("content")  # a permit's own; here it is the row's number
        .join(aside.select(*PLACE, "content", "faulty"), on=PLACE, how="inner")
        .with_columns(
            polars.when(~polars.col("faulty").str.split(" ").list.contains(name)).then(name)
            for name in ("decided", "state")
        )
        .select(*COLUMNS)
    )
    connection.register("unplaced_now", approvals.to_arrow())
    connection.execute(ADD, {"run": run})
    connection.unregister("unplaced_now")


def list_unplaced(release: Release | Draft, day: date) -> polars.DataFrame:
    """The quarantined approvals in force on a day: kind district name code licence file row reason."""
    if not (release.has("set_aside") and release.has("unplaced")):
        return release.frame(NONE)
    claimed = "claim" in column_names(release.connection, "set_aside")
    ousted = OUSTED if claimed else ""
    return release.frame(
        UNPLACED.format(places=quarantine.open_places_query(release), ousted=ousted), [day]
    )


COLUMNS = (
    "content", "name", "kind", "event", "district", "uscc", "licence", "decided", "state"
)  # fmt: skip

ADD = f"""
INSERT INTO added.unplaced
SELECT DISTINCT ON (content) {", ".join(COLUMNS)}, $run, NULL FROM unplaced_now
WHERE content NOT IN (SELECT content FROM unplaced WHERE known_to IS NULL)
ORDER BY ALL
"""

NONE = """
SELECT '' AS kind, '' AS district, '' AS name, '' AS code, '' AS licence, '' AS file, CAST(0 AS BIGINT) AS row,
    '' AS reason
WHERE false
"""

# Decisions under a number that now belongs to an earlier founding, read later (identity.py): they had been accepted.
OUSTED = f"""
    UNION ALL
    SELECT NULL, d.kind, d.district, d.name, d.uscc, d.licence, d.event, d.state, d.decided,
        '{reasons.FOUNDED_TWICE}'
    FROM decisions d
    WHERE d.known_to IS NULL AND d.institution IS NULL
        AND NOT EXISTS (SELECT 1 FROM set_aside a WHERE a.claim = d.decision)
        AND EXISTS (
            SELECT 1 FROM decisions o
            WHERE o.known_to IS NULL AND o.institution IN (d.uscc, 'L:' || d.licence)
                OR o.known_to IS NULL AND o.institution IS NOT NULL AND o.licence = d.licence
        )
"""

UNPLACED = """
WITH places AS (
    {places}
), open AS MATERIALIZED (
    SELECT content, any_value(claim) AS claim,
        arg_max(struct_pack(file := file, sheet := sheet, row := row, run := listed),
            (listed IS NOT NULL, arrived, file, row)) AS seen
    FROM places WHERE noun = 'permits' GROUP BY content
), said AS (
    SELECT o.seen, u.kind, u.district, u.name, u.uscc AS code, u.licence, u.event, u.state, u.decided,
        CAST(NULL AS TEXT) AS why
    FROM open o JOIN unplaced u ON u.content = o.content WHERE u.known_to IS NULL
    UNION ALL
    SELECT o.seen, d.kind, d.district, d.name, d.uscc, d.licence, d.event, d.state, d.decided, NULL
    FROM open o JOIN decisions d ON d.decision = o.claim WHERE d.known_to IS NULL
    {ousted}
)
SELECT coalesce(s.kind, '') AS kind, coalesce(s.district, '') AS district, s.name, s.code, s.licence,
    coalesce(s.seen.file, '') AS file, s.seen.row AS row, coalesce(min(i.reason), min(s.why), '') AS reason
FROM said s
LEFT JOIN issues i ON i.run = s.seen.run AND i.file = s.seen.file AND i.sheet = s.seen.sheet AND i.row = s.seen.row
    AND i.severity = 'quarantined'
WHERE coalesce(s.state, 'valid') = 'valid' AND coalesce(s.decided <= $1, true)
    AND coalesce(s.event, 'founded') NOT IN ('cancelled', 'revoked', 'moved_out')
GROUP BY ALL ORDER BY ALL
"""
