"""Months are counted as the Civil Code counts them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.periods import earliest_start, last_day


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        (date(2015, 3, 10), 12, date(2016, 3, 10)),
        (date(2015, 1, 31), 1, date(2015, 2, 28)),
        (date(2016, 1, 31), 1, date(2016, 2, 29)),
        (date(2016, 2, 29), 12, date(2017, 2, 28)),
        (date(2015, 8, 31), 6, date(2016, 2, 29)),
        (date(2015, 12, 31), 2, date(2016, 2, 29)),
    ],
)
def test_the_last_day_has_the_number_of_the_first_or_ends_the_month(
    start: date, months: int, last: date
) -> None:
    assert last_day(start, months) == last


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(1, 120))
def test_the_earliest_start_is_the_first_whose_period_still_runs(day: date, months: int) -> None:
    first = earliest_start(day, months)
    assert last_day(first, months) >= day
    assert last_day(first - timedelta(days=1), months) < day
