"""A case in memory: each act changes it, and a withdrawal takes the change back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.case.events import Joint, Task, Withdrawal
from double_random.inspection.case.model import Case, default_task
from double_random.inspection.case.steps import Step
from tests.inspection.case.cases import (
    FIRST,
    ITEM,
    SECOND,
    THIRD,
    acts,
    case,
    ended,
    finding,
    paper,
    target,
)


def task(number: str) -> Task:
    return Task(
        number=number,
        year_plan="",
        batch="",
        type="undirected",
        first_day="2026-03-03",
        last_day="2026-03-31",
    )


def test_acts_change_their_own_target_and_not_the_former_case() -> None:
    before = case()
    joint = Joint(SECOND, ("d1", "d2"), "", "2026-03-04")
    after = before.apply_acts(*acts(paper(Step.approved, "2026-03-04"), finding("clean"), joint))
    assert [act.seq for act in after.acts] == [1, 2, 3]
    assert after.targets[FIRST].papers[Step.approved].date == "2026-03-04"
    assert after.targets[FIRST].findings[ITEM].codes == ("clean",)
    assert after.targets[SECOND].joint == joint
    assert after.targets[THIRD] == before.targets[THIRD] == target(THIRD)
    assert before.acts == () and before.targets[FIRST] == target()


@pytest.mark.parametrize(
    "content",
    [
        paper(Step.approved, "2026-03-04"),
        finding("clean"),
        Joint(FIRST, ("d1", "d2"), "", "2026-03-04"),
    ],
)
def test_a_withdrawn_act_stays_on_file_and_no_longer_counts(content: object) -> None:
    after = case(content, Withdrawal(1, "写错"))  # type: ignore[arg-type]
    assert after.targets[FIRST] == target()
    assert len(after.acts) == 2 and after.withdrawn == {1}


def test_a_withdrawn_task_gives_place_to_the_one_before() -> None:
    plan = case().plan
    assert case(task("甲"), task("乙")).task == task("乙")
    assert case(task("甲"), task("乙"), Withdrawal(2, "写错")).task == task("甲")
    assert case(task("甲"), task("乙"), Withdrawal(1, "写错")).task == task("乙")
    assert case(task("甲"), Withdrawal(1, "写错")).task == default_task(plan)


def test_without_a_task_visits_last_from_the_numbers_to_the_plans_last_day() -> None:
    plan = replace(case().plan, not_before="2026-03-02T16:00:00Z", number="示例计划1号")
    standard = default_task(plan)
    assert (standard.first_day, standard.last_day) == ("2026-03-03", "2026-12-31")
    assert (standard.number, standard.type) == ("示例计划1号", "undirected")


def test_the_draw_has_its_day_in_china() -> None:
    assert case().drawn_on == "2026-03-03"  # 16:30 in UTC on the day before
    undrawn = replace(case().state, drawn=None)
    assert replace(case(), state=undrawn).drawn_on == ""


def test_replaced_and_void_targets_are_not_to_be_visited() -> None:
    gone = ended(target(SECOND), Step.replaced)
    several: Case = case(targets=(target(), gone, target(THIRD)))
    assert [one.id for one in several.active_targets] == [FIRST, THIRD]
    assert several.target(SECOND).end is Step.replaced


def test_a_target_that_was_never_drawn_is_named_with_the_draw() -> None:
    with pytest.raises(Misuse, match="31310000XXXX99999A was not drawn in case-0") as refused:
        case().target("31310000XXXX99999A")
    assert "inspection show case-0" in refused.value.hint
