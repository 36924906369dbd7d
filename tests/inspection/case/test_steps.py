"""The lists of steps agree with one another and with the words for people."""

from __future__ import annotations

from double_random.core.vocabulary import STEP
from double_random.inspection.case.steps import BEFORE_THE_VISIT, ENDS, ORDER, PAPERS, Step


def test_every_step_is_on_the_way_or_an_end() -> None:
    assert {*ORDER, *ENDS} == set(Step)
    assert set(ORDER) & set(ENDS) == {Step.published}
    assert ORDER[0] is Step.drawn and ORDER[-1] is Step.published


def test_every_step_but_the_draw_and_the_result_has_a_paper() -> None:
    assert [step for step in ORDER if step in PAPERS] == list(PAPERS)
    assert set(ORDER) - set(PAPERS) == {Step.drawn, Step.recorded}


def test_approval_notice_and_code_come_before_the_visit() -> None:
    visit = ORDER.index(Step.inspected)
    assert {*ORDER[1:visit]} == {*BEFORE_THE_VISIT}


def test_every_step_has_a_word() -> None:
    assert set(STEP) == {str(step) for step in Step}
