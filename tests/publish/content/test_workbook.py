"""Workbooks: no formula, no link, no lost digit, the same bytes for the same rows."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import polars
import pytest
from python_calamine import CalamineWorkbook

from double_random.core.errors import Misuse
from double_random.publish.content.workbook import (
    COLUMNS,
    LETTERS,
    build_workbook,
    build_workbook_of_sheets,
)


def rows(content: bytes, sheet: int = 0) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(sheet).to_python()


def test_numbers_and_dates_are_typed_and_what_excel_would_spoil_is_text() -> None:
    frame = polars.DataFrame(
        {
            "a": polars.Series([Decimal("1.50"), None]),
            "b": [10**15 - 1, 10**15],
            "c": [date(2017, 1, 21), date(1900, 2, 28)],
            "d": [datetime(2017, 1, 21, 8, 30), None],
            "e": [float("inf"), 0.25],
        }
    )
    assert rows(build_workbook(frame, list("ABCDE"))) == [
        ["A", "B", "C", "D", "E"],
        [1.5, 999999999999999.0, date(2017, 1, 21), datetime(2017, 1, 21, 8, 30), "inf"],
        ["", "1000000000000000", "1900-02-28", "", 0.25],
    ]


def test_a_text_is_never_a_formula_or_a_link() -> None:
    frame = polars.DataFrame({"name": ["=1+1", "https://example.invalid/", "示例\u202e"]})
    content = build_workbook(frame, ["名称"])
    assert [row[0] for row in rows(content)] == [
        *("名称", "=1+1", "https://example.invalid/", "示例\ufffd"),
    ]
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet and b"<hyperlink" not in sheet
    assert build_workbook(frame, ["名称"]) == content


def test_a_long_text_is_cut_to_what_a_cell_holds() -> None:
    frame = polars.DataFrame({"name": ["长" * (LETTERS + 1)]})
    cell = rows(build_workbook(frame, ["名称"]))[1][0]
    assert cell == "长" * (LETTERS - 1) + "…"


def test_headings_of_a_table_are_different_whatever_their_case() -> None:
    frame = polars.DataFrame({"a": [1], "b": [2], "c": [3]})
    assert rows(build_workbook(frame, ["Name", "name", "NAME"]))[0] == ["Name", "name_1", "NAME_2"]


def test_plain_cells_make_no_table() -> None:
    frame = polars.DataFrame({"a": [1]})
    for table in (True, False):
        with zipfile.ZipFile(io.BytesIO(build_workbook(frame, ["a"], table=table))) as book:
            assert ("xl/tables/table1.xml" in book.namelist()) == table


def test_every_frame_has_its_sheet_and_title() -> None:
    frame = polars.DataFrame({"a": [1]})
    content = build_workbook_of_sheets([("[评价]:一", frame, ["a"]), ("", frame.clear(), ["空"])])
    names = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    assert [name.strip() for name in names] == ["评价  一", "Sheet2"]
    assert rows(content, 1) == [["空"]]


def test_a_frame_that_no_sheet_holds_is_refused() -> None:
    wide = polars.DataFrame({str(number): [0] for number in range(COLUMNS + 1)})
    with pytest.raises(Misuse, match=str(COLUMNS)):
        build_workbook(wide, wide.columns)
