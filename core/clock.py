"""The machine's clock. Only acts read it, no result depends on it, and no entry has a later date than it shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from double_random.core.china_time import BEIJING, UTC_FORM, localize_times
from double_random.core.errors import Misuse
from double_random.core.translation import _

GRACE = timedelta(minutes=5)  # the largest accepted difference between the clocks of two machines


def utc_now() -> datetime:
    """The current time, in UTC."""
    return datetime.now(UTC)


def utc_stamp() -> str:
    """The current time in the log's format."""
    return utc_now().strftime(UTC_FORM)


def china_today() -> date:
    """The day in China."""
    return (utc_now() + BEIJING).date()


def refuse_later_day(day: date) -> None:
    """Misuse if a day of decision or of knowledge is in the future."""
    if day > china_today():
        raise Misuse(
            _("{day} is still to come: today is {today}").format(day=day, today=china_today()),
            _("look at the year once more"),
        )


def is_ahead(time: str) -> bool:
    """Whether a time of the log is later than the clock shows, beyond the grace period."""
    return time > (utc_now() + GRACE).strftime(UTC_FORM)


def refuse_later_time(time: str) -> None:
    """Misuse if a time of the log is in the future."""
    if is_ahead(time):
        raise Misuse(
            _("{time} lies in the future; this machine's clock shows {now}").format(
                time=localize_times(time), now=localize_times(utc_stamp())
            ),
            _("leave --at away, then it is dated now; where the clock is wrong, set it first"),
        )
