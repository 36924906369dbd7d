"""The day that a command works for: how it is read, what it is where none is given, and when it is refused.

Where --as-of may be left away it is one of two days. A command that shows what is known takes the day of the newest
data (registry.institutions.last_day: of a sync, a load or a score). A command that counts deadlines, and the night,
take today's day in China. A command that makes or publishes something needs its day.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import typer

from double_random.core.clock import refuse_later_day, today
from double_random.core.errors import Misuse
from double_random.core.translation import _


def day_option(given: str) -> datetime:
    """The day that an option names, in any spelling that a drop may use (intake/entered_days.py)."""
    from double_random.intake.entered_days import no_day, read_day

    found = read_day(given)
    if found is None:
        raise typer.BadParameter(no_day(given))
    return datetime(found.year, found.month, found.day)


DAY: dict[str, Any] = {"parser": day_option}  # of every option that is a day

FutureOption = Annotated[
    bool, typer.Option("--future", help=_("Take a day that is still to come; else it is refused."))
]


def day_or_today(as_of: datetime | None) -> date:
    """The day that is asked for, else today's."""
    return as_of.date() if as_of else today()


def decision_day(as_of: datetime) -> date:
    """The day on which somebody decided something; Misuse where it is still to come."""
    day = as_of.date()
    refuse_later_day(day)
    return day


def working_day(as_of: datetime, future: bool = False) -> date:
    """The day of a run that keeps what it finds; Misuse where it is still to come and nobody has said --future.

    One wrong digit (2062) would let every penalty's term run out, and say so in public.
    """
    day, now = as_of.date(), today()
    if day > now and not future:
        raise Misuse(
            _("--as-of {day} is still to come: today is {today}").format(day=day, today=now),
            _("look at the year once more; where it is meant, say --future"),
        )
    return day
