"""Working days (工作日) with 调休, as the yearly notices say; a day that no notice covers is an error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import toml_reader
from errors import BadFile, DoubleRandomError
from language import _
from toml_reader import DAY, WORD, WORDS, List, Table, Whole

if TYPE_CHECKING:
    from store.home import Home

HOLIDAY = Table({"name": WORD, "off": List(DAY), "work": List(DAY)})
FILE = Table({"year": Whole(1949, 2999), "notices": WORDS, "holiday": List(HOLIDAY)})
SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """What the notices say: the years they cover, days off on weekdays and working weekends."""

    years: frozenset[int]
    off: frozenset[date]
    work: frozenset[date]

    def works(self, day: date) -> bool:
        """Whether this is a working day; DoubleRandomError outside the known years."""
        if day.year not in self.years:
            raise DoubleRandomError(
                _("the working days of {year} are not known").format(year=day.year),
                _(
                    "put them into HOME/facts/working_days/{year}.toml when the notice is out; nothing is guessed"
                ).format(year=day.year),
            )
        return day in self.work or (day.weekday() < SATURDAY and day not in self.off)

    def after(self, day: date, count: int) -> date:
        """The count-th working day after `day` (which itself never counts); DoubleRandomError as `works`."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.works(day)
        return day

    def first(self, day: date) -> date:
        """`day` itself where it is a working day, else the next one."""
        return day if self.works(day) else self.after(day, 1)


def calendar(home: Home) -> Calendar:
    """The bureau's calendar: HOME/facts/working_days/*.toml before the shipped years."""
    return read(home.facts("working_days"))


def read(files: Iterable[Path]) -> Calendar:
    """Calendars of several years as one; BadFile names the file and what is wrong in it."""
    years: set[int] = set()
    off: set[date] = set()
    work: set[date] = set()
    for file in files:
        table = _table(file)
        years.add(table["year"])
        for holiday in table["holiday"]:
            off |= set(holiday["off"])
            work |= set(holiday["work"])
    return Calendar(frozenset(years), frozenset(off), frozenset(work))


def _table(file: Path) -> dict[str, Any]:
    table = toml_reader.read(file, FILE)
    if not table["notices"] or file.stem != str(table["year"]):
        raise BadFile(
            str(file),
            _(
                "expected year, notices (where it is announced) and [[holiday]], under the year's name"
            ),
        )
    for holiday in table["holiday"]:
        for day in (*holiday["off"], *holiday["work"]):
            if abs(day.year - table["year"]) > 1:
                raise BadFile(str(file), _("{day} is no day of this year").format(day=day))
        for day in set(holiday["off"]) & set(holiday["work"]):
            raise BadFile(str(file), _("{day} is both off and worked").format(day=day))
    return table
