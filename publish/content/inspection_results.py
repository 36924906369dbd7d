"""Inspections of a draw (检查情况): the state of each drawn institution, and its results once they are public."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from double_random.inspection.case.events import Task
from double_random.inspection.case.steps import Step

if TYPE_CHECKING:
    from double_random.inspection.case.model import Case
    from double_random.inspection.case.target import Target

OPEN, PUBLISHED, UNVISITED = "open", "published", "unvisited"


@dataclass(frozen=True)
class PublishedInspections:
    """Inspections of one published draw on a day: rows of the allow-list's classes `inspection` and `result`."""

    rows: tuple[dict[str, Any], ...] = ()  # one per institution that has or had a place in the draw
    results: tuple[dict[str, Any], ...] = ()  # one per item, once public
    kept: bool = False  # whether a case file exists; without one only the draw is known
    task: Task | None = None  # the draw as a task of the year's plan, if one is recorded
    visited: int = 0  # institutions inspected, of those with a place; published as a count only


def describe_inspections(case: Case, as_of: date) -> PublishedInspections:
    """The inspections of a case as they are published on a day."""
    if not case.acts:
        return PublishedInspections()
    return PublishedInspections(
        tuple(_build_inspection_rows(case, as_of)),
        tuple(_build_result_rows(case, as_of)),
        True,
        case.task if _has_task_on_file(case) else None,
        sum(_has_happened_by(target.visited, as_of) for target in case.active_targets),
    )


def _build_inspection_rows(case: Case, as_of: date) -> Iterator[dict[str, Any]]:
    """Yield the state of each institution. Deadlines need a recorded task: the plan's own do not cover visits."""
    from double_random.inspection.casework.deadlines import find_not_visited

    task = _has_task_on_file(case)
    late = {target.id for target in find_not_visited(case, as_of)} if task else set()
    for target in case.targets.values():
        state = str(target.end) if target.end else UNVISITED if target.id in late else OPEN
        yield {
            "draw": case.draw,
            "institution": target.id,
            "name": target.name,
            "instead_of": target.instead_of or None,
            "last_day": date.fromisoformat(case.task.last_day) if task else None,
            "state": PUBLISHED if _is_public(target, as_of) else state,
        }


def _has_task_on_file(case: Case) -> bool:
    """Whether a task is recorded and not withdrawn."""
    return any(isinstance(act.content, Task) and act.seq not in case.withdrawn for act in case.acts)


def _build_result_rows(case: Case, as_of: date) -> Iterator[dict[str, Any]]:
    """Yield findings as codes; the inspectors' texts, 立案 and 移送 are not published."""
    titles = {item.id: item.title for item in case.plan.items}
    for target in case.targets.values():
        if not _is_public(target, as_of):
            continue
        for finding in target.findings.values():
            yield {
                "draw": case.draw,
                "institution": target.id,
                "name": target.name,
                "item": titles[finding.item],
                "inspected": date.fromisoformat(target.visited),
                "results": " ".join(finding.codes),
                "correct_by": date.fromisoformat(finding.correct_by)
                if finding.correct_by
                else None,
                "rechecked": date.fromisoformat(finding.rechecked)
                if _has_happened_by(finding.rechecked, as_of)
                else None,
                "published": date.fromisoformat(target.published),
            }


def _is_public(target: Target, as_of: date) -> bool:
    return target.step is Step.published and _has_happened_by(target.published, as_of)


def _has_happened_by(day: str, as_of: date) -> bool:
    """Whether an event date is set and not after `as_of`; "" means never."""
    return bool(day) and day <= as_of.isoformat()
