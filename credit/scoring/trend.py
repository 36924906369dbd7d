"""The trend of an institution's points and grade: as of several days, each under the policy in force on that day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from double_random.core.errors import Misuse
from double_random.core.periods import last_day_of_period
from double_random.core.translation import N_, _
from double_random.credit.policy.model import Policy
from double_random.credit.schema import ReadableRelease
from double_random.credit.scoring.in_memory import Casebook
from double_random.credit.scoring.kept_scores import last_run_number
from double_random.credit.scoring.pipeline import grades_sql, query_slices
from double_random.credit.scoring.policy_tables import ScoringQuery

FORMAT = "double-random/trend/1"
NOT_IN_FORCE, UNKNOWN = N_("policy not in force"), N_("not in the register")


@dataclass(frozen=True)
class Point:
    """One day's points (hundredths) and grade; both None if the institution was not graded on that day.

    `reason`: why not: `policy not in force`, or its status on that day; UNKNOWN if it was not in the register.
    """

    day: date
    points: int | None
    grade: str | None
    reason: str | None = None


def compute_trend(
    release: ReadableRelease,
    institution: str,
    policy: Policy,
    since: date,
    until: date,
    every: int,
    known_at: int | None = None,
) -> list[Point]:
    """The points every `every` months from `since` on, and on `until`. Misuse if the days are not in order.

    `known_at`: as known at the end of that run; else as known now, so that a late record appears on its own date.
    """
    if since > until or every < 1:
        raise Misuse(
            _("no days lie between {since} and {until}").format(since=since, until=until),
            _("the first day comes before the last; months count from 1"),
        )
    with Casebook.copy_from(release, institution) as book:
        run = last_run_number(release) if known_at is None else known_at
        return [
            compute_point(book, institution, policy, day, run)
            for day in _list_days(since, until, every)
        ]


def compute_point(
    book: Casebook, institution: str, policy: Policy, day: date, known_at: int
) -> Point:
    """One day's points and grade."""
    if not is_in_force(policy, day):
        return Point(day, None, None, NOT_IN_FORCE)
    (graded,) = query_slices(
        book, policy, ScoringQuery(day, known_at, (institution,)), grades_sql()
    )
    rows = graded.rows()
    if rows:
        return Point(day, rows[0][1], rows[0][2])
    return Point(day, None, None, _find_status(book, institution, day, known_at))


def _find_status(book: Casebook, institution: str, day: date, known_at: int) -> str:
    rows = book.frame(
        """SELECT status FROM parties
           WHERE id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)
             AND known_from <= $3 AND (known_to IS NULL OR known_to > $3)""",
        (institution, day, known_at),
    ).rows()
    return str(rows[0][0]) if rows and rows[0][0] else UNKNOWN


def is_in_force(policy: Policy, day: date) -> bool:
    """Whether the policy is in force on a day."""
    return policy.start <= day and (policy.until is None or day < policy.until)


def _list_days(since: date, until: date, every: int) -> Iterator[date]:
    count = 0
    while (day := last_day_of_period(since, count * every)) < until:
        yield day
        count += 1
    yield until
