"""What is wrong in the files, as data: every quarantined or noted row, with its place and the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from language import N_

if TYPE_CHECKING:
    import polars

    from store.releases import Release


SEVERITIES = (N_("quarantined"), N_("noted"), N_("refused"))


def issues(release: Release) -> polars.DataFrame:
    """file sheet row column value reason name severity; of each file as the last run of each command read it.

    An issue that both commands report, as of a file that both refuse, stands once. Reasons are the English sentences
    of the closed lists (intake/reasons.py, registry/reasons.py).
    """
    return release.frame(ISSUES)


ISSUES = """
WITH reads AS (
    SELECT f.file, f.sha256, r.kind, max(f.run) AS run
    FROM files f JOIN runs r ON r.run = f.run
    GROUP BY f.file, f.sha256, r.kind
)
SELECT DISTINCT i.file, i.sheet, i.row, i."column", i.value, i.reason, i.name, i.severity
FROM issues i JOIN reads r ON r.file = i.file AND r.sha256 = i.sha256 AND r.run = i.run
UNION
SELECT f.file, '', 0, '', '', f.reason, '', 'refused'
FROM files f JOIN reads r ON r.file = f.file AND r.sha256 = f.sha256 AND r.run = f.run
WHERE f.result = 'refused'
ORDER BY ALL
"""
