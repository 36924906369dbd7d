"""Scores: a function of the known records, the policy in force and the as-of day. Kept ones are read, others computed.

Whole hundredths of a point; no clock, no randomness, no fractions. The same question always has the same answer.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from double_random.credit.policy.model import Policy
from double_random.credit.schema import ReadableRelease
from double_random.credit.scoring.pipeline import grades_sql, query_slices
from double_random.credit.scoring.policy_tables import ScoringQuery
from double_random.store.frames import has_table

if TYPE_CHECKING:
    import polars


def load_scores(
    release: ReadableRelease, as_of: date, policy: Policy, known_at: int | None = None
) -> polars.DataFrame:
    """Points (hundredths) and grade of every active institution on a day: institution points grade, by institution.

    Kept scores are read if the last score run is still valid; else they are computed. `known_at`: only what was
    known at the end of that run.
    """
    if known_at is None and has_fresh_scores(release, policy, as_of):
        return release.frame(
            """SELECT institution, points, grade FROM scores
               WHERE policy = ? AND edition = ? AND as_of = ? ORDER BY institution""",
            (policy.id, policy.edition, as_of),
        )
    question = ScoringQuery(as_of, last_run_number(release) if known_at is None else known_at)
    (score_table,) = query_slices(release, policy, question, grades_sql())
    return score_table.sort("institution")


def has_fresh_scores(release: ReadableRelease, policy: Policy, as_of: date) -> bool:
    """Whether scores of this policy content and day are kept, and only score runs were made since."""
    if last_score_day(release, policy) is None:
        return False
    rows = release.connection.execute(
        f"SELECT run FROM ({_days_query(release)}) WHERE policy = ? AND edition = ? AND as_of = ?",
        [policy.id, policy.edition, as_of],
    ).fetchall()
    if not rows:
        return False
    ((run,),) = rows
    ((later,),) = release.connection.execute(
        "SELECT count(*) FROM runs WHERE run > ? AND kind <> 'score'", [run]
    ).fetchall()
    return bool(later == 0)


def last_score_day(release: ReadableRelease, policy: Policy) -> date | None:
    """The day of the newest scores kept for this policy content; None if there are none."""
    query = _days_query(release)
    if not query:
        return None
    rows = release.connection.execute(
        f"""SELECT as_of FROM ({query}) WHERE policy = ? AND edition = ?
            ORDER BY run DESC, as_of DESC LIMIT 1""",
        [policy.id, policy.edition],
    ).fetchall()
    return rows[0][0] if rows else None


def _days_query(release: ReadableRelease) -> str:
    """The query for the days whose scores are kept: policy, edition, as_of, run; empty if none can be kept.

    Of the runs of a day the newest counts. A release of an earlier version has them with the scores alone.
    """
    if has_table(release.connection, "score_days"):
        return """SELECT policy, edition, as_of, run FROM score_days
                  QUALIFY run = max(run) OVER (PARTITION BY policy, as_of)"""
    if has_table(release.connection, "scores"):
        return "SELECT DISTINCT policy, edition, as_of, run FROM scores"
    return ""


def last_run_number(release: ReadableRelease) -> int:
    """The number of the newest run in the release."""
    ((run,),) = release.connection.execute("SELECT coalesce(max(run), 0) FROM runs").fetchall()
    return int(run)
