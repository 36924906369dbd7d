"""Find the institution or inspector of a draw that a user names (registry/institutions/resolver.py)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import _
from double_random.registry.institutions.resolver import KnownParty, choose_match, find_matching

if TYPE_CHECKING:
    from double_random.store.home import Home


def find_institution(home: Home, draw: str, query: str, among: Mapping[str, str]) -> str:
    """The id of the institution in `among` (id → name in the draw) that a code, licence number or name matches.

    Codes, licence numbers and former names are those of the register. Misuse if none or several match.
    """
    if query in among:
        return query
    register = _load_register(home)
    candidates = [
        _with_name(register.get(id, KnownParty(id, name)), name) for id, name in among.items()
    ]
    matches = find_matching(query, candidates)
    if not matches:
        others = find_matching(query, register.values())
        if others:
            raise Misuse(
                _("{name} was not drawn in {draw}, or has given up its place").format(
                    name=others[0] if len(others) == 1 else query, draw=draw
                ),
                _("see who was: double-random inspection show {draw}").format(draw=draw),
            )
    return choose_match(
        query,
        candidates,
        _("no institution of {draw} is known as {asked}").format(draw=draw, asked=query),
        _("see who was: double-random inspection show {draw}").format(draw=draw),
    ).id


def find_any_institution(home: Home, query: str, among: Mapping[str, str]) -> str:
    """The id of the institution that matches, by the register and by the names in past draws."""
    if query in among:
        return query
    register = _load_register(home)
    for id, name in among.items():
        register[id] = _with_name(register.get(id, KnownParty(id, name)), name)
    return choose_match(
        query,
        list(register.values()),
        _("no institution is known as {asked}").format(asked=query),
        _("find its code with: double-random registry list"),
    ).id


def find_inspector(
    query: str, names: Mapping[str, str], badges: Mapping[str, str], team: Iterable[str]
) -> str:
    """The number in the plan of the inspector that a certificate number or a name matches.

    `names`: number → name; `badges`: certificate number → number. Members of the team take precedence.
    """
    by_number = {number: badge for badge, number in badges.items()}
    everybody = {
        number: KnownParty(number, name, (by_number.get(number, ""),))
        for number, name in names.items()
    }
    in_team = find_matching(query, [everybody[member] for member in team if member in everybody])
    if len(in_team) == 1:
        return in_team[0].id
    return choose_match(
        query,
        list(everybody.values()),
        _("no inspector of this draw is known as {asked}").format(asked=query),
        _("name the certificate number, or the name as the roster has it"),
    ).id


def _load_register(home: Home) -> dict[str, KnownParty]:
    """The register by id; empty if it cannot be read: the names in the draw are enough."""
    from double_random.registry.institutions.queries import list_institutions

    try:
        with home.releases.read() as release:
            return {row.id: row for row in list_institutions(release)}
    except DoubleRandomError:
        return {}


def _with_name(party: KnownParty, name: str) -> KnownParty:
    """The same party with the name that the draw uses."""
    if party.name == name:
        return party
    return KnownParty(party.id, name, party.numbers, (party.name, *party.former))
