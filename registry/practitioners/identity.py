"""Whose a person's permit is: by its licence number, if the name agrees. Pure, and independent of the order of rows.

A number belongs to the name of its earliest decision, and to the names that decisions under it change that name to
(原姓名). Decisions of another name under it wait: two persons are never made one. A decision that changes a number
(原执业证号) joins both numbers to one person if the name agrees on both sides; the person's id is the first of the
numbers, so it stays when the number changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class PermitClaim:
    """What a decision says of who it is about."""

    decision: str
    licence: str
    folded: str
    former_name: str | None
    former_licence: str | None
    decided: date


@dataclass(frozen=True)
class Ownership:
    """The owners of decisions by decision, and those that wait because their number is another person's."""

    owners: dict[str, str]
    held: frozenset[str]


def assign_claims(claims: Sequence[PermitClaim]) -> Ownership:
    """The person of each decision. The claims must have all decisions under their numbers, former ones included."""
    by_number: dict[str, list[PermitClaim]] = {}
    for claim in claims:
        by_number.setdefault(claim.licence, []).append(claim)
    names = {number: _names_of_number(rows) for number, rows in by_number.items()}
    agreed = [claim for claim in claims if _agrees(claim, names[claim.licence])]
    changes = sorted(
        {
            (claim.former_licence, claim.licence)
            for claim in agreed
            if claim.former_licence
            and _agrees(claim, names.get(claim.former_licence, _own_names(claim)))
        }
    )
    strangers = {
        claim.decision
        for claim in agreed
        if claim.former_licence and (claim.former_licence, claim.licence) not in changes
    }
    roots = _find_roots(by_number, changes)
    owners = {
        claim.decision: "P:" + roots[claim.licence]
        for claim in agreed
        if claim.decision not in strangers
    }
    return Ownership(owners, frozenset(c.decision for c in claims if c.decision not in owners))


def _own_names(claim: PermitClaim) -> set[str]:
    return {claim.folded, *([claim.former_name] if claim.former_name else [])}


def _agrees(claim: PermitClaim, names: set[str]) -> bool:
    return not names.isdisjoint(_own_names(claim))


def _names_of_number(claims: Iterable[PermitClaim]) -> set[str]:
    """The names of the person of one number: the earliest decision's, and those that it was changed from and to."""
    ordered = sorted(claims, key=lambda c: (c.decided, c.folded, c.decision))
    names = {ordered[0].folded}
    changes = [_own_names(claim) for claim in ordered if claim.former_name]
    grown = True
    while grown:
        before = len(names)
        for change in changes:
            if not names.isdisjoint(change):
                names |= change
        grown = len(names) > before
    return names


def _find_roots(
    by_number: dict[str, list[PermitClaim]], changes: Sequence[tuple[str, str]]
) -> dict[str, str]:
    """Each number's first one: of the numbers that one person had, one that replaced none, the earliest decided."""
    joined: dict[str, str] = {}

    def find(number: str) -> str:
        while joined.setdefault(number, number) != number:
            number = joined[number]
        return number

    for former, licence in changes:
        joined[find(former)] = find(licence)
    groups: dict[str, list[str]] = {}
    for number in sorted({*by_number, *(number for change in changes for number in change)}):
        groups.setdefault(find(number), []).append(number)
    replacing = {licence for _former, licence in changes}
    roots: dict[str, str] = {}
    for numbers in groups.values():
        first = [number for number in numbers if number not in replacing] or numbers
        root = min(
            first,
            key=lambda n: (min((c.decided for c in by_number.get(n, ())), default=date.min), n),
        )
        roots |= dict.fromkeys(numbers, root)
    return roots
