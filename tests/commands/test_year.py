"""Commands of the bureau's year: plan, quarter, case checks; what is missing or wrong is refused."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from double_random.commands.current_home import use_home
from double_random.commands.render.format_writers import Format
from double_random.commands.year import (
    hand_over_results,
    manage_case_checks,
    manage_year_plan,
    show_quarter_report,
)
from double_random.core.errors import DoubleRandomError, Misuse
from double_random.store.home import Home


@pytest.fixture(autouse=True)
def _used(home: Home) -> None:
    """The commands work on an empty home."""
    use_home(home.path)


def test_a_year_without_a_plan_says_how_to_begin() -> None:
    with pytest.raises(Misuse, match="there is no plan of 2027") as error:
        manage_year_plan(2027)
    assert "year-plan 2027 --blank FILE" in error.value.hint


def test_the_empty_sheet_has_a_row_for_each_item(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "计划.xlsx"
    manage_year_plan(2027, blank=sheet)
    assert "year-plan 2027 --file SHEET" in capsys.readouterr().err
    rows = list(openpyxl.load_workbook(sheet).active.iter_rows(values_only=True))
    assert any("law-firm-archives" in row for row in rows)


def test_a_plan_that_was_never_filed_is_not_approved() -> None:
    with pytest.raises(DoubleRandomError):
        manage_year_plan(2027, approve=True, number="示例1号", day=datetime(2026, 1, 5))


@pytest.mark.parametrize("quarter", ["2026Q5", "2026", "Q1", "２０２６Q1"])
def test_a_quarter_is_written_2026q1(quarter: str) -> None:
    with pytest.raises(Misuse, match="no such quarter") as error:
        show_quarter_report(quarter)
    assert error.value.hint == "as in 2026Q1"


def test_a_quarter_without_draws_has_a_row_of_zeros_for_each_item(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_quarter_report("2020Q1", form=Format.json)
    shown = capsys.readouterr()
    rows = json.loads(shown.out)
    assert rows and all(row["drawn"] == row["published"] == 0 for row in rows)
    assert f"0 of {len(rows)} items were drawn" in shown.err
    assert "the quarter is not over" not in shown.err


def test_results_are_not_handed_over_as_of_a_day_to_come() -> None:
    with pytest.raises(Misuse, match="2062-11-03 is still to come"):
        hand_over_results(datetime(2062, 11, 3))


def test_case_checks_are_none_at_first_and_need_a_ground_of_the_list(
    capsys: pytest.CaptureFixture[str],
) -> None:
    manage_case_checks(form=Format.json)
    assert json.loads(capsys.readouterr().out) == []
    with pytest.raises(Misuse, match="--ground: because is not known"):
        manage_case_checks("示例律师事务所", ground="because", number="1")
    with pytest.raises(Misuse, match="--result: 示例 is not known"):
        manage_case_checks(number="1", result=["示例"])
