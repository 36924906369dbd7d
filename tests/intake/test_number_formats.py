"""The unit in a cell's number format is the unit in the cell (D-016)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from double_random.intake import reasons
from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import FileReading
from double_random.intake.layouts import load_shipped_layouts
from double_random.intake.number_formats import format_cell

HEADER = ["行政相对人名称", "行政处罚决定书文号", "处罚类别", "处罚决定日期", "处罚机关"]
ROW = ["示例甲律师事务所", "示例1号", "罚款", "2015-05-03", "示例区司法局"]
ACCOUNTING = '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ '
BY_SIZE = '[>=100000000]0!.00,,"亿";[>=10000]0!.0,"万";0"元"'


def read(
    folder: Path, format_: str | int, amount: float | str, heading: str = "罚款金额"
) -> FileReading:
    """One fine in a cell of this format; a number is one of Excel's own."""
    path = folder / "处罚.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [*HEADER, heading])
        sheet.write_row(1, 0, ROW)
        sheet.write(1, len(ROW), amount, book.add_format({"num_format": format_}))
    (reading,) = read_drop(path, date(2016, 12, 31), load_shipped_layouts())
    assert reading.rows == reading.accepted + reading.duplicates + reading.quarantined
    return reading


# The layout's default is 万元.
@pytest.mark.parametrize(
    ("format_", "amount", "fen"),
    [
        ('#,##0.00"元"', 5000, 500_000),
        ("#,##0.00\\元", 5000, 500_000),
        ("0元", 5000, 500_000),
        ('0.00"万元"', 0.5, 500_000),
        ('0"千元"', 5, 500_000),
        ("[$￥-804]#,##0.00", 5000, 500_000),
        ("[$¥-zh-CN]#,##0.00;[Red]-[$¥-zh-CN]#,##0.00", 5000, 500_000),
        ("[$RMB] #,##0.00", 5000, 500_000),
        ("#,##0.00\\ [$CNY]", 5000, 500_000),
        ("¥#,##0;¥-#,##0", 5000, 500_000),
        (ACCOUNTING, 5000, 500_000),
        (44, 5000, 500_000),
        (7, 5000, 500_000),
        ('0!.0,"万"', 50_500, 5_050_000),
        ('0\\.0,"万元"', 50_500, 5_050_000),
        ('0"."0000"万"', 5_050, 505_000),
        ('#,##0,"千元"', 5000, 500_000),
        (BY_SIZE, 5000, 500_000),
        (BY_SIZE, 50_000, 5_000_000),
        ('[DBNum2][$-804]G/通用格式"元整"', 5000, 500_000),
        ('0;-0;0;@"元"', "5000", 500_000),
        ("0.00", 0.5, 500_000),
        ("#,##0.00_);[Red](#,##0.00)", 0.5, 500_000),
        ('#,##0.00"元"', 0, 0),
    ],
)
def test_a_fine_is_what_its_number_format_shows(
    tmp_path: Path, format_: str | int, amount: float | str, fen: int
) -> None:
    assert read(tmp_path, format_, amount).tables["penalties"]["fine_fen"].to_list() == [fen]


@pytest.mark.parametrize(
    "format_",
    [
        "[$USD] #,##0",
        '"$"#,##0.00',
        "[$$-409]#,##0",
        "#,##0 [$€-407]",
        "[$¥-411]#,##0",
        "0%",
        "0次",
    ],
)
def test_a_foreign_currency_or_no_money_at_all_is_set_aside(tmp_path: Path, format_: str) -> None:
    issues = read(tmp_path, format_, 5).issues.filter(severity="quarantined")
    assert issues["reason"].to_list() == [reasons.NO_SUCH_AMOUNT]


@pytest.mark.parametrize(
    ("format_", "heading"),
    [
        ('#,##0.00"元"', "罚款金额（万元）"),
        ("[$￥-804]#,##0.00", "罚款金额（万元）"),
        ('0.00"万元"', "罚款金额（元）"),
        ('0!.0,"万"', "罚款金额（元）"),
    ],
)
def test_a_format_that_contradicts_the_heading_is_a_fault(
    tmp_path: Path, format_: str, heading: str
) -> None:
    reading = read(tmp_path, format_, 5000, heading)
    assert reading.issues["reason"].to_list() == [reasons.UNITS_DIFFER]
    agreeing = read(
        tmp_path, format_, 5000, "罚款金额（元）" if "万元" in heading else "罚款金额（万元）"
    )
    assert agreeing.quarantined == 0


def test_a_workbook_of_another_program_and_a_merged_cell(tmp_path: Path) -> None:
    path = tmp_path / "处罚.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([*HEADER, "罚款金额"])
    for number in (1, 2):
        sheet.append([ROW[0], f"示例{number}号", *ROW[2:], 5000])
    sheet["F2"].number_format = '#,##0.00"元"'
    sheet.merge_cells("F2:F3")
    book.save(path)
    (reading,) = read_drop(path, date(2016, 12, 31), load_shipped_layouts())
    assert reading.tables["penalties"]["fine_fen"].to_list() == [500_000, 500_000]


def test_a_format_outside_the_columns_of_money_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "处罚.xlsx"
    with xlsxwriter.Workbook(path) as book:
        form = book.add_format({"num_format": '"第"0"号";;;@"字"'})
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [*HEADER, "罚款金额（元）"])
        sheet.write_row(1, 0, [*ROW, 5000], form)
    (reading,) = read_drop(path, date(2016, 12, 31), load_shipped_layouts())
    assert reading.issues["reason"].to_list() == [reasons.NO_SUCH_AMOUNT]
    assert reading.issues["value"].to_list() == ["第5000号"]


@given(st.text(st.sampled_from('0#?.,;"\\!_*%@[]$¥元万-<>=1GE ')), st.integers(0, 10**9))
def test_no_format_breaks_a_cell(code: str, value: int) -> None:
    assert format_cell(code, "0", True) == "0"
    assert format_cell(code, str(value), True)
