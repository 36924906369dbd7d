"""ROC, AUC, KS and Gini against their definitions written out."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.core.errors import Stopped
from double_random.credit.backtest.separation import Separation

observations = st.lists(
    st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=40
).filter(lambda rows: 0 < sum(bad for _points, bad in rows) < len(rows))


@given(observations)
def test_auc_is_the_chance_of_standing_lower_and_ks_the_greatest_distance(
    rows: list[tuple[int, bool]],
) -> None:
    found = Separation.from_observations(
        [points for points, _bad in rows], [bad for _points, bad in rows]
    )
    lower = [points for points, bad in rows if bad]
    others = [points for points, bad in rows if not bad]
    wins = sum((2 if a < b else a == b) for a in lower for b in others)
    assert found.auc == Fraction(wins, 2 * len(lower) * len(others))
    assert found.gini == 2 * found.auc - 1
    distances = [
        Fraction(sum(a <= bound for a in lower), len(lower))
        - Fraction(sum(b <= bound for b in others), len(others))
        for bound in range(-1, 8)
    ]
    assert found.ks == max(distances)
    interval = found.auc_interval
    assert 0 <= interval.low <= float(found.auc) <= interval.high <= 1


@given(observations)
def test_the_variance_of_auc_is_that_of_the_placements(rows: list[tuple[int, bool]]) -> None:
    found = Separation.from_observations(
        [points for points, _bad in rows], [bad for _points, bad in rows]
    )
    lower = [points for points, bad in rows if bad]
    others = [points for points, bad in rows if not bad]

    def half(a: int, b: int) -> Fraction:
        return Fraction(2 if a < b else int(a == b), 2)

    placed = [sum(half(a, b) for b in others) / len(others) for a in lower]
    beside = [sum(half(a, b) for a in lower) / len(lower) for b in others]
    wanted = sum((v - found.auc) ** 2 for v in placed) / max(len(lower) - 1, 1) / len(lower)
    wanted += sum((v - found.auc) ** 2 for v in beside) / max(len(others) - 1, 1) / len(others)
    assert found._deviation == pytest.approx(float(wanted) ** 0.5, abs=1e-12)


def test_nothing_is_separated_where_it_happened_to_all_or_none() -> None:
    for outcome in ([True, True], [False, False]):
        with pytest.raises(Stopped):
            Separation.from_observations([1, 2], outcome)


def test_counts_go_by_points_from_the_lowest() -> None:
    found = Separation.from_observations([3, 1, 3, 2], [False, True, True, False])
    assert found.steps == ((1, 1, 0), (2, 0, 1), (3, 1, 1))
    assert (found.positives, found.negatives) == (2, 2)
    assert found.roc == ((0, 0), (0, Fraction(1, 2)), (Fraction(1, 2), Fraction(1, 2)), (1, 1))


def test_points_that_separate_completely_have_the_greatest_values() -> None:
    found = Separation.from_observations([1, 1, 9, 9], [True, True, False, False])
    assert (found.auc, found.gini, found.ks) == (1, 1, 1)
    for interval in (found.auc_interval, found.gini_interval, found.ks_interval):
        assert (interval.low, interval.high) == (1, 1)
