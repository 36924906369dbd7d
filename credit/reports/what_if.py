"""What would improve a grade: waiting, and until when; or repairs, one by one and together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from double_random.core.periods import last_day_of_period
from double_random.credit.policy.model import InForce, Policy
from double_random.credit.policy.publication_terms import PublicationTerms
from double_random.credit.schema import ReadableRelease
from double_random.credit.scoring.explanation import Explanation, explain_score
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord
from double_random.credit.scoring.kept_scores import last_run_number
from double_random.credit.scoring.trend import Point, compute_point

FORMAT = "double-random/what-if/1"
REPAIRABLE = (
    "penalty",
    "sanction",
    "annual_check",
    "inspection",
)  # a complaint is dropped with its penalty
YEARS = 12  # how far ahead waiting is computed


@dataclass(frozen=True)
class Repaired:
    """The score after a repair of these records; `since`: the first day on which the law allows it.

    None: it may be decided at once.
    """

    records: tuple[str, ...]
    documents: tuple[str, ...]
    points: int
    grade: str
    since: date | None = None

    def json(self) -> dict[str, Any]:
        """The repairs as a JSON object."""
        return asdict(self) | {"since": None if self.since is None else str(self.since)}


@dataclass(frozen=True)
class WhatIf:
    """The score now; the days on which waiting alone changes it; the scores after repairs.

    `lifted`: the first day on which the grade is better; None if that is not within twelve years.
    `fewest`: the fewest repairs found that improve the grade, the dearest first; None if repairs do not.
    """

    now: Explanation
    waiting: tuple[Point, ...]
    lifted: date | None
    repairs: tuple[Repaired, ...]
    fewest: Repaired | None

    def json(self) -> dict[str, Any]:
        """The result as a JSON object with its format's name and version."""
        return {
            "format": FORMAT,
            "institution": self.now.institution,
            "name": self.now.name,
            "policy": self.now.policy,
            "edition": self.now.edition,
            "as_of": str(self.now.as_of),
            "points": self.now.points,
            "grade": self.now.grade,
            "waiting": [
                {"day": str(item.day), "points": item.points, "grade": item.grade}
                for item in self.waiting
            ],
            "lifted": None if self.lifted is None else str(self.lifted),
            "repairs": [item.json() for item in self.repairs],
            "fewest": None if self.fewest is None else self.fewest.json(),
        }


def compute_what_if(
    release: ReadableRelease,
    institution: str,
    as_of: date,
    policy: Policy,
    terms: PublicationTerms | None = None,
) -> WhatIf:
    """What would improve an institution's grade if no other record is added. Misuse as in `explain_score`.

    `terms`: the shortest terms, before which no penalty is repaired.
    """
    now = explain_score(release, institution, as_of, policy)
    with Casebook.copy_from(release, institution) as book:
        run = last_run_number(release)
        waiting = _find_waiting_changes(book, now, policy, run)
        single = tuple(
            _score_repaired(book, now, policy, run, [record])
            for record in _find_repairable(now, policy)
        )
        fewest = _find_fewest_repairs(book, now, policy, run, single)
        if terms is not None:
            days = {
                item.records[0]: _earliest_repair_day(book, terms, item.records[0], as_of)
                for item in single
            }
            single = tuple(replace(item, since=days[item.records[0]]) for item in single)
            if fewest is not None:
                later = [day for item in fewest.records if (day := days[item]) is not None]
                fewest = replace(fewest, since=max(later, default=None))
    names = [grade for grade, _lowest in now.grades]
    lifted = next(
        (p.day for p in waiting if p.grade and names.index(p.grade) < names.index(now.grade)), None
    )
    return WhatIf(now, waiting, lifted, single, fewest)


def _earliest_repair_day(
    book: Casebook, terms: PublicationTerms, record: str, as_of: date
) -> date | None:
    """The first day on which a penalty can be repaired; None if that day is past, or no term applies."""
    rows = book.frame(
        "SELECT kinds, fine_fen, decided FROM records WHERE record = $1 AND class = 'penalty'",
        (record,),
    ).rows()
    for kinds, fine, decided in rows:
        first = terms.earliest_repair((kinds or "").split(), fine or 0, decided, as_of)
        if first is not None and first.day > as_of:
            return first.day
    return None


