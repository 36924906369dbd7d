"""The sources of public randomness that a plan can use, with their bits and their next drawing.

The order: 快乐8, of which one issue is enough; balls or dice in front of witnesses; two other lotteries
together; the remaining lotteries; drand as an addition; `local`, which proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from double_random import data
from double_random.core.china_time import to_china_time
from double_random.core.translation import _
from double_random.inspection.protocol import sources
from double_random.inspection.protocol.lotteries import Lottery, read_lotteries

EVENING = 20  # hour in Beijing: drawings are later, so before it a drawing of the same day is still to come
FIRST, PAIR = "快乐8", ("双色球", "大乐透")


@dataclass(frozen=True)
class SourceOffer:
    """One source as a plan can name it, its public bits, the day of its next drawing, and a note."""

    spellings: tuple[str, ...]
    bits: int
    day: date | None  # None: no drawing, or a year whose closed days are unknown
    note: str


class LotteryCalendar:
    """The days on which a lottery is drawn: its weekdays without the closed days of the year (休市)."""

    def __init__(self, table: Mapping[str, Any] | None = None) -> None:
        self.table = data.table("lotteries.toml") if table is None else table
        self.closed = [(row["from"], row["to"]) for row in self.table["closed"]]
        self.years = {first.year for first, _last in self.closed}

    def is_drawn(self, lottery: Lottery, day: date) -> bool | None:
        """Is the lottery drawn on this day? None if the closed days of that year are unknown."""
        if day.year not in self.years:
            return None
        closed = any(first <= day <= last for first, last in self.closed)
        return day.isoweekday() in lottery.days and not closed

    def next_drawing(self, lottery: Lottery, day: date) -> date | None:
        """The first day of a drawing from this day on; None if the known calendar ends before."""
        for number in range(60):
            candidate = day + timedelta(days=number)
            drawn = self.is_drawn(lottery, candidate)
            if drawn is None:
                return None
            if drawn:
                return candidate
        return None


def offer_sources(not_before: str) -> list[SourceOffer]:
    """The sources for a plan whose numbers must not be older than `not_before` (UTC, YYYY-MM-DDThh:mm:ssZ)."""
    earliest = to_china_time(not_before)
    first = earliest.date() if earliest.hour < EVENING else earliest.date() + timedelta(days=1)
    calendar = LotteryCalendar()
    by_name = read_lotteries(calendar.table)
    choices = [
        _offer_lottery(calendar, first, (by_name[FIRST],), _("one issue is enough")),
        _offer_witnessed(
            "balls:{}:7", _("drawn before witnesses in the room, in which order they come")
        ),
        _offer_witnessed("dice:{}:8", _("thrown before witnesses in the room")),
        _offer_lottery(
            calendar,
            first,
            tuple(by_name[name] for name in PAIR),
            _("two lotteries of two operators"),
        ),
    ]
    other_lotteries = [lottery for name, lottery in by_name.items() if name not in (FIRST, *PAIR)]
    choices += [
        _offer_lottery(calendar, first, (lottery,), _("only beside another one"))
        for lottery in other_lotteries
    ]
    round_ = f"drand:quicknet:{sources.round_at(not_before)}"
    choices.append(
        SourceOffer((round_,), sources.read_source(round_).bits, None, _("as an addition"))
    )
    choices.append(
        SourceOffer(("local",), 0, None, _("proves nothing: whoever draws must be trusted"))
    )
    return choices


def _offer_lottery(
    calendar: LotteryCalendar, first: date, group: tuple[Lottery, ...], note: str
) -> SourceOffer:
    days = [calendar.next_drawing(lottery, first) for lottery in group]
    known_days = [day for day in days if day is not None]
    outcomes = 1
    for lottery in group:
        outcomes *= lottery.outcomes
    if (
        outcomes.bit_length() - 1 >= sources.LEAST_BITS
        and len(group) == 1
        and group[0].name != FIRST
    ):
        note = _("enough alone, better with another one")
    spellings = tuple(
        f"lottery:{lottery.name}:{str(day.year)[-min(4, lottery.issue - 3) :] if day else ''}{'N' * 3}"
        for lottery, day in zip(group, days, strict=True)
    )
    last = max(known_days) if len(known_days) == len(days) else None
    return SourceOffer(spellings, outcomes.bit_length() - 1, last, note)


def _offer_witnessed(pattern: str, note: str) -> SourceOffer:
    spelling = pattern.format(_("PLACE"))
    return SourceOffer((spelling,), sources.read_source(spelling).bits, None, note)
