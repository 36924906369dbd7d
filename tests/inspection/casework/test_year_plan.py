"""The plan of a year: filed, approved, changed, and compared with the draws."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from double_random.core.errors import BadFile, Misuse
from double_random.inspection.case import case_file
from double_random.inspection.case.events import Task
from double_random.inspection.casework import quarterly_report, year_plan
from double_random.inspection.casework.quarterly_report import Quarter
from double_random.inspection.draw import lifecycle
from double_random.store.home import Home
from tests.inspection.filing import AT


@pytest.fixture
def sheet_of_year(home: Home, tmp_path: Path) -> Callable[..., Path]:
    def filled(cells: dict[str, object]) -> Path:
        path = tmp_path / "计划.xlsx"
        path.write_bytes(year_plan.render_year_sheet(home, 2026))
        book = openpyxl.load_workbook(path)
        for cell, value in cells.items():
            book.active[cell] = value
        book.save(path)
        return path

    return filled


GOOD = {"I4": "一年一次", "J4": "14", "K4": "2026-02-01", "L4": "2026-06-30"}


def test_a_year_is_filed_approved_and_changed_with_a_reason(
    home: Home, sheet_of_year: Callable[..., Path]
) -> None:
    path = sheet_of_year(GOOD)
    plan = year_plan.file_year_plan(home, 2026, path, "示司备〔2026〕1号", "2026-01-10", "", AT)
    assert [(one.item, one.planned) for one in plan.batches] == [("law-firm-archives", 14)]
    assert plan.approved is None
    plan = year_plan.approve_year_plan(home, 2026, "示司批〔2026〕1号", "2026-01-12", AT)
    assert plan.approved == ("示司批〔2026〕1号", "2026-01-12")
    with pytest.raises(Misuse, match="on file already"):
        year_plan.file_year_plan(home, 2026, path, "", "2026-03-01", "", AT)
    fewer = sheet_of_year({**GOOD, "J4": "10"})
    plan = year_plan.file_year_plan(home, 2026, fewer, "", "2026-03-01", "机构减少", AT)
    assert plan.approved is None  # these batches were not approved yet
    assert [act["kind"] for act in plan.history] == ["filed", "approved", "changed"]
    assert plan.number == "示司备〔2026〕1号"
    assert year_plan.count_planned(home, date(2026, 1, 1), date(2026, 3, 31)) == {
        "law-firm-archives": 10
    }
    assert year_plan.count_planned(home, date(2026, 4, 1), date(2026, 6, 30)) == {}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("J4", "十四"),
        ("K4", "2025-12-31"),
        ("L4", "2026-01-31"),
        ("B4", "no-such-item"),
        ("A4", "批 1"),
    ],
)
def test_a_faulty_year_sheet_names_its_cell(
    home: Home, sheet_of_year: Callable[..., Path], cell: str, value: str
) -> None:
    path = sheet_of_year({**GOOD, cell: value})
    with pytest.raises(BadFile, match=cell):
        year_plan.file_year_plan(home, 2026, path, "1", "2026-01-10", "", AT)
    assert year_plan.read_year_plan(home, 2026) is None


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-02-01", "2026-02-30", "L4 完成时限: 2026-02-30: no such day"),
        ("2026-02-01", "2027-01-31", "L4 完成时限: 2027-01-31: this day is not in 2026"),
        ("2026-02-01", None, "L4 完成时限: —: empty"),
        ("2026-02-01", "2026-01-31", "L4 完成时限: 2026-01-31: before the first day, 2026-02-01"),
    ],
)
def test_only_the_faulty_cell_is_named_and_why(
    home: Home, sheet_of_year: Callable[..., Path], first: str, last: str | None, said: str
) -> None:  # D-045
    path = sheet_of_year({**GOOD, "K4": first, "L4": last})
    with pytest.raises(BadFile) as fault:
        year_plan.file_year_plan(home, 2026, path, "1", "2026-01-10", "", AT)
    assert said in fault.value.message and "K4" not in fault.value.message


def test_a_year_sheet_takes_days_as_a_drop_does(
    home: Home, sheet_of_year: Callable[..., Path]
) -> None:  # D-045
    path = sheet_of_year({**GOOD, "K4": "2026年2月1日", "L4": "2026.6.30"})
    plan = year_plan.file_year_plan(home, 2026, path, "1", "2026-01-10", "", AT)
    assert (plan.batches[0].first_day, plan.batches[0].last_day) == ("2026-02-01", "2026-06-30")


def test_an_item_that_is_split_into_more_draws_than_planned_is_shown(
    filing: Any, wish: Callable[..., Any], run: Callable[..., Any]
) -> None:
    assert year_plan.find_split_items(filing.home, 2026) == {}
    lifecycle.publish_draw(filing.home, "d1", "2026-11-05T00:00:00Z")
    run(filing.home, wish("d2", not_before="2026-11-10T06:00:00Z"), until="draw")
    assert year_plan.find_split_items(filing.home, 2026) == {"law-firm-archives": (2, 0)}


def test_a_directed_draw_says_why_and_stands_apart(filing: Any) -> None:
    days = ("2026-11-04", "2026-11-20")
    for kind, why in (("directed", ""), ("undirected", "投诉")):
        with pytest.raises(Misuse, match="定向"):
            case_file.append_acts(
                filing.home,
                "d1",
                [
                    Task(
                        number="",
                        year_plan="",
                        batch="",
                        type=kind,
                        first_day=days[0],
                        last_day=days[1],
                        reason=why,
                    )
                ],
                AT,
            )
    told = Task(
        number="",
        year_plan="",
        batch="",
        type="directed",
        first_day=days[0],
        last_day=days[1],
        reason="上年度投诉两次以上",
    )
    case_file.append_acts(filing.home, "d1", [told], AT)
    assert year_plan.find_other_checks(filing.home, 2026) == (("d1: 上年度投诉两次以上",), 0)
    lines = {
        line.item: line
        for line in quarterly_report.report_quarter(filing.home, Quarter.read("2026Q4"))
    }
    mine = lines["law-firm-archives"]
    assert (mine.drawn, mine.directed) == (4, 4)
