"""Gaps in inspection history that make caps, cool-down or rotation unreliable for a plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from double_random.core.translation import _
from double_random.inspection.planning.visit_limits import months_before

if TYPE_CHECKING:
    from double_random.inspection.planning.items import ItemRatios
    from double_random.inspection.planning.rotation import Rotation
    from double_random.store.home import Home
    from double_random.store.releases import Release

FIRST = "SELECT min(happened) FROM records WHERE class = 'inspection' AND known_to IS NULL"


def find_history_gaps(
    home: Home, release: Release, rule: ItemRatios, turned: Rotation, day: date
) -> Iterator[str]:
    """One sentence per gap: no past inspections are known, or none as early as the rule requires."""
    first = None
    if release.has("records"):
        ((first,),) = release.connection.execute(FIRST).fetchall()
    since = _first_day_needed(home, rule, day)
    if first is None:
        yield _(
            "no past inspections are known: caps and cool-down see this bureau's own visits alone"
        )
    elif since is not None and first > since:
        yield _(
            "blind before {first}: cap and cool-down look back to {since}, no earlier inspections are known"
        ).format(first=first, since=since)
    if turned.months and turned.known_from is None:
        yield _("rotation keeps nobody away: of no past visit is it known who was there")
    elif turned.months and turned.known_from is not None and turned.known_from > turned.since:
        yield _(
            "blind before {first}: rotation looks back to {since}, who was there earlier is not known"
        ).format(first=turned.known_from, since=turned.since)
    if turned.unclear:
        yield _(
            "past inspections name {names}: several inspectors bear that name, and rotation keeps none of them away"
        ).format(names="、".join(turned.unclear))


def _first_day_needed(home: Home, rule: ItemRatios, day: date) -> date | None:
    """The first day that the yearly cap or the cool-down needs; None if neither applies."""
    from double_random.inspection.planning.local_rules import load_place_rules

    days = []
    if load_place_rules(home).require_rule("yearly_cap", day).value:
        days.append(date(day.year, 1, 1))
    if rule.cool_down:
        days.append(months_before(day, rule.cool_down))
    return min(days, default=None)
