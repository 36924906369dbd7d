"""A policy on one day as small tables, which the scoring SQL joins: every date in them is worked out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from credit.periods import earliest_start
from credit.policy import InForce, Price, Rule

if TYPE_CHECKING:
    import polars

EVER = date(9999, 12, 31)
NEVER = date(1, 1, 1)

Case = tuple[str, str, str]  # class, kinds joined by a blank, state: as they stand in the records


@dataclass(frozen=True)
class Question:
    """What is asked: the day, the run up to whose end records are known, and perhaps one institution alone."""

    as_of: date
    known_at: int
    only_one: str | None = None


def tables(
    rules: InForce, question: Question, cases: Iterable[Case]
) -> dict[str, polars.DataFrame]:
    """The tables policy_* by name. `cases` are the distinct class, kinds and state among the records."""
    import polars

    text, whole, day = polars.String, polars.Int64, polars.Date
    cases = sorted(cases)
    prices = {rule.id: price for rule, price in rules.rules}
    repeating = sorted({r.family for r, p in rules.rules if p.repeat is not None})
    families = {family: number for number, family in enumerate(repeating)}
    rank = {bound.grade: place for place, bound in enumerate(rules.scale.bounds)}
    return {
        "policy_frame": polars.DataFrame(
            [_frame(rules, question)],
            schema={
                "as_of": day,
                "known_at": whole,
                "only_one": text,
                "base": whole,
                "floor_points": whole,
                "ceiling_points": whole,
                "pairs": text,
                "repair": text,
                "reference": text,
            },
            orient="row",
        ),
        "policy_subjects": polars.DataFrame(
            [(kind,) for kind in rules.policy.subjects], schema={"kind": text}, orient="row"
        ),
        "policy_sorts": polars.DataFrame(
            [(*case, number) for number, case in enumerate(cases)],
            schema={"class": text, "kinds": text, "state": text, "sort_no": polars.Int32},
            orient="row",
        ),
        "policy_matches": polars.DataFrame(
            [
                (number, *_rule(rule, prices[rule.id], families))
                for number, case in enumerate(cases)
                if (rule := rules.rule_for(case[0], case[1].split(), case[2])) is not None
            ],
            schema={
                "sort_no": polars.Int32,
                "rule": text,
                "grp": text,
                "family_no": polars.Int32,
                "counts_from": text,
                "repeat_within": whole,
                "repeat_points": whole,
            },
            orient="row",
        ),
        "policy_rules": polars.DataFrame(
            [(rule.id, price.cap, price.reference) for rule, price in rules.rules],
            schema={"rule": text, "cap": whole, "reference": text},
            orient="row",
        ),
        "policy_steps": polars.DataFrame(
            [
                (rule.id, *step)
                for rule, price in rules.rules
                for step in _steps(price, question.as_of)
            ],
            schema={"rule": text, "started_from": day, "started_before": day, "points": whole},
            orient="row",
        ),
        "policy_groups": polars.DataFrame(
            [(group.id, limit.cap, limit.reference) for group, limit in rules.groups],
            schema={"grp": text, "cap": whole, "reference": text},
            orient="row",
        ),
        "policy_veto_matches": polars.DataFrame(
            [
                (number, veto.id)
                for number, case in enumerate(cases)
                for veto in rules.vetoes_for(case[0], case[1].split(), case[2])
            ],
            schema={"sort_no": polars.Int32, "veto": text},
            orient="row",
        ),
        "policy_vetoes": polars.DataFrame(
            [
                (
                    veto.id,
                    rank[end.grade],
                    NEVER if end.months is None else earliest_start(question.as_of, end.months),
                    end.reference,
                )
                for veto, end in rules.vetoes
            ],
            schema={"veto": text, "worst": whole, "started_from": day, "reference": text},
            orient="row",
        ),
        "policy_grades": polars.DataFrame(
            [
                (bound.grade, place, bound.lowest, above)
                for place, (bound, above) in enumerate(
                    zip(
                        rules.scale.bounds,
                        [None, *(bound.lowest for bound in rules.scale.bounds)],
                        strict=False,
                    )
                )
            ],
            schema={"grade": text, "grade_rank": whole, "lowest": whole, "below": whole},
            orient="row",
        ),
    }


def _frame(rules: InForce, question: Question) -> tuple[date | int | str | None, ...]:
    scale = rules.scale
    return (
        question.as_of,
        question.known_at,
        question.only_one,
        scale.base,
        scale.floor,
        scale.ceiling,
        rules.policy.pairs,
        rules.repair.effect if rules.repair else "counts",
        scale.reference,
    )


def _rule(
    rule: Rule, price: Price, families: dict[str, int]
) -> tuple[str, str | None, int | None, str, int | None, int | None]:
    """What a record needs of its rule; its family by number, none where no repeat asks for it."""
    family = families.get(rule.family)
    repeat = price.repeat
    within, points = (repeat.within, repeat.points) if repeat else (None, None)
    return rule.id, rule.group, family, rule.counts_from, within, points


def _steps(price: Price, as_of: date) -> list[tuple[date, date, int]]:
    """Each step as the starts for which it is the one: from … before …, in days."""
    found = []
    before = EVER
    for step in price.steps:
        since = NEVER if step.months is None else earliest_start(as_of, step.months)
        found.append((since, before, step.points))
        before = since
    return found
