"""The header of a sheet is found by what it says; another party's code is never the institution's."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from double_random.core.errors import BadFile
from double_random.intake import header, reasons
from double_random.intake.drop_reader import read_drop
from double_random.intake.layouts import Layout, load_shipped_layouts

LAYOUTS = load_shipped_layouts()
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


COMPLAINTS = ["登记编号", "被投诉机构名称", "登记日期", "投诉事项", "受理情况"]


def test_a_header_is_found_below_a_title_and_its_unknown_columns_are_listed() -> None:
    rows = [["示例区投诉登记表"], [], [*COMPLAINTS, "示例列"], ["1号", "示例甲", "2015-05-03"]]
    found = header.find_header(rows, LAYOUTS, "投诉.csv")
    assert found is not None
    assert (found.layout.noun, found.row, found.unknown) == ("complaints", 2, (5,))
    assert found.meanings["name"] == [1] and found.cells[5] == "示例列"


def test_a_unit_beside_the_table_is_kept() -> None:
    rows = [
        ["单位：万元"],
        ["行政相对人名称", "行政处罚决定书文号", "处罚类别", "处罚决定日期", "罚款金额"],
    ]
    found = header.find_header(rows, LAYOUTS, "处罚.csv")
    assert found is not None and found.units == ("万元",)


def test_two_columns_of_one_meaning_are_refused() -> None:
    rows = [[*COMPLAINTS, "登记编号"]]
    with pytest.raises(BadFile, match=reasons.TWO_COLUMNS) as refused:
        header.find_header(rows, LAYOUTS, "投诉.csv")
    assert "登记编号 (A)、登记编号 (F)" in refused.value.reason


def test_rows_without_a_signature_are_no_header_but_near_one() -> None:
    rows = [["登记编号", "登记日期", "示例列"]]
    assert header.find_header(rows, LAYOUTS, "投诉.csv") is None
    near = header.find_nearest_layout(rows, LAYOUTS)
    assert near is not None and near.layout.noun == "complaints"
    assert near.lacking and near.strange == ("示例列",)
    assert header.find_nearest_layout([["示例"]], LAYOUTS) is None


def test_rows_of_data_are_looked_up_in_no_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    look_up = Layout.look_up

    def counted(layout: Layout, heading: str) -> object:
        asked.append(heading)
        return look_up(layout, heading)

    monkeypatch.setattr(Layout, "look_up", counted)
    headings = ["行政相对人名称", "行政处罚决定书文号", "处罚类别", "违法事实", "处罚决定日期"]

    def look_ups(count: int) -> int:
        asked.clear()
        data = [
            [f"示例{n}律师事务所", f"示例罚〔2015〕{n}号", "警告", "示例", "2015-05-03"]
            for n in range(count)
        ]
        found = header.find_header([["示例名单"], headings, *data], LAYOUTS, "处罚.csv")
        assert found is not None and (found.layout.noun, found.row) == ("penalties", 1)
        return len(asked)

    assert 0 < look_ups(5) == look_ups(30)
