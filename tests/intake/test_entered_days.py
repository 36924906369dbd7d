"""One day and one time as people type them: the same spellings as in a drop, and nothing that does not exist."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.intake.dates import parse_days
from double_random.intake.entered_days import explain_no_day, read_day, read_time

DAY = date(2027, 1, 4)


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-04",
        "2027-1-4",
        "2027/1/4",
        "2027.01.04",
        "2027年1月4日",
        "2027年01月04日",
        "20270104",
        " 2027-01-04 ",
        "２０２７－０１－０４",
        "2027 年 1 月 4 日",
        "2027-01-04 00:00:00",
    ],
)
def test_a_day_is_read_in_every_spelling_of_a_drop(text: str) -> None:  # D-045
    assert read_day(text) == DAY


@pytest.mark.parametrize(
    "text", ["", "2027-02-29", "2027-13-01", "2027年1月", "04-01-2027", "morgen"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_day(text) is None


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from("-/."), st.booleans())
def test_a_typed_day_is_the_day_of_a_column_of_dates(day: date, mark: str, padded: bool) -> None:
    parts = (f"{day.month:02}", f"{day.day:02}") if padded else (f"{day.month}", f"{day.day}")
    text = mark.join((f"{day.year}", *parts))
    assert read_day(text) == parse_days(polars.Series([text])).item() == day


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22 16:00",
        "2026-11-22T16:00:00",
        "2026/11/22 16:00",
        "2026年11月22日16:00",
        "2026年11月22日 16时00分",
        "20261122 16：00",
        "2026-11-22T08:00:00Z",
        "2026-11-22 16:00+08:00",
        "2026-11-22T10:00:00+0200",
    ],
)
def test_a_time_is_of_beijing_unless_it_says_otherwise(text: str) -> None:
    assert read_time(text) == datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "2026-11-22", "2026-11-22 25:00", "2026-02-30 16:00", "16:00"]
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert read_time(text) is None


def test_a_day_that_the_calendar_lacks_is_told_from_what_is_no_day() -> None:
    """Finding: 2026-2-31 was answered as if it were written wrongly."""
    for text in ("2026-2-31", "2026-02-31", "2026年2月31日", "20260231", "2026.13.1"):
        assert explain_no_day(text) == f"{text}: there is no such day in the calendar"
    assert explain_no_day("二月").startswith("二月 is no day; a day is written 2026-12-31")
