"""Tests of selection: position in the list, gaps, offices, institutions never drawn or drawn again.

The only assumption: in a fair draw every choice of the same size within a round's group is equally likely.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from double_random.inspection.bias_tests.p_values import (
    PermutationResult,
    chance_of_overlap,
    estimate_chances,
)
from double_random.inspection.bias_tests.permutations import SeededStream

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from double_random.inspection.bias_tests.history import Numbers, RoundHistory

PARTS = 10  # a list is divided into tenths
FEWEST_GAPS = 2


@dataclass(frozen=True)
class Cell:
    """A round's group: its rows (indices in the history, in list order) and which of them were drawn."""

    rows: Numbers
    picked: Numbers  # indices within `rows`, ascending


@dataclass(frozen=True)
class Twins:
    """The two rounds whose drawn institutions are least likely to be two fair draws. p is exact."""

    first: str
    second: str
    shared: int
    p: Fraction  # corrected for the number of pairs of rounds


class SelectionMeasures:
    """Measures of which institutions were drawn; each is an integer, and large if the draw looks unfair."""

    def __init__(self, history: RoundHistory) -> None:
        import numpy as np

        self.history = history
        self.cells = []
        for cell in range(int(history.cell.max()) + 1 if len(history.cell) else 0):
            rows = np.flatnonzero(history.cell == cell)
            self.cells.append(Cell(rows, np.flatnonzero(history.drawn[rows])))

    @property
    def is_testable(self) -> bool:
        """Whether some group has both drawn and undrawn rows; elsewhere nothing was left to chance."""
        return any(0 < len(cell.picked) < len(cell.rows) for cell in self.cells)

    @cached_property
    def tenth(self) -> Numbers:
        """Each row's tenth of its round's list, 0 to 9."""
        import numpy as np

        tenths = np.empty_like(self.history.round)
        for number in range(len(self.history.rounds)):
            rows = np.flatnonzero(self.history.round == number)
            tenths[rows] = np.arange(len(rows)) * PARTS // len(rows)
        return tenths

    def chances(self) -> dict[str, PermutationResult]:
        """Test position, office, gaps, never and again, as far as the history allows."""
        stream = SeededStream(self.history.digest, "drawn")
        seen = self._measure_draws([cell.picked[None, :] for cell in self.cells])
        width = max(len(self.history.institutions), *(len(cell.rows) for cell in self.cells))
        return estimate_chances(
            {name: int(value[0]) for name, value in seen.items()},
            lambda count: self._measure_draws(
                [
                    stream.draw_subsets(len(group.rows), len(group.picked), count)
                    for group in self.cells
                ]
            ),
            width,
        )

    def count_by_bin(self, bins: Numbers) -> list[tuple[int, int]]:
        """Return for each bin how many of its rows were drawn, and the expected number in thousandths."""
        import numpy as np

        expected = self._expected_thousandths(bins)
        drawn = np.bincount(bins[self.history.drawn], minlength=len(expected))
        return [(int(a), int(b)) for a, b in zip(drawn, expected, strict=True)]

    def times_drawn(self) -> Numbers:
        """Return how often each institution was drawn."""
        import numpy as np

        history = self.history
        return np.bincount(
            history.institution[history.drawn], minlength=len(history.institutions)
        ).astype(np.int64)

    def find_twins(self) -> Twins | None:
        """Return the most similar pair of rounds; None if no two share more institutions than expected."""
        rounds = [self._round_cells(number) for number in range(len(self.history.rounds))]
        best: Twins | None = None
        pairs = len(rounds) * (len(rounds) - 1) // 2
        for index, earlier in enumerate(rounds):
            drawn = {
                institution for names, picked in earlier for institution in names[picked].tolist()
            }
            for later in range(index + 1, len(rounds)):
                shared, usual, cells = 0, Fraction(0), []
                for names, picked in rounds[later]:
                    marked = sum(name in drawn for name in names.tolist())
                    shared += sum(name in drawn for name in names[picked].tolist())
                    usual += Fraction(marked * len(picked), len(names))
                    cells.append((len(names), marked, len(picked)))
                if shared <= usual:
                    continue
                p = min(Fraction(1), pairs * chance_of_overlap(shared, cells))
                if best is None or p < best.p:
                    names_ = self.history.rounds
                    best = Twins(names_[index], names_[later], shared, p)
        return best

    def _round_cells(self, number: int) -> list[tuple[Numbers, Numbers]]:
        """Return a round's cells: the institutions of its rows, and which rows were drawn."""
        return [
            (self.history.institution[cell.rows], cell.picked)
            for cell in self.cells
            if self.history.round[cell.rows[0]] == number
        ]

    def _expected_thousandths(self, bins: Numbers, least: int = 0) -> Numbers:
        """Return the expected drawn rows of each bin in thousandths, summed over the cells.

        `least`: the least number of bins, if the last ones may be empty.
        """
        import numpy as np

        expected = np.zeros(max(least, int(bins.max()) + 1), dtype=np.int64)
        for cell in self.cells:
            bin_sizes = np.bincount(bins[cell.rows], minlength=len(expected))
            expected += 1000 * len(cell.picked) * bin_sizes // len(cell.rows)
        return expected

    def _measure_draws(self, picked: list[Numbers]) -> dict[str, npt.NDArray[np.int64]]:
        """Compute every measure of several draws at once; picked: for each cell (draws, size), ascending."""
        import numpy as np

        history = self.history
        count = len(picked[0])
        each = np.arange(count)[:, None]
        times = np.zeros((count, len(history.institutions)), dtype=np.int32)
        tenths = np.zeros((count, PARTS), dtype=np.int64)
        offices = np.zeros((count, len(history.offices)), dtype=np.int64)
        gaps = np.zeros(count, dtype=np.int64)
        for cell, places in zip(self.cells, picked, strict=True):
            rows = cell.rows[places]
            times[each, history.institution[rows]] += 1
            tenths += _count_bins(self.tenth[rows], PARTS)
            offices += _count_bins(history.office[rows], len(history.offices))
            if places.shape[1] > FEWEST_GAPS:
                gaps += _count_commonest_gap(places, len(cell.rows))
        wide = times.astype(np.int64)
        measures = {
            "never": (times == 0).sum(axis=1),
            "again": (wide * (wide - 1) // 2).sum(axis=1),
        }
        if history.ordered:
            measures["position"] = _measure_unevenness(
                tenths, self._expected_thousandths(self.tenth, PARTS)
            )
            measures["gaps"] = gaps
        if len(history.offices) > 1:
            measures["office"] = _measure_unevenness(
                offices, self._expected_thousandths(history.office)
            )
        return measures


def _count_bins(bins: Numbers, size: int) -> Numbers:
    """Count each bin in each line of (draws, rows): shape (draws, size)."""
    import numpy as np

    flat = bins + size * np.arange(len(bins))[:, None]
    return np.bincount(flat.ravel(), minlength=len(bins) * size).reshape(len(bins), size)


def _measure_unevenness(counts: Numbers, expected: Numbers) -> Numbers:
    """Return Pearson's sum of squared distances from the expected counts, in integer thousandths."""
    import numpy as np

    distance = 1000 * counts - expected
    unevenness: Numbers = (distance * distance // np.maximum(expected, 1)).sum(axis=1)
    return unevenness


def _count_commonest_gap(places: Numbers, rows: int) -> Numbers:
    """Count the commonest distance between drawn neighbours in the list; very long distances do not count."""
    import numpy as np

    longest = 4 * -(-rows // places.shape[1])
    gaps = np.minimum(np.diff(places, axis=1), longest)
    commonest: Numbers = _count_bins(gaps, longest + 1)[:, :longest].max(axis=1)
    return commonest
