"""Sources are offered in their order, with computed bits and the next drawing that the calendar knows."""

from __future__ import annotations

from datetime import date

import pytest

from double_random.inspection.planning.entropy_options import LotteryCalendar, offer_sources
from double_random.inspection.protocol.lotteries import shipped_lotteries

CALENDAR = LotteryCalendar()


def test_they_come_in_their_order_and_with_their_bits() -> None:
    found = offer_sources("2026-11-03T06:00:00Z")
    firsts = [one.spellings[0].partition(":")[0] for one in found]
    assert firsts[:4] == ["lottery", "balls", "dice", "lottery"] and firsts[-2:] == [
        "drand",
        "local",
    ]
    assert found[0].spellings == ("lottery:快乐8:2026NNN",) and found[0].bits == 61
    assert found[3].spellings == ("lottery:双色球:2026NNN", "lottery:大乐透:26NNN")
    assert found[3].bits == 48 and found[-1].bits == 0
    assert all(one.bits >= 19 for one in found[:4])


@pytest.mark.parametrize(
    ("not_before", "day"),
    [
        ("2026-11-03T06:00:00Z", date(2026, 11, 3)),  # a Tuesday, before the evening
        ("2026-11-03T13:00:00Z", date(2026, 11, 4)),  # 21:00 in Beijing
        ("2026-11-03T17:00:00Z", date(2026, 11, 4)),  # past midnight in Beijing
        ("2026-02-13T13:00:00Z", date(2026, 2, 24)),  # closed over 春节
        ("2026-10-01T01:00:00Z", date(2026, 10, 5)),
        ("2027-01-04T01:00:00Z", None),  # the notice for 2027 is not here
        ("2026-12-31T13:00:00Z", None),
    ],
)
def test_the_next_drawing(not_before: str, day: date | None) -> None:
    assert offer_sources(not_before)[0].day == day


def test_weekdays_are_the_lotterys_own() -> None:
    twice = shipped_lotteries()["双色球"]
    drawn = [day for day in range(1, 15) if CALENDAR.is_drawn(twice, date(2026, 11, day))]
    assert drawn == [1, 3, 5, 8, 10, 12]
    assert CALENDAR.is_drawn(twice, date(2027, 1, 3)) is None
