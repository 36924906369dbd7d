"""Validates a policy: unreachable grades, kinds without a rule, a bonus for a penalty."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

from double_random.core.translation import _, join_words
from double_random.credit.policy.model import (
    Dated,
    Match,
    Policy,
    Price,
    Publication,
    Rule,
    Scale,
    Shared,
)
from double_random.credit.policy.record_classes import RecordClass
from double_random.credit.policy.toml_entries import TomlEntry

N = TypeVar("N")


def check_policy(policy: Policy, top: TomlEntry, classes: dict[str, RecordClass]) -> None:
    """Raise BadFile with the line of the first error. `top` is the file's table, for its lines."""
    _check_dates(policy, top)
    _check_ignored(policy, top, classes)
    for position, rule in enumerate(policy.rules):
        _check_rule(policy, rule, top, position, classes)
    _check_groups(policy, top)
    for position, scale in enumerate(policy.scales):
        _check_grades(policy, scale, top, position)
    for position, shared in enumerate(policy.shared):
        _check_shared(policy, shared, top, position)
    for position, veto in enumerate(policy.vetoes):
        _check_veto(policy, position, top)
        _check_not_ignored(policy, veto.match.record_class, top, ("veto", position, "class"))
    for position, publication in enumerate(policy.publications):
        _check_publication(publication, top, position, classes["penalty"])
    _check_coverage(policy, top, classes)
    if policy.pairs == "dearer":
        _check_pairs(policy, top)


def _line_of(top: TomlEntry, *path: str | int) -> int:
    """The line of a key path, or of the nearest table around it."""
    while path and path not in top.lines:
        path = path[:-1]
    return top.lines.get(path, 1)


def _check_dates(policy: Policy, top: TomlEntry) -> None:
    if policy.until is not None and policy.until <= policy.start:
        top.refuse(_("`until` must come after `from`"), key="until")
    if not policy.subjects:
        top.refuse(_("a policy needs subjects: kinds of institutions"), key="subjects")


def _check_ignored(policy: Policy, top: TomlEntry, classes: dict[str, RecordClass]) -> None:
    for word in policy.ignored:
        name, _colon, kind = word.partition(":")
        if name not in classes or (kind and kind not in classes[name].kinds):
            top.refuse(
                _("ignored: {word} is no kind of record").format(word=word),
                _("write a class, or class:kind; classes are {classes}").format(
                    classes=join_words(classes)
                ),
                "ignored",
            )


def _check_not_ignored(
    policy: Policy, name: str, top: TomlEntry, path: tuple[str | int, ...]
) -> None:
    if name in policy.ignored:
        top.refuse_line(
            _line_of(top, *path),
            _("{name} has a rule here, but `ignored` names it too").format(name=name),
            _("take it out of one of the two"),
        )


def _check_rule(
    policy: Policy, rule: Rule, top: TomlEntry, position: int, classes: dict[str, RecordClass]
) -> None:
    _check_not_ignored(policy, rule.match.record_class, top, ("rule", position, "class"))
    if rule.group is not None and rule.group not in {group.id for group in policy.groups}:
        top.refuse_line(
            _line_of(top, "rule", position, "group"),
            _("there is no group {id}").format(id=rule.group),
        )
    _check_fines(rule, top, position)
    sign = classes[rule.match.record_class].sign
    for number, price in enumerate(rule.prices):
        if fault := _find_price_fault(price, sign):
            top.refuse_line(_line_of(top, "rule", position, "value", number), fault)


def _check_shared(policy: Policy, shared: Shared, top: TomlEntry, position: int) -> None:
    """Check that a sharing fits the policy's subjects, and that the shared points are whole hundredths."""
    line = _line_of(top, "shared", position)
    wanted = {"practitioners": "institutions", "institution": "persons"}[shared.of]
    if policy.parties != {wanted}:
        top.refuse_line(line, _("these subjects cannot share records of {of}").format(of=shared.of))
    if any(other.of == shared.of for other in policy.shared[:position]):
        top.refuse_line(line, _("records of {of} are shared twice").format(of=shared.of))
    points = {step.points for rule in policy.rules for p in rule.prices for step in p.steps}
    for share in shared.shares:
        if share.cap is not None and share.cap >= 0:
            top.refuse_line(line, _("the cap of shared records is negative"))
        for each in sorted(points):
            if (share.part * each).denominator != 1:
                top.refuse_line(
                    line,
                    _("{share} of {points} hundredths is no whole number").format(
                        share=share.part, points=each
                    ),
                    _("choose points or a share so that every shared part is whole"),
                )


