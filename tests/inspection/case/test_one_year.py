"""One year in a district: 140 firms, four inspectors, from the filed plan to the quarter's report.

Everything here is fictitious (示例). It reads from top to bottom as the year went.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.inspection.case import case_file
from double_random.inspection.case.events import Paper, Task
from double_random.inspection.case.steps import Step
from double_random.inspection.casework import forms, notice_code, result_sheet, year_plan
from double_random.inspection.casework.credit_export import export_to_credit
from double_random.inspection.casework.deadlines import list_duties
from double_random.inspection.casework.quarterly_report import Quarter, report_quarter, sum_reports
from double_random.inspection.casework.reconciliation import reconcile_draw
from double_random.inspection.draw import changes, lifecycle
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.planning.plan_builder import freeze_plan
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.inspection.protocol.files import Files
from double_random.inspection.protocol.plan import TeamRule
from double_random.inspection.verification import bundle
from double_random.inspection.verification.verify import verify_bundle
from double_random.store.home import Home

ITEM = "law-firm-archives"
BALLS = "balls:示例摇号室:7"


def file_papers(home: Home, draw: str, step: Step, day: str, number: str, at: str) -> None:
    """One paper of this step for everybody who is still to be visited and has none."""
    waiting = [
        one for one in case_file.read_case(home, draw).active_targets if step not in one.papers
    ]
    papers = [
        Paper(one.id, step, number.format(n=place), day)
        for place, one in enumerate(waiting, start=1)
    ]
    case_file.append_acts(home, draw, papers, at)


def test_one_year_in_a_district(tmp_path: Path, registers: Callable[..., Path]) -> None:
    shutil.copytree(registers(140, 5, ()), tmp_path / "bureau")  # the fifth inspector is on leave
    home = Home.open(tmp_path / "bureau")

    # January: the year's plan is filed and approved. 10 % of 140 firms, one round.
    sheet = tmp_path / "年度抽查计划.xlsx"
    sheet.write_bytes(year_plan.render_year_sheet(home, 2026))
    book = openpyxl.load_workbook(sheet)
    row = {"I4": "一年一次", "J4": "14", "K4": "2026-01-19", "L4": "2026-03-31"}
    for cell, value in row.items():
        book.active[cell] = value
    book.save(sheet)
    year_plan.file_year_plan(
        home, 2026, sheet, "示司备〔2026〕1号", "2026-01-05", "", "2026-01-05T02:00:00Z"
    )
    year_plan.approve_year_plan(
        home, 2026, "示司批〔2026〕1号", "2026-01-08", "2026-01-08T02:00:00Z"
    )

    # The draw: four inspectors in two groups; sealed on Friday, balls before witnesses on Monday.
    wish = DrawRequest(
        protocol=1,
        draw="2026-1",
        items=(ITEM,),
        as_of=date(2026, 1, 15),
        sources=(BALLS,),
        not_before="2026-01-19T06:00:00Z",
        publish_by=date(2026, 2, 27),
        team=TeamRule(size=2, leads=1, groups=2, match_kind=False, other_district=False),
        number="示司备〔2026〕1号",
    )
    planned = freeze_plan(home, wish)
    lifecycle.commit_plan(home, "2026-1", "2026-01-16T08:00:00Z")
    lifecycle.log_entropy(home, "2026-1", f"{BALLS}=4719350", "2026-01-19T06:05:00Z")
    lifecycle.run_draw(home, "2026-1", "2026-01-19T06:10:00Z")
    task = Task(
        number="示抽2026-1",
        year_plan="示司备〔2026〕1号",
        batch="2",
        type="undirected",
        first_day="2026-01-20",
        last_day="2026-02-27",
    )
    case = case_file.append_acts(home, "2026-1", [task], "2026-01-19T07:00:00Z")
    assert len(case.active_targets) == 14
    pairs = {one.team for one in case.active_targets}
    assert len(pairs) == 2 and len({person for pair in pairs for person in pair}) == 4

    # Every visit is approved, and notified with a code that proves the notice alone.
    file_papers(
        home, "2026-1", Step.approved, "2026-01-20", "示司检批〔2026〕1号", "2026-01-20T02:00:00Z"
    )
    file_papers(
        home, "2026-1", Step.notified, "2026-01-21", "示司检通〔2026〕{n}号", "2026-01-21T02:00:00Z"
    )
    first = case.active_targets[0]
    told = notice_code.check_notice_code(
        notice_code.make_notice_code(home, "2026-1", first.id), home.log.public
    )
    assert told.inspectors == tuple(sorted(first.team))

    # A firm has closed: the next reserve takes its place, and needs papers of its own.
    closed = case.active_targets[3]
    changes.replace_target(
        home, "2026-1", closed.id, "ceased", "2026-01-22", "2026-01-22T02:00:00Z"
    )
    case = case_file.read_case(home, "2026-1")
    reserve = case.targets[case.targets[closed.id].successor]
    assert (reserve.step, reserve.instead_of) == (Step.drawn, closed.id)
    file_papers(
        home, "2026-1", Step.approved, "2026-01-23", "示司检批〔2026〕2号", "2026-01-23T02:00:00Z"
    )
    file_papers(
        home, "2026-1", Step.notified, "2026-01-23", "示司检通〔2026〕15号", "2026-01-23T02:00:00Z"
    )
    file_papers(home, "2026-1", Step.coded, "2026-01-26", "XXXX-2026-{n}", "2026-01-26T02:00:00Z")

    # An inspector falls ill: in each of his teams another one takes his place, by lot; he is drawn no more.
    ill = case.active_targets[-1].team[0]
    his = [one.id for one in case.active_targets if ill in one.team]
    for id in his:
        changes.substitute_inspector(
            home, "2026-1", id, ill, "illness", "2026-01-27", "2026-01-27T02:00:00Z"
        )
    case = case_file.read_case(home, "2026-1")
    assert not any(ill in one.team for one in case.active_targets)
    assert all(len(set(one.team)) == 2 for one in case.active_targets)

    # At the door a firm asks for a recusal: it is granted, and the fourth inspector goes. Nobody else is left then.
    door = next(one for one in case.active_targets if one.id not in his)
    people = Files.read(planned.plan, DrawFolder.find(home, "2026-1").read_files()).inspectors
    leads = {one.id for one in people if one.lead}
    asked = min(
        door.team, key=lambda one: one in leads
    )  # a team without its lead could not be filled
    changes.substitute_inspector(
        home, "2026-1", door.id, asked, "recusal asked for", "2026-02-02", "2026-02-02T02:00:00Z"
    )
    with pytest.raises(DoubleRandomError, match="No inspector is left"):
        changes.substitute_inspector(
            home,
            "2026-1",
            door.id,
            case_file.read_case(home, "2026-1").targets[door.id].team[0],
            "recusal asked for",
            "2026-02-02",
            "2026-02-02T03:00:00Z",
        )

    # Before the Spring Festival 13 of 14 firms are visited; the record sheet comes back from the office.
    sheet = tmp_path / "记录表.xlsx"
    sheet.write_bytes(result_sheet.render_result_sheet(home, "2026-1"))
    book = openpyxl.load_workbook(sheet)
    for place in range(3, 16):
        book.active[f"H{place}"] = "2026-02-11"
        book.active[f"I{place}"] = "未发现问题"
    book.active["I4"], book.active["K4"] = "发现问题已责令改正", "2026-03-13"
    book.active["I5"], book.active["L5"] = "未按规定公示", ""
    book.active["M5"], book.active["N5"] = "示司立〔2026〕1号", "示例市律师协会"
    book.save(sheet)
    taken = result_sheet.record_results(home, "2026-1", sheet, "2026-02-12T02:00:00Z")
    assert (taken.rows, taken.recorded, taken.open, taken.absent) == (14, 13, 1, 0)

    # The deadline runs over the festival (off 02-15 to 02-23, worked 02-14 and 02-28): 20 working days end on 03-17.
    listed = list_duties(home, date(2026, 2, 12))
    assert {one.by for one in listed if one.kind == "publish the result"} == {date(2026, 3, 17)}
    (visit,) = [one for one in listed if one.kind == "visit"]
    assert visit.by == date(2026, 2, 27)
    missed = case_file.read_case(home, "2026-1").targets[visit.target]

    # The list is published within its time, the results on 03-16; one firm was never visited, and that stays visible.
    lifecycle.publish_draw(home, "2026-1", "2026-02-13T02:00:00Z")
    visited = [one.id for one in case_file.read_case(home, "2026-1").active_targets if one.visited]
    for step, day in ((Step.told, "2026-03-02"), (Step.published, "2026-03-16")):
        papers = [
            Paper(id, step, "示司告〔2026〕1号" if step is Step.published else "", day)
            for id in visited
        ]
        case_file.append_acts(home, "2026-1", papers, "2026-03-16T02:00:00Z")
    announced = dict(forms.fill_case_forms(home, "2026-1", date(2026, 3, 16), "检查结果公告"))
    assert len(announced) == 1
    desk = forms.FormContext(home, case_file.read_case(home, "2026-1"), date(2026, 3, 16))
    said = Counter(row["结果"] for row in desk.draw_content().lists["结果"])
    assert said == {"未发现问题": 11, "发现问题已责令改正": 1, "未按规定公示": 1, "未检查": 1}

    # The account of the draw: 14 drawn, 1 came in, 1 replaced; one visit missing, and nothing else.
    found = reconcile_draw(home, "2026-1", date(2026, 3, 31))
    assert (found.drawn, found.came_in, found.ended[Step.replaced]) == (14, 1, 1)
    assert [found.reached[step] for step in (Step.approved, Step.inspected, Step.published)] == [
        14,
        13,
        13,
    ]
    assert [(one.target, one.what) for one in found.differences] == [
        (missed.id, "not visited by 2026-02-27")
    ]

    # Spring: results become credit records; whoever was visited counts for the caps of the next plan.
    handed = export_to_credit(home, date(2026, 3, 31))
    assert sum(file.accepted for file in handed.files) == 13
    assert export_to_credit(home, date(2026, 3, 31)).release == handed.release

    # The quarter's report says it all in one line.
    lines = report_quarter(home, Quarter.read("2026Q1"))
    (mine,) = [line for line in lines if line.item == ITEM]
    assert (mine.planned, mine.drawn, mine.done) == (14, 14, 13)
    assert (mine.problems, mine.corrected, mine.filed, mine.transferred) == (2, 1, 1, 1)
    assert (mine.published, mine.overdue) == (13, 1)
    assert sum_reports(lines)["items_drawn"] == 1
    # Finding: a quarter that was not over counted as overdue what was due on a day to come.
    (early,) = [
        one
        for one in report_quarter(home, Quarter.read("2026Q1"), date(2026, 2, 1))
        if one.item == ITEM
    ]
    assert early.overdue == 0

    # Autumn: a second round that nobody planned. It works, and it shows.
    again = {**vars(wish), "draw": "2026-2", "as_of": date(2026, 9, 30)}
    again |= {"not_before": "2026-10-12T06:00:00Z", "publish_by": date(2026, 10, 30)}
    freeze_plan(home, DrawRequest(**again))
    lifecycle.commit_plan(home, "2026-2", "2026-10-09T08:00:00Z")
    with pytest.raises(Misuse, match="open for the same"):
        plan_twice(home, wish)
    lifecycle.void_draw(home, "2026-2", "wrong plan", "2026-10-10T02:00:00Z")
    assert year_plan.find_split_items(home, 2026) == {ITEM: (2, 1)}

    # December: whoever asks gets a bundle, and it holds: the public's and the auditor's.
    for auditor in (False, True):
        target = tmp_path / ("auditor" if auditor else "public")
        bundle.write_bundle(bundle.gather_bundle(home, "2026-1", auditor), target)
        verdict = verify_bundle(target, home.log.public, planned.plan.code)
        assert verdict.intact, verdict.first_line


def plan_twice(home: Home, wish: DrawRequest) -> None:
    """A third plan of the same item while the second one is open."""
    other: dict[str, Any] = {**vars(wish), "draw": "2026-3", "as_of": date(2026, 9, 30)}
    other |= {"not_before": "2026-10-19T06:00:00Z", "publish_by": date(2026, 10, 30)}
    freeze_plan(home, DrawRequest(**other))
    lifecycle.commit_plan(home, "2026-3", "2026-10-09T09:00:00Z")
