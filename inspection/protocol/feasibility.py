"""Checks of a plan before any randomness: rows without a team, forced teams, coarse rounding."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from double_random.inspection.protocol.files import Files, Inspector, Target
from double_random.inspection.protocol.pairs import able
from double_random.inspection.protocol.plan import Team
from double_random.inspection.protocol.strata import Stratum


@dataclass(frozen=True)
class Reach:
    """How many inspectors, and how many leads among them, may visit one row of the frame."""

    target: str
    inspectors: int
    leads: int

    def teams(self, team: Team) -> int:
        """The number of different teams for this row: with 0 it has no team, with 1 its team is forced."""
        others = self.inspectors - self.leads
        return sum(
            comb(self.leads, leads) * comb(others, team.size - leads)
            for leads in range(team.leads, team.size + 1)
        )


def reach(
    frame: Sequence[Target],
    inspectors: Sequence[Inspector],
    recusals: Collection[tuple[str, str]],
    team: Team,
) -> tuple[Reach, ...]:
    """The reach of each row of the frame, in its order."""
    leads = frozenset(place for place, one in enumerate(inspectors) if one.lead)
    chiefs: dict[frozenset[int], int] = {}  # set of admissible inspectors → its number of leads
    found = []
    for target, may in zip(frame, able(frame, inspectors, recusals, team), strict=True):
        if may not in chiefs:
            chiefs[may] = len(may & leads)
        found.append(Reach(target.id, len(may), chiefs[may]))
    return tuple(found)


def lacking(files: Files, team: Team) -> tuple[Reach, ...]:
    """The rows that cannot get a team; planning refuses such a plan."""
    found = reach(files.frame, files.inspectors, files.recusals, team)
    return tuple(row for row in found if not row.teams(team))


def forced(files: Files, team: Team) -> tuple[str, ...]:
    """The rows with exactly one possible team: chance does not decide who inspects them."""
    found = reach(files.frame, files.inspectors, files.recusals, team)
    return tuple(row.target for row in found if row.teams(team) == 1)


def can_deal(inspectors: Sequence[Inspector], team: Team) -> bool:
    """Are there enough inspectors and leads for the fixed groups? True if the plan has no groups."""
    number = team.groups or 0
    leads = sum(one.lead for one in inspectors)
    return len(inspectors) >= number * team.size and leads >= number * team.leads


def more_than_doubled(stratum: Stratum, number: int) -> bool:
    """Does rounding or the minimum more than double the share of a stratum (n/N compared with a/b)?"""
    a, b = stratum.ratio
    return number > 0 and Fraction(number) > 2 * Fraction(stratum.population * a, b)
