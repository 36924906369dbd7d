"""Reads a policy's TOML file into a Policy; every error names file and line (docs/reference/policy-format.md)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from double_random.core.translation import _, join_words
from double_random.credit.policy.model import (
    LEVELS,
    PUBLIC,
    PURPOSES,
    AgeStep,
    Bound,
    Consequence,
    Dated,
    Group,
    Limit,
    Match,
    Objection,
    Policy,
    Price,
    Publication,
    Repair,
    Repeat,
    Rule,
    Scale,
    Severity,
    Share,
    Shared,
    Veto,
)
from double_random.credit.policy.record_classes import RecordClass, load_record_classes
from double_random.credit.policy.toml_entries import TomlEntry
from double_random.registry.practitioners.kinds import load_person_kinds

D = TypeVar("D", bound=Dated)


def read_policy(path: Path) -> Policy:
    """Read and check a policy file."""
    from double_random.credit.policy.validation import check_policy

    top = TomlEntry.read(path)
    classes = load_record_classes(
        path.resolve().parent.parent
    )  # HOME/facts, for a bureau's own policy
    person_kinds = load_person_kinds(path.resolve().parent.parent)
    start = top.day("from", needed=True)
    until = top.day("until")
    assert start is not None
    span = (start, until)
    policy = Policy(
        id=top.text("id"),
        title=top.text("title"),
        purpose=top.choice("purpose", PURPOSES),
        public=top.choice("public", PUBLIC, "no"),
        subjects=top.texts("subjects"),
        parties=frozenset(
            "persons" if kind in person_kinds else "institutions" for kind in top.texts("subjects")
        ),
        start=start,
        until=until,
        example=top.boolean("example", False),
        ignored=top.texts("ignored", ()),
        pairs=top.choice("complaint_and_penalty", ("dearer", "both"), "dearer"),
        scales=_read_timeline(top, "scale", _read_scale, span),
        groups=_require_unique_ids(_read_group(entry, span) for entry in top.entries("group")),
        rules=_require_unique_ids(
            _read_rule(entry, span, classes) for entry in top.entries("rule")
        ),
        vetoes=_require_unique_ids(
            _read_veto(entry, span, classes) for entry in top.entries("veto")
        ),
        repairs=_read_timeline(top, "repair", _read_repair, span, needed=False),
        edition=_hash_content(top),
        file=path,
        branch_records=top.choice("branch_records", ("own", "shared"), "own"),
        objections=_read_timeline(top, "objection", _read_objection, span, needed=False),
        publications=_read_timeline(top, "publication", _read_publication, span, needed=False),
        shared=_require_unique_ids(_read_shared(entry, span) for entry in top.entries("shared")),
    )
    top.text("format")
    top.text("note", "")
    if top.values["format"] != "double-random/policy/1":
        top.refuse(_("this form is not known"), 'format = "double-random/policy/1"', "format")
    top.refuse_unknown_keys()
    check_policy(policy, top, classes)
    return policy


def _hash_content(top: TomlEntry) -> str:
    text = json.dumps(top.values, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _require_unique_ids(items: Iterable[tuple[TomlEntry, D2]]) -> tuple[D2, ...]:
    """The items; BadFile if an id occurs twice."""
    first: dict[str, int] = {}
    unique = []
    for entry, item in items:
        if item.id in first:
            entry.refuse(
                _("{id} stands already in line {line}").format(id=item.id, line=first[item.id]),
                _("give it an id of its own"),
            )
        first[item.id] = entry.line()
        unique.append(item)
    return tuple(unique)


D2 = TypeVar("D2", Group, Rule, Veto, Shared)
SHARED_OF = ("practitioners", "institution")
Span = tuple[date, date | None]


def _read_timeline(
    owner: TomlEntry,
    key: str,
    read_value: Callable[[TomlEntry, date, date | None], D],
    span: Span,
    needed: bool = True,
) -> tuple[D, ...]:
    """Read the dated values under a key; BadFile unless they cover the policy's time without gap or overlap."""
    entries = list(owner.entries(key))
    starts = []
    for entry in entries:
        start = entry.day("from", needed=True)
        assert start is not None
        starts.append(start)
    if not entries and not needed:
        return ()
    if not entries:
        owner.refuse(_("{key} is missing: it needs a dated value").format(key=key))
    if starts[0] > span[0]:
        entries[0].refuse(
            _("gap: nothing is said for {start} to {end}").format(start=span[0], end=starts[0]),
            _("let the first value begin with the policy's own `from`"),
        )
    values: list[D] = []
    for position, entry in enumerate(entries):
        last = position == len(entries) - 1
        following = span[1] if last else starts[position + 1]
        until = entry.day("until") or following
        if following is not None and not last and following <= starts[position]:
            entries[position + 1].refuse(
                _("overlap: two values for {day}").format(day=following),
                _("values stand in the order of their dates, each day has one"),
            )
        if until is not None and (following is None or until < following):
            entry.refuse(
                _("gap: nothing is said from {start} on").format(start=until),
                _("leave `until` away, or let the next value begin on that day"),
            )
        if until is not None and following is not None and until > following:
            entry.refuse(
                _("overlap: two values for {day}").format(day=following),
                _("`until` is the first day on which the value is no longer in force"),
            )
        values.append(read_value(entry, starts[position], until))
        entry.refuse_unknown_keys()
    return tuple(values)


