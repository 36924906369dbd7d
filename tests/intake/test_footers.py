"""Lines below a table that are no rows: signatures, days, page numbers. Passed over, and noted once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from double_random.intake import reasons
from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import FileReading
from double_random.intake.layouts import load_shipped_layouts

ROSTER = "姓名,执法证号,所属单位,专业,是否主办,状态"
PERSON = "检查员示例甲,ZF99XXXX01,示例区司法局律师工作科,律师,是,在岗"
LAYOUTS = load_shipped_layouts()


def roster(tmp_path: Path, *lines: str) -> FileReading:
    path = tmp_path / "检查人员.csv"
    path.write_text("\n".join([ROSTER, PERSON, *lines]) + "\n", "utf-8")
    (reading,) = read_drop([path], date(2016, 12, 31), LAYOUTS)
    return reading


@pytest.mark.parametrize(
    "line",
    [
        "审核人：赵示例,审核人：赵示例,2016年12月30日,,,",
        "制表：,王示例,,,,",
        "填 表 人：李示例,,审核人：赵示例,,2016-12-30,",
        "填表人,李示例,审核人,赵示例,,",
        "联系电话：02100000000,,,,,",
        "填报日期：2016年12月30日,,,,,",
        ",,,,,2016年12月30日",
        "2016-12-30,,,,,",
        "二〇一六年十二月三十日,,,,,",
        "第1页 共3页,,,,,",
        "（以下空白）,,,,,",
        "共12人,,,,,",
        "单位负责人（签字）：,,,,,",
        "经办人:赵示例  复核:王示例,,,,,",
    ],
)
def test_a_line_below_the_table_is_no_row(tmp_path: Path, line: str) -> None:  # D-009
    reading = roster(tmp_path, line)
    assert (reading.rows, reading.accepted, reading.quarantined) == (1, 1, 0)
    (issue,) = reading.issues.to_dicts()
    assert (issue["row"], issue["reason"], issue["severity"]) == (3, reasons.PASSED_OVER, "noted")


def test_lines_that_are_passed_over_are_noted_once(tmp_path: Path) -> None:  # D-009
    reading = roster(tmp_path, "填表人：李示例,,,,,", "审核人：赵示例,,,,,", "2016年12月30日,,,,,")
    (issue,) = reading.issues.to_dicts()
    assert issue["value"] == "填表人：李示例 · 审核人：赵示例 · 2016年12月30日"


def test_the_telephone_of_a_line_below_is_not_shown(tmp_path: Path) -> None:
    reading = roster(tmp_path, "联系电话：13800138000,,,,,")
    assert "13800138000" not in reading.issues.write_json()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("王示例,王示例,示例区司法局,律师,否,在岗", reasons.NOT_OF_THE_FORM),
        (
            "2016年12月30日,,,,,\n检查员示例乙,ZF99XXXX02,示例区司法局,律师,否,在岗",
            reasons.CELL_MISSING,
        ),
    ],
)
def test_what_may_be_a_row_is_quarantined(tmp_path: Path, line: str, reason: str) -> None:  # D-009
    reading = roster(tmp_path, line)
    assert reading.quarantined == 1
    assert reading.issues["reason"].to_list() == [reason]


def test_a_name_that_begins_like_a_label_is_a_row(tmp_path: Path) -> None:
    reading = roster(tmp_path, "审核示例乙,ZF99XXXX02,示例区司法局,律师,否,在岗")
    assert (reading.rows, reading.accepted, reading.issues.height) == (2, 2, 0)
