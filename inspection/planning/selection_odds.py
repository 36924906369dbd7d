"""Odds (抽中机会) of a plan before the draw: each group's exact chance, each pair's share of trial draws.

Trial draws use their own seeds; the seed of the draw does not exist yet.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from double_random.inspection.draw import versions
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.protocol import feasibility
from double_random.inspection.protocol.allocation import selection_chance
from double_random.inspection.protocol.tickets import Tickets

if TYPE_CHECKING:
    from double_random.store.home import Home

TRIALS = 1000
NEARLY = Fraction(
    9, 10
)  # from this share of an institution's trial draws on, a pair is called nearly forced
ENOUGH = 10  # trial draws of an institution from which on their share is meaningful


@dataclass(frozen=True)
class StratumOdds:
    """A stratum (抽取分组): its number of rows and each row's chance."""

    stratum: str
    rows: int
    chance: Fraction


@dataclass(frozen=True)
class PairOdds:
    """An institution and an inspector: the trials that drew it, and those in which the inspector was in its team."""

    target: str
    inspector: str
    drawn: int
    together: int

    @property
    def share(self) -> Fraction:
        """The share of the trials with the institution in which the inspector is in its team."""
        return Fraction(self.together, self.drawn)


@dataclass(frozen=True)
class Odds:
    """All odds of a plan."""

    groups: tuple[StratumOdds, ...]
    pairs: tuple[PairOdds, ...]  # every pair that occurred in at least one trial
    forced: tuple[str, ...]  # institutions with exactly one possible team
    trials: int

    @property
    def nearly_forced(self) -> tuple[PairOdds, ...]:
        """Pairs that occur in nearly every trial, of institutions with more than one possible team."""
        forced_targets = set(self.forced)
        return tuple(
            pair
            for pair in self.pairs
            if pair.share >= NEARLY and pair.drawn >= ENOUGH and pair.target not in forced_targets
        )


def estimate_odds(home: Home, draw: str, trials: int = TRIALS) -> Odds:
    """The odds of a frozen plan, which need not be committed yet. Each trial runs the solver once."""
    folder = DrawFolder.find(home, draw)
    plan = folder.read_plan()
    files = versions.read_files(plan, folder.read_files())
    times: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    for number in range(trials):
        seed = plan.digest(f"double-random/1:odds:{plan.commitment}:{number}")
        selection = versions.select_by_tickets(plan, files, Tickets(plan.digest, seed))
        times.update(selection.drawn)
        trial = versions.assign_teams(selection, files, folder.inner)
        together.update((t, i) for t, i, _role in trial.teams)
    groups = tuple(
        StratumOdds(stratum.stratum, stratum.population, selection_chance(stratum))
        for stratum in files.strata.strata
    )
    pairs = tuple(PairOdds(t, i, times[t], count) for (t, i), count in sorted(together.items()))
    return Odds(groups, pairs, feasibility.rows_with_forced_team(files, plan.team), trials)
