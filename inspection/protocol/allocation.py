"""How many institutions are drawn from each stratum (抽取分组), and each row's chance.

The number is rounded up, or rounded so that every row has exactly its chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from double_random.inspection.protocol.strata import Stratum
from double_random.inspection.protocol.tickets import Tickets


def allocate_counts(strata: Sequence[Stratum], tickets: Tickets) -> tuple[int, ...]:
    """The number drawn from each stratum, in the order of the strata.

    `up`: N·a/b rounded up, at least `minimum`. `unbiased`: all such strata share one fraction u in
    [0, 1); each stratum gets the whole numbers that the running sum of N·a/b + u passes in it
    (systematic sampling with cumulative rounding). So n is N·a/b rounded down or up, and its mean
    is exact.
    """
    u = Fraction(int(tickets.ticket("allocation", "")[:16], 16), 2**64)
    running = Fraction(0)
    numbers = []
    for stratum in strata:
        a, b = stratum.ratio
        if stratum.rounding == "up":
            number = max(-(-stratum.population * a // b), stratum.minimum)
        else:
            before = floor(running + u)
            running += Fraction(stratum.population * a, b)
            number = floor(running + u) - before
        numbers.append(min(number, stratum.population))
    return tuple(numbers)


def selection_chance(stratum: Stratum) -> Fraction:
    """The exact chance that a row is drawn: n/N, or with `unbiased` the ratio itself; 0 if there is no row."""
    a, b = stratum.ratio
    if stratum.rounding == "unbiased":
        return Fraction(a, b)
    number = max(-(-stratum.population * a // b), stratum.minimum)
    return Fraction(min(number, stratum.population), stratum.population or 1)


def reserve_count(number: int, population: int, share: tuple[int, int]) -> int:
    """The number of reserves (备选): a share of the number drawn, rounded up, at most the rows left."""
    a, b = share
    return min(-(-number * a // b), population - number)
