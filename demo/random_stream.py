"""A reproducible random stream: SHA-256 of a seed and a counter, independent of library generators."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


class SampleStream:
    """Numbers from SHA-256("seed:0"), SHA-256("seed:1") …: the same seed always gives the same sample.

    For the sample only. A legal draw takes its tickets from `inspection/protocol/tickets.py`.
    """

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._counter = 0

    def next_number(self) -> int:
        """The next number of 256 bits."""
        text = f"{self._seed}:{self._counter}"
        self._counter += 1
        return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")

    def number_below(self, end: int) -> int:
        """A number from 0 up to, not including, `end`; numbers above the last multiple of `end` are rejected."""
        limit = (1 << 256) // end * end
        while (number := self.next_number()) >= limit:
            pass
        return number % end

    def number_between(self, first: int, last: int) -> int:
        """A number from `first` to `last`, both included."""
        return first + self.number_below(last - first + 1)

    def pick_one(self, things: Sequence[Thing]) -> Thing:
        """One of several, each with the same probability."""
        return things[self.number_below(len(things))]

    def pick_weighted(self, things: Sequence[tuple[Thing, int]]) -> Thing:
        """One of several by their integer weights."""
        rest = self.number_below(sum(weight for _, weight in things))
        for thing, weight in things:
            if rest < weight:
                return thing
            rest -= weight
        raise AssertionError("the weights ran out")

    def pick_several(self, things: Sequence[Thing], count: int) -> list[Thing]:
        """`count` different ones, in the order of drawing."""
        remaining = list(things)
        return [remaining.pop(self.number_below(len(remaining))) for _ in range(count)]
