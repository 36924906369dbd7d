"""Headings as platforms and people write them: marks, instructions, numbering, units, several rows."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from double_random.commands.render.labels import describe_reason
from double_random.intake import reasons
from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import FileReading
from double_random.intake.headings import fold_header
from double_random.intake.layouts import Layout, load_shipped_layouts

AS_OF = date(2016, 12, 31)
PENALTIES: Layout = next(
    layout for layout in load_shipped_layouts() if layout.id == "penalties-2018"
)
HEADER = ["行政相对人名称", "行政处罚决定书文号", "处罚类别", "处罚决定日期", "处罚机关"]
ROW = ["示例甲律师事务所", "示例罚〔2015〕1号", "警告", "2015-05-03", "示例区司法局"]


def read(folder: Path, *rows: list[str]) -> FileReading:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    (folder / "处罚.csv").write_text(text.getvalue(), "utf-8")
    (reading,) = read_drop(folder / "处罚.csv", AS_OF, load_shipped_layouts())
    return reading


# D-074
@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("行政相对人名称（必填）", "name"),
        ("【必填】行政相对人名称", "name"),
        ("★ 行政相对人名称", "name"),
        ("行政相对人名称*（必填项）", "name"),
        ("行政相对人名称 必填", "name"),
        ("1.行政相对人名称", "name"),
        ("（一）行政相对人名称", "name"),
        ("①行政相对人名称", "name"),
        ("第1列：行政相对人名称", "name"),
        ("处罚决定日期（必填，格式：yyyy/mm/dd）", "decided"),
        ("处罚决定日期\n格式：2015-05-03", "decided"),
        ("处罚决定日期 YYYY-MM-DD", "decided"),
        ("统一社会信用代码（18位，无则填身份证号以外的编号）", "uscc"),
        ("行政处罚决定书文号（如：示例罚〔2015〕1号）", "document"),
        ("处罚类别（可多选，用顿号隔开）", "kinds"),
        ("处罚机关名称", "authority"),
        ("罚款金额（单位：元）", "fine_fen"),
        ("罚款金额（千元）", "fine_fen"),
        ("没收违法所得、没收非法财物的金额/元", "confiscated_fen"),
    ],
)
def test_what_is_written_beside_the_name_of_a_column_makes_no_difference(
    heading: str, meaning: str
) -> None:
    known, column = PENALTIES.look_up(fold_header(heading))
    assert known and column is not None and column.to == meaning


@pytest.mark.parametrize(
    "heading",
    [
        "法定代表人（身份证号）",
        "法定代表人（手机）",
        "行政相对人名称（曾用名）",
        "罚款金额（美元）",
        "处罚机关统一社会信用代码",
        "*",
    ],
)
def test_another_column_is_not_taken_for_the_one_before_its_bracket(heading: str) -> None:
    assert PENALTIES.look_up(fold_header(heading))[1] is None


def test_a_sheet_with_required_marks_is_read(tmp_path: Path) -> None:
    """D-074"""
    reading = read(tmp_path, [f"{cell}（必填）" for cell in HEADER], ROW)
    assert (reading.accepted, reading.issues.height) == (1, 0)


def test_a_refusal_names_the_nearest_layout_and_what_did_not_fit(tmp_path: Path) -> None:
    """D-074"""
    reading = read(tmp_path, ["行政相对人名称", "处罚类别", "文号", "哪天"], ROW[:4])
    assert reading.result == "refused"
    assert describe_reason(reading.reason) == (
        f"{reasons.NO_HEADER}; {reasons.NEAREST_LAYOUT}: {PENALTIES.title}; "
        f"{reasons.HEADINGS_LACKING}: 处罚决定日期、行政处罚决定书文号; "
        f"{reasons.HEADINGS_UNKNOWN}: 文号、哪天"
    )


# D-075
@pytest.mark.parametrize(
    "below",
    [
        ["", "", "", "", "名称", "统一社会信用代码"],
        ["（必填）", "", "", "格式：YYYY-MM-DD", "", ""],
        ["必填", "必填", "必填", "必填", "选填", "选填"],
    ],
)
def test_the_lower_row_of_a_header_is_no_row_of_data(tmp_path: Path, below: list[str]) -> None:
    reading = read(tmp_path, [*HEADER, ""], below, [*ROW, "11990000XXXX00027Q"])
    (row,) = reading.tables["penalties"].to_dicts()
    assert (reading.rows, reading.accepted) == (1, 1)
    assert (row["authority"], row["uscc"], row["row"]) == ("示例区司法局", None, 3)


def test_a_row_of_data_below_a_wide_heading_stays_one(tmp_path: Path) -> None:
    for below in (
        ["", "", "", "", "示例区司法局", "示例"],
        ["", "", "", "", "名称", "2015"],
        ["示例乙律师事务所", "", "", "", "名称", ""],
    ):
        reading = read(tmp_path, [*HEADER, ""], below, [*ROW, ""])
        assert (reading.rows, reading.accepted, reading.quarantined) == (2, 1, 1)


def test_a_header_merged_over_two_rows_of_a_workbook(tmp_path: Path) -> None:
    """D-075"""
    path = tmp_path / "处罚.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for place, cell in enumerate(HEADER[:4]):
            sheet.merge_range(0, place, 1, place, cell)
        sheet.merge_range(0, 4, 0, 5, HEADER[4])
        sheet.write_row(1, 4, ["名称", "统一社会信用代码"])
        sheet.write_row(2, 0, [*ROW, "11990000XXXX00027Q"])
    (reading,) = read_drop(path, AS_OF, load_shipped_layouts())
    assert (reading.rows, reading.accepted, reading.issues.height) == (1, 1, 0)
    assert reading.tables["penalties"]["authority"].to_list() == ["示例区司法局"]
