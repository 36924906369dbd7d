"""Cells that say less, or other, than a person sees: formulas, merged cells, bare commas, misread letters."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from double_random.intake import reasons
from double_random.intake.column_reader import ColumnCells, join_cells
from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import FileReading
from double_random.intake.layouts import load_layouts, load_shipped_layouts

AS_OF = date(2016, 12, 31)
HEADER = [
    "行政相对人名称",
    "行政处罚决定书文号",
    "处罚类别",
    "处罚决定日期",
    "罚款金额(元)",
    "处罚机关",
]
ROW = ["示例甲律师事务所", "示例1号", "罚款", "2015-05-03", 5000, "示例区司法局"]


def read(path: Path) -> FileReading:
    (reading,) = read_drop(path, AS_OF, load_shipped_layouts())
    assert reading.rows == reading.accepted + reading.duplicates + reading.quarantined
    return reading


# D-017: openpyxl keeps no value, XlsxWriter keeps 0 and asks Excel to compute.
@pytest.mark.parametrize("program", ["openpyxl", "xlsxwriter", "xlsxwriter, empty"])
def test_a_formula_that_no_program_has_computed_is_no_empty_cell(
    tmp_path: Path, program: str
) -> None:
    path = tmp_path / "处罚.xlsx"
    if program == "openpyxl":
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.append(HEADER)
        book.active.append([*ROW[:4], "=1000*5", ROW[5]])
        book.save(path)
    else:
        with xlsxwriter.Workbook(path) as written:
            sheet = written.add_worksheet()
            sheet.write_row(0, 0, HEADER)
            sheet.write_row(1, 0, ROW)
            sheet.write_formula(1, 4, "=1000*5", None, "" if "empty" in program else 0)
    reading = read(path)
    assert (reading.rows, reading.quarantined) == (1, 1)
    (issue,) = reading.issues.to_dicts()
    assert (issue["row"], issue["column"]) == (2, "罚款金额(元)")
    assert (issue["value"], issue["reason"]) == ("E2", reasons.FORMULA_WITHOUT_VALUE)


@pytest.mark.parametrize("name", ["处罚.xlsx", "处罚.xlsm"])
def test_a_row_of_nothing_but_uncomputed_formulas_is_set_aside(tmp_path: Path, name: str) -> None:
    """D-017"""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    sheet.append(ROW)
    sheet.append([f"=Z{place}" for place in range(len(HEADER))])
    sheet["F7"] = "=Z7"
    book.save(tmp_path / name)
    reading = read(tmp_path / name)
    assert (reading.rows, reading.quarantined) == (3, 2)
    formulas = reading.issues.filter(reason=reasons.FORMULA_WITHOUT_VALUE)
    assert formulas["value"].to_list() == ["A3", "B3", "C3", "D3", "E3", "F3", "F7"]


def test_an_uncomputed_formula_in_one_column_of_a_list_is_one_of_the_whole() -> None:
    """D-017"""
    whole = join_cells(
        [
            ColumnCells(pl.Series(["示例甲", "示例乙"]), False),
            ColumnCells(pl.Series(["#UNCOMPUTED!B2", "示例丙"]), False),
        ],
        load_shipped_layouts()[0],
    )
    assert whole.text.to_list() == ["#UNCOMPUTED!B2", "示例乙、示例丙"]


def test_a_formula_with_its_value_is_that_value(tmp_path: Path) -> None:
    """D-017"""
    path = tmp_path / "处罚.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ROW)
        sheet.write_formula(1, 4, "=1000*5", None, 5000)
    reading = read(path)
    assert reading.tables["penalties"]["fine_fen"].to_list() == [500_000]
    assert reading.issues.height == 0


def test_a_merged_cell_holds_for_all_its_rows(tmp_path: Path) -> None:
    """D-018"""
    path = tmp_path / "处罚.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for line in (1, 2, 3):
            sheet.write_row(line, 0, [ROW[0], f"示例{line}号", *ROW[2:]])
        sheet.merge_range(1, 0, 2, 0, "示例甲律师事务所")
        sheet.merge_range(1, 4, 3, 4, 5000)
        sheet.merge_range(2, 5, 3, 5, "示例市司法局")
        sheet.merge_range(4, 0, 5, 0, "")
    table = read(path).tables["penalties"]
    assert table["name"].to_list() == ["示例甲律师事务所"] * 3
    assert table["fine_fen"].to_list() == [500_000] * 3
    assert table["authority"].to_list() == ["示例区司法局", "示例市司法局", "示例市司法局"]


@pytest.mark.parametrize("suffix", ["xlsx", "xls"])
def test_a_cell_merged_across_columns_is_the_value_of_the_first(
    tmp_path: Path, suffix: str
) -> None:
    """D-018"""
    path = tmp_path / f"处罚.{suffix}"
    if suffix == "xlsx":
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for line in range(4):
                cells = [ROW[0], f"示例{line}号", *ROW[2:]] if line else HEADER
                sheet.write_row(line, 0, cells)
            sheet.merge_range(1, 0, 1, 1, ROW[0])  # 文号 may be empty
            sheet.write(1, 1, "示例9号")  # unseen below it
            sheet.merge_range(2, 2, 2, 3, "罚款")  # 决定日期 may not
            sheet.merge_range(3, 4, 3, 5, 5000)
    else:
        rows = [HEADER, *([ROW[0], f"示例{line}号", *ROW[2:]] for line in (1, 2, 3))]
        spans = {(1, 0), (2, 2), (3, 4)}
        page = "".join(
            "<tr>"
            + "".join(
                f"<td{' colspan=2' if (line, place) in spans else ''}>{cell}</td>"
                for place, cell in enumerate(row)
                if (line, place - 1) not in spans
            )
            + "</tr>"
            for line, row in enumerate(rows)
        )
        path.write_text(f"<html><table>{page}</table></html>", "utf-8")
    reading = read(path)
    assert reading.tables["penalties"]["document"].to_list() == [None, "示例3号"]
    assert reading.tables["penalties"]["fine_fen"].to_list() == [500_000, 500_000]
    told = reading.issues.filter(reason=reasons.COVERED).select("row", "column", "severity").rows()
    assert told == [
        (2, HEADER[1], "noted"),
        (3, HEADER[3], "quarantined"),
        (4, HEADER[5], "noted"),
    ]


COMPLAINTS = "登记编号,被投诉机构,登记日期,受理情况,投诉事项,备注\n"


def test_a_row_with_one_cell_more_than_the_header_is_set_aside(tmp_path: Path) -> None:
    """D-023"""
    path = tmp_path / "投诉.csv"
    one = "示例1号,示例甲律师事务所,2015-06-01,受理,服务态度,\n"
    two = "示例2号,示例乙律师事务所,2015-06-01,受理,网上,收费过高,\n"
    path.write_text(COMPLAINTS + one + two, "utf-8")
    reading = read(path)
    (issue,) = reading.issues.filter(severity="quarantined").to_dicts()
    assert (issue["row"], issue["reason"]) == (3, reasons.MORE_CELLS)
    path.write_text(COMPLAINTS + one.strip() + ",\n" + one.replace("1号", "3号").strip() + ",\n")
    assert (read(path).accepted, read(path).quarantined) == (2, 0)


# D-022
@pytest.mark.parametrize("word", ["Müller", "García", "Ångström", "Peña", "Renée", "Élan"])
def test_a_latin_name_that_was_read_as_chinese_is_set_aside(tmp_path: Path, word: str) -> None:
    path = tmp_path / "投诉.csv"
    row = f"示例1号,{word} & Co LLP,2015-06-01,受理,示例,\n"
    head = COMPLAINTS.encode("gb18030")
    path.write_bytes(
        head + b"".join(c.encode("gb18030" if c > "\u2000" else "cp1252") for c in row)
    )
    reading = read(path)
    assert (reading.accepted, reading.quarantined) == (0, 1)
    assert set(reading.issues.filter(severity="quarantined")["reason"]) == {reasons.MISREAD_TEXT}


@pytest.mark.parametrize(
    "name",
    [
        "Müller LLP",
        "示例App运营",
        "iOS和Android示例",
        "示例路1号A座b室",
        "卡拉OK示例",
        "e签宝示例",
        "José & 示例",
    ],
)
def test_chinese_and_latin_text_beside_each_other_is_no_misreading(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / "投诉.csv"
    path.write_text(COMPLAINTS + f"示例1号,{name},2015-06-01,受理,示例,\n", "utf-8")
    assert read(path).accepted == 1


def test_a_layout_names_the_encoding_of_its_texts(tmp_path: Path) -> None:
    """D-022"""
    layout = tmp_path / "own.toml"
    layout.write_text(
        'id = "own"\ntitle = "own"\nnoun = "inspectors"\nreference = "own"\nencoding = "iso-8859-2"\n'
        'signature = ["name", "id"]\n[[column]]\nto = "name"\nform = "name"\nheaders = ["Name"]\n'
        '[[column]]\nto = "id"\nform = "text"\nheaders = ["Badge"]\n'
    )
    path = tmp_path / "staff.csv"
    path.write_bytes("Name,Badge\nŁódź Müller,ZF1\n".encode("iso-8859-2"))
    (reading,) = read_drop(path, AS_OF, [*load_shipped_layouts(), *load_layouts([layout])])
    assert reading.tables["inspectors"]["name"].to_list() == ["Łódź Müller"]
