"""Months are counted as the Civil Code counts them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.core.periods import MONTH, day_number, first_day_from, last_day_of_period


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
    assert last_day_of_period(start, months) == last


days = st.dates(date(1990, 1, 1), date(2060, 1, 1))


@given(days, days, st.integers(1, 120))
def test_a_period_is_added_to_a_days_number(start: date, day: date, months: int) -> None:
    assert (day <= last_day_of_period(start, months)) == (
        day_number(day) <= day_number(start) + MONTH * months
    )


@given(days, st.integers(1, 120), st.integers(-40, 40))
def test_the_number_of_a_day_holds_where_periods_end(start: date, months: int, off: int) -> None:
    day = last_day_of_period(start, months) + timedelta(days=off)
    assert (off <= 0) == (day_number(day) <= day_number(start) + MONTH * months)


@given(days, days)
def test_later_days_have_greater_numbers(one: date, other: date) -> None:
    assert (one < other) == (day_number(one) < day_number(other))


@given(
    st.integers(min_value=day_number(date(1950, 1, 1)), max_value=day_number(date(2100, 12, 31)))
)
def test_the_first_day_from_a_number_has_it_or_the_next_that_a_day_has(number: int) -> None:
    day = first_day_from(number)
    assert day_number(day) >= number
    assert day_number(day - timedelta(1)) < number
