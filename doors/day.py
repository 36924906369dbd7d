"""The day that a command works for: the only place where a day is taken from the clock, or held against it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

import typer

from errors import Misuse
from language import _
from store.beijing import BEIJING

FutureOption = Annotated[
    bool, typer.Option("--future", help=_("Take a day that is still to come; else it is refused."))
]


def today() -> date:
    """The day in China."""
    return (datetime.now(UTC) + BEIJING).date()


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
