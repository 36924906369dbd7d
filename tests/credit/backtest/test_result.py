"""A back-test as JSON, with exact fractions, and as a picture."""

from __future__ import annotations

from double_random.credit.backtest.calibration import compute_rates
from double_random.credit.backtest.result import FORMAT, BacktestResult
from double_random.credit.backtest.separation import Separation

POINTS, HAPPENED = [70_00, 90_00, 90_00, 100_00], [True, True, False, False]
RESULT = BacktestResult(
    title="示例 <回测>",
    policy="risk-100",
    edition="0" * 12,
    outcome="penalty fine",
    separation=Separation.from_observations(POINTS, HAPPENED),
    rates=compute_rates(["A", "B", "C"], ["C", "A", "A", "A"], HAPPENED),
    shift=None,
)


def test_the_json_has_each_measure_exact_and_with_its_interval() -> None:
    found = RESULT.json()
    assert found["format"] == FORMAT
    assert (found["observations"], found["happened"], found["distinct_scores"]) == (4, 2, 3)
    assert found["auc"]["value"] == 0.875 and found["auc"]["exact"] == "7/8"
    assert found["auc"]["interval"] == [
        RESULT.separation.auc_interval.low,
        RESULT.separation.auc_interval.high,
    ]
    assert found["gini"]["exact"] == "3/4" and found["ks"]["exact"] == "1/2"


def test_a_grade_of_nobody_and_a_shift_that_was_not_asked_for_are_null() -> None:
    found = RESULT.json()
    empty = {"grade": "B", "count": 0, "happened": 0, "rate": None, "interval": None}
    assert found["rates"][1] == empty
    assert found["psi"] is None


def test_the_picture_has_a_bar_for_each_grade_that_somebody_has() -> None:
    picture = RESULT.svg()
    assert picture.count("<title>") == 3  # of the picture, and of two bars
    assert "示例 &lt;回测&gt;" in picture and "AUC 0.875" in picture
    assert "0/0" in picture  # the grade of nobody has its place, and no bar
