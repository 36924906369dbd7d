"""Repairs that ended when their penalty became known (credit/records/early_repairs.py): they were too early for it.

Each is reported until the penalty has a valid repair: one of a later day, or with the authority that ordered it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from double_random.intake.reasons import REPAIRED_TOO_EARLY

if TYPE_CHECKING:
    from double_random.store.releases import Release


def find_ended_repairs(release: Release) -> list[dict[str, str]]:
    """One issue for each: name, column (the institution), value (its day, its number, the penalty's), reason."""
    if not (release.has("records") and release.has("issues")):
        return []
    rows = release.connection.execute(ENDED).fetchall()
    names = ("name", "column", "value", "reason")
    return [dict(zip(names, (*row, REPAIRED_TOO_EARLY), strict=True)) for row in rows]


# Only a load ends a record, or the undo of a load (store/undo.py).
ENDED = f"""
SELECT DISTINCT coalesce(r.name, '') AS name, l.institution,
    concat_ws(' ', CAST(r.decided AS TEXT), r.document, '→ ' || r.related) AS value
FROM records AS r
JOIN runs AS u ON u.run = r.known_to AND u.kind = 'load'
JOIN links AS l ON l.claim = r.record AND l.known_to IS NULL
WHERE r.class = 'repair' AND NOT EXISTS (
    SELECT 1 FROM records AS s JOIN links AS m ON m.claim = s.record AND m.known_to IS NULL
    WHERE s.class = 'repair' AND s.known_to IS NULL AND s.related_key = r.related_key
        AND m.institution = l.institution
) AND NOT EXISTS (  -- it has come again, and is told at its row
    SELECT 1 FROM issues AS i
    WHERE i.run > r.known_to AND starts_with(i.reason, '{REPAIRED_TOO_EARLY}') AND i.name = coalesce(r.name, '')
        AND i.value = CAST(r.decided AS TEXT)
)
ORDER BY ALL
"""
