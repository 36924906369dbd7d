"""Changes that the law forbids (停业整顿期间不得变更名称、解散、设立分所): found and listed as issues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from double_random import data
from double_random.registry import reasons
from double_random.registry.institutions.kinds import read_fact_file
from double_random.store.json_rows import query_rows

if TYPE_CHECKING:
    from double_random.store.releases import Draft, Release

REASONS = {
    "name": reasons.RENAMED_IN_SUSPENSION,
    "cancelled": reasons.DISSOLVED_IN_SUSPENSION,
    "branch": reasons.BRANCH_IN_SUSPENSION,
}


def find_prohibited_changes(release: Release | Draft) -> list[dict[str, Any]]:
    """Every forbidden change known now: name, column (the institution's id), value (day, change, reference), reason."""
    issues = []
    for rule in read_fact_file(data.path("forbidden.toml"))["forbidden"]:
        for what in rule["what"]:
            parameters = {"kinds": rule["kinds"], "state": rule["state"]}
            for row in query_rows(release.connection, QUERIES[what], parameters):
                value = f"{row['day']} {row['change']} {rule['reference']}"
                issues.append(
                    {
                        "name": row["name"],
                        "column": row["id"],
                        "value": value,
                        "reason": REASONS[what],
                    }
                )
    return sorted(issues, key=lambda issue: (issue["column"], issue["value"]))


# A change on the day on which the suspension ends is allowed: the next version is then active.
STEPS = """
WITH steps AS (
    SELECT id, kind, name, folded, status, valid_from AS day, authority,
        lag(status) OVER w AS before, lag(name) OVER w AS name_before, lag(folded) OVER w AS folded_before
    FROM institutions WHERE known_to IS NULL
    WINDOW w AS (PARTITION BY id ORDER BY valid_from)
)
"""

QUERIES = {
    "name": STEPS
    + """
SELECT id, name, day, name_before || ' → ' || name AS change FROM steps
WHERE list_contains($kinds, kind) AND before = $state AND status = $state AND folded <> folded_before
""",
    "cancelled": STEPS
    + """
SELECT id, name, day, 'cancelled' AS change FROM steps
WHERE list_contains($kinds, kind) AND before = $state AND status = 'cancelled'
""",
    "branch": """
SELECT d.institution AS id, i.name, d.decided AS day, coalesce(d.document, '') AS change
FROM decisions d JOIN institutions i ON i.id = d.institution AND i.known_to IS NULL
    AND i.valid_from <= d.decided AND (i.valid_to IS NULL OR i.valid_to > d.decided)
WHERE d.known_to IS NULL AND d.event = 'branch' AND d.state = 'valid'
    AND list_contains($kinds, i.kind) AND i.status = $state
""",
}
