"""A policy on one day as small tables, which the scoring SQL joins: every date in them is worked out.

Rules, groups and vetoes go by number, in the order of the file; `policy_entries` has their words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from credit.periods import earliest_start
from credit.policy import InForce, Price, Rule

if TYPE_CHECKING:
    import polars

EVER = date(9999, 12, 31)
NEVER = date(1, 1, 1)
MOST = 2**62  # above every fine and every score

Sort = tuple[
    int, str, str, str
]  # its number; class, kinds joined by a blank, state: as they stand in the records
PAIRING = {
    "complaint": 1,
    "penalty": 2,
    "sanction": 2,
}  # who gives way to whom, where the dearer one counts

COLUMNS = {
    "policy_frame": "as_of:day known_at only_some:no base floor_points ceiling_points",
    "policy_only": "institution:text",
    "policy_kinds": "kind:text",
    "policy_sorts": "sort:no class:text drops:no oldest:day",
    "policy_families": "sort:no fine_from fine_below family_no:no",
    "policy_prices": "sort:no fine_from fine_below rule_no:no pairing:no grp_no:no family_no:no"
    " from_end:no repeat_within repeat_points started_from:day started_before:day points",
    "policy_rules": "rule_no:no cap",
    "policy_groups": "grp_no:no cap",
    "policy_veto_matches": "sort:no fine_from fine_below veto_no:no",
    "policy_vetoes": "veto_no:no worst:no started_from:day",
    "policy_grades": "grade:text grade_rank:no lowest below",
    "policy_entries": "stage:no place:no entry:no part:text rule:text reference:text",
}


@dataclass(frozen=True)
class Question:
    """What is asked: the day, the run up to whose end records are known, and perhaps about some institutions alone."""

    as_of: date
    known_at: int
    only: tuple[str, ...] | None = None  # None: about all


def tables(
    rules: InForce, question: Question, sorts: Iterable[Sort]
) -> dict[str, polars.DataFrame]:
    """The tables policy_* by name. `sorts` are the sorts of records that the ledger knows."""
    sorts = sorted(sorts)
    scale, as_of = rules.scale, question.as_of
    repeating = sorted({r.family for r, p in rules.rules if p.repeat is not None})
    families = {family: no for no, family in enumerate(repeating)}
    matched = list(_matched(rules, sorts))
    rows: dict[str, list[tuple[object, ...]]] = {
        "policy_frame": [
            (
                as_of,
                question.known_at,
                int(question.only is not None),
                scale.base,
                scale.floor,
                scale.ceiling,
            )
        ],
        "policy_only": [(institution,) for institution in question.only or ()],
        "policy_kinds": [(kind,) for kind in rules.policy.subjects],
        "policy_sorts": [
            (sort, name, int(rules.drops(name, state)), _oldest(rules, (name, kinds, state), as_of))
            for sort, name, kinds, state in sorts
        ],
        "policy_families": [
            (sort, fine_from, fine_below, families[rule.family])
            for sort, fine_from, fine_below, rule in matched
            if rule.family in families
        ],
        "policy_prices": list(_prices(rules, matched, families, as_of)),
        "policy_rules": [(no, price.cap) for no, (_rule, price) in enumerate(rules.rules)],
        "policy_groups": [(no, limit.cap) for no, (_group, limit) in enumerate(rules.groups)],
        "policy_veto_matches": list(_veto_matches(rules, sorts)),
        "policy_vetoes": _vetoes(rules, as_of),
        "policy_grades": _grades(rules),
        "policy_entries": list(_entries(rules)),
    }
    return {name: _frame(name, rows[name]) for name in COLUMNS}


def _frame(name: str, rows: list[tuple[object, ...]]) -> polars.DataFrame:
    import polars

    types = {"": polars.Int64, "no": polars.Int32, "text": polars.String, "day": polars.Date}
    columns = [column.partition(":") for column in COLUMNS[name].split()]
    schema = {column: types[kind] for column, _colon, kind in columns}
    return polars.DataFrame(rows, schema=schema, orient="row")


def _fines(rules: InForce) -> Iterable[tuple[int, int]]:
    """Sizes of fine between which no rule makes a difference: from … below …, in fen."""
    return pairwise((*rules.fines, MOST))


def _matched(rules: InForce, sorts: list[Sort]) -> Iterable[tuple[int, int, int, Rule]]:
    """The rule for each sort and size of fine: sort, fine from, fine below, rule."""
    for sort, name, kinds, state in sorts:
        for fine_from, fine_below in _fines(rules):
            rule = rules.rule_for(name, kinds.split(), state, fine_from)
            if rule is not None:
                yield sort, fine_from, fine_below, rule


def _prices(
    rules: InForce,
    matched: list[tuple[int, int, int, Rule]],
    families: dict[str, int],
    as_of: date,
) -> Iterable[tuple[object, ...]]:
    """What a record of a sort costs, a row a step; its family by number, none where no repeat asks for it."""
    prices = {rule.id: price for rule, price in rules.rules}
    numbers = {rule.id: no for no, (rule, _price) in enumerate(rules.rules)}
    groups = {group.id: no for no, (group, _limit) in enumerate(rules.groups)}
    dearer = rules.policy.pairs == "dearer"
    for sort, fine_from, fine_below, rule in matched:
        repeat = prices[rule.id].repeat
        for step in _steps(prices[rule.id], as_of):
            yield (
                sort,
                fine_from,
                fine_below,
                numbers[rule.id],
                PAIRING.get(rule.match.record_class, 0) if dearer else 0,
                None if rule.group is None else groups[rule.group],
                families.get(rule.family),
                int(rule.counts_from == "ends"),
                repeat.within if repeat else None,
                repeat.points if repeat else None,
                *step,
            )


def _oldest(rules: InForce, case: tuple[str, str, str], as_of: date) -> date:
    """The first day on which a record of this class, kinds and state can begin or end and still matter; EVER: never.

    It matters while a step or a veto runs, and as the earlier one of a repeat, however long before: then as long as
    the later one's step runs, and the window before that.
    """
    name, kinds, state = case
    found = [EVER]
    for fine, _below in _fines(rules):
        ends = {veto.id: end for veto, end in rules.vetoes}
        for veto in rules.vetoes_for(name, kinds.split(), state, fine):
            found.append(_since(ends[veto.id].months, as_of))
        rule = rules.rule_for(name, kinds.split(), state, fine)
        if rule is None:
            continue
        for other, price in rules.rules:
            if other is rule and price.steps:
                found.append(_since(price.steps[-1].months, as_of))
            if other.family == rule.family and price.repeat is not None and price.steps:
                months = price.steps[-1].months
                bounded = months is not None and other.counts_from == "decided"
                reach = months + price.repeat.within + 1 if bounded and months is not None else None
                found.append(_since(reach, as_of))
    return min(found)


def _since(months: int | None, as_of: date) -> date:
    return NEVER if months is None else earliest_start(as_of, months)


def _veto_matches(rules: InForce, sorts: list[Sort]) -> Iterable[tuple[object, ...]]:
    numbers = {veto.id: no for no, (veto, _end) in enumerate(rules.vetoes)}
    for sort, name, kinds, state in sorts:
        for fine_from, fine_below in _fines(rules):
            for veto in rules.vetoes_for(name, kinds.split(), state, fine_from):
                yield sort, fine_from, fine_below, numbers[veto.id]


def _vetoes(rules: InForce, as_of: date) -> list[tuple[object, ...]]:
    rank = {bound.grade: place for place, bound in enumerate(rules.scale.bounds)}
    return [
        (no, rank[end.grade], _since(end.months, as_of))
        for no, (_veto, end) in enumerate(rules.vetoes)
    ]


def _grades(rules: InForce) -> list[tuple[object, ...]]:
    bounds = rules.scale.bounds
    lowest = [-MOST if bound.lowest is None else bound.lowest for bound in bounds]
    above = [MOST, *lowest]
    return [(bound.grade, place, lowest[place], above[place]) for place, bound in enumerate(bounds)]


def _entries(rules: InForce) -> Iterable[tuple[object, ...]]:
    """The words of the lines: what part of the reckoning, which rule, group or veto, its reference."""
    yield 0, 0, 0, "base", "base", rules.scale.reference
    for no, (rule, price) in enumerate(rules.rules):
        for place, part in ((1, "record"), (2, "repeat"), (3, "pair")):
            yield 1, place, no, part, rule.id, price.reference
        yield 2, 0, no, "rule cap", rule.id, price.reference
    for no, (group, limit) in enumerate(rules.groups):
        yield 3, 0, no, "group cap", group.id, limit.reference
    yield 4, 0, 0, "limit", "limit", rules.scale.reference
    for no, (veto, end) in enumerate(rules.vetoes):
        yield 5, 0, no, "veto", veto.id, end.reference


def _steps(price: Price, as_of: date) -> list[tuple[date, date, int]]:
    """Each step as the starts for which it is the one: from … before …, in days."""
    found = []
    before = EVER
    for step in price.steps:
        since = _since(step.months, as_of)
        found.append((since, before, step.points))
        before = since
    return found
