"""Differences between two policies, or between the dated values of one policy: value by value, kind by kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from double_random.core.points import format_points
from double_random.core.translation import C_, N_, _, join_label, join_words
from double_random.core.vocabulary import code_word
from double_random.credit.policy.model import (
    Consequence,
    Dated,
    Limit,
    Match,
    Objection,
    Policy,
    Price,
    Publication,
    Repair,
    Scale,
    value_on,
)

if TYPE_CHECKING:
    import polars

PARTS = {  # the parts of a policy in order, with their words
    "frame": N_("frame"),
    "scale": N_("scale"),
    "rule": N_("rule"),
    "group": C_("rules", "group"),
    "veto": N_("veto"),
    "repair": N_("repair"),
    "objection": N_("objection"),
    "publication": N_("publication"),
}


@dataclass(frozen=True)
class PolicyEntry:
    """One entry of a policy: which records it is for, and its dated values."""

    part: str
    id: str
    title: str
    kinds: str
    values: tuple[Dated, ...]


@dataclass(frozen=True, kw_only=True)
class ValueChange:
    """One change of a value in a span of time, with the kinds of records that it affects."""

    part: str
    id: str
    title: str
    kinds: str
    start: date
    until: date | None
    before: str
    after: str
    reference: str


def list_policy_changes(policy: Policy) -> list[ValueChange]:
    """A policy's change log: each value that replaces an earlier one, by day."""
    change_log = [
        ValueChange(
            part=e.part,
            id=e.id,
            title=e.title,
            kinds=e.kinds,
            start=now.start,
            until=now.until,
            before=render_value(was),
            after=render_value(now),
            reference=find_reference(now),
        )
        for e in list_policy_entries(policy)
        for was, now in zip(e.values, e.values[1:], strict=False)
    ]
    return sorted(
        change_log, key=lambda change: (change.start, [*PARTS].index(change.part), change.id)
    )


def diff_policies(a: Policy, b: Policy) -> list[ValueChange]:
    """How b differs from a, by part and id, for each span of time in which it does."""
    entries_a = {(e.part, e.id): e for e in list_policy_entries(a)}
    entries_b = {(e.part, e.id): e for e in list_policy_entries(b)}
    order = {key: position for position, key in enumerate([*entries_a, *entries_b])}
    differences = []
    for key in sorted(
        {*entries_a, *entries_b}, key=lambda key: ([*PARTS].index(key[0]), order[key])
    ):
        differences += list(_diff_entries(entries_a.get(key), entries_b.get(key)))
    return differences


def build_changes_table(change_list: list[ValueChange]) -> polars.DataFrame:
    """The changes as a table: part id title kinds from until before after reference."""
    import polars

    text = polars.String
    schema = {
        "part": text,
        "id": text,
        "title": text,
        "kinds": text,
        "from": polars.Date,
        "until": polars.Date,
        "before": text,
        "after": text,
        "reference": text,
    }
    rows = [tuple(getattr(c, name) for name in c.__dataclass_fields__) for c in change_list]
    return polars.DataFrame(rows, schema=schema, orient="row")


def list_policy_entries(policy: Policy) -> Iterator[PolicyEntry]:
    """All entries of a policy, in the order of its file."""
    frame = PolicyFrame(
        start=policy.start,
        until=policy.until,
        purpose=policy.purpose,
        public=policy.public,
        subjects=policy.subjects,
        ignored=policy.ignored,
        pairs=policy.pairs,
        branch_records=policy.branch_records,
    )
    yield PolicyEntry("frame", "", policy.title, "", (frame,))
    yield PolicyEntry("scale", "", policy.title, "", policy.scales)
    for rule in policy.rules:
        yield PolicyEntry("rule", rule.id, rule.title, _render_match(rule.match), rule.prices)
    for group in policy.groups:
        yield PolicyEntry("group", group.id, group.title, "", group.limits)
    for veto in policy.vetoes:
        yield PolicyEntry("veto", veto.id, veto.title, _render_match(veto.match), veto.consequences)
    yield PolicyEntry("repair", "", "", "", policy.repairs)
    yield PolicyEntry("objection", "", "", "", policy.objections)
    yield PolicyEntry("publication", "", "", "penalty", policy.publications)


@dataclass(frozen=True, kw_only=True)
class PolicyFrame:
    """The top-level values of a policy, which have no dates of their own."""

    start: date
    until: date | None
    purpose: str
    public: str
    subjects: tuple[str, ...]
    ignored: tuple[str, ...]
    pairs: str
    branch_records: str


