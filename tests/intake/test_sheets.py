"""Each kind of sheet that a bureau or an association hands in, and headers as people lay them out."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from double_random.core.errors import Misuse
from double_random.intake import reasons
from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import FileReading
from double_random.intake.header import find_header
from double_random.intake.layouts import load_layouts, load_shipped_layouts
from double_random.store.home import Home

AS_OF = date(2016, 12, 31)
CODE = "31310000XXXX30082B"
Grid = list[list[str]]


def read(folder: Path, grid: Grid, encoding: str = "utf-8") -> FileReading:
    text = io.StringIO()
    csv.writer(text).writerows(grid)
    (folder / "表.csv").write_bytes(text.getvalue().encode(encoding))
    (reading,) = read_drop(folder, AS_OF, load_shipped_layouts())
    assert reading.result == "read", reading.reason
    assert reading.rows == reading.accepted + reading.duplicates + reading.quarantined
    return reading


def rows(reading: FileReading, noun: str) -> list[dict[str, Any]]:
    assert list(reading.tables) == [noun]
    return reading.tables[noun].to_dicts()


def faults(reading: FileReading) -> list[tuple[int, str, str]]:
    found = reading.issues.filter(severity="quarantined").to_dicts()
    return [(issue["row"], issue["column"], issue["reason"]) for issue in found]


@pytest.mark.parametrize(
    ("state", "meant"), [("0", "valid"), ("1", "invalid"), ("2", "valid"), ("", "valid")]
)
def test_the_layout_of_2016_has_states_of_its_own(tmp_path: Path, state: str, meant: str) -> None:
    cells = {
        "XK_WSH": "示例许〔2012〕1号",
        "XK_XMMC": "律师事务所设立许可",
        "XK_SPLB": "普通",
        "XK_NR": "住所：示例市示例路1号",
        "XK_XDR": "示例甲律师事务所",
        "XK_XDR_SHXYM": "",
        "XK_XDR_ZDM": "",
        "XK_XDR_SFZ": "31010119590101032X",
        "XK_FR": "示例甲",
        "XK_JDRQ": "2012/3/4",
        "XK_JZQ": "2099-12-31",
        "XK_XZJG": "示例市司法局",
        "XK_ZT": state,
        "DFBM": "310000",
        "SJC": "2012/3/5",
        "BZ": "示例",
    }
    reading = read(tmp_path, [list(cells), list(cells.values())], "gb18030")
    (permit,) = rows(reading, "permits")
    assert reading.layout == "permits-2016"
    assert (permit["state"], permit["title"], permit["uscc"]) == (meant, "律师事务所设立许可", None)
    assert (permit["decided"], permit["licence_to"]) == (date(2012, 3, 4), None)
    assert (permit["head"], permit["address"]) == ("示例甲", "示例市示例路1号")
    assert "31010119590101032X" not in str(permit)
    assert reading.issues.height == 0


def test_in_the_layout_of_2018_one_still_means_valid(tmp_path: Path) -> None:
    header = ["XK_XDR_MC", "XK_XDR_SHXYM", "XK_WSH", "XK_JDRQ", "XK_ZT"]
    reading = read(tmp_path, [header, ["示例所", CODE, "示例1号", "2015-01-01", "1"]])
    assert (reading.layout, rows(reading, "permits")[0]["state"]) == ("permits-2018", "valid")


def test_sanctions_in_their_order(tmp_path: Path) -> None:
    grid = [
        ["律师协会行业处分情况表"],
        ["序号", "被处分机构", "处分决定书文号", "处分种类", "处分决定日期", "处分期满日期", "联系电话"],
        ["1", "示例甲所", "示例1号", "公开谴责；中止会员权利三个月", "2015-02-03", "2015-05-03", "13800000000"],
        ["2", "示例乙所", "示例2号", "训诫", "2015.3.4", "", ""],
        ["3", "示例丙所", "示例3号", "谈话提醒", "2015.3.4", "", ""],
        ["合计", "3"],
    ]  # fmt: skip
    reading = read(tmp_path, grid)
    found = [(row["kinds"], row["decided"], row["ends"]) for row in rows(reading, "sanctions")]
    assert found == [
        (["public_censure", "membership_suspended"], date(2015, 2, 3), date(2015, 5, 3)),
        (["admonition"], date(2015, 3, 4), None),
    ]
    assert faults(reading) == [(5, "处分种类", reasons.UNKNOWN_KIND)]


def test_a_list_of_punished_lawyers_is_not_one_of_firms(tmp_path: Path) -> None:
    header = "姓名,所在律师事务所,处分种类,处分决定日期\n"
    (tmp_path / "人.csv").write_text(header + "示例律师,示例所,训诫,2015-01-01\n", encoding="utf-8")
    (reading,) = read_drop(tmp_path, AS_OF, load_shipped_layouts())
    (row,) = rows(reading, "sanctions")
    assert (row["person"], row["name"], row["kinds"]) == ("示例律师", "示例所", ["admonition"])


def test_a_column_of_persons_that_is_not_read_refuses_the_file(tmp_path: Path) -> None:
    """T-001: its rows would be the institution's, and those of several persons copies of one."""
    header = "被处分机构,姓名,处分种类,处分决定日期\n"
    (tmp_path / "人.csv").write_text(header + "示例所,示例甲,训诫,2015-01-01\n", encoding="utf-8")
    (reading,) = read_drop(tmp_path, AS_OF, load_shipped_layouts())
    assert (reading.result, reading.reason) == ("refused", f"{reasons.PERSON_UNREAD}: 姓名")


