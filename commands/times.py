"""Times as typed: 2026-11-22 16:00 is Beijing time, Z or an offset overrides it; stored as UTC."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from double_random.core.china_time import BEIJING, china_day
from double_random.core.errors import Misuse
from double_random.core.translation import _

if TYPE_CHECKING:
    from datetime import datetime


def parse_utc(text: str | None) -> str | None:
    """Convert a time to the log's format, 2026-11-22T08:00:00Z; print the conversion if it was typed otherwise."""
    if text is None or re.fullmatch(r"[0-9-]{10}T[0-9:]{8}Z", text):
        return text  # the caller checks that it is a valid time
    from double_random.commands.render.terminal import print_message
    from double_random.intake.entered_days import read_time

    time = read_time(text)
    if time is None:
        raise Misuse(
            _("no such time: {at}").format(at=text),
            _("Beijing time as '2026-11-22 16:00', or UTC as 2026-11-22T08:00:00Z"),
        )
    utc_text = f"{time:%Y-%m-%dT%H:%M:%SZ}"
    print_message(
        _("understood as {beijing} Beijing time, {utc} UTC").format(
            beijing=f"{time + BEIJING:%Y-%m-%d %H:%M:%S}", utc=utc_text
        )
    )
    return utc_text


def parse_act_time(text: str | None) -> str | None:
    """The time of an act in UTC; Misuse if it lies in the future."""
    from double_random.core.clock import refuse_later_time

    time = parse_utc(text)
    if time is not None:
        refuse_later_time(time)
    return time


At = Annotated[
    str | None,
    typer.Option(
        "--at",
        callback=parse_act_time,
        help=_(
            "When it was done, as '2026-11-22 16:00' (Beijing) or 2026-11-22T08:00:00Z; else now."
        ),
    ),
]
NotBefore = Annotated[
    str,
    typer.Option(
        "--not-before",
        callback=parse_utc,
        help=_(
            "The earliest time of the randomness, as '2026-11-22 16:00' (Beijing) or 2026-11-22T08:00:00Z."
        ),
    ),
]


def paper_day(day: datetime | None, moment: str) -> str:
    """The date of a paper, YYYY-MM-DD: the given one, else that of the act in China; Misuse if in the future."""
    today = china_day(moment)
    if day and day.date().isoformat() > today:
        raise Misuse(
            _("{day} is still to come: today is {today}").format(day=day.date(), today=today),
            _("write down what was done when it is done"),
        )
    return day.date().isoformat() if day else today
