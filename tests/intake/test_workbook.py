"""Workbooks: cell kinds are minded, bounds hold, several sheets are read."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from double_random.intake import reasons
from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import FileReading
from double_random.intake.layouts import load_shipped_layouts

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


def read(path: Path) -> FileReading:
    (reading,) = read_drop(path, AS_OF, load_shipped_layouts())
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


def with_errors(path: Path, *rows: list[object]) -> Path:
    """A workbook whose cells that begin with # are Excel's error cells."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("许可")
        sheet.write_row(0, 0, [*HEADER, "序号"])
        for place, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if str(cell).startswith("#"):
                    sheet.write_formula(place, column, "=1/0", None, cell)
                else:
                    sheet.write(place, column, cell)
    return path


def test_a_cell_in_which_excel_shows_an_error_is_not_taken_for_empty(tmp_path: Path) -> None:
    sound = ["上海示例甲律师事务所", CODE, "23100000000000001", "第1号", "2015-01-01", "2020-01-01"]
    file = with_errors(
        tmp_path / "许可.xlsx",
        sound,
        [*sound[:3], "#REF!", *sound[4:]],
        [*sound[:5], "#DIV/0!"],
        [sound[0], sound[1], "23100000000000002", "第4号", "#N/A", sound[5]],
        [*sound[:3], "第5号", *sound[4:], "#VALUE!"],  # in a column that nobody reads
        ["", "", "", "", "", "", "#N/A"],  # a formula drawn down below the list
    )
    reading = read(file)
    assert (reading.rows, reading.accepted, reading.quarantined) == (5, 2, 3)
    faults = reading.issues.filter(reading.issues["severity"] == "quarantined")
    assert faults.select("row", "column", "value", "reason").rows() == [
        (3, "行政许可决定文书号", "#REF!", reasons.ERROR_CELL),
        (4, "有效期至", "#DIV/0!", reasons.ERROR_CELL),
        (5, "许可决定日期", "#N/A", reasons.ERROR_CELL),
    ]


def test_empty_rows_above_a_list_count_as_rows(tmp_path: Path) -> None:
    """Finding: with two empty rows on top every row was named two too low, away from its error and merged cells."""
    path = tmp_path / "许可.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("许可")
        sheet.write_row(2, 1, HEADER)
        sheet.write_row(3, 1, ["上海示例甲律师事务所", CODE, "23100000000000001", "第1号"])
        sheet.write_formula(3, 5, "=1/0", None, "#DIV/0!")
    reading = read(path)
    assert (reading.rows, reading.quarantined) == (1, 1)
    faults = reading.issues.filter(reading.issues["severity"] == "quarantined")
    assert faults.select("row", "value", "reason").row(0) == (4, "#DIV/0!", reasons.ERROR_CELL)


def test_an_error_that_a_csv_was_saved_with_is_one_too(tmp_path: Path) -> None:
    cells = ["上海示例甲律师事务所", CODE, "23100000000000001", "#REF!", "2015-01-01", "2020-01-01"]
    header = [cell.replace("\n", "") for cell in HEADER]
    path = tmp_path / "许可.csv"
    path.write_text(",".join(header) + "\n" + ",".join(cells) + "\n", "utf-8")
    assert read(path).issues["reason"].to_list() == [reasons.ERROR_CELL]


def test_error_cells_without_their_places_are_counted(tmp_path: Path) -> None:
    from double_random.intake.error_cells import find_error_cells

    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(
            "xl/workbook.xml",
            '<w xmlns:r="x"><x:sheet name="一" r:id="r1"/><sheet name="二" r:id="r2"/></w>'.replace(
                "x:sheet", "sheet"
            ),
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            '<r><Relationship Id="r1" Target="worksheets/a.xml"/>'
            '<Relationship Id="r2" Target="/xl/worksheets/b.xml"/></r>',
        )
        book.writestr("xl/worksheets/a.xml", "<s><row><c><v>1</v></c></row></s>")
        book.writestr(
            "xl/worksheets/b.xml",
            "<s><row/><row><c/><c t='e'><v>#REF!</v></c></row>"
            '<row r="9"><c r="AB9" t="e"><v>#N/A</v></c></row></s>',
        )
    assert find_error_cells(str(path)) == {"二": {(1, 1): "#REF!", (8, 27): "#N/A"}}
