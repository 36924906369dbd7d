"""How well points separate institutions with the outcome from the others: ROC, AUC, KS, Gini. Exact fractions.

A low score is a warning, so the positives are those with the outcome, and they should have low points. Ties count half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import sqrt

from double_random.core.errors import Stopped
from double_random.core.translation import _

NORMAL = 1.959963984540054  # 97.5 % of the normal distribution


@dataclass(frozen=True)
class Interval:
    """A 95 % confidence interval, limited to the possible range."""

    low: float
    high: float

    @classmethod
    def around(cls, value: Fraction, deviation: float, least: int, most: int) -> Interval:
        """value ± 1.96 deviations."""
        middle = float(value)
        return cls(max(least, middle - NORMAL * deviation), min(most, middle + NORMAL * deviation))


@dataclass(frozen=True)
class Separation:
    """Counts by distinct points, the lowest first: (points, count with the outcome, count without)."""

    steps: tuple[tuple[int, int, int], ...]

    @classmethod
    def from_observations(cls, points: Sequence[int], outcome: Sequence[bool]) -> Separation:
        """From one pair for each observation; Stopped if all have the outcome, or none."""
        counts: dict[int, tuple[int, int]] = {}
        for value, happened in zip(points, outcome, strict=True):
            bad, good = counts.get(value, (0, 0))
            counts[value] = (bad + happened, good + (not happened))
        separation = cls(tuple((value, bad, good) for value, (bad, good) in sorted(counts.items())))
        if not separation.positives or not separation.negatives:
            raise Stopped(
                _("the outcome happened to {count} of {total}: nothing can be separated").format(
                    count=separation.positives, total=len(points)
                ),
                _("choose another day, a longer time or another outcome"),
            )
        return separation

    @cached_property
    def positives(self) -> int:
        """How many have the outcome."""
        return sum(bad for _points, bad, _good in self.steps)

    @cached_property
    def negatives(self) -> int:
        """How many do not have the outcome."""
        return sum(good for _points, _bad, good in self.steps)

    @cached_property
    def roc(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """(false positive rate, true positive rate) for each bound, from (0, 0) to (1, 1)."""
        bad = good = 0
        curve = [(Fraction(0), Fraction(0))]
        for _points, more_bad, more_good in self.steps:
            bad, good = bad + more_bad, good + more_good
            curve.append((Fraction(good, self.negatives), Fraction(bad, self.positives)))
        return tuple(curve)

    @cached_property
    def auc(self) -> Fraction:
        """The probability that one with the outcome has lower points than one without (Mann-Whitney)."""
        above = self.negatives
        twice = 0
        for _points, bad, good in self.steps:
            above -= good
            twice += bad * (2 * above + good)
        return Fraction(twice, 2 * self.positives * self.negatives)

    @property
    def gini(self) -> Fraction:
        """The Gini coefficient: 2 × AUC − 1."""
        return 2 * self.auc - 1

    @cached_property
    def ks(self) -> Fraction:
        """The greatest difference of the two rates (Kolmogorov-Smirnov)."""
        return max(tpr - fpr for fpr, tpr in self.roc)

    @cached_property
    def auc_interval(self) -> Interval:
        """DeLong, DeLong, Clarke-Pearson 1988: the variance from each observation's own placement."""
        return Interval.around(self.auc, self._deviation, 0, 1)

    @property
    def gini_interval(self) -> Interval:
        """The 95 % interval of the Gini coefficient."""
        return Interval.around(self.gini, 2 * self._deviation, -1, 1)

    @property
    def ks_interval(self) -> Interval:
        """Two proportions at the bound of the greatest difference; a chosen bound, so it is slightly too narrow."""
        fpr, tpr = max(self.roc, key=lambda rates: rates[1] - rates[0])
        variance = tpr * (1 - tpr) / self.positives + fpr * (1 - fpr) / self.negatives
        return Interval.around(self.ks, sqrt(variance), 0, 1)

    @cached_property
    def _deviation(self) -> float:
        below, above = 0, self.negatives
        of_bad = of_good = Fraction(0)
        bad_below = 0
        for _points, bad, good in self.steps:
            above -= good
            placement = Fraction(2 * above + good, 2 * self.negatives)
            of_bad += bad * (placement - self.auc) ** 2
            placement = Fraction(2 * bad_below + bad, 2 * self.positives)
            of_good += good * (placement - self.auc) ** 2
            bad_below += bad
            below += good
        variance = of_bad / max(self.positives - 1, 1) / self.positives
        variance += of_good / max(self.negatives - 1, 1) / self.negatives
        return sqrt(variance)
