"""Back-test on the bureau's own records: the scores of a day compared with the decisions after it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from double_random.core.errors import Misuse
from double_random.core.periods import last_day_of_period
from double_random.core.translation import _
from double_random.credit.backtest.calibration import Shift, compute_rates, compute_shift
from double_random.credit.backtest.result import BacktestResult
from double_random.credit.backtest.separation import Separation
from double_random.credit.policy.model import Match, Policy
from double_random.credit.schema import ReadableRelease
from double_random.credit.scoring.kept_scores import last_run_number, load_scores

if TYPE_CHECKING:
    import polars


def backtest_own_data(
    release: ReadableRelease,
    policy: Policy,
    as_of: date,
    months: int,
    outcome: Match,
    known_at: int | None = None,
    against: date | None = None,
) -> BacktestResult:
    """Scores as of a day, outcome in the `months` months after it; PSI between that day and `against`.

    `known_at`: scores only from what was known at the end of that run. Misuse if those months end after the newest
    run's date; Stopped if all institutions have the outcome, or none.
    """
    import polars

    until = last_day_of_period(as_of, months)
    newest = release.frame("SELECT max(as_of) AS day FROM runs").item()
    if newest is None or newest < until:
        raise Misuse(
            _("the time until {until} is not over: the newest data are of {day}").format(
                until=until, day=newest
            ),
            _("choose an earlier day or fewer months"),
        )
    graded = load_scores(release, as_of, policy, known_at)
    fallen = _find_affected(release, as_of, until, outcome)
    happened = graded.select(polars.col("institution").is_in(fallen))["institution"].to_list()
    names = [bound.grade for bound in policy.in_force_on(as_of).scale.bounds]
    moved: Shift | None = None
    if against is not None:
        other = load_scores(release, against, policy, known_at)
        moved = compute_shift(_count_grades(graded), _count_grades(other), names)
    return BacktestResult(
        title=_("{policy}: scores of {day}, outcome up to {until}").format(
            policy=policy.title, day=as_of, until=until
        ),
        policy=policy.id,
        edition=policy.edition,
        outcome=" ".join([outcome.record_class, *outcome.kinds]),
        separation=Separation.from_observations(graded["points"].to_list(), happened),
        rates=compute_rates(names, graded["grade"].to_list(), happened),
        shift=moved,
    )


def _find_affected(release: ReadableRelease, as_of: date, until: date, outcome: Match) -> list[str]:
    """The institutions with the outcome: a matching record decided after `as_of`, up to `until`, and still valid."""
    from double_random.credit.reports.measures import STANDING

    rows = release.frame(STANDING, (until, last_run_number(release)))
    return sorted(
        {
            row["institution"]
            for row in rows.iter_rows(named=True)
            if row["decided"] > as_of
            and outcome.fits(row["class"], row["kinds"].split(), row["state"], row["fine_fen"] or 0)
        }
    )


def _count_grades(graded: polars.DataFrame) -> dict[str, int]:
    return dict(graded["grade"].value_counts(name="count").iter_rows())
