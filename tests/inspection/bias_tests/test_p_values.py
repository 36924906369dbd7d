"""Chance itself: exact p-values, permutations, and their correction."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from double_random.inspection.bias_tests.p_values import (
    ENOUGH,
    STAGES,
    chance_of_overlap,
    correct_by_holm,
    estimate_chances,
)
from double_random.inspection.bias_tests.permutations import SeededStream


def test_a_shared_draw_has_its_exact_chance() -> None:
    for rows, marked, drawn in ((6, 2, 3), (7, 7, 2), (8, 5, 6), (5, 0, 2)):
        ways = Counter(
            sum(row < marked for row in picked) for picked in combinations(range(rows), drawn)
        )
        for overlap in range(drawn + 2):
            exact = Fraction(
                sum(count for hits, count in ways.items() if hits >= overlap), comb(rows, drawn)
            )
            assert chance_of_overlap(overlap, [(rows, marked, drawn)]) == exact


def test_hits_of_two_groups_add_up() -> None:
    both = [
        sum(row < 2 for row in one) + sum(row < 1 for row in other)
        for one in combinations(range(5), 2)
        for other in combinations(range(4), 2)
    ]
    exact = Fraction(sum(hits >= 2 for hits in both), len(both))
    assert chance_of_overlap(2, [(5, 2, 2), (4, 1, 2)]) == exact


def test_holm_by_hand() -> None:
    p = [Fraction(1, 100), Fraction(4, 100), Fraction(3, 100), Fraction(1, 2)]
    assert correct_by_holm(p) == [
        Fraction(4, 100),
        Fraction(9, 100),
        Fraction(9, 100),
        Fraction(1, 2),
    ]


@given(st.lists(st.fractions(0, 1), max_size=8))
def test_a_corrected_chance_is_never_smaller_and_keeps_the_order(p: list[Fraction]) -> None:
    corrected = correct_by_holm(p)
    assert all(one >= raw for one, raw in zip(corrected, p, strict=True))
    assert all(one <= 1 for one in corrected)
    for i, j in combinations(range(len(p)), 2):
        assert p[i] >= p[j] or corrected[i] <= corrected[j]


def test_permutations_end_when_it_is_clear_that_nothing_is_rare() -> None:
    chance = estimate_chances({"x": 0}, lambda count: {"x": np.zeros(count, dtype=np.int64)}, 1)[
        "x"
    ]
    assert chance.p == 1 and chance.usual == 0


def test_what_never_happens_again_has_the_least_chance_that_can_be_told() -> None:
    chance = estimate_chances({"x": 1}, lambda count: {"x": np.zeros(count, dtype=np.int64)}, 1)[
        "x"
    ]
    assert chance.p == Fraction(1, sum(STAGES) + 1)


def test_an_early_end_counts_the_very_permutation_at_which_it_came() -> None:
    made = iter(np.arange(1, 4_000) % 20 == 0)  # each twentieth is as large

    def draw(count: int) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.int64]]]:
        return {"x": np.array([next(made) for _ in range(count)], dtype=np.int64)}

    assert estimate_chances({"x": 1}, draw, 1)["x"].p == Fraction(ENOUGH, 20 * ENOUGH)


def test_portions_that_memory_bounds_give_the_same_answer() -> None:
    def draw_from(stream: SeededStream):  # type: ignore[no-untyped-def]
        return lambda count: {"x": stream.draw_below(1_000, count)}

    wide = estimate_chances({"x": 990}, draw_from(SeededStream(b"a", "b")), 4_000_000 // 8)
    narrow = estimate_chances({"x": 990}, draw_from(SeededStream(b"a", "b")), 4_000_000 // 16)
    assert wide["x"].p == narrow["x"].p
