"""综合查一次: one visit for an institution that several open draws chose; the program proposes, a person decides.

The decision is the same act in the case file of each draw. `inspection due` then lists one visit, and
`inspection reconcile` checks that there was one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from double_random.core.china_time import china_day
from double_random.core.errors import Misuse
from double_random.core.translation import _, join_words
from double_random.inspection.case.case_file import append_acts, read_case, read_cases
from double_random.inspection.case.events import Joint
from double_random.inspection.case.validation import validate_content
from double_random.inspection.draw import named_parties

if TYPE_CHECKING:
    from double_random.inspection.case.model import Case
    from double_random.inspection.case.target import Target
    from double_random.store.home import Home


def decide_joint_visit(
    home: Home,
    target: str,
    draws: Sequence[str],
    number: str,
    date: str,
    at: str,
    remark: str = "",
) -> Joint:
    """Record that one visit serves several draws; Misuse, with nothing written, if one of the draws cannot have it.

    Repeated after an interruption, it adds only what is missing.
    """
    from double_random.inspection.draw.lifecycle import check_act_time

    named = tuple(sorted(set(draws)))
    if len(named) < 2:
        raise Misuse(_("one visit serves at least two draws: name them"))
    among = {
        candidate.id: candidate.name
        for name in named
        for candidate in read_case(home, name).targets.values()
    }
    target = named_parties.find_institution(home, join_words(named), target, among)
    joint = Joint(target, named, number, date, remark)
    waiting = [
        case
        for case in (read_case(home, name) for name in named)
        if not _has_joint_visit(case, joint)
    ]
    for case in waiting:
        validate_content(case, joint, (), china_day(check_act_time(at)))
    for case in waiting:
        append_acts(home, case.draw, [joint], at)
    return joint


def propose_joint_visits(home: Home) -> dict[str, tuple[str, ...]]:
    """Return by institution the draws in which it awaits a visit, if they are several and not joined yet."""
    waiting: dict[str, tuple[str, ...]] = {}
    for case in read_cases(home):
        for target in case.active_targets:
            if not target.visited and target.joint is None:
                waiting[target.id] = (*waiting.get(target.id, ()), case.draw)
    return {id: draws for id, draws in waiting.items() if len(draws) > 1}


def find_joint_differences(
    cases_by_draw: dict[str, Case], draw: str, target: Target
) -> Iterator[str]:
    """Yield why a decided joint visit was not one: an act missing in a file, another day, or no visit for a draw."""
    assert target.joint is not None
    for name in target.joint.draws:
        other = cases_by_draw[name].targets.get(target.id) if name in cases_by_draw else None
        if name == draw:
            continue
        if other is None or other.joint != target.joint:
            yield _("{draw} says nothing of the one visit for {draws} (综合查一次)").format(
                draw=name, draws=join_words(target.joint.draws)
            )
        elif other.end is None and target.visited and other.visited != target.visited:
            yield _("visited on {day} here, {other} for {draw}: it was to be one visit").format(
                day=target.visited, other=other.visited or "—", draw=name
            )


def is_due_here(cases_by_draw: dict[str, Case], case: Case, target: Target) -> bool:
    """Whether the duty of a joint visit belongs to this draw: the draw whose last day is earliest."""
    if target.joint is None:
        return True
    open_ = [
        (cases_by_draw[name].task.last_day, name)
        for name in target.joint.draws
        if name in cases_by_draw and _is_waiting(cases_by_draw[name], target)
    ]
    return min(open_, default=("", case.draw))[1] == case.draw


def _is_waiting(case: Case, target: Target) -> bool:
    counterpart = case.targets.get(target.id)
    return (
        counterpart is not None
        and counterpart.end is None
        and not counterpart.visited
        and counterpart.joint == target.joint
    )


def _has_joint_visit(case: Case, joint: Joint) -> bool:
    return case.target(joint.target).joint == joint
