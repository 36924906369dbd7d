"""A policy on one day as small tables, which the scoring SQL joins: every date in them is worked out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from credit.periods import earliest_start
from credit.policy import InForce, Price

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

    text, number, day = polars.String, polars.Int64, polars.Date
    cases = sorted(cases)
    families = {r.family for r, p in rules.rules if p.repeat is not None}
    rank = {bound.grade: place for place, bound in enumerate(rules.scale.bounds)}
    return {
        "policy_frame": polars.DataFrame(
            [_frame(rules, question)],
            schema={
                "as_of": day,
                "known_at": number,
                "only_one": text,
                "base": number,
                "floor_points": number,
                "ceiling_points": number,
                "pairs": text,
                "repair": text,
                "reference": text,
            },
            orient="row",
        ),
        "policy_subjects": polars.DataFrame(
            [(kind,) for kind in rules.policy.subjects], schema={"kind": text}, orient="row"
        ),
        "policy_matches": polars.DataFrame(
            [
                (*case, rule.id)
                for case in cases
                if (rule := rules.rule_for(case[0], case[1].split(), case[2])) is not None
            ],
            schema={"class": text, "kinds": text, "state": text, "rule": text},
            orient="row",
        ),
        "policy_rules": polars.DataFrame(
            [
                (
                    rule.id,
                    rule.group,
                    rule.family if rule.family in families else None,
                    rule.counts_from,
                    price.cap,
                    price.repeat.within if price.repeat else None,
                    price.repeat.points if price.repeat else None,
                    price.reference,
                )
                for rule, price in rules.rules
            ],
            schema={
                "rule": text,
                "grp": text,
                "family": text,
                "counts_from": text,
                "cap": number,
                "repeat_within": number,
                "repeat_points": number,
                "reference": text,
            },
            orient="row",
        ),
        "policy_steps": polars.DataFrame(
            [
                (rule.id, *step)
                for rule, price in rules.rules
                for step in _steps(price, question.as_of)
            ],
            schema={"rule": text, "started_from": day, "started_before": day, "points": number},
            orient="row",
        ),
        "policy_groups": polars.DataFrame(
            [(group.id, limit.cap, limit.reference) for group, limit in rules.groups],
            schema={"grp": text, "cap": number, "reference": text},
            orient="row",
        ),
        "policy_veto_matches": polars.DataFrame(
            [
                (*case, veto.id)
                for case in cases
                for veto in rules.vetoes_for(case[0], case[1].split(), case[2])
            ],
            schema={"class": text, "kinds": text, "state": text, "veto": text},
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
            schema={"veto": text, "worst": number, "started_from": day, "reference": text},
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
            schema={"grade": text, "grade_rank": number, "lowest": number, "below": number},
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


def _steps(price: Price, as_of: date) -> list[tuple[date, date, int]]:
    """Each step as the starts for which it is the one: from … before …, in days."""
    found = []
    before = EVER
    for step in price.steps:
        since = NEVER if step.months is None else earliest_start(as_of, step.months)
        found.append((since, before, step.points))
        before = since
    return found
