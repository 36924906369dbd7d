"""A policy on one day as small tables for the scoring SQL; every date in them is computed, as a number.

Rules, groups and vetoes are numbered in file order; `policy_entries` has their words. Days are numbers as in
periods.py; a missing bound becomes a number that no value reaches.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from double_random.core.periods import MONTH, day_number
from double_random.credit.policy.model import InForce, Price, Rule

if TYPE_CHECKING:
    import polars

MOST = 2**62  # greater than every fine and every score
LAST = 2**30  # greater than the number of every day
SHARED_SORTS = 1_000_000  # added to the number of a sort where a record counts for another party
ALONE = -1  # the group number of rules without a group

Sort = tuple[
    int, str, str, str
]  # its number; class, kinds joined by a blank, state: as in the records
PAIRING = {
    "complaint": 1,
    "penalty": 2,
    "sanction": 2,
}  # which side of a pair a class is, if only the dearer one counts

COLUMNS = {
    "policy_frame": "base floor_points ceiling_points",
    "policy_only": "institution:text",
    "policy_kinds": "kind:text",
    "policy_sorts": "sort:no class:text drops:no",
    "policy_prices": "sort:no fine_from fine_below from_end:no started_from:no started_before:no oldest:no"
    " rule_no:no points family_no:no",
    "policy_rules": "rule_no:no grp_no:no pairing:no low high span:no repeat_within:no repeat_points",
    "policy_groups": "grp_no:no low high",
    "policy_vetoes": "sort:no fine_from fine_below started_from:no veto_no:no worst:no",
    "policy_grades": "grade:text grade_rank:no lowest below",
    "policy_entries": "stage:no place:no entry:no part:text rule:text reference:text",
}


@dataclass(frozen=True)
class ScoringQuery:
    """A scoring query: the day, the last run whose records are known, and optionally some institutions only."""

    as_of: date
    known_at: int
    only: tuple[str, ...] | None = None  # None: all


def build_policy_tables(
    rules: InForce, question: ScoringQuery, sorts: Iterable[Sort]
) -> dict[str, polars.DataFrame]:
    """The tables policy_* by name. `sorts` are the sorts of records in the ledger."""
    sorts = sorted(sorts)
    scale, as_of = rules.scale, day_number(question.as_of)
    rows: dict[str, list[tuple[object, ...]]] = {
        "policy_frame": [(scale.base, *_fill_bounds(scale.floor, scale.ceiling))],
        "policy_only": [(institution,) for institution in question.only or ()],
        "policy_kinds": [(kind,) for kind in rules.policy.subjects],
        "policy_sorts": [
            (sort + more, name, int(rules.drops_named_record(name, state)))
            for more in ((0, SHARED_SORTS) if rules.shared else (0,))
            for sort, name, _kinds, state in sorts
        ],
        "policy_prices": [
            *_price_rows(rules, sorts, as_of),
            *_shared_price_rows(rules, sorts, as_of),
        ],
        "policy_rules": [*_rule_rows(rules), *_shared_rule_rows(rules)],
        "policy_groups": [
            (ALONE, *_fill_bounds(None, None)),
            *_group_rows(rules),
            *_shared_group_rows(rules),
        ],
        "policy_vetoes": list(_veto_rows(rules, sorts, as_of)),
        "policy_grades": _grade_rows(rules),
        "policy_entries": list(_entry_rows(rules)),
    }
    return {name: _build_frame(name, rows[name]) for name in COLUMNS}


def _build_frame(name: str, rows: list[tuple[object, ...]]) -> polars.DataFrame:
    import polars

    types = {"": polars.Int64, "no": polars.Int32, "text": polars.String}
    columns = [column.partition(":") for column in COLUMNS[name].split()]
    schema = {column: types[kind] for column, _colon, kind in columns}
    return polars.DataFrame(rows, schema=schema, orient="row")


def _fine_bands(rules: InForce) -> Iterable[tuple[int, int]]:
    """Bands of fines in which the same rules apply: (from, below), in fen."""
    return pairwise((*rules.fine_bounds, MOST))


def _priced_sorts(
    rules: InForce, sorts: list[Sort]
) -> Iterable[tuple[Rule, int, Price, tuple[int, int, int, int]]]:
    """Each sort of records and band of fines with its rule, the rule's number and price, and a row's first columns."""
    prices = {rule.id: (no, price) for no, (rule, price) in enumerate(rules.rules)}
    for sort, name, kinds, state in sorts:
        for fines in _fine_bands(rules):
            rule = rules.rule_for(name, kinds.split(), state, fines[0])
            if rule is not None:
                yield rule, *prices[rule.id], (sort, *fines, int(rule.counts_from == "ends"))


def _price_rows(rules: InForce, sorts: list[Sort], as_of: int) -> Iterable[tuple[object, ...]]:
    """The points of each sort of records, one row a step; last, for a family, records that only make others repeats."""
    reach = _repeat_horizons(rules, as_of)
    families = {family: no for no, family in enumerate(sorted(reach))}
    for rule, no, price, key in _priced_sorts(rules, sorts):
        family = families.get(rule.family)
        before = LAST
        for step in price.steps:
            since = earliest_start(step.months, as_of)
            yield *key, since, before, 0, no, step.points, family
            before = since
        if family is not None:
            yield *key, 0, before, reach[rule.family], no, None, family


def _shared_price_rows(
    rules: InForce, sorts: list[Sort], as_of: int
) -> Iterable[tuple[object, ...]]:
    """The shared part of the points of each sort of records, under a rule number of its own; no repeats."""
    for _shared, share in rules.shared[:1]:
        for _rule, no, price, (sort, *key) in _priced_sorts(rules, sorts):
            before = LAST
            for step in price.steps:
                since = earliest_start(step.months, as_of)
                points = share.points(step.points)
                own = (sort + SHARED_SORTS, *key, since, before, 0, no + len(rules.rules))
                yield *own, points, None
                before = since


def _shared_rule_rows(rules: InForce) -> Iterable[tuple[object, ...]]:
    dearer = rules.policy.pairs == "dearer"
    for _shared in rules.shared[:1]:
        for no, (rule, _price) in enumerate(rules.rules, len(rules.rules)):
            pairing = PAIRING.get(rule.match.record_class, 0) if dearer else 0
            yield no, len(rules.groups), pairing, *_fill_bounds(None, None), None, None, None


def _shared_group_rows(rules: InForce) -> Iterable[tuple[int, int, int]]:
    for _shared, share in rules.shared[:1]:
        yield len(rules.groups), *_cap_bounds(share.cap)


def _repeat_horizons(rules: InForce, as_of: int) -> dict[str, int]:
    """For each family with repeats, the first day on which a record can end and still make another one a repeat.

    It is the repeat window before the earliest day on which the later record's last step still runs; 0: always.
    """
    horizons: dict[str, int] = {}
    for rule, price in rules.rules:
        if price.repeat is None:
            continue
        first = LAST
        if price.steps:
            months = price.steps[-1].months if rule.counts_from == "decided" else None
            first = 0 if months is None else earliest_start(months + price.repeat.within, as_of)
        horizons[rule.family] = min(first, horizons.get(rule.family, LAST))
    return horizons


def _rule_rows(rules: InForce) -> Iterable[tuple[object, ...]]:
    groups = {group.id: no for no, (group, _limit) in enumerate(rules.groups)}
    dearer = rules.policy.pairs == "dearer"
    spans = _repeat_spans(rules)
    for no, (rule, price) in enumerate(rules.rules):
        yield (
            no,
            ALONE if rule.group is None else groups[rule.group],
            PAIRING.get(rule.match.record_class, 0) if dearer else 0,
            *_cap_bounds(price.cap),
            spans.get(rule.family),
            price.repeat.within * MONTH if price.repeat else None,
            price.repeat.points if price.repeat else None,
        )


def _repeat_spans(rules: InForce) -> dict[str, int]:
    """For each family with repeats, its shortest window: two of its records within it are always a repeat."""
    spans: dict[str, int] = {}
    for rule, price in rules.rules:
        if price.repeat is not None:
            days = price.repeat.within * MONTH
            spans[rule.family] = min(days, spans.get(rule.family, days))
    return spans


def _group_rows(rules: InForce) -> Iterable[tuple[int, int, int]]:
    for no, (_group, limit) in enumerate(rules.groups):
        yield no, *_cap_bounds(limit.cap)


def _cap_bounds(cap: int | None) -> tuple[int, int]:
    """A cap's two bounds: deductions are capped below, additions above."""
    return _fill_bounds(cap if cap and cap < 0 else None, cap if cap and cap > 0 else None)


