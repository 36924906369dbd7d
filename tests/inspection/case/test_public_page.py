"""What came of a draw, in public: 未检查 after its last day, results from their publication on, nothing before."""

from __future__ import annotations

from datetime import date
from typing import Any

from double_random.inspection.case import case_file
from double_random.inspection.case.events import Task
from double_random.inspection.draw import changes, lifecycle
from double_random.publish.content import urls
from double_random.publish.site.build import build_site


def page(filing: Any, day: date) -> str:
    folder = build_site(filing.home, day)
    return (folder / "draws" / "d1" / "index.html").read_text("utf-8")


def test_who_was_not_visited_in_time_is_shown(filing: Any) -> None:
    lifecycle.publish_draw(filing.home, "d1", "2026-11-06T08:00:00Z")
    assert 'id="unvisited"' not in page(filing, date(2026, 12, 1))  # no case file is kept
    task = Task(
        number="",
        year_plan="",
        batch="",
        type="undirected",
        first_day="2026-11-04",
        last_day="2026-11-20",
    )
    case_file.append_acts(filing.home, "d1", [task], "2026-11-06T09:00:00Z")
    filing.paper(filing.ids[0], "inspected", "2026-11-10")
    assert 'id="unvisited"' not in page(filing, date(2026, 11, 20))
    late = page(filing, date(2026, 11, 21))
    _before, _mark, section = late.partition('id="unvisited"')
    section = section.partition("</section>")[0]
    shown = [one.id for one in filing.case.active_targets if one.id in section]
    assert shown == filing.ids[1:]
    assert "2026-11-20" in section


def files(filing: Any, day: date) -> dict[str, str]:
    folder = build_site(filing.home, day)
    return {
        path.relative_to(folder.resolve()).as_posix(): path.read_text("utf-8")
        for path in folder.resolve().rglob("*")
        if path.suffix in (".html", ".csv")
    }


def test_a_result_stands_on_three_pages_from_its_publication_on(filing: Any) -> None:
    lifecycle.publish_draw(filing.home, "d1", "2026-11-06T08:00:00Z")
    task = Task(
        number="",
        year_plan="",
        batch="",
        type="undirected",
        first_day="2026-11-04",
        last_day="2026-11-20",
    )
    case_file.append_acts(filing.home, "d1", [task], "2026-11-06T09:00:00Z")
    first, second, third, _fourth = filing.ids
    for one in (first, second, third):
        filing.paper(one, "inspected", "2026-11-10")
    filing.finding(
        first,
        "corrected",
        "unpublished",
        found="示例问题描述",
        correct_by="2026-11-30",
        rechecked="2026-12-02",
        filed="示司立〔2026〕1号",
        transferred="示例市律师协会",
    )
    filing.finding(second, "clean")
    for one in (first, second):
        filing.paper(one, "published", "2026-11-25")
    mine = urls.institution_path(first)

    before = files(filing, date(2026, 11, 24))
    assert "发现问题已责令改正" not in "".join(before.values())
    assert "检查结果尚未公示" in before[mine]

    on_time = files(filing, date(2026, 11, 25))
    for path in ("draws/d1/index.html", mine):
        assert "发现问题已责令改正、未按规定公示" in on_time[path]
        assert "2026-11-30" in on_time[path] and "2026-12-02" not in on_time[path]
    assert on_time["data/result.csv"].count("\n") == 3
    assert "抽中而到期未检查" in on_time["index.html"] and "#unvisited" in on_time["index.html"]
    assert "未发现问题" in on_time[urls.institution_path(second)]
    assert "检查结果尚未公示" in on_time[urls.institution_path(third)]
    assert "逾期未检查" in on_time[urls.institution_path(_fourth)]

    later = files(filing, date(2026, 12, 2))
    assert "2026-12-02" in later[mine]
    for word in ("示例问题描述", "示司立〔2026〕1号", "示例市律师协会"):
        assert word not in "".join(later.values())


def test_who_was_replaced_and_who_came_instead_are_told_apart(filing: Any) -> None:
    lifecycle.publish_draw(filing.home, "d1", "2026-11-06T08:00:00Z")
    old = filing.ids[0]
    changes.replace_target(filing.home, "d1", old, "ceased", "2026-11-09", "2026-11-09T02:00:00Z")
    new = filing.case.targets[old].successor
    filing.to(new, "published")
    shown = files(filing, date(2026, 12, 2))
    assert "已递补其他对象" in shown[urls.institution_path(old)]
    assert "检查结果已公示" in shown[urls.institution_path(new)]
    rows = [row for row in shown["data/inspection.csv"].splitlines() if row.startswith(f"d1,{new}")]
    assert rows[0].split(",")[3] == old
