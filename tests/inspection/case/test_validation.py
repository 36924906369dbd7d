"""What a case file takes and what it refuses, with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.case.events import Content, Joint, Task, Withdrawal
from double_random.inspection.case.model import Case
from double_random.inspection.case.steps import Step
from double_random.inspection.case.validation import validate_content
from double_random.intake.code_lists import CodeKind
from tests.inspection.case.cases import FIRST, SECOND, case, ended, finding, paper, target

CODES = (
    CodeKind("clean", 1, "示例", ("未发现问题",), alone=True),
    CodeKind("corrected", 2, "示例", ("责令改正",)),
    CodeKind("problem", 3, "示例", ("发现问题",)),
)
VISIT = paper(Step.inspected, "2026-03-05")
REPLACED = case(targets=(ended(target(), Step.replaced), target(SECOND)))


def take(content: Content, before: Case | None = None, today: str = "2026-04-01") -> None:
    validate_content(before or case(), content, CODES, today)


def task(**other: Any) -> Task:
    fields = {
        "number": "",
        "year_plan": "",
        "batch": "",
        "type": "undirected",
        "first_day": "2026-03-03",
        "last_day": "2026-03-31",
    }
    return Task(**{**fields, **other})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "content"),
    [
        (case(), task()),
        (case(), task(type="directed", reason="上年度投诉两次以上")),
        (case(), paper(Step.approved, "2026-03-03")),
        (case(), VISIT),
        (case(VISIT), finding("corrected", "problem", correct_by="2026-03-05")),
        (case(VISIT, finding("clean")), paper(Step.published, "2026-03-05")),
        (case(), Joint(FIRST, ("d1", "d2"), "", "2026-03-04")),
        (case(VISIT), Withdrawal(1, "写错")),
        (case(task()), Withdrawal(1, "写错")),
        (REPLACED, paper(Step.approved, "2026-03-04")),  # before it was replaced
    ],
)
def test_what_is_in_order_is_taken(before: Case, content: Content) -> None:
    take(content, before)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (task(first_day="2026-04-01"), "must not lie behind"),
        (task(last_day="2026-03-32"), "must not lie behind"),
        (task(first_day="2026-03-01"), "before the draw's numbers of 2026-03-02"),
        (task(type="directed"), "定向"),
        (task(reason="投诉"), "定向"),
    ],
)
def test_a_task_has_days_in_order_and_a_reason_if_directed(content: Task, reason: str) -> None:
    with pytest.raises(Misuse, match=reason):
        take(content)


@pytest.mark.parametrize(
    ("before", "content", "reason"),
    [
        (case(), paper(Step.approved, "2026-03-02"), "before the draw of 2026-03-03"),
        (case(), paper(Step.approved, "2026-02-30"), "no such day: 2026-02-30"),
        (case(VISIT), VISIT, "is on file already, — of 2026-03-05"),
        (case(), paper(Step.published, "2026-03-20"), "no result is on file yet"),
        (
            case(VISIT, finding("clean")),
            paper(Step.told, "2026-03-04"),
            "dated 2026-03-04, before the visit of 2026-03-05",
        ),
        (REPLACED, VISIT, "given up its place on 2026-03-05"),
        (case(), paper(Step.approved, "2026-03-04", target="31"), "was not drawn"),
    ],
)
def test_a_paper_out_of_order_is_refused(before: Case, content: Content, reason: str) -> None:
    with pytest.raises(Misuse, match=reason):
        take(content, before)


@pytest.mark.parametrize(
    ("content", "day"),
    [
        (paper(Step.approved, "2026-04-02"), "2026-04-02"),
        (Joint(FIRST, ("d1", "d2"), "", "2026-04-03"), "2026-04-03"),
        (finding("corrected", rechecked="2026-04-04"), "2026-04-04"),
    ],
)
def test_nothing_is_dated_after_today(content: Content, day: str) -> None:
    with pytest.raises(Misuse, match=f"{day} is still to come: today is 2026-04-01"):
        take(content, case(VISIT))


@pytest.mark.parametrize("codes", [(), ("clean", "problem"), ("nonsense",)])
def test_a_result_is_of_the_list_and_clean_alone(codes: tuple[str, ...]) -> None:
    with pytest.raises(Misuse, match="cannot be a result") as refused:
        take(finding(*codes), case(VISIT))
    assert "problem" in refused.value.hint


@pytest.mark.parametrize(
    ("before", "content", "reason"),
    [
        (case(), finding("clean"), "has not been visited"),
        (REPLACED, finding("clean"), "has not been visited"),
        (case(VISIT, finding("clean")), finding("problem"), "a result for 示例事项 is on file"),
        (case(VISIT), finding("corrected", correct_by="2026-03-04"), "2026-03-04 lies before"),
        (case(VISIT), finding("corrected", correct_by="2026-03-99"), "or is no day"),
    ],
)
def test_a_finding_follows_its_visit(before: Case, content: Content, reason: str) -> None:
    with pytest.raises(Misuse, match=reason):
        take(content, before)


@pytest.mark.parametrize(
    ("before", "day", "reason"),
    [
        (case(VISIT), "2026-03-06", "waits for no visit"),
        (REPLACED, "2026-03-06", "waits for no visit"),
        (case(Joint(FIRST, ("d1", "d3"), "", "2026-03-04")), "2026-03-04", "d1, d3 is on file"),
        (case(), "2026-03-02", "before the draw case-0 of 2026-03-03"),
        (case(), "2026-03-00", "no such day"),
    ],
)
def test_a_joint_visit_is_decided_before_it_and_once(before: Case, day: str, reason: str) -> None:
    with pytest.raises(Misuse, match=reason):
        take(Joint(FIRST, ("d1", "d2"), "", day), before)


@pytest.mark.parametrize("seq", [-1, 0, 4, 99])
def test_only_an_act_of_the_file_is_taken_back(seq: int) -> None:
    several = case(VISIT, finding("clean"), paper(Step.told, "2026-03-06"))
    with pytest.raises(Misuse, match=f"no act {seq} that counts"):
        take(Withdrawal(seq, "写错"), several)


@pytest.mark.parametrize(
    ("before", "content", "reason"),
    [
        (case(VISIT), Withdrawal(1, ""), "needs a reason"),
        (case(VISIT, Withdrawal(1, "x")), Withdrawal(1, "x"), "no act 1 that counts"),
        (case(VISIT, Withdrawal(1, "x")), Withdrawal(2, "x"), "stays so"),
        (case(VISIT, finding("clean")), Withdrawal(1, "x"), "what stands on it: recorded"),
        (
            case(VISIT, finding("clean"), paper(Step.told, "2026-03-06")),
            Withdrawal(2, "x"),
            "what stands on it: told",
        ),
    ],
)
def test_what_others_follow_from_is_taken_back_last(
    before: Case, content: Content, reason: str
) -> None:
    with pytest.raises(Misuse, match=reason):
        take(content, before)