def render_value(value: Dated | None) -> str:
    """A value in one line, without its reference; '' for none."""
    if isinstance(value, Price):
        return _render_price(value)
    if isinstance(value, Limit):
        return "; ".join(_render_cap(value.cap)) or _("no cap")
    if isinstance(value, Scale):
        return _render_scale(value)
    if isinstance(value, Consequence):
        months = "" if value.months is None else " · " + _render_months(value.months)
        return value.grade + months
    if isinstance(value, Repair | Objection):
        return code_word(EFFECTS, value.effect)
    if isinstance(value, Publication):
        return _render_publication(value)
    if isinstance(value, PolicyFrame):
        lists = " ".join(value.subjects), " ".join(value.ignored)
        parts = [value.purpose, value.public, *lists, value.pairs, value.branch_records]
        return "; ".join(parts)
    return ""


def _render_months(number: int) -> str:
    return _("{months} months").format(months=number)


def _render_price(price: Price) -> str:
    steps = [
        format_points(step.points)
        if step.months is None
        else _("{months} months: {points}").format(
            months=step.months, points=format_points(step.points)
        )
        for step in price.steps
    ]
    repeated = []
    if price.repeat:
        repeated.append(
            _("a repeat within {months} months: {points}").format(
                months=price.repeat.within, points=format_points(price.repeat.points)
            )
        )
    return "; ".join([join_words(steps) or "0", *repeated, *_render_cap(price.cap)])


def _render_scale(scale: Scale) -> str:
    bounds = join_words(
        bound.grade if bound.lowest is None else f"{bound.grade} ≥ {format_points(bound.lowest)}"
        for bound in scale.bounds
    )
    limits = [scale.floor, scale.ceiling]
    span = "–".join("" if limit is None else format_points(limit) for limit in limits)
    return f"{format_points(scale.base)} [{span}]; {bounds}"


def _render_publication(publication: Publication) -> str:
    def render_terms(months: tuple[tuple[str, int], ...]) -> str:
        return join_words(join_label(_(level), _render_months(number)) for level, number in months)

    parts = [render_terms(publication.months)]
    if publication.shortest:
        parts.append(
            _("repair not before {terms}").format(terms=render_terms(publication.shortest))
        )
    parts += [
        f"{_(severity.level)} = {' '.join(severity.kinds)}"
        + ("" if severity.fine_from is None else f" ≥ {format_points(severity.fine_from)}")
        for severity in publication.severities
    ]
    if not publication.severities:
        parts.append("")
    return "; ".join(parts)


EFFECTS = {
    "counts": N_("counts"),
    "dropped": N_("dropped"),
    "suspended": C_("points", "suspended"),
}
SEVERITIES = (N_("minor"), N_("general"), N_("serious"))


def find_reference(value: Dated | None) -> str:
    """The reference of a value; '' if it has none."""
    return str(getattr(value, "reference", ""))


def _render_cap(cap: int | None) -> list[str]:
    return [] if cap is None else [_("cap {points}").format(points=format_points(cap))]


def _render_match(match: Match) -> str:
    fines = [
        "" if match.fine_from is None else f"≥ {format_points(match.fine_from)}",
        "" if match.fine_below is None else f"< {format_points(match.fine_below)}",
    ]
    return " ".join([match.record_class, *match.kinds, *match.states, *filter(None, fines)])


def _diff_entries(a: PolicyEntry | None, b: PolicyEntry | None) -> Iterator[ValueChange]:
    """Compare one entry of both policies by spans; a span begins when a value of either begins or ends."""
    entry = b or a
    assert entry is not None
    values_a, values_b = (a.values if a else ()), (b.values if b else ())
    edges = {value.start for value in (*values_a, *values_b)}
    edges |= {value.until for value in (*values_a, *values_b) if value.until is not None}
    days = sorted(edges)
    spans: list[ValueChange] = []
    for day, until in zip(days, [*days[1:], None], strict=False):
        old, new = value_on(values_a, day), value_on(values_b, day)
        before, after = render_value(old), render_value(new)
        if a and b and a.kinds != b.kinds:
            before, after = join_label(a.kinds, before), join_label(b.kinds, after)
        if before == after:
            continue
        change = ValueChange(
            part=entry.part,
            id=entry.id,
            title=entry.title,
            kinds=entry.kinds,
            start=day,
            until=until,
            before=before,
            after=after,
            reference=find_reference(new or old),
        )
        last = spans[-1] if spans else None
        if last and last.until == day and (last.before, last.after) == (before, after):
            spans[-1] = replace(last, until=until)
        else:
            spans.append(change)
    yield from spans
