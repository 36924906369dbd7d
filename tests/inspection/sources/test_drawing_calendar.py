"""From an issue number to the time of its drawing and back: weekdays, closed days, zones with summer time."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.inspection.sources.drawing_calendar import (
    ClosedDays,
    DrawingCalendar,
    Issue,
    load_zone,
)

CLOSED = ClosedDays(
    ((date(2026, 2, 14), date(2026, 2, 23)), (date(2026, 10, 1), date(2026, 10, 4)))
)


def calendar(
    form: str = "YYYYNNN",
    days: tuple[int, ...] = (2, 4, 7),
    zone: str = "Asia/Shanghai",
    closed: ClosedDays | None = CLOSED,
) -> DrawingCalendar:
    return DrawingCalendar(
        form=form, zone=zone, times=dict.fromkeys(days, time(21, 15)), closed=closed
    )


def test_issues_are_counted_through_the_year_without_closed_days() -> None:
    assert calendar().find_issue("2026001") == Issue("2026001", "2026-01-01T13:15:00Z")
    before = calendar().find_issue("2026019")
    after = calendar().find_issue("2026020")
    assert before is not None and after is not None
    assert (before.known_from, after.known_from) == (
        "2026-02-12T13:15:00Z",
        "2026-02-24T13:15:00Z",
    )


@pytest.mark.parametrize(
    "wrong", ["26001", "2026000", "2026999", "2026a01", "２０２６００１", "1900001"]
)
def test_an_impossible_issue_is_refused(wrong: str) -> None:
    with pytest.raises(Misuse):
        calendar().find_issue(wrong)


def test_a_year_without_its_closed_days_is_unknown() -> None:
    assert calendar().find_issue("2027001") is None
    assert calendar().find_next_issue("2026-12-31T14:00:00Z") is None
    assert calendar(closed=None).find_issue("2027001") is not None


def test_an_issue_named_by_its_day() -> None:
    london = calendar("YYYY-MM-DD", (3, 6), "Europe/London", None)
    assert london.find_issue("2026-07-01") == Issue("2026-07-01", "2026-07-01T20:15:00Z")
    assert london.find_issue("2026-12-02") == Issue("2026-12-02", "2026-12-02T21:15:00Z")
    for wrong in ("2026-12-03", "2026-02-30", "20261202", "x"):
        with pytest.raises(Misuse):
            london.find_issue(wrong)


def test_a_day_belongs_to_the_sources_own_zone() -> None:
    york = calendar("YYYY-MM-DD", (1, 3, 6), "America/New_York", None)
    found = york.find_next_issue("2026-12-01T00:00:00Z")
    assert found == Issue("2026-11-30", "2026-12-01T02:15:00Z")
    assert york.local_day("2026-12-01T02:15:00Z") == date(2026, 11, 30)


@given(st.integers(0, 364), st.sampled_from(["YYYYNNN", "YYNNN", "YYYY-MM-DD"]))
def test_the_next_issue_is_found_again_by_its_number(days: int, form: str) -> None:
    made = calendar(form)
    start = f"{date.fromordinal(date(2026, 1, 1).toordinal() + days)}T00:00:00Z"
    found = made.find_next_issue(start)
    if found is not None:
        assert found.known_from >= start and made.find_issue(found.number) == found


def test_an_unknown_zone_is_an_error() -> None:
    with pytest.raises(DoubleRandomError, match="no time zone"):
        load_zone("Mars/Olympus")
