"""Exclusions: excluded pairs of institution and inspector, by declared recusal (回避) or by rotation (轮换).

The protocol has recusals only: recusals.csv contains both kinds in the same form. The reason of a pair
is not published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from double_random.core.translation import N_, _
from double_random.inspection.planning.pools import PlanNotFeasible
from double_random.inspection.planning.visit_limits import months_before
from double_random.inspection.protocol import feasibility

if TYPE_CHECKING:
    from double_random.inspection.protocol.plan import TeamRule

Pair = tuple[str, str]  # target, inspector's number in the plan
DECLARED, ROTATION = WHY = (N_("declared"), N_("rotation"))


@dataclass(frozen=True)
class Exclusions:
    """The pairs of a plan's recusals.csv: the declared ones, and those of rotation with their last visit."""

    declared: frozenset[Pair]
    rotation: Mapping[Pair, date]

    @property
    def pairs(self) -> frozenset[Pair]:
        """All pairs, as the plan freezes them."""
        return self.declared | self.rotation.keys()

    def rows(self) -> list[tuple[str, str, str]]:
        """Rows of target, inspector, reason; a pair that is both has the reason `declared`."""
        return sorted(
            (*pair, DECLARED if pair in self.declared else ROTATION) for pair in self.pairs
        )

    def pairs_after(self, day: date) -> frozenset[Pair]:
        """The pairs of a shorter rotation, which counts only the visits after `day`."""
        return self.declared | {
            pair for pair, last_visit in self.rotation.items() if last_visit > day
        }


def rotation_refusal(
    files: feasibility.Pools, team: TeamRule, apart: Exclusions, months: int, day: date
) -> PlanNotFeasible | None:
    """The refusal of a plan whose rotation leaves an institution without a team, with the longest rotation that works.

    None if every institution can have a team, or if the plan fails without rotation too.
    """
    if not apart.rotation:
        return None
    frame = {row.id: row for row in files.frame}
    lacking = feasibility.rows_without_team(files, team)

    def all_have_teams(shorter: int) -> bool:
        pairs = apart.pairs_after(months_before(day, shorter)) if shorter else apart.declared
        reaches = feasibility.measure_reach(
            [frame[row.target] for row in lacking], files.inspectors, pairs, team
        )
        return all(row.count_teams(team) for row in reaches)

    if not lacking or not all_have_teams(0):
        return None
    longest, impossible = 0, months  # fewer months exclude fewer pairs: bisection finds the limit
    while impossible - longest > 1:
        middle = (longest + impossible) // 2
        longest, impossible = (middle, impossible) if all_have_teams(middle) else (longest, middle)
    rows = [
        _("{id} {name} ({free} admissible, {leads} of them leads)").format(
            id=row.target, name=frame[row.target].name, free=row.inspectors, leads=row.leads
        )
        for row in lacking
    ]
    loosen = (
        _("everybody has a team with a rotation of at most {months} months").format(months=longest)
        if longest
        else _("everybody has a team without rotation alone")
    )
    return PlanNotFeasible(
        _("a rotation of {months} months leaves these institutions no team of {size}").format(
            months=months, size=team.size
        ),
        rows,
        _(
            "{loosen}: shorten it in HOME/facts, take more inspectors or leads, or a smaller team"
        ).format(loosen=loosen),
    )
