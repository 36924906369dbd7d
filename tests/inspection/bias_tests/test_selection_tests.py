"""Tests of selection: what is counted, what is expected, and when there is nothing to test."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from double_random.inspection.bias_tests.history import ListRow, RoundHistory
from double_random.inspection.bias_tests.selection_tests import SelectionMeasures
from tests.inspection.bias_tests import histories

SMALL: dict[str, Any] = {"listed": 60, "drawn": 12, "inspectors": 6, "offices": 3}


def selection(*rounds: str) -> SelectionMeasures:
    """Rounds as texts with one letter for each institution: x is drawn, - is not."""
    return SelectionMeasures(
        RoundHistory.from_rows(
            [
                ListRow(
                    round=f"示例第{number}次", institution=f"示例机构{place}", drawn=mark == "x"
                )
                for number, marks in enumerate(rounds, start=1)
                for place, mark in enumerate(marks)
            ]
        )
    )


def test_expected_figures_are_those_of_the_groups() -> None:
    history = histories.history(1, chosen=histories.by_grade, **SMALL)
    table = SelectionMeasures(history).count_by_bin(history.office)
    assert sum(seen for seen, _ in table) == 20 * 12
    # 20 rounds of 2 of 20 A, 4 of 20 B, 6 of 20 C; the offices have 7 7 6, 7 6 7 and 6 7 7 of them
    assert [usual for _, usual in table] == [78_000, 80_000, 82_000]


def test_institutions_are_counted_over_the_rounds() -> None:
    chosen = selection("xx--", "x-x-")
    assert chosen.times_drawn().tolist() == [2, 1, 1, 0]
    chances = chosen.chances()
    assert (chances["never"].seen, chances["again"].seen) == (1, 1)
    assert "office" not in chances  # one office alone


def test_each_list_is_divided_into_tenths() -> None:
    assert selection("x" + "-" * 19).tenth.tolist() == [place // 2 for place in range(20)]
    assert selection("x--").tenth.tolist() == [0, 3, 6]


def test_a_draw_of_all_or_none_is_not_tested() -> None:
    assert not selection("xxx", "---").is_testable
    assert selection("xxx", "x--").is_testable


def test_the_most_similar_rounds_have_an_exact_chance() -> None:
    twins = selection("xx--------", "xx--------", "--x-------").find_twins()
    assert twins is not None
    assert (twins.first, twins.second, twins.shared) == ("示例第1次", "示例第2次", 2)
    assert twins.p == Fraction(3, 45)  # 1 of 45 pairs of institutions, times 3 pairs of rounds


def test_rounds_without_common_institutions_have_no_twins() -> None:
    assert selection("xx--", "--xx").find_twins() is None


def test_a_fixed_step_makes_one_gap_over_and_over() -> None:
    stepped = selection("x---" * 10).chances()["gaps"]
    assert stepped.seen == 9 and stepped.p < Fraction(1, 100)
    assert selection("xx--").chances()["gaps"].seen == 0  # two drawn places make no pattern


def test_lists_shorter_than_ten_are_tested_like_longer_ones() -> None:
    position = selection("x--", "--x").chances()["position"]
    assert (
        position.seen == 334**2 // 666 + 666 + 334**2 // 666
    )  # 1 0 1 drawn, 0.666 expected of each
    assert position.p == 1
