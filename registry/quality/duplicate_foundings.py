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
from double_random.store.sql_files import read_sql

if TYPE_CHECKING:
    from double_random.store.releases import Draft, Release


def find_duplicate_foundings(release: Release | Draft) -> list[dict[str, str]]:
    """One issue for each such id: name (the first), column (the id), value (day, name, document of each), reason."""
    if not (release.has("decisions") and release.has("decided_links")):
        return []
    region = re.compile(region_pattern())
    issues = []
    rows = query_rows(release.connection, read_sql("registry.quality", "double_foundings"))
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
