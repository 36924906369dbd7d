"""Legal time is eight hours ahead of UTC all the year, as the time zone database has it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from double_random.commands.times import paper_day
from double_random.core.china_time import BEIJING, china_day, to_china_time


def test_it_is_what_the_time_zone_database_says_of_shanghai() -> None:
    for year in range(1992, 2041):
        for month in range(1, 13):
            moment = datetime(year, month, 15, tzinfo=UTC)
            assert moment.astimezone(ZoneInfo("Asia/Shanghai")).utcoffset() == BEIJING


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-22T15:59:59Z", "2026-11-22"),
        ("2026-11-22T16:00:00Z", "2026-11-23"),
        ("2026-12-31T23:30:00Z", "2027-01-01"),
    ],
)
def test_a_paper_written_before_eight_in_the_morning_bears_the_day_in_china(
    moment: str, day: str
) -> None:
    assert china_day(moment) == day == paper_day(None, moment)
    assert paper_day(datetime(2026, 1, 2), moment) == "2026-01-02"


def test_what_is_no_time_of_the_log_is_none() -> None:
    with pytest.raises(ValueError, match="does not match"):
        to_china_time("2026-11-22")
