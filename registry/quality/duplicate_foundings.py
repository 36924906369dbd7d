"""Two foundings of different names under one id: one of them has a wrong number. Reported as an issue.

The later one waits (identity.py) until a person decides which institution its name means; names with a manual
decision are not reported.

It is not a contradiction if one name begins with the other (a region, a form of organisation in brackets), if both
foundings have one document (the same one, issued again), or if a change of name gave the name.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from double_random.registry import reasons
from double_random.registry.institutions.names import region_pattern
from double_random.store.json_rows import query_rows

if TYPE_CHECKING:
    from double_random.store.releases import Draft, Release


def find_duplicate_foundings(release: Release | Draft) -> list[dict[str, str]]:
    """One issue for each such id: name (the first), column (the id), value (day, name, document of each), reason."""
    if not (release.has("decisions") and release.has("decided_links")):
        return []
    region = re.compile(region_pattern())
    issues = []
    rows = query_rows(release.connection, FOUNDED)
    for institution, some in groupby(rows, key=lambda row: str(row["institution"])):
        different: list[dict[str, str]] = []
        for row in some:
            rest = region.sub("", row["folded"])
            same = (region.sub("", earlier["folded"]) for earlier in different)
            if not any(rest.startswith(other) or other.startswith(rest) for other in same):
                different.append(row)
        if len(different) > 1:
            descriptions = (
                f"{row['day']} {row['name']} {row['document']}".strip() for row in different
            )
            issues.append(
                {
                    "name": different[0]["name"],
                    "column": institution,
                    "value": " ≠ ".join(descriptions),
                    "reason": reasons.FOUNDED_TWICE,
                }
            )
    return issues


# Of hundreds of thousands of decisions few belong to an institution founded under two names: only these are
# compared, and only for these the owner of a decision without an institution is computed.
FOUNDED = """
WITH loose AS MATERIALIZED (
    SELECT d.* REPLACE (coalesce(c.id, l.id) AS institution)
    FROM (SELECT * FROM decisions WHERE known_to IS NULL AND institution IS NULL) d
    LEFT JOIN (SELECT uscc, min(institution) AS id FROM decisions
        WHERE known_to IS NULL AND institution = uscc GROUP BY uscc) c ON c.uscc = d.uscc
    LEFT JOIN (SELECT licence, min(institution) AS id FROM decisions
        WHERE known_to IS NULL AND institution IS NOT NULL GROUP BY licence) l ON l.licence = d.licence
), whose AS (
    FROM decisions WHERE known_to IS NULL AND institution IS NOT NULL
    UNION ALL
    FROM loose WHERE institution IS NOT NULL
), suspects AS MATERIALIZED (
    SELECT institution FROM whose WHERE event = 'founded' AND state = 'valid'
    GROUP BY institution HAVING min(folded) <> max(folded)
), theirs AS MATERIALIZED (
    SELECT * FROM whose WHERE institution IN (FROM suspects)
        AND (folded, institution) NOT IN (
            SELECT (folded, institution) FROM decided_links WHERE known_to IS NULL AND folded <> '')
), founded AS (
    SELECT institution, folded, min(name) AS name, min(CAST(decided AS TEXT)) AS day,
        min(coalesce(document, '')) AS document
    FROM theirs d
    WHERE event = 'founded' AND state = 'valid'
        AND NOT EXISTS (
            SELECT 1 FROM theirs c
            WHERE c.institution = d.institution AND c.folded = d.folded
                AND c.event <> 'founded'
                AND (contains(coalesce(c.title, ''), '名称') OR contains(coalesce(c.content, ''), '名称'))
        )
    GROUP BY institution, folded
)
SELECT institution, folded, name, day, document FROM founded
WHERE institution IN (
    SELECT institution FROM founded GROUP BY institution HAVING count(*) > 1 AND count(DISTINCT document) > 1
)
ORDER BY institution, day, folded
"""
