"""Differences between two policies, or between the dated values of one policy: value by value, kind by kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from double_random.core.points import decimal
from double_random.core.translation import C_, N_, _, listed, told_of
from double_random.core.vocabulary import word
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
    on,
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
class Entry:
    """One entry of a policy: which records it is for, and its dated values."""

    part: str
    id: str
    title: str
    kinds: str
    values: tuple[Dated, ...]


@dataclass(frozen=True, kw_only=True)
class Change:
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


def changes(policy: Policy) -> list[Change]:
    """A policy's change log: each value that replaces an earlier one, by day."""
    found = [
        Change(
            part=e.part,
            id=e.id,
            title=e.title,
            kinds=e.kinds,
            start=now.start,
            until=now.until,
            before=words(was),
            after=words(now),
            reference=reference(now),
        )
        for e in entries(policy)
        for was, now in zip(e.values, e.values[1:], strict=False)
    ]
    return sorted(found, key=lambda change: (change.start, [*PARTS].index(change.part), change.id))


def difference(a: Policy, b: Policy) -> list[Change]:
    """How b differs from a, by part and id, for each span of time in which it does."""
    mine = {(e.part, e.id): e for e in entries(a)}
    other = {(e.part, e.id): e for e in entries(b)}
    order = {key: place for place, key in enumerate([*mine, *other])}
    found = []
    for key in sorted({*mine, *other}, key=lambda key: ([*PARTS].index(key[0]), order[key])):
        found += list(_differing(mine.get(key), other.get(key)))
    return found


def frame(found: list[Change]) -> polars.DataFrame:
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
    rows = [tuple(getattr(c, name) for name in c.__dataclass_fields__) for c in found]
    return polars.DataFrame(rows, schema=schema, orient="row")


def entries(policy: Policy) -> Iterator[Entry]:
    """All entries of a policy, in the order of its file."""
    frame = Frame(
        start=policy.start,
        until=policy.until,
        purpose=policy.purpose,
        public=policy.public,
        subjects=policy.subjects,
        ignored=policy.ignored,
        pairs=policy.pairs,
        branch_records=policy.branch_records,
    )
    yield Entry("frame", "", policy.title, "", (frame,))
    yield Entry("scale", "", policy.title, "", policy.scales)
    for rule in policy.rules:
        yield Entry("rule", rule.id, rule.title, _kinds(rule.match), rule.prices)
    for group in policy.groups:
        yield Entry("group", group.id, group.title, "", group.limits)
    for veto in policy.vetoes:
        yield Entry("veto", veto.id, veto.title, _kinds(veto.match), veto.consequences)
    yield Entry("repair", "", "", "", policy.repairs)
    yield Entry("objection", "", "", "", policy.objections)
    yield Entry("publication", "", "", "penalty", policy.publications)


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The top-level values of a policy, which have no dates of their own."""

    start: date
    until: date | None
    purpose: str
    public: str
    subjects: tuple[str, ...]
    ignored: tuple[str, ...]
    pairs: str
    branch_records: str


def words(value: Dated | None) -> str:
    """A value in one line, without its reference; '' for none."""
    if isinstance(value, Price):
        return _price_in_words(value)
    if isinstance(value, Limit):
        return "; ".join(_cap(value.cap)) or _("no cap")
    if isinstance(value, Scale):
        return _scale_in_words(value)
    if isinstance(value, Consequence):
        months = "" if value.months is None else " · " + _months(value.months)
        return value.grade + months
    if isinstance(value, Repair | Objection):
        return word(EFFECTS, value.effect)
    if isinstance(value, Publication):
        return _publication_in_words(value)
    if isinstance(value, Frame):
        lists = " ".join(value.subjects), " ".join(value.ignored)
        parts = [value.purpose, value.public, *lists, value.pairs, value.branch_records]
        return "; ".join(parts)
    return ""


def _months(number: int) -> str:
    return _("{months} months").format(months=number)


def _price_in_words(price: Price) -> str:
    steps = [
        decimal(step.points)
        if step.months is None
        else _("{months} months: {points}").format(months=step.months, points=decimal(step.points))
        for step in price.steps
    ]
    repeated = []
    if price.repeat:
        repeated.append(
            _("a repeat within {months} months: {points}").format(
                months=price.repeat.within, points=decimal(price.repeat.points)
            )
        )
    return "; ".join([listed(steps) or "0", *repeated, *_cap(price.cap)])


def _scale_in_words(scale: Scale) -> str:
    bounds = listed(
        bound.grade if bound.lowest is None else f"{bound.grade} ≥ {decimal(bound.lowest)}"
        for bound in scale.bounds
    )
    limits = [scale.floor, scale.ceiling]
    span = "–".join("" if limit is None else decimal(limit) for limit in limits)
    return f"{decimal(scale.base)} [{span}]; {bounds}"


def _publication_in_words(publication: Publication) -> str:
    def terms(months: tuple[tuple[str, int], ...]) -> str:
        return listed(told_of(_(level), _months(number)) for level, number in months)

    parts = [terms(publication.months)]
    if publication.shortest:
        parts.append(_("repair not before {terms}").format(terms=terms(publication.shortest)))
    parts += [
        f"{_(severity.level)} = {' '.join(severity.kinds)}"
        + ("" if severity.fine_from is None else f" ≥ {decimal(severity.fine_from)}")
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


def reference(value: Dated | None) -> str:
    """The reference of a value; '' if it has none."""
    return str(getattr(value, "reference", ""))


def _cap(cap: int | None) -> list[str]:
    return [] if cap is None else [_("cap {points}").format(points=decimal(cap))]


def _kinds(match: Match) -> str:
    fines = [
        "" if match.fine_from is None else f"≥ {decimal(match.fine_from)}",
        "" if match.fine_below is None else f"< {decimal(match.fine_below)}",
    ]
    return " ".join([match.record_class, *match.kinds, *match.states, *filter(None, fines)])


def _differing(a: Entry | None, b: Entry | None) -> Iterator[Change]:
    """Compare one entry of both policies by spans; a span begins when a value of either begins or ends."""
    known = b or a
    assert known is not None
    mine, other = (a.values if a else ()), (b.values if b else ())
    edges = {value.start for value in (*mine, *other)}
    edges |= {value.until for value in (*mine, *other) if value.until is not None}
    days = sorted(edges)
    spans: list[Change] = []
    for day, until in zip(days, [*days[1:], None], strict=False):
        was, now = on(mine, day), on(other, day)
        before, after = words(was), words(now)
        if a and b and a.kinds != b.kinds:
            before, after = told_of(a.kinds, before), told_of(b.kinds, after)
        if before == after:
            continue
        change = Change(
            part=known.part,
            id=known.id,
            title=known.title,
            kinds=known.kinds,
            start=day,
            until=until,
            before=before,
            after=after,
            reference=reference(now or was),
        )
        last = spans[-1] if spans else None
        if last and last.until == day and (last.before, last.after) == (before, after):
            spans[-1] = replace(last, until=until)
        else:
            spans.append(change)
    yield from spans
