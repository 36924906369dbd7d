"""Analyses of scores: what does not go together is refused, and results are put into sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import polars
import pytest

from double_random.commands.credit_analysis import (
    _backtest_lines,
    _measure_cause,
    _rule_change,
    _what_if_sentences,
    show_backtest,
)
from double_random.commands.current_home import use_home
from double_random.core.errors import Misuse
from double_random.credit.backtest.calibration import Rate, Shift
from double_random.credit.backtest.result import BacktestResult
from double_random.credit.backtest.separation import Interval, Separation
from double_random.credit.policy.model import Policy
from double_random.credit.reports.comparison import Comparison
from double_random.credit.reports.what_if import Repaired, WhatIf
from double_random.credit.scoring.explanation import Explanation
from double_random.credit.scoring.trend import Point
from double_random.store.home import Home

SCORE = Explanation(
    institution="31990000XXXX000012",
    name="示例律师事务所",
    kind="law_firm",
    policy="risk-100",
    edition="e",
    title="示例计分",
    purpose="风险分类",
    as_of=date(2026, 10, 31),
    points=7500,
    grade="B",
    grades=(("A", 9000), ("B", 7000), ("C", None)),
    lines=(),
)
FIRST = Repaired(("a" * 64,), ("示例罚〔2026〕1号",), 8500, "B", date(2027, 1, 1))
BOTH = Repaired(("a" * 64, "b" * 64), ("示例罚〔2026〕1号", ""), 9500, "A")


def test_a_backtest_is_of_own_or_of_other_data() -> None:
    for given in (
        {},
        {"mapping": Path("m.toml"), "as_of": datetime(2016, 12, 31)},
    ):
        with pytest.raises(Misuse, match=r"either --as-of \(own data\) or --mapping"):
            show_backtest(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize("outcome", ["示例", "penalty:示例"])
def test_an_outcome_is_a_class_or_a_kind_of_the_list(home: Home, outcome: str) -> None:
    use_home(home.path)
    with pytest.raises(Misuse, match=f"{outcome} is not known") as error:
        show_backtest(as_of=datetime(2016, 12, 31), outcome=outcome)
    assert "penalty" in error.value.hint


def test_a_backtest_is_told_in_figures_and_bars() -> None:
    separation = Separation.from_observations([5000, 6000, 7000, 9000], [True, False, True, False])
    lines = _backtest_lines(
        BacktestResult(
            title="示例检验",
            policy="risk-100",
            edition="e",
            outcome="penalty:fine",
            separation=separation,
            rates=(Rate("A", 2, 1), Rate("B", 0, 0)),
            shift=Shift(0.125, Interval(0.1, 0.15)),
        )
    )
    assert lines[0] == "示例检验"
    assert lines[1].startswith("4 observations, to 2 of them it happened (")
    assert "penalty:fine" not in lines[1]
    assert separation.auc == Fraction(3, 4) and lines[2].startswith("AUC   0.7500  [")
    assert lines[5] == "PSI   0.1250  [0.1000, 0.1500]"
    assert "50.0%" in lines[6] and lines[6].endswith("█" * 15)
    assert lines[7].split() == ["B", "0/0"]
    assert max(map(len, lines)) < 80


def test_waiting_and_repairs_are_told_one_by_one_and_together() -> None:
    waiting = (Point(date(2027, 6, 1), 9000, "A"),)
    sentences = _what_if_sentences(WhatIf(SCORE, waiting, date(2027, 6, 1), (FIRST,), BOTH))
    assert sentences[1:] == [
        "Waiting alone lifts the grade on 2027-06-01.",
        "2027-06-01: 90.00 points, grade A",
        "If 示例罚〔2026〕1号 were repaired: 85.00 points, grade B. Possible from 2027-01-01 on.",
        f"Repair of these together lifts the grade to A: 示例罚〔2026〕1号; {'b' * 12}",
    ]


def test_the_best_grade_and_a_grade_that_waiting_does_not_lift_are_told() -> None:
    best = _what_if_sentences(WhatIf(replace(SCORE, grade="A"), (), None, (), None))
    assert best[1:] == ["This is the best grade."]
    stuck = _what_if_sentences(WhatIf(SCORE, (), None, (), None))
    assert stuck[1:] == ["Waiting alone does not lift the grade within twelve years."]


@pytest.mark.parametrize(
    ("top_a", "top_b", "said"),
    [(10000, 10000, "+20.00"), (10000, 100000, "-25.00 % → -0.50 %")],
)
def test_a_change_is_in_points_or_between_scales_in_shares(
    top_a: int, top_b: int, said: str
) -> None:
    empty = polars.DataFrame()
    policy = Policy.__new__(Policy)
    found = Comparison(
        a=policy,
        b=policy,
        as_of=date(2026, 10, 31),
        matrix=empty,
        movers=empty,
        reasons=empty,
        rules=empty,
        graded=0,
        tied_a=0,
        tied_b=0,
        top_a=top_a,
        top_b=top_b,
    )
    assert _rule_change(found, {"points_a": -2500, "points_b": -500}) == said


def test_a_measure_is_because_of_a_record_or_of_a_grade() -> None:
    assert _measure_cause("risk-100 D", None) == "risk-100 D"
    told = _measure_cause("penalty fine", "示例罚〔2026〕1号")
    assert " · " in told and told != "penalty fine"
