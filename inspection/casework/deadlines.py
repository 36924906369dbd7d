"""Duties and their deadlines (到期事项): visits, publication of lists and results, rechecks, objections."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from double_random.core.errors import DoubleRandomError
from double_random.core.translation import N_, _, listed
from double_random.core.working_days import Calendar, LastDay, calendar
from double_random.credit.reports.objections import objections
from double_random.inspection.case.case_file import read
from double_random.inspection.casework.joint_visits import asks_here
from double_random.inspection.draw.draw_state import states
from double_random.inspection.planning.items import Item, items
from double_random.inspection.planning.local_rules import PlaceRules, place_rules

if TYPE_CHECKING:
    from double_random.inspection.case.model import Case
    from double_random.inspection.case.target import Target
    from double_random.store.home import Home


class Kind(enum.StrEnum):
    """Kind of duty."""

    list = N_("publish the list")  # 公开抽取名单
    visit = N_("visit")  # 实施检查; after its last day the target counts as 未检查
    publish = N_("publish the result")  # 公示检查结果
    recheck = N_("check again")  # 复查
    repair = N_("repair the draw's files")  # its duties are unknown until then
    objection = N_("look into the objection")  # 异议核查


@dataclass(frozen=True, kw_only=True)
class Due:
    """One duty, with its last day."""

    by: date
    kind: Kind
    draw: str
    target: str
    name: str
    overdue: bool
    basis: str
    waits_for: int = 0  # the year whose holiday notice is missing; `by` is then an estimate


def due(home: Home, as_of: date) -> tuple[Due, ...]:
    """List every open duty by its last day, including those whose day awaits a holiday notice."""
    return tuple(
        sorted(_all(home, as_of), key=lambda one: (one.by, one.draw, one.kind, one.target))
    )


def counts(duties: Iterable[Due]) -> dict[str, int]:
    """Count duties: all, overdue ones, and those that await a holiday notice."""
    found = list(duties)
    return {
        "open": len(found),
        "overdue": sum(one.overdue for one in found),
        "wait_for_notice": sum(bool(one.waits_for) for one in found),
    }


def not_visited(case: Case, as_of: date) -> tuple[Target, ...]:
    """Return the targets that were not visited by the task's last day (未检查)."""
    late = as_of > date.fromisoformat(case.task.last_day)
    return tuple(one for one in case.standing if late and not one.visited)


@dataclass(frozen=True)
class Deadlines:
    """Deadlines of publication in working days: by the item's own rule, else by the local rule."""

    rules: PlaceRules
    days: Calendar
    items: Mapping[str, Item]

    @classmethod
    def of(cls, home: Home) -> Deadlines:
        """Read rules, calendar and items from a home's facts."""
        return cls(place_rules(home), calendar(home), {one.id: one for one in items(home)})

    def publish(self, target: Target) -> tuple[LastDay, str]:
        """Return the last day for a visited target's result and its legal reference; the strictest item counts."""
        visited = date.fromisoformat(target.visited)
        place = self.rules.on("publish_within", visited)
        found = [(place.value, place.reference)]
        own = [self.items[id].rule(visited) for id in target.items if id in self.items]
        found = [(r.publish_within, r.reference) for r in own if r.publish_within] or found
        count, reference = min(found)
        return self.days.last_day(visited, count), reference


def _all(home: Home, as_of: date) -> Iterator[Due]:
    for state in states(home.log.entries()).values():
        if state.open:
            by = date.fromisoformat(state.plan["publish_by"])
            yield Due(
                by=by,
                kind=Kind.list,
                draw=state.draw,
                target="",
                name="",
                overdue=as_of > by,
                basis="plan.json",
            )
    deadlines = Deadlines.of(home)
    known: dict[str, Case] = {}
    for state in states(home.log.entries()).values():
        if state.drawn:
            try:
                known[state.draw] = read(home, state.draw, state)
            except DoubleRandomError as error:
                yield Due(
                    by=as_of,
                    kind=Kind.repair,
                    draw=state.draw,
                    target="",
                    name="",
                    overdue=True,
                    basis=error.message,
                )
    for case in known.values():
        for target in case.standing:
            if target.visited or asks_here(known, case, target):
                yield from _of_target(case, target, as_of, deadlines)
    for one in objections(home):
        if one.until is not None:
            yield Due(
                by=one.until.day,
                kind=Kind.objection,
                draw="",
                target=one.record,
                name=one.name or "",
                overdue=one.until.passed(as_of),
                basis=one.document or one.number,
                waits_for=one.until.waits_for,
            )


def _of_target(case: Case, target: Target, as_of: date, deadlines: Deadlines) -> Iterator[Due]:
    def one(by: LastDay, kind: Kind, basis: str) -> Due:
        return Due(
            by=by.day,
            kind=kind,
            draw=case.draw,
            target=target.id,
            name=target.name,
            overdue=by.passed(as_of),
            basis=basis,
            waits_for=by.waits_for,
        )

    if not target.visited:
        basis = case.task.number
        if target.joint is not None:
            draws = listed(target.joint.draws)
            basis = _("one visit for {draws} (综合查一次) {number}").format(
                draws=draws, number=target.joint.number
            )
        yield one(LastDay(date.fromisoformat(case.task.last_day)), Kind.visit, basis)
    elif not target.published:
        by, reference = deadlines.publish(target)
        yield one(by, Kind.publish, reference)
    for finding in target.findings.values():
        if finding.correct_by and not finding.rechecked:
            yield one(LastDay(date.fromisoformat(finding.correct_by)), Kind.recheck, finding.item)
