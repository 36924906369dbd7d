"""Results that loaded sheets tell: other authorities' as theirs, this bureau's own once, no inspector's name."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars
import pytest

from double_random.credit.records.load import load_records
from double_random.inspection.case import case_file
from double_random.inspection.case.events import Finding, Paper
from double_random.inspection.case.steps import Step
from double_random.inspection.casework import credit_export
from double_random.publish.content import urls
from double_random.publish.content.snapshot import Edition
from double_random.publish.exports import upload_files
from double_random.publish.site import build
from double_random.publish.site.statistics import build_figures
from double_random.store.home import Home

DAY = date(2017, 1, 21)
OTHER, INSPECTOR = "示例市市场监督管理局", "示例检查员子"
HEADER = (
    *("抽查任务编号", "被检查机构", "统一社会信用代码", "检查事项", "检查机关"),
    *("检查类别", "检查日期", "检查人员", "检查结果", "备注"),
)


class Told(NamedTuple):
    """A home whose sheets and one case file tell of inspections."""

    home: Home
    visited: str  # who was drawn, inspected and announced
    drawn: str  # who was drawn and is still to be inspected
    other: str  # who was not drawn


@pytest.fixture(scope="module")
def told(district_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("past") / "home"
    shutil.copytree(district_home.path, folder, symlinks=True)
    home = Home.open(folder)
    case = case_file.read_case(home, "published")
    one, later = case.active_targets[:2]
    for day, step in enumerate(
        ("approved", "notified", "coded", "inspected", "recorded", "told", "published"), start=5
    ):
        paper = Paper(one.id, Step(step), f"示例〔2017〕{day}号", f"2017-01-{day:02d}")
        findings = [
            Finding(target=one.id, item=item, codes=("corrected",), found="内部记录")
            for item in one.items
        ]
        wanted = findings if step == "recorded" else [paper]
        case_file.append_acts(home, "published", wanted, f"2017-01-{day:02d}T08:00:00Z")
    table = Edition.gather(home, DAY).tables["institution"]
    free = table.filter(
        ~polars.col("id").is_in(list(case.targets)) & polars.col("uscc").is_not_null()
    )
    other = free.row(0, named=True)
    (title,) = [item.title for item in case.plan.items]
    own, who = "示例市司法局", ("", "")
    rows = [
        (
            "市监抽〔2016〕3号",
            other["name"],
            other["uscc"],
            "公示信息抽查",
            OTHER,
            "双随机",
            "2016-11-10",
            INSPECTOR,
            "正常",
            "内部备注",
        ),
        (
            "专2016-1",
            other["name"],
            other["uscc"],
            "投诉人张三,电话138-0013-8000",
            OTHER,
            "专项检查",
            "2016-11-11",
            INSPECTOR,
            "责令改正",
            "",
        ),
        (
            "个案1",
            other["name"],
            other["uscc"],
            "示例个案",
            own,
            "个案",
            "2016-11-12",
            INSPECTOR,
            "责令改正",
            "",
        ),
        (
            "旧2013",
            other["name"],
            other["uscc"],
            "示例旧检查",
            own,
            "双随机",
            "2013-11-12",
            INSPECTOR,
            "责令改正",
            "",
        ),
        (
            "无类别",
            other["name"],
            other["uscc"],
            "示例无类别",
            own,
            "",
            "2016-11-13",
            INSPECTOR,
            "责令改正",
            "",
        ),
        (
            "published",
            one.name,
            *who[:1],
            title,
            own,
            "双随机",
            one.visited or "2017-01-08",
            INSPECTOR,
            "责令改正",
            "",
        ),
        (
            "published",
            later.name,
            *who[:1],
            title,
            own,
            "双随机",
            "2017-01-09",
            INSPECTOR,
            "责令改正",
            "",
        ),
    ]
    sheet = tmp_path_factory.mktemp("sheets") / "历次检查.csv"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    (read,) = load_records(home, [sheet], DAY).files
    assert (read.rows, read.accepted) == (len(rows), len(rows))
    credit_export.export_to_credit(home, DAY)  # as every night does
    return Told(home, one.id, later.id, other["id"])


@pytest.fixture(scope="module")
def edition(told: Told) -> Edition:
    return Edition.gather(told.home, DAY)


def test_other_authorities_checks_are_told_as_theirs(told: Told, edition: Edition) -> None:
    first, second = edition.tables["past_inspection"].to_dicts()
    assert {first["institution"], second["institution"]} == {told.other}
    assert (first["authority"], first["item"], first["results"]) == (OTHER, "公示信息抽查", "clean")
    assert (first["document"], first["class"]) == ("市监抽〔2016〕3号", "random")
    assert second["class"] == "special"
    assert "张三" not in str(second) and "8000" not in str(second)


def test_a_result_of_a_case_file_counts_once_and_when_the_file_says_so(
    told: Told, edition: Edition
) -> None:
    assert edition.tables["result"]["institution"].to_list() == [told.visited]
    shown = edition.tables["past_inspection"]["institution"].to_list()
    assert told.visited not in shown and told.drawn not in shown
    (found,) = [one for one in build_figures(edition) if one.id == "results"]
    assert found.rows[-1][1:] == (1, 2, 3)  # the draw's, the sheets', together


def test_without_a_case_file_the_sheet_tells_what_came_of_a_published_draw(
    told: Told, district_home: Home, tmp_path: Path
) -> None:
    shutil.copytree(told.home.path, tmp_path / "home", symlinks=True)
    home = Home.open(tmp_path / "home")
    (home.path / "draws" / "published" / "case.jsonl").unlink()
    shown = Edition.gather(home, DAY).tables["past_inspection"]
    assert {told.visited, told.drawn} <= set(shown["institution"].to_list())


def test_results_end_with_their_term_and_none_is_told_where_the_list_says_nothing(
    told: Told,
) -> None:
    later = Edition.gather(told.home, date(2020, 1, 8))
    assert later.tables["past_inspection"].is_empty() and later.tables["result"].is_empty()
    before = Edition.gather(told.home, date(2019, 11, 9))
    assert before.tables["past_inspection"].height == 2 and before.tables["result"].height == 1
    own = told.home.path / "facts" / "publishing.toml"
    text = told.home.fact_file("publishing.toml").read_text(encoding="utf-8")
    start, end = text.index("[inspection_results]"), text.index("[complaints_upheld]")
    own.parent.mkdir(exist_ok=True)
    own.write_text(text[:start] + text[end:], encoding="utf-8")
    try:
        silent = Edition.gather(told.home, date(2020, 1, 8))
    finally:
        own.unlink()
    assert silent.tables["past_inspection"].is_empty() and silent.tables["result"].height == 1


def test_the_page_the_open_data_and_the_upload_files_tell_it(told: Told, tmp_path: Path) -> None:
    built = build.build_site(told.home, DAY)
    page = (built / urls.institution_path(told.other)).read_text(encoding="utf-8")
    assert OTHER in page and "公示信息抽查" in page and "未发现问题" in page
    assert "示例个案" not in page and "示例旧检查" not in page and "示例无类别" not in page
    assert OTHER in (built / "data" / "past_inspection.csv").read_text(encoding="utf-8")
    everything = b"".join(
        file.read_bytes() for file in built.resolve().rglob("*.*") if file.is_file()
    )
    for secret in (INSPECTOR, "内部备注", "示例个案", "张三"):
        assert secret.encode() not in everything
    told.home.settings["authority_codes"] = {OTHER: "11310000XXXX00086J"}
    made, counts = upload_files.build_upload_files(told.home, DAY, tmp_path / "upload")
    sent = (made.folder / "检查结果.csv").read_text("utf-8-sig")
    assert counts["检查结果"] == 2  # the draw's, and the other authority's, whose code is known
    assert "市监抽〔2016〕3号" in sent and "专2016-1" not in sent
    assert "专2016-1" in (made.folder / upload_files.LEFT_OUT).read_text(
        "utf-8-sig"
    )  # its item was emptied


def test_the_age_of_the_sheets_is_told_beside_that_of_the_other_sources(
    told: Told, edition: Edition, district_home: Home
) -> None:
    assert edition.sources["inspections"] == DAY and edition.age_in_days("inspections") == 0
    assert "历次检查" in (build.build_site(told.home, DAY) / "index.html").read_text(
        encoding="utf-8"
    )
    assert "inspections" not in Edition.gather(district_home, DAY).sources