def _fill_bounds(low: int | None, high: int | None) -> tuple[int, int]:
    return -MOST if low is None else low, MOST if high is None else high


def list_ageing_months(rules: InForce) -> list[int]:
    """The ages, in months, at which a record begins to count otherwise: thresholds of the tables are these before the
    day.
    """
    months = {end.months for _veto, end in rules.vetoes}
    for _rule, price in rules.rules:
        steps = {step.months for step in price.steps}
        months |= steps
        if price.repeat is not None:
            months |= {step + price.repeat.within for step in steps if step is not None}
    return sorted(each for each in months if each is not None)


def earliest_start(months: int | None, as_of: int) -> int:
    """The first start day whose period of `months` months still runs on the day."""
    return 0 if months is None else as_of - months * MONTH


def _veto_rows(rules: InForce, sorts: list[Sort], as_of: int) -> Iterable[tuple[object, ...]]:
    """Which sorts of records limit the grade to which one, as long as the months run."""
    rank = {bound.grade: position for position, bound in enumerate(rules.scale.bounds)}
    ends = {veto.id: (no, end) for no, (veto, end) in enumerate(rules.vetoes)}
    for sort, name, kinds, state in sorts:
        for fines in _fine_bands(rules):
            for veto in rules.vetoes_for(name, kinds.split(), state, fines[0]):
                no, end = ends[veto.id]
                yield sort, *fines, earliest_start(end.months, as_of), no, rank[end.grade]


