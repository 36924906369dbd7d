"""What holds of every score, whatever the records and the policy: checked against a plain reckoner written twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from double_random.core.periods import last_day_of_period
from double_random.credit.policy.loader import read_policy
from double_random.credit.policy.model import (
    AgeStep,
    Bound,
    Consequence,
    Group,
    Limit,
    Match,
    Objection,
    Policy,
    Price,
    Repair,
    Repeat,
    Rule,
    Scale,
    Veto,
)
from double_random.credit.scoring.explanation import explain_score
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord
from double_random.credit.scoring.kept_scores import load_scores
from tests.thorough import examples

FIRM = "L:示例"
DAY = date(2020, 6, 30)
FIRST = date(2010, 1, 1)
PENALTIES = ("fine", "suspension", "warning")
STEPS = ("accepted", "checking", "corrected")

few = settings(
    max_examples=examples(10, 100), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


# ── policies and records of every shape ─────────────────────────────────────────────────────────────────────


@st.composite
def prices(draw: st.DrawFn, capped: bool, sign: int = -1) -> tuple[Price, ...]:
    weights = sorted(
        draw(st.lists(st.integers(1, 30_00), min_size=1, max_size=3, unique=True)), reverse=True
    )
    months = sorted(
        draw(
            st.lists(st.integers(1, 48), min_size=len(weights), max_size=len(weights), unique=True)
        )
    )
    steps = tuple(AgeStep(m, sign * w) for m, w in zip(months, weights, strict=True))
    if draw(st.booleans()):
        steps = (*steps[:-1], AgeStep(None, steps[-1].points))
    cap = sign * draw(st.integers(1, 60_00)) if capped and draw(st.booleans()) else None
    repeat = None
    if draw(st.booleans()):
        repeat = Repeat(draw(st.integers(1, 36)), sign * draw(st.integers(1, 20_00)))
    return (
        Price(
            start=FIRST,
            until=None,
            steps=steps,
            cap=cap,
            repeat=repeat,
            reference="示例",
            confirmed=False,
        ),
    )


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    family = draw(st.sampled_from(["own", "shared"]))
    rules = [
        Rule(
            id=f"penalty-{kind}",
            title=kind,
            match=Match("penalty", (kind,), ("decided",)),
            group="bad",
            family=kind if family == "own" else "penalties",
            counts_from=draw(st.sampled_from(["decided", "ends"])),
            prices=draw(prices(capped=False)),
        )
        for kind in PENALTIES
    ]
    if draw(st.booleans()):
        bound = draw(st.sampled_from([1, 100_00, 5000_00]))
        dear = replace(
            rules[0],
            id="large-fine",
            match=Match("penalty", ("fine",), ("decided",), bound),
            prices=draw(prices(capped=False)),
        )
        rules.insert(0, dear)
    rules.append(
        Rule(
            id="complaint",
            title="投诉",
            match=Match("complaint", (), ("upheld", "partly_upheld")),
            group="bad",
            family="complaint",
            counts_from="decided",
            prices=draw(prices(capped=True)),
        )
    )
    rules.append(
        Rule(
            id="praise",
            title="表彰",
            match=Match("commendation", (), ("decided",)),
            group=None,
            family="praise",
            counts_from="decided",
            prices=draw(prices(capped=True, sign=1)),
        )
    )
    cap = draw(st.none() | st.integers(-150_00, -1))
    bounds = (Bound("A", 90_00), Bound("B", 70_00 + 1), Bound("C", 40_00), Bound("D", None))
    veto = Veto(
        "veto",
        "一票否决",
        Match("penalty", ("suspension",), ("decided",)),
        (
            Consequence(
                start=FIRST,
                until=None,
                grade="C",
                months=draw(st.none() | st.integers(1, 36)),
                reference="示例",
                confirmed=False,
            ),
        ),
    )
    return Policy(
        id="random",
        title="示例",
        purpose="风险分类",
        public="no",
        subjects=("law_firm",),
        start=FIRST,
        until=None,
        example=True,
        ignored=(),
        pairs="dearer",
        scales=(
            Scale(
                start=FIRST,
                until=None,
                base=100_00,
                floor=draw(st.none() | st.just(0)),
                ceiling=draw(st.none() | st.just(110_00)),
                bounds=bounds,
                reference="示例",
                confirmed=False,
            ),
        ),
        groups=(Group("bad", "违法", (Limit(FIRST, None, cap, "示例", False),)),),
        rules=tuple(rules),
        vetoes=(veto,),
        repairs=(Repair(FIRST, None, draw(st.sampled_from(["counts", "dropped"])), "示例", False),),
        edition="000000000000",
        file=Path("random.toml"),
        branch_records="own",
        objections=(
            Objection(FIRST, None, draw(st.sampled_from(["counts", "suspended"])), "示例", False),
        ),
    )


days = st.dates(date(2014, 1, 1), date(2021, 6, 30)) | st.sampled_from(
    [DAY, date(2019, 6, 30), date(2019, 7, 1), date(2018, 6, 30), date(2016, 2, 29)]
)


@st.composite
def penalties(draw: st.DrawFn, number: int) -> MadeUpRecord:
    decided = draw(days)
    ends = draw(st.none() | st.integers(0, 500).map(lambda d: decided + timedelta(days=d)))
    kinds = tuple(sorted(draw(st.sets(st.sampled_from(PENALTIES), min_size=1, max_size=2))))
    document = draw(st.sampled_from(["罚1号", "罚2号", f"罚-{number}"]))
    fine = draw(st.sampled_from([None, 1, 99_99, 100_00, 6000_00])) if "fine" in kinds else None
    return MadeUpRecord(
        institution=FIRM,
        record_class="penalty",
        decided=decided,
        kinds=kinds,
        state="decided",
        ends=ends,
        document=document,
        related=None,
        fine=fine,
    )


@st.composite
def complaints(draw: st.DrawFn, number: int) -> MadeUpRecord:
    state = draw(st.sampled_from(["upheld", "partly_upheld", "unfounded", "open"]))
    related = draw(st.sampled_from([None, "罚1号", "罚2号"]))
    decided = None if state == "open" else draw(days)
    return MadeUpRecord(
        institution=FIRM,
        record_class="complaint",
        decided=decided,
        kinds=(),
        state=state,
        ends=None,
        document=f"TS{number}",
        related=related,
    )


@st.composite
def negatives(draw: st.DrawFn, number: int) -> MadeUpRecord:
    return draw(st.one_of(penalties(number), complaints(number)))


@st.composite
def records(draw: st.DrawFn) -> list[MadeUpRecord]:
    found = [draw(negatives(n)) for n in range(draw(st.integers(0, 7)))]
    for _n in range(draw(st.integers(0, 2))):
        found.append(
            MadeUpRecord(institution=FIRM, record_class="commendation", decided=draw(days))
        )
    if draw(st.booleans()):
        found.append(
            MadeUpRecord(
                institution=FIRM,
                record_class="repair",
                decided=draw(days),
                related=draw(st.sampled_from(["罚1号", "罚9号"])),
            )
        )
    if draw(st.booleans()):
        kind = draw(st.sampled_from(["revoked", "corrected"]))
        found.append(
            MadeUpRecord(
                institution=FIRM,
                record_class="correction",
                decided=draw(days),
                kinds=(kind,),
                related="罚2号",
            )
        )
    for place, state in enumerate(draw(st.sampled_from([(), ("accepted",), STEPS[:2], STEPS]))):
        day = date(2019, 1, 1) + timedelta(days=10 * place)
        found.append(
            MadeUpRecord(
                institution=FIRM,
                record_class="objection",
                decided=day,
                kinds=(),
                state=state,
                ends=None,
                document="YY1",
                related="罚1号",
            )
        )
    return list({case.id: case for case in found}.values())


def answer(policy: Policy, cases: Sequence[MadeUpRecord], day: date = DAY) -> tuple[int, str]:
    with Casebook() as book:
        book.add_institution(FIRM)
        book.add_cases(cases)
        ((_firm, points, grade),) = load_scores(book, day, policy).rows()
    return points, grade


# ── the same rule, written a second time without SQL ────────────────────────────────────────────────────────


def reckoned(policy: Policy, cases: Sequence[MadeUpRecord], day: date) -> tuple[int, str]:
    """The score as a clerk would reckon it, record by record."""
    rules = policy.in_force_on(day)
    known = [c for c in cases if c.decided is not None and c.decided <= day]
    out = {c.related for c in known if c.record_class == "correction"}
    if rules.repair and rules.repair.effect == "dropped":
        out |= {c.related for c in known if c.record_class == "repair"}
    objections = sorted(
        (c for c in known if c.record_class == "objection"), key=lambda c: c.decided
    )
    for last in {c.document: c for c in objections}.values():
        suspended = bool(rules.objection and rules.objection.effect == "suspended")
        if last.state == "corrected" or (last.state in ("accepted", "checking") and suspended):
            out.add(last.related)
    known = [c for c in known if c.document is None or c.document not in out]
    known = [c for c in known if c.record_class != "complaint" or c.related not in out]
    rule_of = {c.id: rules.rule_for(c.record_class, c.kinds, c.state, c.fine or 0) for c in known}
    price_of = {rule.id: price for rule, price in rules.rules}
    cost: dict[str, int] = {}
    for case in known:
        rule = rule_of[case.id]
        if rule is None:
            continue
        price = price_of[rule.id]
        start = (case.ends or case.decided) if rule.counts_from == "ends" else case.decided
        step = next(
            (
                s
                for s in price.steps
                if s.months is None or day <= last_day_of_period(start, s.months)
            ),
            None,
        )
        if step is None:
            continue
        cost[case.id] = step.points
        again = any(
            other.decided < case.decided
            and case.decided <= last_day_of_period(other.ends or other.decided, price.repeat.within)
            for other in known
            if price.repeat and rule_of[other.id] and rule_of[other.id].family == rule.family
        )
        if again:
            cost[case.id] += price.repeat.points
    for document in {c.document for c in known if c.record_class == "penalty"}:
        penalty = sum(
            cost.get(c.id, 0)
            for c in known
            if c.record_class == "penalty" and c.document == document
        )
        if not penalty:
            continue
        room = -penalty  # so much of the complaints is paid for by the penalty
        same = [c for c in known if c.record_class == "complaint" and c.related == document]
        for case in sorted(same, key=lambda c: (c.decided, c.id)):
            paid = min(room, -cost.get(case.id, 0))
            room -= paid
            if paid:
                cost[case.id] += paid
    groups: dict[str | None, int] = {}
    for rule, price in rules.rules:
        total = sum(cost.get(c.id, 0) for c in known if rule_of[c.id] is rule)
        if price.cap is not None:
            total = max(total, price.cap) if price.cap < 0 else min(total, price.cap)
        groups[rule.group] = groups.get(rule.group, 0) + total
    for group, limit in rules.groups:
        if limit.cap is not None:
            groups[group.id] = max(groups[group.id], limit.cap)
    points = rules.scale.base + sum(groups.values())
    if rules.scale.floor is not None:
        points = max(points, rules.scale.floor)
    if rules.scale.ceiling is not None:
        points = min(points, rules.scale.ceiling)
    names = [bound.grade for bound in rules.scale.bounds]
    worst = names.index(rules.grade_for(points))
    for veto, end in rules.vetoes:
        for case in known:
            hit = veto.match.fits(case.record_class, case.kinds, case.state)
            if hit and (end.months is None or day <= last_day_of_period(case.decided, end.months)):
                worst = max(worst, names.index(end.grade))
    return points, names[worst]


# ── what holds ──────────────────────────────────────────────────────────────────────────────────────────────


@few
@given(policies(), records())
def test_the_sql_says_what_a_clerk_reckons(policy: Policy, cases: list[MadeUpRecord]) -> None:
    assert answer(policy, cases) == reckoned(policy, cases, DAY)


@few
@given(policies(), records(), st.randoms(use_true_random=False))
def test_the_order_of_records_and_their_nights_do_not_matter(
    policy: Policy, cases: list[MadeUpRecord], shuffle: object
) -> None:
    # Penalties of one document come in one night: in a later one they would be its correction.
    nights = {case.document: shuffle.randint(1, 5) for case in cases}  # type: ignore[attr-defined]
    others = [
        replace(case, night=nights[case.document] if case.document else shuffle.randint(1, 5))  # type: ignore[attr-defined]
        for case in cases
    ]
    shuffle.shuffle(others)  # type: ignore[attr-defined]
    assert answer(policy, others) == answer(policy, cases)


@few
@given(policies(), records(), negatives(99))
def test_one_more_negative_record_never_raises_a_score(
    policy: Policy, cases: list[MadeUpRecord], more: MadeUpRecord
) -> None:
    names = [bound.grade for bound in policy.scales[0].bounds]
    before, after = answer(policy, cases), answer(policy, [*cases, more])
    assert after[0] <= before[0]
    assert names.index(after[1]) >= names.index(before[1])


@few
@given(policies(), records(), st.sampled_from(["罚1号", "罚2号"]))
def test_a_repair_never_lowers_a_score(
    policy: Policy, cases: list[MadeUpRecord], document: str
) -> None:
    repair = MadeUpRecord(
        institution=FIRM, record_class="repair", decided=date(2020, 1, 1), related=document
    )
    assert answer(policy, [*cases, repair])[0] >= answer(policy, cases)[0]


@few
@given(policies(), records(), days)
def test_a_score_does_not_change_by_what_is_decided_later(
    policy: Policy, cases: list[MadeUpRecord], day: date
) -> None:
    then = [case for case in cases if case.decided is not None and case.decided <= day]
    assert answer(policy, cases, day) == answer(policy, then, day)


@few
@given(policies(), records())
def test_a_score_does_not_change_by_what_became_known_later(
    policy: Policy, cases: list[MadeUpRecord]
) -> None:
    with Casebook() as book:
        book.add_institution(FIRM)
        book.add_cases([replace(case, night=1 + place % 2) for place, case in enumerate(cases)])
        ((_firm, points, grade),) = load_scores(book, DAY, policy, known_at=1).rows()
    assert (points, grade) == answer(policy, cases[::2])


def test_a_corrected_penalty_counts_once_as_it_came_last_and_its_history_is_kept() -> None:
    rule = read_policy(Path(__file__).parents[2] / "data" / "policies" / "risk-100.toml")
    day = date(2020, 1, 1)
    with Casebook() as book:
        book.add_institution(FIRM)
        book.add_cases(
            [
                MadeUpRecord(
                    institution=FIRM,
                    record_class="penalty",
                    decided=day,
                    kinds=("suspension",),
                    document="示例罚〔2020〕1号",
                    night=1,
                ),
                MadeUpRecord(
                    institution=FIRM,
                    record_class="penalty",
                    decided=day,
                    kinds=("warning",),
                    document="示例罚〔2020〕2号",
                    night=1,
                ),
                MadeUpRecord(
                    institution=FIRM,
                    record_class="penalty",
                    decided=day,
                    kinds=("warning",),
                    document="示例罚(2020)1号",
                    night=2,
                ),
                MadeUpRecord(
                    institution=FIRM,
                    record_class="commendation",
                    decided=day,
                    document="示例罚〔2020〕2号",
                    night=2,
                ),
            ]
        )
        then, now = (load_scores(book, DAY, rule, known_at=night).rows()[0] for night in (1, 2))
        lines = explain_score(book, FIRM, DAY, rule).lines
    assert then[1:] == (62_00, "D")
    assert now[1:] == (87_00, "B")
    assert [line.document for line in lines if line.part == "record"].count("示例罚(2020)1号") == 1


@few
@given(policies(), records())
def test_the_lines_add_up_to_the_score(policy: Policy, cases: list[MadeUpRecord]) -> None:
    with Casebook() as book:
        book.add_institution(FIRM)
        book.add_cases(cases)
        found = explain_score(book, FIRM, DAY, policy)
    assert sum(line.points for line in found.lines) == found.points == found.lines[-1].running
    assert [line.line for line in found.lines] == list(range(len(found.lines)))
    assert (found.points, found.grade) == answer(policy, cases)
    assert all(line.points or line.part in ("base", "veto") for line in found.lines)