def _read_source(entry: TomlEntry) -> tuple[str, bool]:
    return entry.text("reference"), entry.boolean("confirmed", False)


def _read_scale(entry: TomlEntry, start: date, until: date | None) -> Scale:
    base = entry.integer("base", needed=True)
    floor, ceiling = entry.integer("floor"), entry.integer("ceiling")
    bounds = []
    for grade in entry.entries("grades"):
        lowest = grade.integer("from")
        if lowest is not None and not grade.boolean("inclusive", True):
            lowest += 1
        bounds.append(Bound(grade.text("grade"), lowest))
        grade.refuse_unknown_keys()
    reference, confirmed = _read_source(entry)
    assert base is not None
    return Scale(
        start=start,
        until=until,
        base=base,
        floor=floor,
        ceiling=ceiling,
        bounds=tuple(bounds),
        reference=reference,
        confirmed=confirmed,
    )


def _read_limit(entry: TomlEntry, start: date, until: date | None) -> Limit:
    return Limit(start, until, entry.integer("cap"), *_read_source(entry))


def _read_group(entry: TomlEntry, span: Span) -> tuple[TomlEntry, Group]:
    group = Group(
        entry.text("id"), entry.text("title"), _read_timeline(entry, "value", _read_limit, span)
    )
    entry.refuse_unknown_keys()
    return entry, group


def read_match(entry: TomlEntry, classes: dict[str, RecordClass]) -> Match:
    """Read which records an entry is for: its keys class, kinds, states, fine_from and fine_below."""
    record_class = classes[entry.choice("class", tuple(classes))]
    kinds = entry.texts("kinds", ())
    states = entry.texts("states", record_class.states)
    for key, words, known_words in (
        ("kinds", kinds, record_class.kinds),
        ("states", states, record_class.states),
    ):
        for word in words:
            if word not in known_words:
                entry.refuse(
                    _("{key}: {word} is not known").format(key=key, word=word),
                    _("known here: {keys}").format(keys=join_words(known_words)),
                    key,
                )
    fine_from, fine_below = entry.integer("fine_from"), entry.integer("fine_below")
    return Match(record_class.id, kinds, states, fine_from, fine_below)


def _read_rule(
    entry: TomlEntry, span: Span, classes: dict[str, RecordClass]
) -> tuple[TomlEntry, Rule]:
    identity = entry.text("id")
    rule = Rule(
        id=identity,
        title=entry.text("title"),
        match=read_match(entry, classes),
        group=entry.text("group", "") or None,
        family=entry.text("family", identity),
        counts_from=entry.choice("counts_from", ("decided", "ends"), "decided"),
        prices=_read_timeline(entry, "value", _read_price, span),
    )
    entry.refuse_unknown_keys()
    return entry, rule


def _read_shared(entry: TomlEntry, span: Span) -> tuple[TomlEntry, Shared]:
    shared = Shared(
        id=entry.text("id"),
        title=entry.text("title"),
        of=entry.choice("of", SHARED_OF),
        shares=_read_timeline(entry, "value", _read_share, span),
    )
    entry.refuse_unknown_keys()
    return entry, shared


