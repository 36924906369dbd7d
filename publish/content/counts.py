"""Published counts (统计数): coverage of the register, and how many complaints were upheld."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from double_random.publish.disclosure.suppression import YearSpan, merge_years

if TYPE_CHECKING:
    import polars

    from double_random.publish.disclosure.allow_list import AllowList
    from double_random.store.releases import Release


@dataclass(frozen=True)
class EditionCounts:
    """Numbers of an edition that cannot be derived from its published records."""

    coverage: polars.DataFrame  # kind district approvals covered
    upheld: tuple[YearSpan, ...]  # complaints upheld, in whole years before the edition's year


def compute_counts(release: Release, as_of: date, allowed: AllowList) -> EditionCounts:
    """Count coverage and upheld complaints in a release; complaints only if the allow-list permits it."""
    from double_random.registry.quality.coverage import count_coverage

    upheld: tuple[YearSpan, ...] = ()
    if allowed.complaints and release.has("records"):
        rows = release.frame(UPHELD, [date(as_of.year, 1, 1)]).iter_rows()
        upheld = merge_years(rows, allowed.complaints.fewest, as_of.year - 1)
    return EditionCounts(count_coverage(release, as_of), upheld)


# A complaint counts in the year of its decision. A complaint that was corrected later does not count.
UPHELD = """
WITH corrected AS (
    SELECT related_key FROM records
    WHERE known_to IS NULL AND related_key IS NOT NULL
        AND (class = 'correction' OR class = 'objection' AND state = 'corrected')
)
SELECT year(coalesce(decided, happened)) AS year, count(*) AS upheld
FROM records
WHERE known_to IS NULL AND class = 'complaint' AND state IN ('upheld', 'partly_upheld')
    AND coalesce(decided, happened) < $1
    AND coalesce(document_key, record) NOT IN (SELECT related_key FROM corrected)
GROUP BY ALL ORDER BY ALL
"""
