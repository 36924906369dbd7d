"""The announcement has the form's fields in its order, then the list."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import polars
from python_calamine import CalamineWorkbook

from double_random.inspection.case import case_file
from double_random.inspection.case.events import Task
from double_random.publish.content.labels import CodeLabels
from double_random.publish.content.snapshot import Edition
from double_random.publish.exports import announcement
from double_random.publish.site import build
from double_random.store.home import Home

DAY = date(2017, 1, 21)

FORM = [
    "抽查计划编号",
    "抽查计划名称",
    "抽查任务编号",
    "抽查任务名称",
    "抽查类型",
    "抽查事项",
    "抽查对象范围",
    "检查日期自",
    "检查日期至",
    "检查机关",
    "抽查市场主体数量",
]


def test_the_announcement_is_the_form_that_a_bureau_files(district_site: Path) -> None:
    book = CalamineWorkbook.from_path(district_site / "draws" / "published" / "list.xlsx")
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1 : 1 + len(FORM)]] == FORM
    fields = {row[0]: row[1] for row in rows[1 : 1 + len(FORM)]}
    drawn = polars.read_parquet(district_site / "data" / "drawn.parquet")
    assert fields["抽查任务编号"] == "published"
    assert fields["检查机关"] == "示例市司法局"
    assert fields["抽查市场主体数量"] == str(drawn.height)
    start = rows.index(["序号", "市场主体名称", "统一社会信用代码/注册号", "登记机关"])
    listed = [tuple(row) for row in rows[start + 1 : start + 1 + drawn.height]]
    wanted = drawn.select("number", "name", "id", "authority").rows()
    assert [(int(number), *rest) for number, *rest in listed] == wanted


def test_the_list_agrees_with_the_bundle(district_site: Path) -> None:
    import csv
    import io
    import zipfile

    with zipfile.ZipFile(district_site / "draws" / "published" / "bundle.zip") as bundle:
        names = set(bundle.namelist())
        rows = list(csv.reader(io.StringIO(bundle.read("list.csv").decode("utf-8"))))[1:]
    assert not names & {"inner", "recusals.csv", "frame.csv", "strata.json", "targets.csv"}
    drawn = polars.read_parquet(district_site / "data" / "drawn.parquet")
    assert [tuple(row) for row in rows] == drawn.select("id", "name").rows()


def test_a_task_on_file_says_its_type_and_days_but_not_why_a_draw_was_directed(
    district_home: Home, tmp_path: Path
) -> None:
    shutil.copytree(district_home.path, tmp_path / "home", symlinks=True)
    home = Home.open(tmp_path / "home")

    def told() -> dict[str, str]:
        (draw,) = [one for one in Edition.gather(home, DAY).draws if one.is_published]
        return dict(announcement.announcement_fields(draw, CodeLabels.load(home)))

    before = told()  # D-068: without a task, what the plan says, as in the bureau's own form
    assert before["抽查类型"] == "不定向" and announcement.BY_HAND not in before.values()
    why = "上年度投诉两次以上的律师事务所"
    task = Task(
        number="示例1",
        year_plan="",
        batch="",
        type="directed",
        first_day="2017-01-09",
        last_day="2017-02-28",
        reason=why,
    )
    case_file.append_acts(home, "published", [task], "2017-01-05T08:00:00Z")
    fields = told()
    assert fields["抽查任务编号"] == "示例1"
    assert (fields["抽查类型"], fields["检查日期自"], fields["检查日期至"]) == (
        *("定向", "2017-01-09", "2017-02-28"),
    )
    page = (build.build_site(home, DAY) / "draws" / "published" / "index.html").read_text("utf-8")
    assert "定向" in page and "2017-02-28" in page and why not in page
