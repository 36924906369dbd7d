"""Reconciles a draw (核对): drawn, approved, notified, coded, visited, published; each difference as a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from double_random.core.translation import _, listed
from double_random.core.vocabulary import STEP, word
from double_random.inspection.case.case_file import cases, read
from double_random.inspection.case.steps import ORDER, PAPERS, Step
from double_random.inspection.casework.deadlines import Deadlines, not_visited
from double_random.inspection.casework.joint_visits import differences, proposed

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
class Reconciled:
    """Counts of a draw's targets by the steps on file, and their discrepancies."""

    case: Case
    drawn: int  # by the draw itself
    came_in: int  # by 递补
    reached: dict[Step, int]  # targets to be visited that have this step on file
    ended: dict[Step, int]  # replaced, void
    differences: tuple[Difference, ...]


def reconcile(home: Home, draw: str, as_of: date) -> Reconciled:
    """Reconcile one draw on a day. Always: drawn + came in = still to be visited or visited + replaced + void."""
    case = read(home, draw)
    everybody = tuple(case.targets.values())
    reached = {
        step: sum(step is Step.drawn or one.has(step) for one in case.standing) for step in ORDER
    }
    ended = {step: sum(one.end is step for one in everybody) for step in (Step.replaced, Step.void)}
    drawn = sum(not one.instead_of for one in everybody)
    came_in = len(everybody) - drawn
    if drawn + came_in != reached[Step.drawn] + sum(ended.values()):
        raise AssertionError(f"{draw}: a target is lost")  # a defect of the program: stop
    return Reconciled(
        case=case,
        drawn=drawn,
        came_in=came_in,
        reached=reached,
        ended=ended,
        differences=tuple(_differences(home, case, as_of)),
    )


def together(home: Home) -> dict[str, tuple[str, ...]]:
    """Return by institution the draws in which it awaits its visit; several draws suggest a joint visit."""
    found: dict[str, tuple[str, ...]] = {}
    for case in cases(home):
        for one in case.standing:
            if not one.visited:
                found[one.id] = (*found.get(one.id, ()), case.draw)
    return found


def _differences(home: Home, case: Case, as_of: date) -> Iterator[Difference]:
    deadlines = Deadlines.of(home)
    late = {one.id for one in not_visited(case, as_of)}
    for one in case.targets.values():
        if one.end is not None:
            if one.end is Step.replaced and not one.successor:
                yield Difference(one.id, one.name, _("no reserve was left: the place is empty"))
            if one.visited:
                yield Difference(one.id, one.name, _("visited, and then replaced or made void"))
            continue
        binds = bool(one.visited) and deadlines.rules.code_binds(date.fromisoformat(one.visited))
        for step in one.missing(binds):
            yield Difference(one.id, one.name, _("no paper: {step}").format(step=word(STEP, step)))
        for step in one.late():
            yield Difference(
                one.id,
                one.name,
                _("{step} is dated {day}, after the visit of {visit}").format(
                    step=word(STEP, step), day=one.papers[step].date, visit=one.visited
                ),
            )
        if one.id in late:
            yield Difference(
                one.id, one.name, _("not visited by {day}").format(day=case.task.last_day)
            )
        elif one.visited > case.task.last_day:
            yield Difference(
                one.id,
                one.name,
                _("visited on {visit}, after the last day, {day}").format(
                    visit=one.visited, day=case.task.last_day
                ),
            )
        if one.visited:
            yield from _publication(one, deadlines.publish(one)[0], as_of)
    yield from _same_number(case)
    waiting, known = proposed(home), {other.draw: other for other in cases(home)}
    for one in case.standing:
        if one.joint is not None:
            for what in differences(known, case.draw, one):
                yield Difference(one.id, one.name, what)
        others = waiting.get(one.id, ())
        if case.draw in others:
            yield Difference(
                one.id,
                one.name,
                _("drawn in {draws}: one visit for all is proposed (综合查一次)").format(
                    draws=listed(others)
                ),
            )


def _publication(one: Target, by: LastDay, as_of: date) -> Iterator[Difference]:
    if not one.published and by.passed(as_of):
        yield Difference(one.id, one.name, _("result not published by {day}").format(day=by))
    elif one.published and by.passed(date.fromisoformat(one.published)):
        yield Difference(
            one.id,
            one.name,
            _("published on {day}, after {by}").format(day=one.published, by=by),
        )


def _same_number(case: Case) -> Iterator[Difference]:
    """Yield numbers that several targets' papers share; a 通知书 or 检查码 belongs to one target."""
    for step in PAPERS:
        if step in (
            Step.approved,
            Step.published,
        ):  # one approval or one publication of results may cover several targets
            continue
        papers = [(one, one.papers[step]) for one in case.standing if step in one.papers]
        numbers = Counter(paper.number for _one, paper in papers if paper.number)
        for one, paper in papers:
            if numbers[paper.number] > 1:
                yield Difference(
                    one.id,
                    one.name,
                    _("{step}: the number {number} stands at {count} institutions").format(
                        step=word(STEP, step), number=paper.number, count=numbers[paper.number]
                    ),
                )
