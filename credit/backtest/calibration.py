"""The rate of the outcome in each grade (calibration), and the shift of grades between two days (PSI)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from double_random.credit.backtest.separation import NORMAL, Interval


@dataclass(frozen=True)
class Rate:
    """A grade: how many have it, how many of these have the outcome, and the 95 % interval (Wilson 1927)."""

    grade: str
    count: int
    happened: int

    @property
    def rate(self) -> float | None:
        """The share with the outcome; None if no institution has the grade."""
        return self.happened / self.count if self.count else None

    @property
    def interval(self) -> Interval | None:
        """The 95 % interval of the rate; None if no institution has the grade."""
        if not self.count:
            return None
        n, p, z = self.count, self.happened / self.count, NORMAL
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return Interval(max(0.0, middle - half), min(1.0, middle + half))


@dataclass(frozen=True)
class Shift:
    """PSI (population stability index) between two days' grades, with its 95 % interval."""

    psi: float
    interval: Interval


def compute_rates(
    grades: Sequence[str], observed_grades: Sequence[str], outcome: Sequence[bool]
) -> list[Rate]:
    """One rate for each grade, in the order of the policy."""
    grade_rates = []
    for grade in grades:
        outcomes = [
            happened for g, happened in zip(observed_grades, outcome, strict=True) if g == grade
        ]
        grade_rates.append(Rate(grade, len(outcomes), sum(outcomes)))
    return grade_rates


def compute_shift(
    before: Mapping[str, int], after: Mapping[str, int], grades: Sequence[str]
) -> Shift:
    """PSI = Σ (p - q) ln(p / q) over the grades; half an institution is added to each, so that none is empty.

    The interval uses the delta method for two multinomial samples; institutions that are in both samples make it wider
    than necessary.
    """
    p, n = _grade_shares(before, grades)
    q, m = _grade_shares(after, grades)
    psi = sum((a - b) * log(a / b) for a, b in zip(p, q, strict=True))
    to_p = [log(a / b) + 1 - b / a for a, b in zip(p, q, strict=True)]
    to_q = [-log(a / b) + 1 - a / b for a, b in zip(p, q, strict=True)]
    deviation = sqrt(_weighted_variance(to_p, p) / n + _weighted_variance(to_q, q) / m)
    return Shift(psi, Interval(max(0.0, psi - NORMAL * deviation), psi + NORMAL * deviation))


def _grade_shares(counts: Mapping[str, int], grades: Sequence[str]) -> tuple[list[float], float]:
    total = sum(counts.get(grade, 0) + 0.5 for grade in grades)
    return [(counts.get(grade, 0) + 0.5) / total for grade in grades], total


def _weighted_variance(gradient: Sequence[float], shares: Sequence[float]) -> float:
    middle = sum(g * p for g, p in zip(gradient, shares, strict=True))
    return max(0.0, sum(g * g * p for g, p in zip(gradient, shares, strict=True)) - middle * middle)
