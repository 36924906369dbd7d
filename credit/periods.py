"""Periods in months, counted as the Civil Code counts them (民法典 201、202 条: from memory, unconfirmed).

The first day is not counted; the last day is the one of the same number in the last month, or that month's last
day where it has none. So 12 months from 2015-03-10 end with 2016-03-10, and 1 month from 2015-01-31 with 2015-02-28.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def last_day(start: date, months: int) -> date:
    """The last day of a period of so many months."""
    count = start.year * 12 + start.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def earliest_start(day: date, months: int) -> date:
    """The first start whose period of so many months still runs on that day: last_day(start) >= day."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    if year < 1:
        return date.min
    if day.day <= monthrange(year, month + 1)[1]:
        return date(year, month + 1, day.day)
    year, month = divmod(count + 1, 12)
    return date(year, month + 1, 1)
