"""The day of a command: how it is typed, its default, and when a day to come is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import typer

from double_random.commands.days import day_option, day_or_today, decision_day, working_day
from double_random.core.clock import china_today
from double_random.core.errors import Misuse


def test_today_is_no_day_to_come() -> None:
    now = china_today()
    assert working_day(datetime(now.year, now.month, now.day)) == now
    with pytest.raises(Misuse):
        working_day(datetime.combine(now + timedelta(days=1), datetime.min.time()))
    assert working_day(datetime(2062, 1, 1), future=True) == date(2062, 1, 1)


def test_a_day_to_come_is_refused_with_the_option_that_allows_it() -> None:
    with pytest.raises(Misuse, match="--as-of 2062-11-03 is still to come") as error:
        working_day(datetime(2062, 11, 3))
    assert "--future" in error.value.hint


@pytest.mark.parametrize("given", ["2026-10-31", "2026/10/31", "2026.10.31", "2026年10月31日"])
def test_a_day_is_taken_in_the_spellings_of_the_files(given: str) -> None:
    assert day_option(given) == datetime(2026, 10, 31)


@pytest.mark.parametrize("given", ["2026-02-30", "tomorrow", "", "9999-12-31"])
def test_what_is_no_day_is_a_bad_value_of_the_option(given: str) -> None:
    with pytest.raises(typer.BadParameter) as error:
        day_option(given)
    assert str(error.value)


def test_without_a_day_it_is_today() -> None:
    assert day_or_today(None) == china_today()
    assert day_or_today(datetime(2016, 12, 31)) == date(2016, 12, 31)


def test_nothing_is_decided_on_a_day_to_come() -> None:
    assert decision_day(datetime(2016, 12, 31)) == date(2016, 12, 31)
    with pytest.raises(Misuse, match="2062-01-01 is still to come"):
        decision_day(datetime(2062, 1, 1))
