"""A trend is the score of each day, and a day without a grade has a reason."""

from __future__ import annotations

from datetime import date

import pytest

from double_random import data
from double_random.core.errors import Misuse
from double_random.credit.policy.catalog import load_policy
from double_random.credit.policy.loader import read_policy
from double_random.credit.scoring.explanation import explain_score
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord
from double_random.credit.scoring.trend import (
    NOT_IN_FORCE,
    UNKNOWN,
    compute_point,
    compute_trend,
    is_in_force,
)
from double_random.store.home import Home
from double_random.store.releases import Release

DAY = date(2016, 12, 31)
FIRM = "31310000XXXX300238"
RISK = read_policy(data.path("policies", "risk-100.toml"))


SMALL = "示例律师事务所"


def book() -> Casebook:
    made = Casebook()
    made.add_institutions([SMALL, "示例乙律师事务所"], "law_firm")
    made.add_cases(
        [
            MadeUpRecord(
                institution=SMALL,
                record_class="penalty",
                decided=date(2016, 3, 1),
                kinds=("warning",),
                document="罚1号",
            )
        ]
    )
    return made


def test_a_trend_is_the_score_of_each_day(scored: Home, release: Release) -> None:
    rule = load_policy(scored)
    points = compute_trend(release, FIRM, rule, date(2014, 1, 31), DAY, 5)
    assert points[0].day == date(2014, 1, 31) and points[-1].day == DAY
    assert points[1].day == date(2014, 6, 30)
    for one in points:
        found = explain_score(release, FIRM, one.day, rule)
        assert (found.points, found.grade) == (one.points, one.grade)
    with pytest.raises(Misuse):
        compute_trend(release, FIRM, rule, DAY, date(2014, 1, 1), 1)


def test_a_day_without_a_grade_has_a_reason() -> None:
    """D-055."""
    with book() as known:
        known.connection.execute(
            "UPDATE institutions SET status = 'suspended' WHERE id = ?", [SMALL]
        )
        days = compute_trend(known, SMALL, RISK, date(2016, 10, 1), DAY, 1)
        assert {one.reason for one in days} == {"suspended"}
        assert compute_point(known, SMALL, RISK, date(2009, 1, 1), 9).reason == NOT_IN_FORCE
        assert compute_point(known, "示例无", RISK, DAY, 9).reason == UNKNOWN


def test_the_last_day_is_a_point_even_between_two_steps() -> None:
    with book() as known:
        points = compute_trend(known, SMALL, RISK, date(2016, 1, 31), date(2016, 4, 15), 1)
    assert [one.day for one in points] == [
        date(2016, 1, 31),
        date(2016, 2, 29),
        date(2016, 3, 31),
        date(2016, 4, 15),
    ]
    assert [one.points for one in points] == [100_00, 100_00, 92_00, 92_00]


@pytest.mark.parametrize("every", [0, -1])
def test_months_between_points_count_from_one(every: int) -> None:
    with book() as known, pytest.raises(Misuse, match="no days lie between"):
        compute_trend(known, SMALL, RISK, date(2016, 1, 31), DAY, every)


def test_a_policy_is_in_force_from_its_first_day_on() -> None:
    assert is_in_force(RISK, RISK.start) and is_in_force(RISK, date(2099, 1, 1))
    assert not is_in_force(RISK, date(2009, 12, 31))
