"""Checks of a plan before any randomness: rows without a team, forced teams, coarse rounding."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Protocol

from double_random.inspection.protocol.files import Inspector, Target
from double_random.inspection.protocol.pairs import admissible_inspectors
from double_random.inspection.protocol.plan import TeamRule
from double_random.inspection.protocol.strata import Stratum


class Pools(Protocol):
    """The files of a plan of either version, as far as teams depend on them."""

    @property
    def frame(self) -> tuple[Target, ...]:
        """The rows that can be drawn."""

    @property
    def inspectors(self) -> tuple[Inspector, ...]:
        """The people who can be drawn."""

    @property
    def recusals(self) -> frozenset[tuple[str, str]]:
        """The pairs that exclude each other."""


@dataclass(frozen=True)
class Reach:
    """How many inspectors, and how many leads among them, may visit one row of the frame."""

    target: str
    inspectors: int
    leads: int

    def count_teams(self, team: TeamRule) -> int:
        """The number of different teams for this row: with 0 it has no team, with 1 its team is forced."""
        others = self.inspectors - self.leads
        return sum(
            comb(self.leads, leads) * comb(others, team.size - leads)
            for leads in range(team.leads, team.size + 1)
        )


def measure_reach(
    frame: Sequence[Target],
    inspectors: Sequence[Inspector],
    recusals: Collection[tuple[str, str]],
    team: TeamRule,
) -> tuple[Reach, ...]:
    """The reach of each row of the frame, in its order."""
    leads = frozenset(index for index, inspector in enumerate(inspectors) if inspector.lead)
    lead_counts: dict[
        frozenset[int], int
    ] = {}  # set of admissible inspectors → its number of leads
    reaches = []
    for target, allowed in zip(
        frame, admissible_inspectors(frame, inspectors, recusals, team), strict=True
    ):
        if allowed not in lead_counts:
            lead_counts[allowed] = len(allowed & leads)
        reaches.append(Reach(target.id, len(allowed), lead_counts[allowed]))
    return tuple(reaches)


def rows_without_team(files: Pools, team: TeamRule) -> tuple[Reach, ...]:
    """The rows that cannot get a team; planning refuses such a plan."""
    reaches = measure_reach(files.frame, files.inspectors, files.recusals, team)
    return tuple(row for row in reaches if not row.count_teams(team))


def rows_with_forced_team(files: Pools, team: TeamRule) -> tuple[str, ...]:
    """The rows with exactly one possible team: chance does not decide who inspects them."""
    reaches = measure_reach(files.frame, files.inspectors, files.recusals, team)
    return tuple(row.target for row in reaches if row.count_teams(team) == 1)


def can_deal(inspectors: Sequence[Inspector], team: TeamRule) -> bool:
    """Are there enough inspectors and leads for the fixed groups? True if the plan has no groups."""
    number = team.groups or 0
    leads = sum(inspector.lead for inspector in inspectors)
    return len(inspectors) >= number * team.size and leads >= number * team.leads


def is_more_than_doubled(stratum: Stratum, number: int) -> bool:
    """Does rounding or the minimum more than double the share of a stratum (n/N compared with a/b)?"""
    a, b = stratum.ratio
    return number > 0 and Fraction(number) > 2 * Fraction(stratum.population * a, b)