def _grade_rows(rules: InForce) -> list[tuple[object, ...]]:
    bounds = rules.scale.bounds
    lowest = [-MOST if bound.lowest is None else bound.lowest for bound in bounds]
    above = [MOST, *lowest]
    return [
        (bound.grade, position, lowest[position], above[position])
        for position, bound in enumerate(bounds)
    ]


def _entry_rows(rules: InForce) -> Iterable[tuple[object, ...]]:
    """The words of the lines: part of the computation; rule, group or veto; reference."""
    yield 0, 0, 0, "base", "base", rules.scale.reference
    for no, (rule, price) in enumerate(rules.rules):
        for position, part in ((1, "record"), (2, "repeat"), (3, "pair")):
            yield 1, position, no, part, rule.id, price.reference
        yield 2, 0, no, "rule cap", rule.id, price.reference
    for no, (group, limit) in enumerate(rules.groups):
        yield 3, 0, no, "group cap", group.id, limit.reference
    for shared, share in rules.shared[:1]:
        for no, (rule, _price) in enumerate(rules.rules, len(rules.rules)):
            yield 1, 1, no, "shared", rule.id, share.reference
            yield 1, 3, no, "shared pair", rule.id, share.reference
        yield 3, 0, len(rules.groups), "shared cap", shared.id, share.reference
    yield 4, 0, 0, "limit", "limit", rules.scale.reference
    for no, (veto, end) in enumerate(rules.vetoes):
        yield 5, 0, no, "veto", veto.id, end.reference
