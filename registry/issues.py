"""What is wrong in the files, as data: every quarantined or noted row, with its place and the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from language import N_
from store.undo import standing

if TYPE_CHECKING:
    import polars

    from store.releases import Release


SEVERITIES = (N_("quarantined"), N_("noted"), N_("refused"))


def issues(release: Release) -> polars.DataFrame:
    """file sheet row column value reason name severity; of each file name as the last run of each command read it.

    Runs that were taken back do not count. An issue that both commands report, as of a file that both refuse, stands
    once. Reasons are the English sentences of the closed lists (intake/reasons.py, registry/reasons.py).
    """
    return release.frame(ISSUES.format(standing=standing(release)))


ISSUES = """
WITH reads AS (
    SELECT f.file, f.sha256, f.run, r.kind
    FROM (SELECT * FROM files WHERE {standing}) f JOIN runs r ON r.run = f.run
    QUALIFY rank() OVER (PARTITION BY f.file, r.kind ORDER BY f.run DESC) = 1
)
SELECT DISTINCT i.file, i.sheet, i.row, i."column", i.value, i.reason, i.name, i.severity
FROM issues i JOIN reads r ON r.file = i.file AND r.sha256 = i.sha256 AND r.run = i.run
UNION
SELECT f.file, '', 0, '', '', f.reason, '', 'refused'
FROM files f JOIN reads r ON r.file = f.file AND r.sha256 = f.sha256 AND r.run = f.run
WHERE f.result = 'refused'
ORDER BY ALL
"""
