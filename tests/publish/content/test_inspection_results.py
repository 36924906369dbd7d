"""Inspections of a draw on a day: states, results once they are public, nothing that is dated later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from double_random.inspection.case.events import Act, Finding, Paper, Task, Withdrawal
from double_random.inspection.case.model import Case, default_task
from double_random.inspection.case.steps import Step
from double_random.inspection.case.target import Target
from double_random.inspection.draw.draw_state import DrawStage, DrawState
from double_random.inspection.protocol.plan import Plan
from double_random.publish.content.inspection_results import (
    OPEN,
    PUBLISHED,
    UNVISITED,
    PublishedInspections,
    describe_inspections,
)

PLAN = Plan.read((Path(__file__).parents[2] / "vectors/lottery-groups/plan.json").read_bytes())
ITEM = PLAN.items[0].id
STATE = DrawState(draw=PLAN.draw, stage=DrawStage.published, plan={})
TASK = Task(
    number="示例1",
    year_plan="",
    batch="",
    type="undirected",
    first_day="2026-03-03",
    last_day="2026-03-31",
)
VISIT = Paper("A", Step.inspected, "", "2026-03-10")
FOUND = Finding(
    target="A",
    item=ITEM,
    codes=("corrected", "other"),
    found="内部记录",
    correct_by="2026-03-30",
    rechecked="2026-04-10",
    filed="示司立1号",
)
ANNOUNCED = Paper("A", Step.published, "", "2026-03-20")


def target(id: str, **more: Any) -> Target:
    row = {"name": f"示例{id}律师事务所", "stratum": "s", "items": (ITEM,), "team": ()}
    return Target(id=id, since="2026-03-02", **(row | more))


def found(day: date, *contents: Any) -> PublishedInspections:
    """The inspections of a case with A, B and a replaced C, and these acts on file."""
    targets = {
        "A": target("A"),
        "B": target("B", instead_of="C"),
        "C": target("C", end=Step.replaced, successor="B"),
    }
    case = Case(plan=PLAN, state=STATE, targets=targets, names={}, task=default_task(PLAN))
    acts = [Act(seq, "2026-03-03T01:00:00Z", one) for seq, one in enumerate(contents, start=1)]
    case = case.apply_acts(*acts)
    return describe_inspections(case, day)


def test_without_a_case_file_nothing_but_the_draw_is_known() -> None:
    assert found(date(2026, 4, 30)) == PublishedInspections()


def test_an_institution_is_late_after_the_tasks_last_day() -> None:
    on_time = found(date(2026, 3, 31), TASK, VISIT)
    assert [row["state"] for row in on_time.rows] == [OPEN, OPEN, "replaced"]
    late = found(date(2026, 4, 1), TASK, VISIT)
    assert [row["state"] for row in late.rows] == [OPEN, UNVISITED, "replaced"]
    assert [row["last_day"] for row in late.rows] == [date(2026, 3, 31)] * 3
    assert [row["instead_of"] for row in late.rows] == [None, "C", None]
    assert (late.kept, late.task, late.visited) == (True, TASK, 1)


def test_without_a_recorded_task_there_is_no_deadline() -> None:
    for acts in ((VISIT,), (TASK, Withdrawal(1, "示例"), VISIT)):
        none = found(date(2027, 1, 1), *acts)
        assert none.task is None
        assert [row["state"] for row in none.rows] == [OPEN, OPEN, "replaced"]
        assert {row["last_day"] for row in none.rows} == {None}


def test_a_result_is_public_from_its_day_on_as_codes_alone() -> None:
    acts = (TASK, VISIT, FOUND, ANNOUNCED)
    before = found(date(2026, 3, 19), *acts)
    assert before.results == () and before.rows[0]["state"] == OPEN
    after = found(date(2026, 3, 20), *acts)
    assert after.rows[0]["state"] == PUBLISHED
    (result,) = after.results
    assert result == {
        "draw": PLAN.draw,
        "institution": "A",
        "name": "示例A律师事务所",
        "item": PLAN.items[0].title,
        "inspected": date(2026, 3, 10),
        "results": "corrected other",
        "correct_by": date(2026, 3, 30),
        "rechecked": None,  # it is dated later
        "published": date(2026, 3, 20),
    }
    (later,) = found(date(2026, 4, 10), *acts).results
    assert later["rechecked"] == date(2026, 4, 10)


def test_a_visit_counts_from_its_day_on() -> None:
    second = replace(VISIT, target="B", date="2026-03-11")
    days = (date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11))
    counted = [found(day, TASK, VISIT, second).visited for day in days]
    assert counted == [0, 1, 2]


def test_a_replaced_institutions_result_is_not_public() -> None:
    acts = [TASK, *(replace(one, target="C") for one in (VISIT, FOUND, ANNOUNCED))]
    ended = found(date(2026, 4, 30), *acts)
    assert ended.results == () and ended.visited == 0
    assert ended.rows[2]["state"] == "replaced"
