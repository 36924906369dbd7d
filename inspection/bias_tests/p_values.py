"""Exact p-values and permutation p-values of a fair draw, and their correction for several tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Measures = Mapping[str, npt.NDArray[np.int64]]

ENOUGH = 10  # permutations at least as extreme: the value is not rare, and the test ends
STAGES = (59, 200, 740, 3_000)  # permutations are made in these portions, 3,999 at most
LARGEST = 4_000_000  # most numbers of a portion in memory


@dataclass(frozen=True)
class PermutationResult:
    """An observed value, the mean of its permutations, and p: how often they are at least as extreme."""

    seen: int
    usual: Fraction
    p: Fraction


def estimate_chances(
    seen: Mapping[str, int],
    draw: Callable[[int], Measures],
    width: int,
    above: Fraction = Fraction(0),
) -> dict[str, PermutationResult]:
    """Estimate each measure's chance under permutations that `draw(count)` makes; large values are extreme.

    Besag and Clifford 1991 (Biometrika 78, 301): a measure ends at the l-th permutation, if ten were at least as
    large as the observed value: p = 10/l. If that never happens in n = 3,999, p = (those as large + 1)/(n + 1).
    Both are exact: under a fair draw P(p ≤ a) ≤ a for every a. `width`: numbers in one permutation. `above`: ends the
    test sooner if only p > `above` matters; a result not above it then means no more than that.
    """
    import numpy as np

    larger = dict.fromkeys(seen, 0)
    total = dict.fromkeys(seen, 0)
    done: dict[str, Fraction] = {}
    permutations = 0
    for portion in _plan_portions(width):
        measures = draw(portion)
        for name in seen:
            total[name] += int(measures[name].sum())
            if name in done:
                continue
            reached = larger[name] + np.cumsum(measures[name] >= seen[name])
            if reached[-1] >= ENOUGH:
                last = permutations + int(np.argmax(reached >= ENOUGH)) + 1
                done[name] = Fraction(ENOUGH, last)
            larger[name] = int(reached[-1])
        permutations += portion
        if len(done) == len(seen) or permutations * above >= ENOUGH:
            break
    return {
        name: PermutationResult(
            value,
            Fraction(total[name], permutations),
            done.get(name, Fraction(larger[name] + 1, permutations + 1)),
        )
        for name, value in seen.items()
    }


def _plan_portions(width: int) -> list[int]:
    most = max(1, LARGEST // max(1, width))
    return [min(most, stage - start) for stage in STAGES for start in range(0, stage, most)]


def correct_by_holm(chances: Sequence[Fraction]) -> list[Fraction]:
    """Correct p-values for their number (Holm 1979): at most a share a of fair histories has one below a."""
    adjusted = [Fraction(1)] * len(chances)
    least = Fraction(0)
    for rank, index in enumerate(sorted(range(len(chances)), key=lambda i: chances[i])):
        least = max(least, min(Fraction(1), chances[index] * (len(chances) - rank)))
        adjusted[index] = least
    return adjusted


def chance_of_overlap(overlap: int, cells: Sequence[tuple[int, int, int]]) -> Fraction:
    """Return the exact chance that fair draws hit at least `overlap` marked rows.

    Each cell is (rows, marked, drawn): hits in one cell are hypergeometric, hits in several cells add up.
    """
    ways = [1]
    every = 1
    for rows, marked, drawn in cells:
        cell_ways = _count_hit_ways(rows, marked, drawn)
        every *= comb(rows, drawn)
        joined = [0] * (len(ways) + len(cell_ways) - 1)
        for i, left in enumerate(ways):
            for j, right in enumerate(cell_ways):
                joined[i + j] += left * right
        ways = joined
    return Fraction(sum(ways[overlap:]), every)


def _count_hit_ways(rows: int, marked: int, drawn: int) -> list[int]:
    """Return the numbers of ways in which a draw hits 0, 1, 2, … marked rows."""
    first = max(0, marked + drawn - rows)
    last = min(marked, drawn)
    ways = [0] * first + [comb(marked, first) * comb(rows - marked, drawn - first)]
    for k in range(first, last):
        ways.append(
            ways[-1] * ((marked - k) * (drawn - k)) // ((k + 1) * (rows - marked - drawn + k + 1))
        )
    return ways