def _read_share(entry: TomlEntry, start: date, until: date | None) -> Share:
    text, cap = entry.text("share"), entry.integer("cap")
    upper, _stroke, lower = text.partition("/")
    whole = upper.isascii() and upper.isdecimal() and lower.isascii() and lower.isdecimal()
    if not whole or not 0 < int(upper) <= int(lower):
        entry.refuse(
            _("a share is a fraction up to one: {text}").format(text=text), 'share = "1/4"', "share"
        )
    reference, confirmed = _read_source(entry)
    return Share(
        start=start,
        until=until,
        part=Fraction(int(upper), int(lower)),
        cap=cap,
        reference=reference,
        confirmed=confirmed,
    )


def _read_price(entry: TomlEntry, start: date, until: date | None) -> Price:
    steps = []
    if "steps" not in entry.values:
        entry.refuse(
            _("{key} is missing").format(key="steps"), "steps = [{ months = 24, points = -10_00 }]"
        )
    for step in entry.entries("steps"):
        points = step.integer("points", needed=True)
        assert points is not None
        steps.append(AgeStep(step.integer("months"), points))
        step.refuse_unknown_keys()
    repeat = None
    if (inner := entry.entry("repeat")) is not None:
        within, points = inner.integer("within", needed=True), inner.integer("points", needed=True)
        assert within is not None and points is not None
        repeat = Repeat(within, points)
        inner.refuse_unknown_keys()
    reference, confirmed = _read_source(entry)
    return Price(
        start=start,
        until=until,
        steps=tuple(steps),
        cap=entry.integer("cap"),
        repeat=repeat,
        reference=reference,
        confirmed=confirmed,
    )


def _read_veto(
    entry: TomlEntry, span: Span, classes: dict[str, RecordClass]
) -> tuple[TomlEntry, Veto]:
    veto = Veto(
        id=entry.text("id"),
        title=entry.text("title"),
        match=read_match(entry, classes),
        consequences=_read_timeline(entry, "value", _read_consequence, span),
    )
    entry.refuse_unknown_keys()
    return entry, veto


def _read_consequence(entry: TomlEntry, start: date, until: date | None) -> Consequence:
    grade, months = entry.text("grade"), entry.integer("months")
    reference, confirmed = _read_source(entry)
    return Consequence(
        start=start,
        until=until,
        grade=grade,
        months=months,
        reference=reference,
        confirmed=confirmed,
    )


def _read_repair(entry: TomlEntry, start: date, until: date | None) -> Repair:
    effect = entry.choice("effect", ("counts", "dropped"))
    return Repair(start, until, effect, *_read_source(entry))


def _read_objection(entry: TomlEntry, start: date, until: date | None) -> Objection:
    effect = entry.choice("effect", ("counts", "suspended"))
    return Objection(start, until, effect, *_read_source(entry))


def _read_publication(entry: TomlEntry, start: date, until: date | None) -> Publication:
    inner = entry.entry("months")
    if inner is None:
        entry.refuse(
            _("{key} is missing").format(key="months"),
            "months = { minor = 3, general = 12, serious = 36 }",
        )
    months = [(level, inner.integer(level, needed=True)) for level in LEVELS]
    inner.refuse_unknown_keys()
    least = entry.entry("shortest")
    shortest = [(level, least.integer(level, needed=True)) for level in LEVELS] if least else []
    if least:
        least.refuse_unknown_keys()
    severities = []
    for item in entry.entries("severity"):
        level = item.choice("level", LEVELS)
        severities.append(Severity(level, item.texts("kinds"), item.integer("fine_from")))
        item.refuse_unknown_keys()
    counted = tuple((level, count) for level, count in months if count is not None)
    least_counted = tuple((level, count) for level, count in shortest if count is not None)
    reference, confirmed = _read_source(entry)
    return Publication(
        start=start,
        until=until,
        months=counted,
        severities=tuple(severities),
        reference=reference,
        confirmed=confirmed,
        shortest=least_counted,
    )