def test_assessments_are_no_annual_checks(tmp_path: Path) -> None:
    grid = [
        ["律师", "律师事务所", "年度", "考核结果"],
        ["示例甲", "示例律师事务所", "2015", "称职"],
        ["示例乙", "示例律师事务所", "2015", "称职"],
        ["示例丙", "示例律师事务所", "2015", "暂缓考核"],
    ]
    reading = read(tmp_path, grid)
    found = [(row["person"], row["result"]) for row in rows(reading, "assessments")]
    assert found == [("示例甲", "competent"), ("示例乙", "competent"), ("示例丙", "deferred")]
    assert (reading.duplicates, list(reading.tables)) == (0, ["assessments"])


def test_annual_checks(tmp_path: Path) -> None:
    grid = [
        ["律师事务所名称", "统一社会信用代码", "考核年度", "考核结果", "考核日期"],
        ["示例甲律师事务所", CODE, "2015年度", "合格", "2016-05-31"],
        ["示例乙律师事务所", "", "２０１５", "不合格", "2016-05-31"],
        ["示例丙律师事务所", "", "2015年", "未参加", ""],
        ["示例丁律师事务所", "", "2017", "合格", ""],
        ["示例戊律师事务所", "", "十五", "合格", ""],
        ["示例己律师事务所", "", "2015", "", ""],
    ]
    reading = read(tmp_path, grid)
    found = [(row["year"], row["result"]) for row in rows(reading, "annual_checks")]
    assert found == [(2015, "passed"), (2015, "failed"), (2015, "absent")]
    assert faults(reading) == [
        (5, "考核年度", reasons.DATE_IN_FUTURE),
        (6, "考核年度", reasons.NO_SUCH_YEAR),
        (7, "考核结果", reasons.CELL_MISSING),
    ]


def test_commendations(tmp_path: Path) -> None:
    grid = [
        ["受表彰机构", "荣誉名称", "表彰级别", "表彰机关", "表彰日期", "证明材料"],
        ["示例甲律师事务所", "示例先进集体", "省部级", "示例省司法厅", "2014年7月1日", "示例文件"],
        ["示例乙律师事务所", "示例先进集体", "", "示例协会", "2014年7月1日", ""],
    ]
    found = [
        (row["level"], row["decided"], row["evidence"])
        for row in rows(read(tmp_path, grid), "commendations")
    ]
    assert found == [
        ("province", date(2014, 7, 1), "示例文件"),
        ("", date(2014, 7, 1), None),
    ]


