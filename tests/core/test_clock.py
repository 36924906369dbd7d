"""The machine's clock: what lies ahead of it is refused, beyond a grace of five minutes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from double_random.core import clock
from double_random.core.china_time import UTC_FORM
from double_random.core.errors import Misuse
from tests.clock import stopped


def test_the_day_in_china_begins_eight_hours_before_that_of_utc() -> None:
    with stopped("2026-11-29"):  # 23:59 UTC
        assert clock.china_today() == date(2026, 11, 30)
        assert clock.utc_stamp() == "2026-11-29T23:59:00Z"


def test_the_time_now_has_the_zone_of_utc() -> None:
    assert clock.utc_now().tzinfo is UTC
    assert datetime.strptime(clock.utc_stamp(), UTC_FORM)


def test_a_later_day_is_refused_and_names_today() -> None:
    with stopped("2026-11-29"):
        clock.refuse_later_day(date(2026, 11, 30))
        with pytest.raises(Misuse, match="2026-12-01 is still to come: today is 2026-11-30"):
            clock.refuse_later_day(date(2026, 12, 1))


def test_a_time_within_the_grace_is_not_ahead() -> None:
    with stopped("2026-11-29"):
        limit = clock.utc_now() + clock.GRACE
        clock.refuse_later_time(limit.strftime(UTC_FORM))
        later = (limit + timedelta(seconds=1)).strftime(UTC_FORM)
        assert clock.is_ahead(later)
        with pytest.raises(Misuse, match="lies in the future"):
            clock.refuse_later_time(later)
