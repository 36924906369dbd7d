"""Workbooks: cell kinds are minded, bounds hold, several sheets are read."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from intake import reasons
from intake.drop import read_drop
from intake.layouts import shipped
from intake.reading import Reading

AS_OF = date(2016, 12, 31)
CODE = "31310000XXXX30082B"
HEADER = [
    "行政相对人\n名称",
    "统一社会信用代码",
    "许可编号",
    "行政许可决定文书号",
    "许可决定日期",
    "有效期至",
]


def read(path: Path) -> Reading:
    (reading,) = read_drop(path, AS_OF, shipped())
    assert reading.rows == reading.accepted + reading.duplicates + reading.quarantined
    return reading


def test_cells_keep_their_kind(tmp_path: Path) -> None:
    path = tmp_path / "许可.xlsx"
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("许可")
        sheet.merge_range(0, 0, 0, 5, "示例市许可公示")
        sheet.write_row(2, 0, HEADER)
        sheet.write_row(3, 0, ["示例甲律师事务所", CODE, "23100001998103060", "示例1号"])
        sheet.write_datetime(3, 4, datetime(2015, 1, 2), day)
        sheet.write_row(4, 0, ["示例乙律师事务所", CODE, 23100001998103060, "示例2号", "2015/1/2"])
        sheet.write_row(5, 0, ["示例丙律师事务所", CODE, "", 3, 20150102, "2099-12-31", "未名"])
        sheet.write_row(6, 0, ["合计", 3])
        book.add_worksheet("空")
        book.add_worksheet("码表").write(0, 0, "普通")
    reading = read(path)
    table = reading.tables["permits"]
    assert (reading.rows, reading.accepted, reading.quarantined) == (3, 2, 1)
    assert table["decided"].to_list() == [date(2015, 1, 2)] * 2
    assert table["document"].to_list() == ["示例1号", "3"]
    assert table["row"].to_list() == [4, 6]
    found = {(row["sheet"], row["row"], row["reason"]) for row in reading.issues.to_dicts()}
    assert found == {
        ("许可", 5, reasons.NUMBER_CELL),
        ("许可", 3, reasons.UNKNOWN_COLUMN),
        ("码表", None, reasons.UNKNOWN_SHEET),
    }


def test_sheets_of_different_nouns_in_one_workbook(tmp_path: Path) -> None:
    path = tmp_path / "本.xlsx"
    with xlsxwriter.Workbook(path) as book:
        people = book.add_worksheet("人员")
        people.write_row(0, 0, ["姓名", "执法证号", "专业"])
        people.write_row(1, 0, ["示例检查员", "ZF示例1", "律师、公证"])
        others = book.add_worksheet("回避")
        others.write_row(0, 0, ["执法证号", "统一社会信用代码", "事由"])
        others.write_row(1, 0, ["ZF示例1", CODE, "示例"])
    reading = read(path)
    assert {noun: table.height for noun, table in reading.tables.items()} == {
        "inspectors": 1,
        "recusals": 1,
    }
    assert reading.layout == "inspectors, recusals"


def test_two_cells_in_far_corners_do_not_take_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "远.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write(1_048_575, 16_383, "角")
    assert read(path).reason == reasons.TOO_LARGE


def test_a_sheet_of_too_many_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "宽.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["列"] * 16_384)
    assert read(path).reason == reasons.TOO_WIDE


def test_a_bomb_of_shared_strings_is_refused(tmp_path: Path) -> None:
    good, path = tmp_path / "good.xlsx", tmp_path / "弹.xlsx"
    with xlsxwriter.Workbook(good) as book:
        book.add_worksheet().write_row(0, 0, HEADER)
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/sharedStrings.xml":
                content = content.replace(
                    b"<si>", b"<si><t>" + b"x" * 400_000_000 + b"</t></si><si>", 1
                )
            if name == "xl/worksheets/sheet1.xml":
                row = b'<row r="2">' + b'<c t="s"><v>0</v></c>' * 900 + b"</row></sheetData>"
                content = content.replace(b"</sheetData>", row)
            new.writestr(name, content)
    good.unlink()
    assert path.stat().st_size < 1_000_000
    assert read(path).reason == reasons.TOO_LARGE


@pytest.mark.parametrize("length", [0, 4, 100, 1000, 3000, 4500])
def test_a_torn_workbook_is_refused(tmp_path: Path, length: int) -> None:
    path = tmp_path / "断.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, HEADER)
    path.write_bytes(path.read_bytes()[:length])
    assert read(path).result == "refused"
