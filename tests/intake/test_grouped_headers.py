"""Headings in groups: the longest spelling decides, and another party's code is never the institution's."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from double_random.intake import reasons
from double_random.intake.drop_reader import read_drop
from double_random.intake.layouts import shipped

LAYOUTS = shipped()
CODE = "11990000XXXX00027Q"


@pytest.mark.parametrize(
    "group", ["处罚机关", "作出决定机关", "决定机关信息", "数据来源单位", "移送部门"]
)
def test_the_code_below_an_authority_is_not_the_firms(tmp_path: Path, group: str) -> None:
    """D-008"""
    file = tmp_path / "处罚.csv"
    file.write_text(
        f"行政相对人,,处罚内容,,,,{group},\n"
        "名称,负责人,决定书文号,处罚类别,违法事实,处罚决定日期,名称,统一社会信用代码\n"
        f"示例甲律师事务所,张示例,示例罚〔2015〕1号,警告,示例,2015-05-03,示例市司法局,{CODE}\n",
        "utf-8",
    )
    text = file.read_text("utf-8").replace("决定书文号", "行政处罚决定书文号")
    file.write_text(text, "utf-8")
    (reading,) = read_drop([file], date(2016, 12, 31), LAYOUTS)
    (row,) = reading.tables["penalties"].to_dicts()
    assert (row["name"], row["uscc"]) == ("示例甲律师事务所", None)
    if group in ("作出决定机关", "移送部门"):
        unknown = reading.issues.filter(reading.issues["reason"] == reasons.UNKNOWN_COLUMN)
        assert f"{group}统一社会信用代码" in unknown["column"].to_list()


def test_the_code_below_the_punished_is_the_firms(tmp_path: Path) -> None:
    file = tmp_path / "投诉.csv"
    file.write_text(
        "被投诉人,,登记编号,登记日期,投诉事项,受理情况\n被投诉机构,统一社会信用代码,,,,\n"
        "示例甲律师事务所,31990000XXXX000214,示例1,2015-05-03,示例,受理\n",
        "utf-8",
    )
    (reading,) = read_drop([file], date(2016, 12, 31), LAYOUTS)
    (row,) = reading.tables["complaints"].to_dicts()
    assert row["uscc"] == "31990000XXXX000214"
