"""What is due, by which day, and what is overdue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.case import case_file
from double_random.inspection.case.events import Paper
from double_random.inspection.case.steps import Step
from double_random.inspection.casework.deadlines import (
    Duty,
    DutyKind,
    count_duties,
    find_not_visited,
    list_duties,
)
from double_random.inspection.casework.reconciliation import reconcile_draw
from double_random.inspection.draw import lifecycle
from tests.inspection.case.cases import SECOND, THIRD, case, paper
from tests.inspection.filing import put_task


def test_who_was_not_visited_is_due_and_then_overdue(filing: Any) -> None:
    put_task(filing)
    visits = [one for one in list_duties(filing.home, date(2026, 11, 20)) if one.kind == "visit"]
    assert len(visits) == 4 and not any(one.overdue for one in visits)
    filing.to(filing.ids[0], "inspected")
    late = [one for one in list_duties(filing.home, date(2026, 11, 21)) if one.kind == "visit"]
    assert {one.target for one in late} == set(filing.ids[1:])
    assert all(one.overdue for one in late)


def test_a_result_is_due_after_the_places_working_days(filing: Any) -> None:
    """20 working days (unconfirmed, nation) after Saturday 2026-10-10, worked, or after Tuesday 2026-11-10."""
    put_task(filing)
    filing.to(filing.ids[0], "approved")
    filing.paper(filing.ids[0], "inspected", "2026-11-10")
    (one,) = [
        one
        for one in list_duties(filing.home, date(2026, 11, 20))
        if one.kind == "publish the result"
    ]
    assert one.by == date(2026, 12, 8)
    filing.finding(filing.ids[0], "corrected", correct_by="2026-12-31")
    (order,) = [
        one for one in list_duties(filing.home, date(2027, 1, 1)) if one.kind == "check again"
    ]
    assert (order.by, order.overdue) == (date(2026, 12, 31), True)


def test_what_no_notice_dates_yet_stands_in_the_list_and_says_so(filing: Any) -> None:  # D-042
    """The working days of 2027 are not announced: 20 working days after 2026-12-15 are about 2027-01-12."""
    put_task(filing, "2026-12-31")
    one, later = filing.ids[:2]
    for target, day in ((one, "2026-11-10"), (later, "2026-12-15")):
        content = Paper(target, Step.inspected, "", day)
        case_file.append_acts(filing.home, "d1", [content], "2026-12-16T01:00:00Z")
    found = {
        duty.target: duty
        for duty in list_duties(filing.home, date(2026, 12, 16))
        if duty.kind == "publish the result"
    }
    assert (found[one].by, found[one].waits_for, found[one].overdue) == (date(2026, 12, 8), 0, True)
    assert (found[later].by, found[later].waits_for) == (date(2027, 1, 12), 2027)
    assert not found[later].overdue
    account = reconcile_draw(filing.home, "d1", date(2026, 12, 31))
    assert account.drawn == 4  # the account goes on, too
    assert [
        duty.kind for duty in list_duties(filing.home, date(2027, 3, 1)) if duty.target == later
    ] == ["publish the result"]
    assert all(duty.overdue for duty in list_duties(filing.home, date(2027, 3, 1)))
    (filing.home.path / "facts" / "working_days").mkdir(exist_ok=True)
    (filing.home.path / "facts" / "working_days" / "2027.toml").write_text(
        'year = 2027\nnotices = ["示例"]\n[[holiday]]\nname = "元旦"\noff = [2027-01-01]\nwork = []\n',
        "utf-8",
    )
    (now,) = [
        duty
        for duty in list_duties(filing.home, date(2026, 12, 16))
        if duty.kind == "publish the result" and duty.target == later
    ]
    assert (now.by, now.waits_for) == (date(2027, 1, 13), 0)


def test_a_draw_whose_files_are_damaged_stands_in_the_list(filing: Any) -> None:
    put_task(filing)
    file = filing.home.draws / "d1" / "case.jsonl"
    file.write_bytes(file.read_bytes().replace(b"2026-11-04", b"2026-11-05"))
    (filing.home.draws / "d1" / "case.jsonl").write_bytes(b"{}\n")
    kinds = [one.kind for one in list_duties(filing.home, date(2026, 11, 20))]
    assert "repair the draw's files" in kinds


def test_an_items_own_deadline_comes_before_the_places(filing: Any) -> None:
    """宝山 2017: 7 working days; from Tuesday 2026-11-10 that is Thursday 2026-11-19."""
    text = filing.home.fact_file("items.toml").read_text("utf-8")
    own = filing.home.path / "facts" / "items.toml"
    own.write_text(
        text.replace("confirmed = false\nratios", "confirmed = false\npublish_within = 7\nratios"),
        "utf-8",
    )
    filing.paper(filing.ids[0], "inspected", "2026-11-10")
    (one,) = [
        one
        for one in list_duties(filing.home, date(2026, 11, 20))
        if one.kind == "publish the result"
    ]
    assert (one.by, one.overdue) == (date(2026, 11, 19), True)
    own.write_text(
        own.read_text("utf-8").replace("publish_within = 7", "publish_within = -7"), "utf-8"
    )
    with pytest.raises(BadFile, match="publish_within"):
        list_duties(filing.home, date(2026, 11, 20))


def test_an_open_list_is_due_too(filing: Any) -> None:
    (one,) = [
        one for one in list_duties(filing.home, date(2026, 12, 1)) if one.kind == "publish the list"
    ]
    assert (one.by, one.overdue) == (date(2026, 11, 30), True)
    lifecycle.publish_draw(filing.home, "d1", "2026-12-01T01:00:00Z")
    assert not [
        one for one in list_duties(filing.home, date(2026, 12, 1)) if one.kind == "publish the list"
    ]


def test_duties_are_counted_by_what_they_wait_for() -> None:
    duty = Duty(
        by=date(2026, 11, 20),
        kind=DutyKind.visit,
        draw="d1",
        target="31310000XXXX00001A",
        name="示例律师事务所",
        overdue=False,
        basis="",
    )
    duties = [duty, replace(duty, overdue=True), replace(duty, waits_for=2027)]
    assert count_duties(iter(duties)) == {"open": 3, "overdue": 1, "wait_for_notice": 1}
    assert count_duties([]) == {"open": 0, "overdue": 0, "wait_for_notice": 0}


def test_who_was_not_visited_is_known_the_day_after_the_last_one() -> None:
    made = case(paper(Step.inspected, "2026-03-05"))
    made = replace(made, task=replace(made.task, last_day="2026-03-31"))
    assert find_not_visited(made, date(2026, 3, 31)) == ()
    assert [one.id for one in find_not_visited(made, date(2026, 4, 1))] == [SECOND, THIRD]
