"""A drawn institution: its step, its missing papers and its late ones follow from what is on file."""

from __future__ import annotations

from double_random.inspection.case.steps import Step
from double_random.inspection.case.target import Target
from tests.inspection.case.cases import ITEM, ended, finding, paper, target


def filed(*steps: tuple[Step, str], findings: tuple[str, ...] = (), **other: object) -> Target:
    return target(
        papers={step: paper(step, day) for step, day in steps},
        findings={item: finding("clean") for item in findings},
        **other,
    )


def test_the_step_is_the_furthest_on_file() -> None:
    assert target().step is Step.drawn
    assert filed((Step.approved, "2026-03-04")).step is Step.approved
    visited = ((Step.inspected, "2026-03-05"), (Step.approved, "2026-03-04"))
    assert filed(*visited).step is Step.inspected
    assert filed(*visited, findings=(ITEM,)).step is Step.recorded
    assert filed(*visited, (Step.told, "2026-03-06"), findings=(ITEM,)).step is Step.told


def test_an_end_counts_more_than_any_paper() -> None:
    assert ended(filed((Step.approved, "2026-03-04")), Step.replaced).step is Step.replaced
    assert ended(target(), Step.void).step is Step.void


def test_a_result_is_recorded_once_every_item_has_a_finding() -> None:
    items = (ITEM, "另一示例事项")
    assert not filed(findings=(ITEM,), items=items).has_step(Step.recorded)
    assert filed(findings=items, items=items).has_step(Step.recorded)
    assert not target().has_step(Step.approved)
    assert filed((Step.approved, "2026-03-04")).has_step(Step.approved)


def test_papers_before_the_furthest_one_are_missing() -> None:
    visited = filed((Step.inspected, "2026-03-05"), (Step.notified, "2026-03-04"))
    assert visited.missing_papers(code_binds=False) == (Step.approved,)
    assert visited.missing_papers(code_binds=True) == (Step.approved, Step.coded)
    assert target().missing_papers(code_binds=True) == ()


def test_a_result_in_public_without_a_finding_is_missing_too() -> None:
    steps = (Step.approved, Step.notified, Step.inspected, Step.published)
    public = filed(*((step, "2026-03-05") for step in steps))
    assert public.missing_papers(code_binds=False) == (Step.recorded, Step.told)


def test_a_paper_after_the_visit_is_late_and_one_of_its_day_is_not() -> None:
    visited = filed(
        (Step.approved, "2026-03-05"),
        (Step.notified, "2026-03-06"),
        (Step.inspected, "2026-03-05"),
        (Step.told, "2026-03-09"),
    )
    assert visited.late_papers() == (Step.notified,)
    assert filed((Step.notified, "2026-03-06")).late_papers() == ()  # no visit yet


def test_days_of_visit_and_publication_are_empty_before_them() -> None:
    assert (target().visited, target().published) == ("", "")
    done = filed((Step.inspected, "2026-03-05"), (Step.published, "2026-03-20"))
    assert (done.visited, done.published) == ("2026-03-05", "2026-03-20")