def _find_waiting_changes(
    book: Casebook, now: Explanation, policy: Policy, known_at: int
) -> tuple[Point, ...]:
    """The days after `as_of` on which the score changes without new records. Between them it cannot change."""
    end = last_day_of_period(now.as_of, YEARS * 12)
    days = {value.start for values in _list_timelines(policy) for value in values}
    starts = book.frame(
        "SELECT DISTINCT decided, coalesce(ends, decided) AS ended FROM records WHERE decided <= $1",
        (now.as_of,),
    ).rows()
    for period in _list_periods(policy):
        days |= {
            last_day_of_period(start, period) + timedelta(days=1) for row in starts for start in row
        }
    changes = []
    last = (now.points, now.grade)
    for day in sorted(day for day in days if now.as_of < day <= end):
        then = compute_point(book, now.institution, policy, day, known_at)
        if then.points is not None and (then.points, then.grade) != last:
            changes.append(then)
            last = (then.points, then.grade or "")
    return tuple(changes)


def _list_timelines(policy: Policy) -> list[Sequence[Any]]:
    return [
        policy.scales,
        policy.repairs,
        policy.objections,
        *(group.limits for group in policy.groups),
        *(rule.prices for rule in policy.rules),
        *(veto.consequences for veto in policy.vetoes),
    ]


def _list_periods(policy: Policy) -> set[int]:
    """Every number of months after which a record's points may change."""
    steps = {step.months for rule in policy.rules for price in rule.prices for step in price.steps}
    vetoes = {end.months for veto in policy.vetoes for end in veto.consequences}
    return {months for months in steps | vetoes if months is not None}


def _find_repairable(now: Explanation, policy: Policy) -> list[str]:
    """The records that cost points or lead to a grade, if a repair removes them from the score; dearest first."""
    rules: InForce = policy.in_force_on(now.as_of)
    if not rules.drops_named_record("repair", "decided"):
        return []
    cost: dict[str, int] = {}
    for line in now.lines:
        costs = line.points < 0 or line.part == "veto"
        if line.record and costs and line.record_class in REPAIRABLE:
            cost[line.record] = cost.get(line.record, 0) + line.points
    return sorted(cost, key=lambda record: (cost[record], record))


def _score_repaired(
    book: Casebook, now: Explanation, policy: Policy, known_at: int, records: Sequence[str]
) -> Repaired:
    """The score if these records were repaired on the day; the copy stays unchanged."""
    book.connection.execute("BEGIN")
    try:
        rows = [
            row
            for record in records
            for row in book.frame(
                "SELECT coalesce(document, record) AS named, document FROM records WHERE record = $1",
                (record,),
            ).rows()
        ]
        repairs = [
            MadeUpRecord(
                institution=now.institution,
                record_class="repair",
                decided=now.as_of,
                related=named,
                night=known_at,
            )
            for named, _document in rows
        ]
        book.add_cases(repairs)
        then = compute_point(book, now.institution, policy, now.as_of, known_at)
    finally:
        book.connection.execute("ROLLBACK")
    assert then.points is not None and then.grade is not None
    documents = tuple(document or "" for _named, document in rows)
    return Repaired(tuple(records), documents, then.points, then.grade)


def _find_fewest_repairs(
    book: Casebook,
    now: Explanation,
    policy: Policy,
    known_at: int,
    single: Sequence[Repaired],
) -> Repaired | None:
    """Add repairs one by one, each time the one with the greatest effect, until the grade is better."""
    names = [grade for grade, _lowest in now.grades]
    best: Repaired | None = None
    left = [option.records[0] for option in single]
    done: tuple[str, ...] = ()
    while left:
        tries = [_score_repaired(book, now, policy, known_at, [*done, record]) for record in left]
        best = max(tries, key=lambda option: (-names.index(option.grade), option.points))
        if names.index(best.grade) < names.index(now.grade):
            return best
        done = best.records
        left = [record for record in left if record not in done]
    return None
