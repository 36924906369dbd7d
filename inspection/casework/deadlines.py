"""Duties and their deadlines (到期事项): visits, publication of lists and results, rechecks, objections."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from double_random.core.errors import DoubleRandomError
from double_random.core.translation import N_, _, join_words
from double_random.core.working_days import Calendar, LastDay, load_calendar
from double_random.credit.reports.objections import list_objections
from double_random.inspection.case.case_file import read_case
from double_random.inspection.casework.joint_visits import is_due_here
from double_random.inspection.draw.draw_state import replay_states
from double_random.inspection.planning.items import InspectionItem, load_items
from double_random.inspection.planning.local_rules import PlaceRules, load_place_rules

if TYPE_CHECKING:
    from double_random.inspection.case.model import Case
    from double_random.inspection.case.target import Target
    from double_random.store.home import Home


class DutyKind(enum.StrEnum):
    """Kind of duty."""

    list = N_("publish the list")  # 公开抽取名单
    visit = N_("visit")  # 实施检查; after its last day the target counts as 未检查
    publish = N_("publish the result")  # 公示检查结果
    recheck = N_("check again")  # 复查
    repair = N_("repair the draw's files")  # its duties are unknown until then
    objection = N_("look into the objection")  # 异议核查


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One duty, with its last day."""

    by: date
    kind: DutyKind
    draw: str
    target: str
    name: str
    overdue: bool
    basis: str
    waits_for: int = 0  # the year whose holiday notice is missing; `by` is then an estimate


def list_duties(home: Home, as_of: date) -> tuple[Duty, ...]:
    """List every open duty by its last day, including those whose day awaits a holiday notice."""
    return tuple(
        sorted(
            _find_duties(home, as_of), key=lambda duty: (duty.by, duty.draw, duty.kind, duty.target)
        )
    )


def count_duties(duties: Iterable[Duty]) -> dict[str, int]:
    """Count duties: all, overdue ones, and those that await a holiday notice."""
    all_duties = list(duties)
    return {
        "open": len(all_duties),
        "overdue": sum(duty.overdue for duty in all_duties),
        "wait_for_notice": sum(bool(duty.waits_for) for duty in all_duties),
    }


def find_not_visited(case: Case, as_of: date) -> tuple[Target, ...]:
    """Return the targets that were not visited by the task's last day (未检查)."""
    late = as_of > date.fromisoformat(case.task.last_day)
    return tuple(target for target in case.active_targets if late and not target.visited)


@dataclass(frozen=True)
class Deadlines:
    """Deadlines of publication in working days: by the item's own rule, else by the local rule."""

    rules: PlaceRules
    days: Calendar
    items: Mapping[str, InspectionItem]

    @classmethod
    def from_home(cls, home: Home) -> Deadlines:
        """Read rules, calendar and items from a home's facts."""
        return cls(
            load_place_rules(home),
            load_calendar(home),
            {item.id: item for item in load_items(home)},
        )

    def publication_deadline(self, target: Target) -> tuple[LastDay, str]:
        """Return the last day for a visited target's result and its legal reference; the strictest item counts."""
        visited = date.fromisoformat(target.visited)
        local_rule = self.rules.require_rule("publish_within", visited)
        candidates = [(local_rule.value, local_rule.reference)]
        item_rules = [self.items[id].rule_on(visited) for id in target.items if id in self.items]
        candidates = [
            (r.publish_within, r.reference) for r in item_rules if r.publish_within
        ] or candidates
        count, reference = min(candidates)
        return self.days.last_day(visited, count), reference


def _find_duties(home: Home, as_of: date) -> Iterator[Duty]:
    for state in replay_states(home.log.entries()).values():
        if state.is_open:
            by = date.fromisoformat(state.plan["publish_by"])
            yield Duty(
                by=by,
                kind=DutyKind.list,
                draw=state.draw,
                target="",
                name="",
                overdue=as_of > by,
                basis="plan.json",
            )
    deadlines = Deadlines.from_home(home)
    cases: dict[str, Case] = {}
    for state in replay_states(home.log.entries()).values():
        if state.drawn:
            try:
                cases[state.draw] = read_case(home, state.draw, state)
            except DoubleRandomError as error:
                yield Duty(
                    by=as_of,
                    kind=DutyKind.repair,
                    draw=state.draw,
                    target="",
                    name="",
                    overdue=True,
                    basis=error.message,
                )
    for case in cases.values():
        for target in case.active_targets:
            if target.visited or is_due_here(cases, case, target):
                yield from _target_duties(case, target, as_of, deadlines)
    for objection in list_objections(home):
        if objection.until is not None:
            yield Duty(
                by=objection.until.day,
                kind=DutyKind.objection,
                draw="",
                target=objection.record,
                name=objection.name or "",
                overdue=objection.until.is_over(as_of),
                basis=objection.document or objection.number,
                waits_for=objection.until.waits_for,
            )


def _target_duties(case: Case, target: Target, as_of: date, deadlines: Deadlines) -> Iterator[Duty]:
    def make_duty(by: LastDay, kind: DutyKind, basis: str) -> Duty:
        return Duty(
            by=by.day,
            kind=kind,
            draw=case.draw,
            target=target.id,
            name=target.name,
            overdue=by.is_over(as_of),
            basis=basis,
            waits_for=by.waits_for,
        )

    if not target.visited:
        basis = case.task.number
        if target.joint is not None:
            draws = join_words(target.joint.draws)
            basis = _("one visit for {draws} (综合查一次) {number}").format(
                draws=draws, number=target.joint.number
            )
        yield make_duty(LastDay(date.fromisoformat(case.task.last_day)), DutyKind.visit, basis)
    elif not target.published:
        by, reference = deadlines.publication_deadline(target)
        yield make_duty(by, DutyKind.publish, reference)
    for finding in target.findings.values():
        if finding.correct_by and not finding.rechecked:
            yield make_duty(
                LastDay(date.fromisoformat(finding.correct_by)), DutyKind.recheck, finding.item
            )
