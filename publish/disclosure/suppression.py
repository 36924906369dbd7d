"""Suppression of small numbers (小数保护): spans of years are merged until each count is large enough.

Whole years are joined, from the first on, until they hold enough; then the span is closed for good, and what comes
later is counted in the next one. So neither a number, nor a sum, nor what changes from one edition to the next tells of
fewer. The year that still runs is not told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """Years and how many cases; None: fewer than may be told."""

    first: int
    last: int
    number: int | None

    @property
    def years(self) -> str:
        """2014, or 2014–2016."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


def spans(counts: Iterable[tuple[int, int]], fewest: int, until: int) -> tuple[Span, ...]:
    """Spans of at least `fewest` cases up to the year `until`; the last one may hold fewer, and does not say how many.

    counts: (year, cases), each year once.
    """
    found: list[Span] = []
    first, sofar = None, 0
    for year, cases in sorted(counts):
        if year > until:
            break
        first = year if first is None else first
        sofar += cases
        if sofar >= fewest:
            found.append(Span(first, year, sofar))
            first, sofar = year + 1, 0
    if first is not None and first <= until:
        found.append(Span(first, until, None))
    return tuple(found)
