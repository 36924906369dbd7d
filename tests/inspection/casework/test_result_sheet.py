"""The record sheet goes out and comes back: what is filled in counts, what was tampered with is named by its cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from double_random.core.errors import BadFile
from double_random.inspection.case.steps import Step
from double_random.inspection.casework import result_sheet

AT = "2026-12-01T00:00:00Z"


@pytest.fixture
def fill(filing: Any, tmp_path: Path) -> Callable[..., Path]:
    """The sheet as it goes out, with cells filled in (an office's program writes it back)."""

    def filled(cells: dict[str, object], name: str = "结果.xlsx") -> Path:
        path = tmp_path / name
        path.write_bytes(result_sheet.render_result_sheet(filing.home, "d1"))
        book = openpyxl.load_workbook(path)
        for cell, value in cells.items():
            book.active[cell] = value
        book.save(path)
        return path

    return filled


def test_results_come_back(filing: Any, fill: Callable[..., Path]) -> None:
    ids = filing.ids
    path = fill(
        {
            "H3": "2026年11月10日",
            "I3": "未发现问题",
            "H4": "2026-11-11",
            "I4": "发现问题已责令改正、未按规定公示",
            "J4": "档案缺页",
            "K4": "2026/12/11",
        }
    )
    taken = result_sheet.record_results(filing.home, "d1", path, AT)
    assert (taken.rows, taken.recorded, taken.open, taken.absent) == (4, 2, 2, 0)
    first, second = (filing.case.targets[one] for one in ids[:2])
    assert (first.step, first.visited) == (Step.recorded, "2026-11-10")
    finding = second.findings["law-firm-archives"]
    assert set(finding.codes) == {"corrected", "unpublished"}
    assert (finding.found, finding.correct_by) == ("档案缺页", "2026-12-11")
    again = fill({"H3": "2026-11-12", "I3": "未发现问题"}, "再.xlsx")  # only what is open goes out
    assert result_sheet.record_results(filing.home, "d1", again, AT).rows == 2
    assert filing.case.targets[ids[2]].step is Step.recorded


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        ({"C3": "31310000XXXX999990", "H3": "2026-11-10", "I3": "未发现问题"}, "C3"),
        ({"D4": "上海示例改名律师事务所"}, "D4"),
        ({"G3": "检查员示例99"}, "G3"),
        ({"B3": "d2"}, "B3"),
        ({"E3": "law-firm-practice"}, "C3"),
        ({"H3": "2026-11-31", "I3": "未发现问题"}, "H3"),
        ({"H3": "2026-11-10", "I3": "很好"}, "I3: 很好 is no result; take one of: 未发现"),
        ({"H3": "11月10日", "I3": "未发现问题"}, "H3: 11月10日 is no day"),
        ({"H3": "2026-11-10", "I3": "未发现问题、不配合检查"}, "I3: one of these kinds excludes"),
        ({"H3": "2026-11-10"}, "I3"),
        ({"J3": "只有备注"}, "H3"),
        ({"H3": "2026-10-10", "I3": "未发现问题"}, "H3: before the draw"),
        ({"H3": "2027-12-02", "I3": "未发现问题"}, "H3: 2027-12-02 is still to come"),  # D-044
        ({"H3": "2026-11-10", "I3": "责令改正", "L3": "2027-01-05"}, "L3: 2027-01-05 is still"),
        ({"H3": "2026-11-10", "I3": "责令改正", "K3": "2026-11-01"}, "before the visit"),
    ],
)
def test_a_sheet_that_cannot_stand_is_refused_whole(
    filing: Any, fill: Callable[..., Path], cells: dict[str, str], where: str
) -> None:
    path = fill({"H5": "2026-11-10", "I5": "未发现问题", **cells})
    with pytest.raises(BadFile, match=where) as refused:
        result_sheet.record_results(filing.home, "d1", path, AT)
    assert refused.value.file == "结果.xlsx"
    assert filing.case.acts == ()


def test_the_same_sheet_again_takes_what_is_new_alone(
    filing: Any, fill: Callable[..., Path]
) -> None:  # D-026
    filled = {
        "H3": "2026-11-10",
        "I3": "未发现问题",
        "H4": "2026年11月11日",
        "I4": "责令改正",
        "J4": "缺页",
    }
    path = fill(filled)
    taken = result_sheet.record_results(filing.home, "d1", path, AT)
    assert (taken.recorded, taken.same, taken.open) == (2, 0, 2)
    again = result_sheet.record_results(filing.home, "d1", path, AT)
    assert (again.rows, again.recorded, again.same, again.open) == (4, 0, 2, 2)
    book = openpyxl.load_workbook(path)
    book.active["H5"], book.active["I5"] = "2026-11-12", "未发现问题"
    book.active["I3"] = None  # an emptied row says nothing new
    book.active["H3"] = None
    book.save(path)
    more = result_sheet.record_results(filing.home, "d1", path, AT)
    assert (more.recorded, more.same, more.open) == (1, 2, 1)
    assert len(filing.case.acts) == 6  # three visits, three results


def test_a_recorded_row_that_was_changed_is_a_fault(filing: Any, fill: Callable[..., Path]) -> None:
    path = fill({"H3": "2026-11-10", "I3": "未发现问题"})
    result_sheet.record_results(filing.home, "d1", path, AT)
    book = openpyxl.load_workbook(path)
    book.active["H3"], book.active["J3"] = "2026-11-11", "缺页"
    book.active["H4"], book.active["I4"] = "2026-11-11", "未发现问题"
    book.save(path)
    with pytest.raises(BadFile) as refused:
        result_sheet.record_results(filing.home, "d1", path, AT)
    assert "H3: recorded already as 2026-11-10" in refused.value.message
    assert "J3: recorded already as —" in refused.value.message
    assert "I3" not in refused.value.message and "row 4" not in refused.value.message
    assert len(filing.case.acts) == 2


def test_a_row_that_stands_twice_or_was_not_drawn_is_named(
    filing: Any, fill: Callable[..., Path]
) -> None:
    path = fill({})
    book = openpyxl.load_workbook(path)
    sheet = book.active
    for column in range(1, 8):
        sheet.cell(7, column).value = sheet.cell(3, column).value
    book.save(path)
    with pytest.raises(BadFile, match="A7"):
        result_sheet.record_results(filing.home, "d1", path, AT)


def test_another_sheet_is_no_result(filing: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "=1+1"
    book.save(path)
    with pytest.raises(BadFile, match="双随机抽查记录表"):
        result_sheet.record_results(filing.home, "d1", path, AT)
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(BadFile, match=r"x\.xlsx"):
        result_sheet.record_results(filing.home, "d1", path, AT)
