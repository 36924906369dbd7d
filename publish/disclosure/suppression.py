"""Suppression of small numbers (小数保护): spans of years are merged until each count is large enough.

Whole years are merged, from the first on, until the count is large enough; then the span is closed permanently, and
later cases count in the next one. So no number, no sum and no difference between two editions reveals a smaller count.
The current year is not published.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class YearSpan:
    """A span of years and its number of cases; None: fewer than may be published."""

    first: int
    last: int
    number: int | None

    @property
    def years(self) -> str:
        """2014, or 2014–2016."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


def merge_years(counts: Iterable[tuple[int, int]], fewest: int, until: int) -> tuple[YearSpan, ...]:
    """Merge years into spans of at least `fewest` cases up to `until`; the last may have fewer and has no number.

    counts: (year, cases), each year once.
    """
    merged: list[YearSpan] = []
    first, sofar = None, 0
    for year, cases in sorted(counts):
        if year > until:
            break
        first = year if first is None else first
        sofar += cases
        if sofar >= fewest:
            merged.append(YearSpan(first, year, sofar))
            first, sofar = year + 1, 0
    if first is not None and first <= until:
        merged.append(YearSpan(first, until, None))
    return tuple(merged)
