"""A sheet that comes back is known by its header; where the header is not whole, the error says what is missing.

Finding: a renamed tab, a row above the headings and a deleted column were refused without saying which.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest

from double_random.core.errors import BadFile
from double_random.inspection.casework import result_sheet, spreadsheet, task_sheet, year_plan

SHEETS = [
    pytest.param(module.SHEET, module.HEADER, id=module.__name__.rpartition(".")[2])
    for module in (result_sheet, task_sheet, year_plan)
]
Change = Callable[[openpyxl.Workbook], object]


def _read(
    path: Path, name: str, header: Sequence[str], change: Change
) -> list[tuple[int, dict[str, str]]]:
    path.write_bytes(spreadsheet.write(name, f"{name} 2026", header, [["甲", "乙"]], 1))
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return spreadsheet.read(path, name, header, "hint")


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
