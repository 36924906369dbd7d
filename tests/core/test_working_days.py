"""Working days as the notices say: the Spring Festival, working weekends, and no guess outside the known years."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from double_random import data
from double_random.core.errors import BadFile, DoubleRandomError
from double_random.core.working_days import Calendar, read_calendars
from double_random.store.home import Home


@pytest.fixture(scope="module")
def shipped() -> Calendar:
    return read_calendars(sorted(data.path("working_days").glob("*.toml")))


def test_seven_working_days_over_the_spring_festival(shipped: Calendar) -> None:
    """宝山 publishes within 7 working days; 2026-02-14 (Saturday) and 02-28 are worked, 02-15 to 02-23 are off."""
    assert shipped.working_day_after(date(2026, 2, 11), 7) == date(2026, 2, 27)
    assert shipped.working_day_after(date(2026, 2, 11), 3) == date(2026, 2, 14)
    assert shipped.first_working_day(date(2026, 2, 17)) == date(2026, 2, 24)


def test_twenty_working_days_over_national_day(shipped: Calendar) -> None:
    """2025-10-01 to 10-08 are off, 09-28 and 10-11 are worked."""
    assert shipped.working_day_after(date(2025, 9, 22), 20) == date(2025, 10, 24)


def test_the_day_itself_never_counts(shipped: Calendar) -> None:
    assert shipped.working_day_after(date(2026, 11, 20), 1) == date(2026, 11, 23)
    assert shipped.working_day_after(date(2026, 11, 20), 0) == date(2026, 11, 20)


def test_a_year_without_a_notice_is_an_error(shipped: Calendar) -> None:
    with pytest.raises(DoubleRandomError, match="working days of 2027"):
        shipped.working_day_after(date(2026, 12, 20), 20)


def test_every_day_is_as_the_reference_says(shipped: Calendar, shared: Path) -> None:
    compared = 0
    for file in sorted((shared / "reference" / "holiday-cn").glob("20*.json")):
        for day in json.loads(file.read_text("utf-8"))["days"]:
            assert shipped.is_working_day(date.fromisoformat(day["date"])) is not day["isOffDay"]
            compared += 1
    assert compared > 350
    for year in range(2016, 2026):  # a working year has about 250 days
        days = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
        assert 246 <= sum(map(shipped.is_working_day, days)) <= 252


def test_a_bureaus_own_year_counts(home: Home) -> None:
    from double_random.core.working_days import load_calendar

    own = home.path / "facts" / "working_days"
    own.mkdir()
    (own / "2027.toml").write_text(
        'year = 2027\nnotices = ["示例通知"]\n[[holiday]]\nname = "元旦"\n'
        "off = [2027-01-01]\nwork = [2027-01-03]\n",
        "utf-8",
    )
    assert load_calendar(home).working_day_after(date(2026, 12, 31), 1) == date(2027, 1, 3)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('["示例"]', "[]"),
        lambda text: text.replace("2026-01-04", "2026-01-01"),
        lambda text: text.replace("2026-01-01", '"2026-01-01"'),
        lambda text: text.replace("year = 2026", "year = 2025"),
        lambda text: text.replace("off =", "of ="),
        lambda text: text + "[",
    ],
)
def test_a_faulty_file_is_named(tmp_path: Path, change: Callable[[str], str]) -> None:
    file = tmp_path / "2026.toml"
    sound = (
        'year = 2026\nnotices = ["示例"]\n[[holiday]]\nname = "元旦"\n'
        "off = [2026-01-01]\nwork = [2026-01-04]\n"
    )
    file.write_text(sound, "utf-8")
    read_calendars([file])
    file.write_text(change(sound), "utf-8")
    with pytest.raises(BadFile, match=r"2026\.toml"):
        read_calendars([file])
