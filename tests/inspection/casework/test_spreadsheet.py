"""Sheets that people fill in: written, read back by their header, and refused by sheet, row and cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest

from double_random.core.errors import BadFile, Misuse
from double_random.inspection.casework import result_sheet, spreadsheet, task_sheet, year_plan

SHEETS = [
    pytest.param(module.SHEET, module.HEADER, id=module.__name__.rpartition(".")[2])
    for module in (result_sheet, task_sheet, year_plan)
]
Change = Callable[[openpyxl.Workbook], object]


def _read(
    path: Path, name: str, header: Sequence[str], change: Change
) -> list[tuple[int, dict[str, str]]]:
    path.write_bytes(spreadsheet.render_sheet(name, f"{name} 2026", header, [["甲", "乙"]], 1))
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return spreadsheet.read_sheet(path, name, header, "hint")


@pytest.mark.parametrize(("name", "header"), SHEETS)
def test_a_renamed_tab_and_rows_above_the_header_are_read(
    tmp_path: Path, name: str, header: Sequence[str]
) -> None:
    path = tmp_path / "回.xlsx"
    whole = {**dict.fromkeys(header, ""), header[0]: "甲", header[1]: "乙"}

    def renamed(book: openpyxl.Workbook) -> None:
        book.active.title = "Sheet1"
        book.create_sheet("说明", 0)["A1"] = "填写说明"

    assert _read(path, name, header, renamed) == [(3, whole)]
    assert _read(path, name, header, lambda book: book.active.insert_rows(1, 2)) == [(5, whole)]
    assert _read(path, name, header, lambda book: book.active.delete_rows(1)) == [(2, whole)]


@pytest.mark.parametrize(("name", "header"), SHEETS)
def test_a_broken_header_says_sheet_row_and_what_is_missing(
    tmp_path: Path, name: str, header: Sequence[str]
) -> None:
    path = tmp_path / "回.xlsx"

    def reason(change: Change) -> str:
        with pytest.raises(BadFile) as refused:
            _read(path, name, header, change)
        assert refused.value.file == "回.xlsx"
        return refused.value.reason

    assert f"sheet {name}, row 2: no column {header[2]}; found {header[0]}, {header[1]}" in reason(
        lambda book: book.active.delete_cols(3)
    )
    assert f"cell B2: expected the heading {header[1]}, found —" in reason(
        lambda book: book.active.insert_cols(2)
    )

    def cleared(book: openpyxl.Workbook) -> None:
        book.active.title = "别的"
        book.active.delete_rows(2)

    assert f"no sheet has the header of {name}: {header[0]}, {header[1]}" in reason(cleared)

    def copied(book: openpyxl.Workbook) -> None:
        book.copy_worksheet(book.active).title = "副本"

    assert f"the sheets {name}, 副本 all have the header" in reason(copied)


def test_cells_come_back_as_text_and_empty_rows_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    header = ("序号", "机构", "金额")
    rows: list[list[str | int]] = [[1, "=示例律师事务所", "007"], [2, "", ""], ["", "", ""]]
    path.write_bytes(spreadsheet.render_sheet("示例", "示例表", header, rows, 2))
    assert spreadsheet.read_sheet(path, "示例", header, "hint") == [
        (3, {"序号": "1", "机构": "=示例律师事务所", "金额": "007"}),
        (4, {"序号": "2", "机构": "", "金额": ""}),
    ]


def test_a_cell_is_named_by_its_column_and_row() -> None:
    header = [f"列{number}" for number in range(28)]
    assert spreadsheet.cell_name(header, "列0", 3) == "A3"
    assert spreadsheet.cell_name(header, "列27", 12) == "AB12"


def test_at_most_twenty_faults_are_listed() -> None:
    few = spreadsheet.make_cell_error(Path("表.xlsx"), ["A3: empty", "B3: empty"])
    assert (few.file, few.reason) == ("表.xlsx", "A3: empty; B3: empty")
    many = spreadsheet.make_cell_error(Path("表.xlsx"), [f"A{row}: empty" for row in range(3, 24)])
    assert many.reason.endswith("A22: empty …") and "A23" not in many.reason


def test_a_sheet_that_is_not_there_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="file not found"):
        spreadsheet.read_sheet(tmp_path / "没有.xlsx", "示例", ("甲", "乙"), "hint")
    with pytest.raises(Misuse, match="file cannot be opened"):
        spreadsheet.read_sheet(tmp_path, "示例", ("甲", "乙"), "hint")