def _check_fines(rule: Rule, top: TomlEntry, position: int) -> None:
    least, below = rule.match.fine_from, rule.match.fine_below
    if least is None and below is None:
        return
    line = _line_of(top, "rule", position, "fine_from" if below is None else "fine_below")
    if rule.match.record_class != "penalty":
        top.refuse_line(line, _("only penalties have a fine"))
    if (least or 0) < 0 or (below is not None and below <= (least or 0)):
        top.refuse_line(
            line,
            _("no fine is that large"),
            _(
                "amounts are whole fen: 10,000 yuan are 10000_00; `fine_below` lies above `fine_from`"
            ),
        )


def _check_publication(
    publication: Publication, top: TomlEntry, position: int, penalty: RecordClass
) -> None:
    """Check that every kind of penalty has a level, so that each has a term."""
    line = _line_of(top, "publication", position)
    for level, months in publication.months:
        if months < 0:
            top.refuse_line(line, _("{level}: months count from 0").format(level=level))
    for severity in publication.severities:
        for kind in severity.kinds:
            if kind not in penalty.kinds:
                top.refuse_line(
                    line,
                    _("{key}: {word} is not known").format(key="severity", word=kind),
                    _("known here: {keys}").format(keys=join_words(penalty.kinds)),
                )
    for kind in penalty.kinds:
        if publication.level([kind], 0) is None:
            top.refuse_line(
                line,
                _("no term for a penalty of the kind {kind}").format(kind=kind),
                _("name it under `severity`, in an entry without `fine_from`"),
            )


def _find_price_fault(price: Price, sign: str) -> str:
    """The first error in a price, or ''."""
    points = [step.points for step in price.steps]
    months = [step.months for step in price.steps]
    extra = [price.cap, price.repeat.points if price.repeat else None]
    every = points + [p for p in extra if p is not None]
    fault = ""
    if any(p == 0 for p in every):
        fault = _("0 points say nothing: leave it away, or write steps = []")
    elif sign == "minus" and max(every, default=-1) > 0:
        fault = _("records of this class can only take points: write them with a minus")
    elif sign == "plus" and min(every, default=1) < 0:
        fault = _("records of this class can only give points")
    elif min(every, default=0) < 0 < max(every, default=0):
        fault = _("one rule either takes or gives points")
    elif any(m is None for m in months[:-1]):
        fault = _("only the last step may be without months")
    elif any(m is not None and m < 1 for m in months) or (price.repeat and price.repeat.within < 1):
        fault = _("months count from 1")
    elif any(b is not None and a is not None and b <= a for a, b in _adjacent_pairs(months)):
        fault = _("steps stand in the order of their months")
    elif any(abs(b) >= abs(a) for a, b in _adjacent_pairs(points)):
        fault = _("a later step must weigh less than the one before")
    elif price.repeat and not price.steps:
        fault = _("a repeat needs steps to be added to")
    return fault


def _adjacent_pairs(values: Sequence[N]) -> list[tuple[N, N]]:
    return list(pairwise(values))


def _check_groups(policy: Policy, top: TomlEntry) -> None:
    for position, group in enumerate(policy.groups):
        signs = {
            _is_deduction(p)
            for r in policy.rules
            if r.group == group.id
            for p in r.prices
            if p.steps
        }
        if not signs:
            top.refuse_line(
                _line_of(top, "group", position),
                _("no rule is in the group {id}").format(id=group.id),
            )
        if len(signs) > 1:
            top.refuse_line(
                _line_of(top, "group", position),
                _("the rules of a group all take or all give points: {id} mixes them").format(
                    id=group.id
                ),
            )
        for number, limit in enumerate(group.limits):
            if limit.cap is not None and (limit.cap == 0 or (limit.cap < 0) not in signs):
                top.refuse_line(
                    _line_of(top, "group", position, "value", number),
                    _("a cap has the sign of what it caps"),
                )


def _is_deduction(price: Price) -> bool:
    return price.steps[0].points < 0


def _check_grades(policy: Policy, scale: Scale, top: TomlEntry, position: int) -> None:
    line = _line_of(top, "scale", position, "grades")
    names = [bound.grade for bound in scale.bounds]
    bounds = [bound.lowest for bound in scale.bounds]
    if not names:
        top.refuse_line(line, _("a scale needs grades"))
    if len(set(names)) != len(names):
        top.refuse_line(line, _("a grade stands here twice"))
    if bounds[-1] is not None or any(b is None for b in bounds[:-1]):
        top.refuse_line(
            line,
            _("grades stand from the best to the worst; only the worst has no `from`"),
        )
    least, most = score_range(policy, scale)
    above: int | None = None  # the bound of the better grade
    for name, lowest in zip(names, bounds, strict=True):
        highest = most if above is None else (above - 1 if most is None else min(above - 1, most))
        lowest_here = least if lowest is None else (lowest if least is None else max(lowest, least))
        if lowest_here is not None and highest is not None and lowest_here > highest:
            top.refuse_line(
                line,
                _("nobody can have the grade {grade}").format(grade=name),
                _("scores run from {least} to {most} hundredths").format(
                    least="-∞" if least is None else least, most="∞" if most is None else most
                ),
            )
        above = lowest


