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
    from double_random.inspection.draw.draw_state import State
    from double_random.store.home import Home

OPEN, PUBLISHED, UNVISITED = "open", "published", "unvisited"


@dataclass(frozen=True)
class Inspections:
    """Inspections of one published draw on a day: rows of the allow-list's classes `inspection` and `result`."""

    rows: tuple[dict[str, Any], ...] = ()  # one per institution that has or had a place in the draw
    results: tuple[dict[str, Any], ...] = ()  # one per item, once public
    kept: bool = False  # whether a case file exists; without one only the draw is known
    task: Task | None = None  # the draw as a task of the year's plan, if one is recorded
    visited: int = 0  # institutions inspected, of those with a place; published as a count only


def inspections(home: Home, state: State, as_of: date) -> Inspections:
    """Load the inspections of a published draw. Entries dated after `as_of` are ignored."""
    from double_random.inspection.case.case_file import read

    case = read(home, state.draw, state)
    if not case.acts:
        return Inspections()
    return Inspections(
        tuple(_rows(case, as_of)),
        tuple(_results(case, as_of)),
        True,
        case.task if _told(case) else None,
        sum(_until(one.visited, as_of) for one in case.standing),
    )


def _rows(case: Case, as_of: date) -> Iterator[dict[str, Any]]:
    """Yield the state of each institution. Deadlines need a recorded task: the plan's own do not cover visits."""
    from double_random.inspection.casework.deadlines import not_visited

    task = _told(case)
    late = {one.id for one in not_visited(case, as_of)} if task else set()
    for one in case.targets.values():
        state = str(one.end) if one.end else UNVISITED if one.id in late else OPEN
        yield {
            "draw": case.draw,
            "institution": one.id,
            "name": one.name,
            "instead_of": one.instead_of or None,
            "last_day": date.fromisoformat(case.task.last_day) if task else None,
            "state": PUBLISHED if _public(one, as_of) else state,
        }


def _told(case: Case) -> bool:
    """Whether a task is recorded and not withdrawn."""
    return any(isinstance(act.content, Task) and act.seq not in case.withdrawn for act in case.acts)


def _results(case: Case, as_of: date) -> Iterator[dict[str, Any]]:
    """Yield findings as codes; the inspectors' texts, 立案 and 移送 are not published."""
    titles = {item.id: item.title for item in case.plan.items}
    for one in case.targets.values():
        if not _public(one, as_of):
            continue
        for finding in one.findings.values():
            yield {
                "draw": case.draw,
                "institution": one.id,
                "name": one.name,
                "item": titles[finding.item],
                "inspected": date.fromisoformat(one.visited),
                "results": " ".join(finding.codes),
                "correct_by": date.fromisoformat(finding.correct_by)
                if finding.correct_by
                else None,
                "rechecked": date.fromisoformat(finding.rechecked)
                if _until(finding.rechecked, as_of)
                else None,
                "published": date.fromisoformat(one.published),
            }


def _public(one: Target, as_of: date) -> bool:
    return one.step is Step.published and _until(one.published, as_of)


def _until(day: str, as_of: date) -> bool:
    """Whether an event date is set and not after `as_of`; "" means never."""
    return bool(day) and day <= as_of.isoformat()
