"""What is due, what does not agree, and the quarter's numbers: each counted by hand beside it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from double_random.core.errors import BadFile, Misuse
from double_random.inspection.case import case_file
from double_random.inspection.case.events import Paper, Task, Withdrawal
from double_random.inspection.case.steps import Step
from double_random.inspection.casework import joint_visits, quarterly_report, year_plan
from double_random.inspection.casework.deadlines import due
from double_random.inspection.casework.quarterly_report import Quarter
from double_random.inspection.casework.reconciliation import reconcile
from double_random.inspection.draw import changes, lifecycle
from double_random.inspection.planning.local_rules import place_rules
from double_random.store.home import Home

AT = "2026-12-01T00:00:00Z"


def put_task(filing: Any, last_day: str = "2026-11-20") -> None:
    task = Task(
        number="2026-01",
        year_plan="示司抽〔2026〕1号",
        batch="1",
        type="undirected",
        first_day="2026-11-04",
        last_day=last_day,
    )
    case_file.write(filing.home, "d1", [task], AT)


def test_who_was_not_visited_is_due_and_then_overdue(filing: Any) -> None:
    put_task(filing)
    visits = [one for one in due(filing.home, date(2026, 11, 20)) if one.kind == "visit"]
    assert len(visits) == 4 and not any(one.overdue for one in visits)
    filing.to(filing.ids[0], "inspected")
    late = [one for one in due(filing.home, date(2026, 11, 21)) if one.kind == "visit"]
    assert {one.target for one in late} == set(filing.ids[1:])
    assert all(one.overdue for one in late)


def test_a_result_is_due_after_the_places_working_days(filing: Any) -> None:
    """20 working days (unconfirmed, nation) after Saturday 2026-10-10, worked, or after Tuesday 2026-11-10."""
    put_task(filing)
    filing.to(filing.ids[0], "approved")
    filing.paper(filing.ids[0], "inspected", "2026-11-10")
    (one,) = [
        one for one in due(filing.home, date(2026, 11, 20)) if one.kind == "publish the result"
    ]
    assert one.by == date(2026, 12, 8)
    filing.finding(filing.ids[0], "corrected", correct_by="2026-12-31")
    (order,) = [one for one in due(filing.home, date(2027, 1, 1)) if one.kind == "check again"]
    assert (order.by, order.overdue) == (date(2026, 12, 31), True)


def test_what_no_notice_dates_yet_stands_in_the_list_and_says_so(filing: Any) -> None:  # D-042
    """The working days of 2027 are not announced: 20 working days after 2026-12-15 are about 2027-01-12."""
    put_task(filing, "2026-12-31")
    one, later = filing.ids[:2]
    for target, day in ((one, "2026-11-10"), (later, "2026-12-15")):
        content = Paper(target, Step.inspected, "", day)
        case_file.write(filing.home, "d1", [content], "2026-12-16T01:00:00Z")
    found = {
        duty.target: duty
        for duty in due(filing.home, date(2026, 12, 16))
        if duty.kind == "publish the result"
    }
    assert (found[one].by, found[one].waits_for, found[one].overdue) == (date(2026, 12, 8), 0, True)
    assert (found[later].by, found[later].waits_for) == (date(2027, 1, 12), 2027)
    assert not found[later].overdue
    account = reconcile(filing.home, "d1", date(2026, 12, 31))
    assert account.drawn == 4  # the account goes on, too
    assert [duty.kind for duty in due(filing.home, date(2027, 3, 1)) if duty.target == later] == [
        "publish the result"
    ]
    assert all(duty.overdue for duty in due(filing.home, date(2027, 3, 1)))
    (filing.home.path / "facts" / "working_days").mkdir(exist_ok=True)
    (filing.home.path / "facts" / "working_days" / "2027.toml").write_text(
        'year = 2027\nnotices = ["示例"]\n[[holiday]]\nname = "元旦"\noff = [2027-01-01]\nwork = []\n',
        "utf-8",
    )
    (now,) = [
        duty
        for duty in due(filing.home, date(2026, 12, 16))
        if duty.kind == "publish the result" and duty.target == later
    ]
    assert (now.by, now.waits_for) == (date(2027, 1, 13), 0)


def test_a_draw_whose_files_are_damaged_stands_in_the_list(filing: Any) -> None:
    put_task(filing)
    file = filing.home.draws / "d1" / "case.jsonl"
    file.write_bytes(file.read_bytes().replace(b"2026-11-04", b"2026-11-05"))
    (filing.home.draws / "d1" / "case.jsonl").write_bytes(b"{}\n")
    kinds = [one.kind for one in due(filing.home, date(2026, 11, 20))]
    assert "repair the draw's files" in kinds


def test_an_items_own_deadline_comes_before_the_places(filing: Any) -> None:
    """宝山 2017: 7 working days; from Tuesday 2026-11-10 that is Thursday 2026-11-19."""
    text = filing.home.fact("items.toml").read_text("utf-8")
    own = filing.home.path / "facts" / "items.toml"
    own.write_text(
        text.replace("confirmed = false\nratios", "confirmed = false\npublish_within = 7\nratios"),
        "utf-8",
    )
    filing.paper(filing.ids[0], "inspected", "2026-11-10")
    (one,) = [
        one for one in due(filing.home, date(2026, 11, 20)) if one.kind == "publish the result"
    ]
    assert (one.by, one.overdue) == (date(2026, 11, 19), True)
    own.write_text(
        own.read_text("utf-8").replace("publish_within = 7", "publish_within = -7"), "utf-8"
    )
    with pytest.raises(BadFile, match="publish_within"):
        due(filing.home, date(2026, 11, 20))


def test_an_open_list_is_due_too(filing: Any) -> None:
    (one,) = [one for one in due(filing.home, date(2026, 12, 1)) if one.kind == "publish the list"]
    assert (one.by, one.overdue) == (date(2026, 11, 30), True)
    lifecycle.publish(filing.home, "d1", "2026-12-01T01:00:00Z")
    assert not [
        one for one in due(filing.home, date(2026, 12, 1)) if one.kind == "publish the list"
    ]


def test_a_draw_in_order_reconciles_without_a_difference(filing: Any) -> None:
    put_task(filing)
    for place, one in enumerate(filing.ids):
        for step in ("approved", "notified", "coded", "inspected"):
            filing.paper(one, step, "2026-11-10", f"{step}{place}")
        filing.finding(one, "clean")
        filing.paper(one, "told", "2026-11-11")
        filing.paper(one, "published", "2026-11-12", "公告1号")
    found = reconcile(filing.home, "d1", date(2026, 12, 31))
    assert found.differences == ()
    assert (found.drawn, found.came_in) == (4, 0)
    assert set(found.reached.values()) == {4}


def test_every_difference_is_told(filing: Any) -> None:
    put_task(filing)
    first, second, third, fourth = filing.ids
    filing.paper(first, "approved", "2026-11-04", "批1号")
    filing.paper(first, "notified", "2026-11-12", "知1号")
    filing.paper(first, "coded", "2026-11-05", "XXXX1")
    filing.paper(first, "inspected", "2026-11-10")
    filing.paper(second, "coded", "2026-11-05", "XXXX1")
    filing.paper(second, "inspected", "2026-11-21")
    filing.finding(second, "clean")
    filing.paper(second, "published", "2026-12-31")
    changes.replace(filing.home, "d1", third, "ceased", "2026-11-06", "2026-11-06T01:00:00Z")
    found = reconcile(filing.home, "d1", date(2026, 12, 31))
    told = {(one.target, one.what) for one in found.differences}
    new = found.case.targets[third].successor
    assert told == {
        (first, "notified is dated 2026-11-12, after the visit of 2026-11-10"),
        (first, "result not published by 2026-12-08"),
        (first, "coded: the number XXXX1 stands at 2 institutions"),
        (second, "no paper: approved"),
        (second, "no paper: notified"),
        (second, "no paper: told"),
        (second, "visited on 2026-11-21, after the last day, 2026-11-20"),
        (second, "published on 2026-12-31, after 2026-12-18"),
        (second, "coded: the number XXXX1 stands at 2 institutions"),
        (fourth, "not visited by 2026-11-20"),
        (new, "not visited by 2026-11-20"),
    }
    assert (found.drawn, found.came_in, found.ended[Step.replaced]) == (4, 1, 1)
    assert (found.reached[Step.drawn], found.reached[Step.inspected]) == (4, 2)


def test_whether_a_check_code_is_missing_depends_on_the_place(filing: Any) -> None:
    rules = place_rules(filing.home)  # an authority in Shanghai: 310000
    assert not rules.code_binds(date(2024, 12, 31))
    assert rules.code_binds(date(2025, 1, 1))
    filing.paper(filing.ids[0], "inspected", "2026-11-10")
    told = [one.what for one in reconcile(filing.home, "d1", date(2026, 11, 20)).differences]
    assert "no paper: coded" in told
    text = filing.home.fact("place_rules.toml").read_text("utf-8")
    own = filing.home.path / "facts" / "place_rules.toml"
    own.write_text(text.replace('place = "31"\n', 'place = "44"\n'), "utf-8")
    told = [one.what for one in reconcile(filing.home, "d1", date(2026, 11, 20)).differences]
    assert "no paper: coded" not in told
    own.write_text(text.replace("value = 20", 'value = "20"'), "utf-8")
    with pytest.raises(BadFile, match="rule"):
        place_rules(filing.home)


def test_the_quarters_report(filing: Any) -> None:
    put_task(filing)
    first, second, third, _fourth = filing.ids
    for one in (first, second, third):
        filing.paper(one, "inspected", "2026-11-10")
    filing.finding(first, "clean")
    filing.finding(second, "corrected", correct_by="2026-12-10", filed="示立1号")
    filing.finding(third, "problem", transferred="示例市律师协会")
    filing.paper(first, "published", "2026-11-20")
    lines = quarterly_report.report(filing.home, Quarter.read("2026Q4"))
    (mine,) = [line for line in lines if line.item == "law-firm-archives"]
    assert (mine.drawn, mine.done, mine.problems, mine.corrected) == (4, 3, 2, 1)
    assert (mine.filed, mine.transferred, mine.published, mine.overdue) == (1, 1, 1, 3)
    sums = quarterly_report.total(lines)
    assert (sums["items"], sums["items_drawn"], sums["done"]) == (5, 1, 3)
    assert not any(
        line.drawn for line in quarterly_report.report(filing.home, Quarter.read("2026Q3"))
    )
    with pytest.raises(Misuse):
        Quarter.read("2026Q5")


@pytest.fixture
def sheet_of_year(home: Home, tmp_path: Path) -> Callable[..., Path]:
    def filled(cells: dict[str, object]) -> Path:
        path = tmp_path / "计划.xlsx"
        path.write_bytes(year_plan.blank(home, 2026))
        book = openpyxl.load_workbook(path)
        for cell, value in cells.items():
            book.active[cell] = value
        book.save(path)
        return path

    return filled


GOOD = {"I4": "一年一次", "J4": "14", "K4": "2026-02-01", "L4": "2026-06-30"}


def test_a_year_is_filed_approved_and_changed_with_a_reason(
    home: Home, sheet_of_year: Callable[..., Path]
) -> None:
    path = sheet_of_year(GOOD)
    plan = year_plan.file(home, 2026, path, "示司备〔2026〕1号", "2026-01-10", "", AT)
    assert [(one.item, one.planned) for one in plan.batches] == [("law-firm-archives", 14)]
    assert plan.approved is None
    plan = year_plan.approve(home, 2026, "示司批〔2026〕1号", "2026-01-12", AT)
    assert plan.approved == ("示司批〔2026〕1号", "2026-01-12")
    with pytest.raises(Misuse, match="on file already"):
        year_plan.file(home, 2026, path, "", "2026-03-01", "", AT)
    fewer = sheet_of_year({**GOOD, "J4": "10"})
    plan = year_plan.file(home, 2026, fewer, "", "2026-03-01", "机构减少", AT)
    assert plan.approved is None  # these batches were not approved yet
    assert [act["kind"] for act in plan.history] == ["filed", "approved", "changed"]
    assert plan.number == "示司备〔2026〕1号"
    assert year_plan.planned(home, date(2026, 1, 1), date(2026, 3, 31)) == {"law-firm-archives": 10}
    assert year_plan.planned(home, date(2026, 4, 1), date(2026, 6, 30)) == {}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("J4", "十四"),
        ("K4", "2025-12-31"),
        ("L4", "2026-01-31"),
        ("B4", "no-such-item"),
        ("A4", "批 1"),
    ],
)
def test_a_faulty_year_sheet_names_its_cell(
    home: Home, sheet_of_year: Callable[..., Path], cell: str, value: str
) -> None:
    path = sheet_of_year({**GOOD, cell: value})
    with pytest.raises(BadFile, match=cell):
        year_plan.file(home, 2026, path, "1", "2026-01-10", "", AT)
    assert year_plan.read(home, 2026) is None


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-02-01", "2026-02-30", "L4 完成时限: 2026-02-30: no such day"),
        ("2026-02-01", "2027-01-31", "L4 完成时限: 2027-01-31: this day is not in 2026"),
        ("2026-02-01", None, "L4 完成时限: —: empty"),
        ("2026-02-01", "2026-01-31", "L4 完成时限: 2026-01-31: before the first day, 2026-02-01"),
    ],
)
def test_only_the_faulty_cell_is_named_and_why(
    home: Home, sheet_of_year: Callable[..., Path], first: str, last: str | None, said: str
) -> None:  # D-045
    path = sheet_of_year({**GOOD, "K4": first, "L4": last})
    with pytest.raises(BadFile) as fault:
        year_plan.file(home, 2026, path, "1", "2026-01-10", "", AT)
    assert said in fault.value.message and "K4" not in fault.value.message


def test_a_year_sheet_takes_days_as_a_drop_does(
    home: Home, sheet_of_year: Callable[..., Path]
) -> None:  # D-045
    path = sheet_of_year({**GOOD, "K4": "2026年2月1日", "L4": "2026.6.30"})
    plan = year_plan.file(home, 2026, path, "1", "2026-01-10", "", AT)
    assert (plan.batches[0].first_day, plan.batches[0].last_day) == ("2026-02-01", "2026-06-30")


def test_an_item_that_is_split_into_more_draws_than_planned_is_shown(
    filing: Any, wish: Callable[..., Any], run: Callable[..., Any]
) -> None:
    assert year_plan.split(filing.home, 2026) == {}
    lifecycle.publish(filing.home, "d1", "2026-11-05T00:00:00Z")
    run(filing.home, wish("d2", not_before="2026-11-10T06:00:00Z"), until="draw")
    assert year_plan.split(filing.home, 2026) == {"law-firm-archives": (2, 0)}


def both(filing: Any, wish: Callable[..., Any], run: Callable[..., Any]) -> str:
    """A second open draw of 2026-11-17, and a firm that both chose: tried in copies of the home until there is one."""
    lifecycle.publish(filing.home, "d1", "2026-11-05T00:00:00Z")
    first, tries = filing.home.path, count()
    while True:
        copy = first.with_name(f"try-{next(tries)}")
        shutil.copytree(first, copy, symlinks=True)
        filing.home = Home.open(copy)
        week = date(2026, 11, 17)
        asked = wish("d2", not_before=f"{week}T06:00:00Z", publish_by=week + timedelta(weeks=4))
        run(filing.home, asked, until="draw")
        common = set(filing.ids) & {one.id for one in case_file.read(filing.home, "d2").standing}
        if common:
            return min(common)


def test_one_visit_for_two_draws_is_proposed_decided_and_looked_after(
    filing: Any, wish: Callable[..., Any], run: Callable[..., Any]
) -> None:
    firm = both(filing, wish, run)
    home, two = filing.home, "d2"
    day = date(2026, 11, 20)

    def visits() -> list[Any]:
        return [one for one in due(home, day) if one.kind == "visit" and one.target == firm]

    def said(draw: str) -> list[str]:
        return [one.what for one in reconcile(home, draw, day).differences if one.target == firm]

    assert any("one visit for all is proposed" in what for what in said(two))
    number = len(visits())
    assert number >= 2
    with pytest.raises(Misuse, match="is dated 2026-11-02, before the draw"):  # D-044
        joint_visits.join(home, firm, [two, "d1"], "示司合〔2026〕1号", "2026-11-02", AT)
    made = joint_visits.join(home, firm, [two, "d1"], "示司合〔2026〕1号", "2026-11-18", AT)
    assert made.draws == tuple(sorted(("d1", two)))
    assert len(visits()) == number - 1
    assert any("综合查一次" in one.basis and one.draw == "d1" for one in visits())
    assert not any("proposed" in what and "d1" in what for what in said("d1"))
    assert joint_visits.join(home, firm, ["d1", two], "示司合〔2026〕1号", "2026-11-18", AT) == made
    assert len(case_file.read(home, "d1").acts) == 1  # said twice, written once
    with pytest.raises(Misuse, match="on file already"):
        joint_visits.join(home, firm, ["d1", two], "另一号", "2026-11-18", AT)
    filing.paper(firm, "inspected", "2026-11-19")
    assert any("it was to be one visit" in what for what in said("d1"))
    seq = next(act.seq for act in case_file.read(home, two).acts)
    case_file.write(home, two, [Withdrawal(seq, "示例笔误")], AT)
    assert any("says nothing of the one visit" in what for what in said("d1"))
    with pytest.raises(Misuse, match="at least two"):
        joint_visits.join(home, firm, ["d1", "d1"], "", "2026-11-18", AT)


def test_a_directed_draw_says_why_and_stands_apart(filing: Any) -> None:
    days = ("2026-11-04", "2026-11-20")
    for kind, why in (("directed", ""), ("undirected", "投诉")):
        with pytest.raises(Misuse, match="定向"):
            case_file.write(
                filing.home,
                "d1",
                [
                    Task(
                        number="",
                        year_plan="",
                        batch="",
                        type=kind,
                        first_day=days[0],
                        last_day=days[1],
                        reason=why,
                    )
                ],
                AT,
            )
    told = Task(
        number="",
        year_plan="",
        batch="",
        type="directed",
        first_day=days[0],
        last_day=days[1],
        reason="上年度投诉两次以上",
    )
    case_file.write(filing.home, "d1", [told], AT)
    assert year_plan.beside(filing.home, 2026) == (("d1: 上年度投诉两次以上",), 0)
    lines = {
        line.item: line for line in quarterly_report.report(filing.home, Quarter.read("2026Q4"))
    }
    mine = lines["law-firm-archives"]
    assert (mine.drawn, mine.directed) == (4, 4)
