"""The day of a command: how it is parsed, its default, and when it is refused.

If --as-of is optional, its default is one of two days. A command that shows data takes the day of the newest data (of
a sync, a load or a score). A command that counts deadlines, and the nightly run, take today in China. A command that
makes or publishes something requires the day.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import typer

from double_random.core.clock import china_today, refuse_later_day
from double_random.core.errors import Misuse
from double_random.core.translation import _


def day_option(text: str) -> datetime:
    """Parse the day of an option, in any notation accepted in drops (intake/entered_days.py)."""
    from double_random.intake.entered_days import explain_no_day, read_day

    day = read_day(text)
    if day is None:
        raise typer.BadParameter(explain_no_day(text))
    return datetime(day.year, day.month, day.day)


DAY: dict[str, Any] = {"parser": day_option}  # settings of every option that takes a day

FutureOption = Annotated[
    bool, typer.Option("--future", help=_("Take a day that is still to come; else it is refused."))
]


def day_or_today(as_of: datetime | None) -> date:
    """The requested day, else today in China."""
    return as_of.date() if as_of else china_today()


def decision_day(as_of: datetime) -> date:
    """The day of a decision; Misuse if it lies in the future."""
    day = as_of.date()
    refuse_later_day(day)
    return day


def working_day(as_of: datetime, future: bool = False) -> date:
    """The day of a run that stores its result; Misuse if it lies in the future without --future.

    One wrong digit (2062) would end the term of every penalty, and publish that.
    """
    day, now = as_of.date(), china_today()
    if day > now and not future:
        raise Misuse(
            _("--as-of {day} is still to come: today is {today}").format(day=day, today=now),
            _("look at the year once more; where it is meant, say --future"),
        )
    return day
