"""Reconciles a draw (核对): drawn, approved, notified, coded, visited, published; each difference as a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from double_random.core.translation import _, join_words
from double_random.core.vocabulary import STEP, code_word
from double_random.inspection.case.case_file import read_case, read_cases
from double_random.inspection.case.steps import ORDER, PAPERS, Step
from double_random.inspection.casework.deadlines import Deadlines, find_not_visited
from double_random.inspection.casework.joint_visits import (
    find_joint_differences,
    propose_joint_visits,
)

if TYPE_CHECKING:
    from double_random.core.working_days import LastDay
    from double_random.inspection.case.model import Case
    from double_random.inspection.case.target import Target
    from double_random.store.home import Home


@dataclass(frozen=True)
class Difference:
    """A discrepancy at one target; "" is the draw as a whole."""

    target: str
    name: str
    what: str


@dataclass(frozen=True, kw_only=True)
class Reconciliation:
    """Counts of a draw's targets by the steps on file, and their discrepancies."""

    case: Case
    drawn: int  # by the draw itself
    came_in: int  # by 递补
    reached: dict[Step, int]  # targets to be visited that have this step on file
    ended: dict[Step, int]  # replaced, void
    differences: tuple[Difference, ...]


def reconcile_draw(home: Home, draw: str, as_of: date) -> Reconciliation:
    """Reconcile one draw on a day. Always: drawn + came in = still to be visited or visited + replaced + void."""
    case = read_case(home, draw)
    targets = tuple(case.targets.values())
    reached = {
        step: sum(step is Step.drawn or target.has_step(step) for target in case.active_targets)
        for step in ORDER
    }
    ended = {
        step: sum(target.end is step for target in targets) for step in (Step.replaced, Step.void)
    }
    drawn = sum(not target.instead_of for target in targets)
    came_in = len(targets) - drawn
    if drawn + came_in != reached[Step.drawn] + sum(ended.values()):
        raise AssertionError(f"{draw}: a target is lost")  # a defect of the program: stop
    return Reconciliation(
        case=case,
        drawn=drawn,
        came_in=came_in,
        reached=reached,
        ended=ended,
        differences=tuple(_find_differences(home, case, as_of)),
    )


def find_waiting_draws(home: Home) -> dict[str, tuple[str, ...]]:
    """Return by institution the draws in which it awaits its visit; several draws suggest a joint visit."""
    waiting: dict[str, tuple[str, ...]] = {}
    for case in read_cases(home):
        for target in case.active_targets:
            if not target.visited:
                waiting[target.id] = (*waiting.get(target.id, ()), case.draw)
    return waiting


def _find_differences(home: Home, case: Case, as_of: date) -> Iterator[Difference]:
    deadlines = Deadlines.from_home(home)
    late = {target.id for target in find_not_visited(case, as_of)}
    for target in case.targets.values():
        if target.end is not None:
            if target.end is Step.replaced and not target.successor:
                yield Difference(
                    target.id, target.name, _("no reserve was left: the place is empty")
                )
            if target.visited:
                yield Difference(
                    target.id, target.name, _("visited, and then replaced or made void")
                )
            continue
        binds = bool(target.visited) and deadlines.rules.needs_check_code(
            date.fromisoformat(target.visited)
        )
        for step in target.missing_papers(binds):
            yield Difference(
                target.id, target.name, _("no paper: {step}").format(step=code_word(STEP, step))
            )
        for step in target.late_papers():
            yield Difference(
                target.id,
                target.name,
                _("{step} is dated {day}, after the visit of {visit}").format(
                    step=code_word(STEP, step), day=target.papers[step].date, visit=target.visited
                ),
            )
        yield from _check_last_day(target, case.task.last_day, target.id in late)
        if target.visited:
            yield from _check_publication(target, deadlines.publication_deadline(target)[0], as_of)
    yield from _find_shared_numbers(case)
    waiting, cases_by_draw = (
        propose_joint_visits(home),
        {other.draw: other for other in read_cases(home)},
    )
    for target in case.active_targets:
        if target.joint is not None:
            for what in find_joint_differences(cases_by_draw, case.draw, target):
                yield Difference(target.id, target.name, what)
        others = waiting.get(target.id, ())
        if case.draw in others:
            yield Difference(
                target.id,
                target.name,
                _("drawn in {draws}: one visit for all is proposed (综合查一次)").format(
                    draws=join_words(others)
                ),
            )


def _check_last_day(target: Target, last_day: str, late: bool) -> Iterator[Difference]:
    """A visit that is missing on the day of the report, or came after the task's last day."""
    if late:
        yield Difference(target.id, target.name, _("not visited by {day}").format(day=last_day))
    elif target.visited > last_day:
        yield Difference(
            target.id,
            target.name,
            _("visited on {visit}, after the last day, {day}").format(
                visit=target.visited, day=last_day
            ),
        )


def _check_publication(target: Target, by: LastDay, as_of: date) -> Iterator[Difference]:
    if not target.published and by.is_over(as_of):
        yield Difference(target.id, target.name, _("result not published by {day}").format(day=by))
    elif target.published and by.is_over(date.fromisoformat(target.published)):
        yield Difference(
            target.id,
            target.name,
            _("published on {day}, after {by}").format(day=target.published, by=by),
        )


def _find_shared_numbers(case: Case) -> Iterator[Difference]:
    """Yield numbers that several targets' papers share; a 通知书 or 检查码 belongs to one target."""
    for step in PAPERS:
        if step in (
            Step.approved,
            Step.published,
        ):  # one approval or one publication of results may cover several targets
            continue
        papers = [
            (target, target.papers[step]) for target in case.active_targets if step in target.papers
        ]
        numbers = Counter(paper.number for _one, paper in papers if paper.number)
        for target, paper in papers:
            if numbers[paper.number] > 1:
                yield Difference(
                    target.id,
                    target.name,
                    _("{step}: the number {number} stands at {count} institutions").format(
                        step=code_word(STEP, step), number=paper.number, count=numbers[paper.number]
                    ),
                )
