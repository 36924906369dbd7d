"""Rotation (轮换): an inspector who recently inspected an institution is not sent there again.

The visits are those of the loaded past inspections (历次检查) and of the teams of the bureau's own draws.
The length in months is data: `rotation` of an item's rule, else of the local rules; without either,
rotation is off.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from double_random.inspection.planning.visit_limits import months_before
from double_random.registry.institutions.names import normalize_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from double_random.inspection.planning.items import InspectionItem
    from double_random.store.home import Home
    from double_random.store.releases import Release

Pair = tuple[str, str]  # an institution's id, an inspector's certificate number (执法证号)


@dataclass(frozen=True)
class Rotation:
    """The visits within the rotation's period, and the gaps in what is known of them."""

    months: int  # 0: no rotation
    since: date  # only visits after this day count
    last: Mapping[Pair, date]  # the last visit of each pair
    known_from: date | None = None  # the first visit with known inspectors
    unclear: tuple[str, ...] = ()  # names that several inspectors of the roster have


PRESENT = """
SELECT l.institution, c.inspector, coalesce(r.authority, '') AS authority,
    max(r.happened) AS day, min(r.happened) AS first
FROM checked_by AS c
JOIN records AS r ON r.record = c.record AND r.known_to IS NULL
JOIN links AS l ON l.claim = r.record AND l.known_to IS NULL
WHERE c.known_to IS NULL AND r.class = 'inspection' AND r.happened <= ?
GROUP BY ALL ORDER BY ALL
"""


def find_rotation(
    home: Home, release: Release, chosen: Sequence[InspectionItem], day: date
) -> Rotation:
    """The rotation of these items on a day; without a rotation rule no pair is excluded.

    Every inspection counts, whatever its item and class: rotation is about familiarity.
    """
    months = rotation_months(home, chosen, day)
    since = months_before(day, months)
    if not months:
        return Rotation(0, since, {})
    from double_random.registry.inspectors.roster import load_roster

    people = RosterIndex(
        (row["id"], row["name"], row["unit"] or "")
        for row in load_roster(release).iter_rows(named=True)
    )
    own = normalize_name(str(home.settings.get("authority", {}).get("name", "")))
    last_visits: dict[Pair, date] = {}
    first: list[date] = []
    unclear: set[str] = set()
    for id, cell, authority, happened, earliest in _recorded_visits(release, day):
        matches = people.match_inspectors(cell, normalize_name(authority), own)
        first.append(earliest)
        if len(matches) > 1 and happened > since:
            unclear.add(cell)
        if len(matches) == 1:
            last_visits[id, matches[0]] = max(happened, last_visits.get((id, matches[0]), happened))
    for pair, happened in _own_visits(home, day):
        first.append(happened)
        last_visits[pair] = max(happened, last_visits.get(pair, happened))
    lately = {pair: happened for pair, happened in last_visits.items() if happened > since}
    return Rotation(months, since, lately, min(first, default=None), tuple(sorted(unclear)))


def rotation_months(home: Home, chosen: Sequence[InspectionItem], day: date) -> int:
    """The longest rotation of these items in months; an item's own rule overrides the local rule."""
    from double_random.inspection.planning.local_rules import load_place_rules

    line = load_place_rules(home).find_rule("rotation", day)
    local_months = line.value if line else 0
    return max(chosen_item.rule_on(day).rotation or local_months for chosen_item in chosen)


class RosterIndex:
    """The roster as an index for cells of past inspections: by certificate number, else by name."""

    def __init__(self, people: Iterable[tuple[str, str, str]]) -> None:
        self.by_number: dict[str, str] = {}
        self.by_name: dict[str, list[Pair]] = defaultdict(list)
        for number, name, unit in people:
            self.by_number[normalize_name(number)] = number
            self.by_name[normalize_name(name)].append((number, normalize_name(unit)))

    def match_inspectors(self, cell: str, authority: str, own: str) -> list[str]:
        """The certificate numbers of the inspectors that a cell may mean: none, one, or several with one name.

        A cell is a number, a name, or a name with its number in brackets. A name does not count if another
        authority made the inspection: one of its inspectors may have the same name. `authority`, `own`:
        normalized; "" if the sheet has none.
        """
        parts = [part for part in re.split(r"[()]", normalize_name(cell)) if part]
        for part in parts:
            if part in self.by_number:
                return [self.by_number[part]]
        bearers = self.by_name.get(parts[0], []) if parts else []
        return [
            number
            for number, unit in bearers
            if not authority
            or (own and own in authority)
            or (unit and (authority in unit or unit in authority))
        ]


def _recorded_visits(release: Release, day: date) -> list[tuple[str, str, str, date, date]]:
    if not release.has("checked_by"):
        return []
    return release.connection.execute(PRESENT, [day]).fetchall()


def _own_visits(home: Home, day: date) -> Iterable[tuple[Pair, date]]:
    """The pairs of the bureau's own draws that were visited up to a day, with the day of the visit."""
    from double_random.inspection.case.case_file import read_cases
    from double_random.inspection.draw.draw_folder import DrawFolder

    for case in read_cases(home):
        certificate = {
            badge: number
            for number, badge in DrawFolder.find(home, case.draw).read_badges().items()
        }
        for target in case.targets.values():
            if target.visited and date.fromisoformat(target.visited) <= day:
                for person in target.team:
                    yield (target.id, certificate[person]), date.fromisoformat(target.visited)