def score_range(policy: Policy, scale: Scale) -> tuple[int | None, int | None]:
    """The lowest and the highest score that are possible while a scale is in force; None: no limit."""
    least: int | None = scale.base
    most: int | None = scale.base
    for minus in (True, False):
        total: int | None = 0
        for cap in _list_caps(policy, scale, minus):
            total = None if total is None or cap is None else total + cap
        if minus:
            least = None if total is None else scale.base + total
        else:
            most = None if total is None else scale.base + total
    if scale.floor is not None:
        least = scale.floor if least is None else max(least, scale.floor)
    if scale.ceiling is not None:
        most = scale.ceiling if most is None else min(most, scale.ceiling)
    return least, most


def _list_caps(policy: Policy, scale: Scale, minus: bool) -> list[int | None]:
    """The most that each group, and each rule without a group, can deduct (or add); None: no limit."""
    outer: dict[str, list[int | None]] = {}
    for rule in policy.rules:
        prices = [
            p
            for p in rule.prices
            if _is_overlapping(p, scale) and p.steps and _is_deduction(p) == minus
        ]
        caps = [p.cap for p in prices]
        if caps:
            worst = None if None in caps else max((c for c in caps if c is not None), key=abs)
            outer.setdefault(rule.group or f"rule:{rule.id}", []).append(worst)
    limits = {g.id: [v.cap for v in g.limits if _is_overlapping(v, scale)] for g in policy.groups}
    totals: list[int | None] = []
    for name, caps in outer.items():
        total = None if None in caps else sum(c for c in caps if c is not None)
        group = limits.get(name, [None])
        if None not in group and group:
            widest = max((c for c in group if c is not None), key=abs)
            total = widest if total is None or abs(widest) < abs(total) else total
        totals.append(total)
    return totals


def _is_overlapping(a: Dated, b: Dated) -> bool:
    return (b.until is None or a.start < b.until) and (a.until is None or b.start < a.until)


def _check_veto(policy: Policy, position: int, top: TomlEntry) -> None:
    for number, consequence in enumerate(policy.vetoes[position].consequences):
        line = _line_of(top, "veto", position, "value", number)
        if consequence.months is not None and consequence.months < 1:
            top.refuse_line(line, _("months count from 1"))
        for scale in policy.scales:
            names = [bound.grade for bound in scale.bounds]
            if _is_overlapping(consequence, scale) and consequence.grade not in names:
                top.refuse_line(
                    line,
                    _("there is no grade {grade}").format(grade=consequence.grade),
                    _("known here: {keys}").format(keys=join_words(names)),
                )


def _check_coverage(policy: Policy, top: TomlEntry, classes: dict[str, RecordClass]) -> None:
    matches = [r.match for r in policy.rules] + [v.match for v in policy.vetoes]
    for record_class in classes.values():
        if record_class.id in policy.ignored or not record_class.concerns(policy.parties):
            continue
        for kind, state in record_class.cases():
            name = f"{record_class.id}:{kind}" if kind else record_class.id
            kinds = [kind] if kind else []
            fits = all(
                any(m.fits(record_class.id, kinds, state, fine) for m in matches)
                for fine in _fine_samples(matches)
            )
            if not fits and name not in policy.ignored:
                top.refuse(
                    _("no rule is for {name} ({state})").format(name=name, state=state),
                    _('write a [[rule]] for it, or say ignored = ["{name}"]').format(name=name),
                    "ignored",
                )


def _fine_samples(matches: Sequence[Match]) -> set[int]:
    """Fines on both sides of every bound: matches for all of them match every fine."""
    bounds = {bound for m in matches for bound in (m.fine_from, m.fine_below)}
    return {0} | {bound for bound in bounds if bound is not None}


def _check_pairs(policy: Policy, top: TomlEntry) -> None:
    """A complaint is replaced by the penalty that it led to. With a cap on the penalty alone, one more record could
    raise the score; so such caps must be on a group that contains both.
    """
    complaints = [r for r in policy.rules if r.match.record_class == "complaint"]
    capped = {g.id for g in policy.groups if any(v.cap is not None for v in g.limits)}
    for position, rule in enumerate(policy.rules):
        if rule.match.record_class not in ("penalty", "sanction") or not complaints:
            continue
        elsewhere = rule.group in capped and any(c.group != rule.group for c in complaints)
        if elsewhere or any(price.cap is not None for price in rule.prices):
            top.refuse_line(
                _line_of(top, "rule", position),
                _(
                    "a complaint can give way to this record, so it may be capped only in a group with the complaints"
                ),
                _('put the complaints into its group, or say complaint_and_penalty = "both"'),
            )