def test_past_inspections_with_an_inspector_in_each_column(tmp_path: Path) -> None:
    header = ["年度", "任务编号", "被检查机构", "统一社会信用代码", "检查事项", "检查机关"]
    header += ["检查类别", "检查日期", "检查人员1", "检查人员2", "检查结果"]
    start = ["2015", "示例2015-1", "示例甲律师事务所", CODE, "示例事项", "示例区司法局"]
    grid = [
        header,
        [*start, "双随机", "2015-06-01", "示例一", "示例二", "未发现问题"],
        [*start, "专项检查", "2015-06-02", "示例一", "", "发现问题已责令改正、未公示年报"],
        [*start, "", "2015-06-03", "示例一、示例三", "无", "通过登记的住所（经营场所）无法联系"],
        [*start, "日常", "2015-06-04", "", "", "未发现问题,发现问题待后续处理"],
    ]
    reading = read(tmp_path, grid)
    found = [
        (row["year"], row["class"], row["inspectors"], row["results"])
        for row in rows(reading, "inspections")
    ]
    assert found == [
        (2015, "random", ["示例一", "示例二"], ["clean"]),
        (2015, "special", ["示例一"], ["corrected", "unpublished"]),
        (2015, "", ["示例一", "示例三"], ["unreachable"]),
    ]
    assert faults(reading) == [(5, "检查结果", reasons.CONTRADICTION)]


def test_rosters_with_certificates_and_leave_and_recusals_with_a_time(tmp_path: Path) -> None:
    path = tmp_path / "名录.xlsx"
    with xlsxwriter.Workbook(path) as book:
        people = book.add_worksheet("检查人员")
        people.write_row(0, 0, ["姓名", "执法证号", "执法证有效期至", "请假自", "请假至"])
        people.write_row(1, 0, ["示例一", "ZF示例1", "2018-01-01", "2016-12-01", "长期"])
        others = book.add_worksheet("回避")
        others.write_row(0, 0, ["执法证号", "机构名称", "事由", "回避自", "回避至"])
        others.write_row(1, 0, ["ZF示例1", "示例甲律师事务所", "示例", "2015-01-01", "2017-01-01"])
    (reading,) = read_drop(tmp_path, AS_OF, load_shipped_layouts())
    (inspector,) = reading.tables["inspectors"].to_dicts()
    assert inspector["certificate_to"] == date(2018, 1, 1)
    assert (inspector["leave_from"], inspector["leave_to"]) == (date(2016, 12, 1), None)
    (recusal,) = reading.tables["recusals"].to_dicts()
    assert (recusal["since"], recusal["until"]) == (date(2015, 1, 1), date(2017, 1, 1))


def test_a_header_over_two_rows_with_merged_cells(tmp_path: Path) -> None:
    path = tmp_path / "合并.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 5, "示例市行政许可公示表")
        sheet.merge_range(1, 0, 1, 1, "行政相对人")
        sheet.write_row(2, 0, ["名称", "统一社会信用代码"])
        for place, text in enumerate(("许可决定\n文书号", "许可决定日期", "备注"), 2):
            sheet.merge_range(1, place, 2, place, text)
        sheet.write(1, 5, "本局")
        sheet.write(2, 5, "内部号")
        sheet.write_row(3, 0, ["示例甲律师事务所", CODE, "示例1号", "2015-01-01", "示例"])
        sheet.write_row(4, 0, ["名称", "统一社会信用代码"])
        sheet.write_row(5, 0, ["示例乙律师事务所", "错", "示例2号", "2015-01-01", "", "x"])
    (reading,) = read_drop(tmp_path, AS_OF, load_shipped_layouts())
    (permit,) = reading.tables["permits"].to_dicts()
    assert (permit["name"], permit["uscc"], permit["row"]) == ("示例甲律师事务所", CODE, 4)
    assert (permit["document"], permit["remark"]) == ("示例1号", "示例")
    assert faults(reading) == [(6, "行政相对人统一社会信用代码", reasons.CODE_LENGTH)]
    noted = reading.issues.filter(severity="noted").to_dicts()
    assert [(issue["row"], issue["column"]) for issue in noted] == [(3, "本局内部号")]


def test_a_heading_broken_over_three_rows() -> None:
    grid = [
        ["行政相对人", "行政相对人", "许可决定", "许可决定"],
        ["名称", "统一社会", "文书号", "日期"],
        ["", "信用代码", "", ""],
        ["示例甲律师事务所", CODE, "示例1号", "2015-01-01"],
    ]
    header = find_header(grid, load_shipped_layouts(), "x.csv")
    assert header is not None
    assert (header.layout.id, header.row) == ("permits-2018", 2)
    assert [column.to for _, column in header.columns] == ["name", "uscc", "document", "decided"]


