"""Find the institution or inspector of a draw that a user names (registry/institutions/resolver.py)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import _
from double_random.registry.institutions.resolver import Known, choose, matching

if TYPE_CHECKING:
    from double_random.store.home import Home


def institution(home: Home, draw: str, asked: str, among: Mapping[str, str]) -> str:
    """The id of the institution in `among` (id → name in the draw) that a code, licence number or name matches.

    Codes, licence numbers and former names are those of the register. Misuse if none or several match.
    """
    if asked in among:
        return asked
    register = _register(home)
    mine = [_with_name(register.get(id, Known(id, name)), name) for id, name in among.items()]
    found = matching(asked, mine)
    if not found:
        others = matching(asked, register.values())
        if others:
            raise Misuse(
                _("{name} was not drawn in {draw}, or has given up its place").format(
                    name=others[0] if len(others) == 1 else asked, draw=draw
                ),
                _("see who was: double-random inspection show {draw}").format(draw=draw),
            )
    return choose(
        asked,
        mine,
        _("no institution of {draw} is known as {asked}").format(draw=draw, asked=asked),
        _("see who was: double-random inspection show {draw}").format(draw=draw),
    ).id


def anybody(home: Home, asked: str, among: Mapping[str, str]) -> str:
    """The id of the institution that matches, by the register and by the names in past draws."""
    if asked in among:
        return asked
    register = _register(home)
    for id, name in among.items():
        register[id] = _with_name(register.get(id, Known(id, name)), name)
    return choose(
        asked,
        list(register.values()),
        _("no institution is known as {asked}").format(asked=asked),
        _("find its code with: double-random registry list"),
    ).id


def inspector(
    asked: str, names: Mapping[str, str], badges: Mapping[str, str], team: Iterable[str]
) -> str:
    """The number in the plan of the inspector that a certificate number or a name matches.

    `names`: number → name; `badges`: certificate number → number. Members of the team take precedence.
    """
    by_number = {number: badge for badge, number in badges.items()}
    everybody = {
        number: Known(number, name, (by_number.get(number, ""),)) for number, name in names.items()
    }
    mine = matching(asked, [everybody[one] for one in team if one in everybody])
    if len(mine) == 1:
        return mine[0].id
    return choose(
        asked,
        list(everybody.values()),
        _("no inspector of this draw is known as {asked}").format(asked=asked),
        _("name the certificate number, or the name as the roster has it"),
    ).id


def _register(home: Home) -> dict[str, Known]:
    """The register by id; empty if it cannot be read: the names in the draw are enough."""
    from double_random.registry.institutions.queries import everybody

    try:
        with home.releases.read() as release:
            return {one.id: one for one in everybody(release)}
    except DoubleRandomError:
        return {}


def _with_name(known: Known, name: str) -> Known:
    """The same party with the name that the draw uses."""
    if known.name == name:
        return known
    return Known(known.id, name, known.numbers, (known.name, *known.former))
