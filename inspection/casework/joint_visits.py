"""综合查一次: one visit for an institution that several open draws chose; the program proposes, a person decides.

The decision is the same act in the case file of each draw. `inspection due` then lists one visit, and
`inspection reconcile` checks that there was one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from double_random.core.china_time import day_there
from double_random.core.errors import Misuse
from double_random.core.translation import _, listed
from double_random.inspection.case.case_file import cases, read, write
from double_random.inspection.case.events import Joint
from double_random.inspection.case.validation import admit
from double_random.inspection.draw import named_parties
from double_random.inspection.draw.lifecycle import moment

if TYPE_CHECKING:
    from double_random.inspection.case.model import Case
    from double_random.inspection.case.target import Target
    from double_random.store.home import Home


def join(
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
    named = tuple(sorted(set(draws)))
    if len(named) < 2:
        raise Misuse(_("one visit serves at least two draws: name them"))
    among = {one.id: one.name for name in named for one in read(home, name).targets.values()}
    target = named_parties.institution(home, listed(named), target, among)
    made = Joint(target, named, number, date, remark)
    waiting = [case for case in (read(home, name) for name in named) if not _has(case, made)]
    for case in waiting:
        admit(case, made, (), day_there(moment(at)))
    for case in waiting:
        write(home, case.draw, [made], at)
    return made


def proposed(home: Home) -> dict[str, tuple[str, ...]]:
    """Return by institution the draws in which it awaits a visit, if they are several and not joined yet."""
    found: dict[str, tuple[str, ...]] = {}
    for case in cases(home):
        for one in case.standing:
            if not one.visited and one.joint is None:
                found[one.id] = (*found.get(one.id, ()), case.draw)
    return {id: draws for id, draws in found.items() if len(draws) > 1}


def differences(known: dict[str, Case], draw: str, one: Target) -> Iterator[str]:
    """Yield why a decided joint visit was not one: an act missing in a file, another day, or no visit for a draw."""
    assert one.joint is not None
    for name in one.joint.draws:
        other = known[name].targets.get(one.id) if name in known else None
        if name == draw:
            continue
        if other is None or other.joint != one.joint:
            yield _("{draw} says nothing of the one visit for {draws} (综合查一次)").format(
                draw=name, draws=listed(one.joint.draws)
            )
        elif other.end is None and one.visited and other.visited != one.visited:
            yield _("visited on {day} here, {other} for {draw}: it was to be one visit").format(
                day=one.visited, other=other.visited or "—", draw=name
            )


def asks_here(known: dict[str, Case], case: Case, one: Target) -> bool:
    """Whether the duty of a joint visit belongs to this draw: the draw whose last day is earliest."""
    if one.joint is None:
        return True
    open_ = [
        (known[name].task.last_day, name)
        for name in one.joint.draws
        if name in known and _waits(known[name], one)
    ]
    return min(open_, default=("", case.draw))[1] == case.draw


def _waits(case: Case, one: Target) -> bool:
    there = case.targets.get(one.id)
    return (
        there is not None and there.end is None and not there.visited and there.joint == one.joint
    )


def _has(case: Case, made: Joint) -> bool:
    return case.target(made.target).joint == made