def test_a_row_of_data_is_never_the_foot_of_a_header() -> None:
    grid = [
        ["执法证号", "机构名称", "事由", ""],
        ["", "", "", "事由"],
        ["ZF1", "示例", "示例", ""],
    ]
    header = find_header(grid, load_shipped_layouts(), "x.csv")
    assert header is not None
    assert header.row == 0


def test_the_old_excel_format() -> None:
    """Written by xlwt 1.3: a merged title, a header over two rows, a real date, a number cell, a second sheet."""
    (reading,) = read_drop(Path(__file__).with_name("old_excel.xls"), AS_OF, load_shipped_layouts())
    (permit,) = reading.tables["permits"].to_dicts()
    assert (reading.rows, reading.accepted, reading.quarantined) == (2, 1, 1)
    assert (permit["decided"], permit["licence_to"]) == (date(2015, 1, 2), None)
    assert permit["licence"] == "23101200010000001"
    assert faults(reading) == [(5, "许可编号", reasons.NUMBER_CELL)]


def test_an_unknown_column_is_said_once(tmp_path: Path) -> None:
    header = ["XK_XDR_MC", "XK_XDR_SHXYM", "XK_WSH", "XK_JDRQ", "本局内部列"]
    grid = [header, *([f"示例{n}所", CODE, f"示例{n}号", "2015-01-01", "x"] for n in range(50))]
    issues = read(tmp_path, grid).issues.to_dicts()
    assert [(issue["row"], issue["column"], issue["reason"]) for issue in issues] == [
        (1, "本局内部列", reasons.UNKNOWN_COLUMN)
    ]


OWN = """
id = "own"
title = "示例局公证投诉表"
noun = "complaints"
reference = "示例"
signature = ["number", "name", "filed"]
[[column]]
to = "number"
form = "document"
required = true
headers = ["案号"]
[[column]]
to = "name"
form = "name"
required = true
headers = ["哪家"]
[[column]]
to = "filed"
form = "date"
past = true
headers = ["何时来"]
[[derived]]
to = "matter"
from = "channel"
pattern = '事项[:：](.+)$'
[[column]]
to = "channel"
form = "text"
headers = ["来由"]
"""


def test_a_bureaus_own_sheet_needs_no_code(home: Home, tmp_path: Path) -> None:
    facts = home.path / "facts"
    (facts / "layouts").mkdir(parents=True)
    (facts / "layouts" / "own.toml").write_text(OWN, "utf-8")
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "表.csv").write_text(
        "案号,哪家,何时来,来由\n1,示例所,2015.6.1,来信 事项：收费\n", "utf-8"
    )
    (reading,) = read_drop(drop, AS_OF, load_layouts(home.facts("layouts"), home.fact_file))
    (complaint,) = reading.tables["complaints"].to_dicts()
    assert reading.layout == "own"
    assert (complaint["filed"], complaint["matter"]) == (date(2015, 6, 1), "收费")


def test_a_bureaus_own_kinds_come_before_the_shipped_ones(home: Home, tmp_path: Path) -> None:
    kind = '[[kind]]\ncode = "admonition"\nseverity = 1\nreference = "示例"\nwords = ["谈话提醒"]\n'
    (home.path / "facts" / "sanction_kinds.toml").write_text(kind, "utf-8")
    drop = tmp_path / "drop"
    drop.mkdir()
    text = "被处分机构,处分种类,处分决定日期\n示例所,谈话提醒,2015-01-01\n"
    (drop / "表.csv").write_text(text, "utf-8")
    (reading,) = read_drop(drop, AS_OF, load_layouts(home.facts("layouts"), home.fact_file))
    assert reading.tables["sanctions"]["kinds"].to_list() == [["admonition"]]
    (home.path / "facts" / "sanction_kinds.toml").write_text("[[kind]]\n", "utf-8")
    with pytest.raises(Misuse, match=r"sanction_kinds\.toml"):
        load_layouts(home.facts("layouts"), home.fact_file)
