"""Rates by grade with their intervals, and the shift of grades between two days."""

from __future__ import annotations

from math import log

import pytest

from double_random.credit.backtest.calibration import Rate, compute_rates, compute_shift


def test_rates_have_wilsons_interval_and_equal_days_no_shift() -> None:
    (a, b) = compute_rates(
        ["A", "B"], ["A"] * 10 + ["B"] * 10, [False] * 10 + [True] * 5 + [False] * 5
    )
    assert (a.happened, b.happened) == (0, 5)
    assert a.interval is not None and b.interval is not None
    assert a.interval.low == 0 and a.interval.high == pytest.approx(0.27753, abs=1e-4)
    assert b.interval.low == pytest.approx(0.23659, abs=1e-4)
    assert compute_shift({"A": 5, "B": 5}, {"A": 5, "B": 5}, ["A", "B"]).psi == 0
    moved = compute_shift({"A": 90, "B": 10}, {"A": 60, "B": 40}, ["A", "B"])
    assert moved.interval.low < moved.psi < moved.interval.high


def test_a_grade_that_nobody_has_has_no_rate_and_no_interval() -> None:
    (a, b) = compute_rates(["A", "B"], ["A"], [True])
    assert (a.count, a.rate) == (1, 1.0)
    assert b == Rate("B", 0, 0) and b.rate is None and b.interval is None


def test_each_observation_needs_an_outcome() -> None:
    with pytest.raises(ValueError, match="shorter"):
        compute_rates(["A"], ["A", "A"], [True])


def test_the_shift_is_the_index_written_out_and_the_same_both_ways() -> None:
    before, after = {"A": 9}, {"A": 4, "B": 5}
    p, q = (9.5 / 10, 0.5 / 10), (4.5 / 10, 5.5 / 10)
    psi = sum((a - b) * log(a / b) for a, b in zip(p, q, strict=True))
    assert compute_shift(before, after, ["A", "B"]).psi == pytest.approx(psi)
    assert compute_shift(after, before, ["A", "B"]).psi == pytest.approx(psi)
