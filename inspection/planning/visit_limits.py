"""Limits on visits: yearly cap, cool-down, and the lower ratio for clean institutions (无事不扰).

Visits are those of the records (历次检查, other authorities' too) and of the bureau's own case files,
including drawn but not yet visited institutions. Case checks (complaint, transfer: 个案) do not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from double_random.inspection.planning.items import ItemRatios
    from double_random.store.home import Home
    from double_random.store.releases import Release

VISITS = """
SELECT DISTINCT l.institution, r.happened
FROM records AS r
JOIN links AS l ON l.claim = r.record AND l.known_to IS NULL
WHERE r.class = 'inspection' AND coalesce(r.content, '') <> 'case' AND r.happened <= ?
"""

# Penalties and sanctions of any kind, complaints except refused, withdrawn or unfounded ones, failed annual checks.
SPOTTED = """
SELECT DISTINCT l.institution
FROM records AS r
JOIN links AS l ON l.claim = r.record AND l.known_to IS NULL
WHERE coalesce(r.decided, r.happened) > $since AND coalesce(r.happened, r.decided) <= $day AND (
    r.class IN ('penalty', 'sanction')
    OR (r.class = 'complaint' AND r.state NOT IN ('refused', 'unfounded', 'withdrawn'))
    OR (r.class = 'annual_check' AND r.kinds NOT IN ('excellent', 'passed'))
)
"""


def institutions_to_spare(
    home: Home, release: Release, rule: ItemRatios, day: date
) -> frozenset[str]:
    """The institutions that this draw must leave out: inspected within the cool-down, or at the local yearly cap."""
    from double_random.inspection.planning.local_rules import load_place_rules

    cap = load_place_rules(home).require_rule("yearly_cap", day).value
    if not cap and not rule.cool_down:
        return frozenset()
    since = months_before(day, rule.cool_down)
    return frozenset(
        institution
        for institution, days in planned_visits(home, release, day).items()
        if (rule.cool_down and max(days) > since)
        or (cap and sum(visit.year == day.year for visit in days) >= cap)
    )


def planned_visits(home: Home, release: Release, day: date) -> Mapping[str, frozenset[date]]:
    """Each institution's planned visits up to a day; a visit still to be made counts on the day of its draw."""
    from double_random.inspection.case.case_file import read_cases

    days_by_institution: dict[str, set[date]] = defaultdict(set)
    if release.has("records"):
        for institution, happened in release.connection.execute(VISITS, [day]).fetchall():
            days_by_institution[institution].add(happened)
    for case in read_cases(home):
        for target in case.active_targets:
            visit = date.fromisoformat(target.visited or case.drawn_on)
            if visit <= day:
                days_by_institution[target.id].add(visit)
    return {institution: frozenset(days) for institution, days in days_by_institution.items()}


def clean_institutions(release: Release, years: int, day: date) -> frozenset[str]:
    """The institutions that are at least `years` old and have no negative record in that time.

    Negative records: penalty, sanction, open or upheld complaint, failed annual check. Basis: 韶关市司法局方案
    (after three clean years the ratio may be lowered). Without records no institution counts as clean.
    """
    from double_random.registry.institutions import queries

    if not release.has("records"):
        return frozenset()
    since = months_before(day, 12 * years)
    spotted = {
        row[0]
        for row in release.connection.execute(SPOTTED, {"since": since, "day": day}).fetchall()
    }
    return frozenset(
        row["id"]
        for row in queries.institutions_as_of(release, day).iter_rows(named=True)
        if row["founded"] and row["founded"] <= since and row["id"] not in spotted
    )


def months_before(day: date, months: int) -> date:
    """The same day `months` months earlier, or the last day of that month."""
    import calendar

    month_index = day.year * 12 + day.month - 1 - months
    year, month = month_index // 12, month_index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
