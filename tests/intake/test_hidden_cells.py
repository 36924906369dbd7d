"""Hidden rows, columns and sheets are read like the others, and noted (D-077)."""

from __future__ import annotations

import zipfile
from pathlib import Path

import xlsxwriter

from double_random.intake import reasons
from double_random.intake.hidden_cells import HiddenParts, find_hidden
from tests.intake.penalty_sheets import HEADER, ROW, read, told


def test_a_workbook_says_which_columns_and_sheets_are_hidden(tmp_path: Path) -> None:
    """D-077: columns beyond the table are none; a sheet that is not read is said to be hidden, too"""
    path = tmp_path / "处罚.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("处罚", "往年"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, HEADER[:5])
            sheet.write_row(1, 0, [ROW[0], f"{name}1号", *ROW[2:]])
            sheet.set_column("D:XFD", None, None, {"hidden": True})
            if name == "往年":
                sheet.very_hidden()
    reading = read(path)
    assert reading.accepted == 2
    assert told(reading, reasons.HIDDEN_COLUMNS) == [("处罚", "D、E"), ("往年", "D、E")]
    assert told(reading, reasons.HIDDEN_SHEET) == [("往年", "往年")]


def test_hidden_parts_are_listed_by_sheet(tmp_path: Path) -> None:
    path = tmp_path / "示例.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("甲")
        for row in range(4):
            sheet.write_row(row, 0, ["示例", row])
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_row(9, None, None, {"hidden": True})  # holds no value
        sheet.set_column("B:C", None, None, {"hidden": True})
        book.add_worksheet("乙").hide()
    assert find_hidden(str(path)) == {
        "甲": HiddenParts(rows=1, columns=[(1, 2)]),
        "乙": HiddenParts(sheet=True),
    }


def test_a_sheet_in_utf_16_is_looked_into(tmp_path: Path) -> None:
    path = tmp_path / "示例.xlsx"
    with xlsxwriter.Workbook(tmp_path / "plain.xlsx") as book:
        sheet = book.add_worksheet("甲")
        sheet.write(0, 0, 1)
        sheet.set_row(0, None, None, {"hidden": True})
    with (
        zipfile.ZipFile(tmp_path / "plain.xlsx") as plain,
        zipfile.ZipFile(path, "w") as wide,
    ):
        for name in plain.namelist():
            content = plain.read(name)
            if name.startswith("xl/worksheets/"):
                content = content.decode("utf-8").replace("UTF-8", "UTF-16").encode("utf-16")
            wide.writestr(name, content)
    assert find_hidden(str(path)) == {"甲": HiddenParts(rows=1)}


def test_another_file_has_nothing_hidden(tmp_path: Path) -> None:
    (tmp_path / "示例.csv").write_text("示例")
    assert find_hidden(str(tmp_path / "示例.csv")) == {}
