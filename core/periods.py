"""Periods in months, counted as the Civil Code counts them (民法典 201、202 条: from memory, unconfirmed).

The first day is not counted. The last day has the same number in the last month; if that month has no such day, it is
the month's last day. So 12 months from 2015-03-10 end with 2016-03-10, and 1 month from 2015-01-31 with 2015-02-28.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

MONTH = 32


def last_day_of_period(start: date, months: int) -> date:
    """The last day of a period of this many months."""
    count = start.year * 12 + start.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def day_number(day: date) -> int:
    """A day as a whole number in which every month has 32 days: later days have greater numbers.

    So periods are added and compared as numbers: day <= last_day_of_period(start, months) is the same
    as day_number(day) <= day_number(start) + MONTH * months.
    """
    return (day.year * 12 + day.month) * MONTH + day.day


def first_day_from(number: int) -> date:
    """The first day whose number is at least this one."""
    month, day = divmod(number, MONTH)
    year, month = (month - 1) // 12, (month - 1) % 12 + 1
    if day > monthrange(year, month)[1]:
        year, month, day = (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)
    return date(year, month, max(day, 1))
