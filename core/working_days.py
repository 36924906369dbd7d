"""Working days (工作日) with 调休, as the yearly notices define them; a day that no notice covers is an error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

from double_random.core import toml_reader
from double_random.core.errors import BadFile, DoubleRandomError
from double_random.core.toml_reader import DAY, WORD, WORDS, List, Table, WholeNumber
from double_random.core.translation import _

HOLIDAY = Table({"name": WORD, "off": List(DAY), "work": List(DAY)})
FILE = Table({"year": WholeNumber(1949, 2999), "notices": WORDS, "holiday": List(HOLIDAY)})
SATURDAY = 5


SLACK = timedelta(days=30)  # after an approximate day: longer than any holiday moves it


class FactFolders(Protocol):
    """The part of a home that gives fact files."""

    def facts(self, folder: str) -> list[Path]:
        """The fact files in a folder, the shipped and the own."""


@dataclass(frozen=True)
class LastDay:
    """The last day of a term; only approximate if it `waits_for` the holiday notice of a year."""

    day: date
    waits_for: int = 0

    def is_over(self, on: date) -> bool:
        """Whether the term is certainly over on a day."""
        return on > (self.day + SLACK if self.waits_for else self.day)

    def __str__(self) -> str:
        if not self.waits_for:
            return self.day.isoformat()
        return _("about {day}, waits for the holiday notice of {year}").format(
            day=self.day, year=self.waits_for
        )


@dataclass(frozen=True)
class Calendar:
    """The content of the notices: the years they cover, days off on weekdays and working weekends."""

    years: frozenset[int]
    off: frozenset[date]
    work: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        """Whether this is a working day; DoubleRandomError outside the known years."""
        if day.year not in self.years:
            raise DoubleRandomError(*describe_missing_notice(day.year))
        return day in self.work or (day.weekday() < SATURDAY and day not in self.off)

    def working_day_after(self, day: date, count: int) -> date:
        """The count-th working day after `day` (which itself never counts); DoubleRandomError as `is_working_day`."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day

    def last_day(self, began: date, count: int) -> LastDay:
        """As `working_day_after`; in a year without a notice, Monday to Friday count and the day is approximate."""
        day, waits_for = began, 0
        while count > 0:
            day += timedelta(days=1)
            if day.year in self.years:
                count -= self.is_working_day(day)
            else:
                waits_for = waits_for or day.year
                count -= day.weekday() < SATURDAY
        return LastDay(day, waits_for)

    def first_working_day(self, day: date) -> date:
        """`day` itself if it is a working day, else the next one."""
        return day if self.is_working_day(day) else self.working_day_after(day, 1)


def describe_missing_notice(year: int) -> tuple[str, str]:
    """The message for a year whose working days are unknown, and the file to add."""
    return (
        _("the working days of {year} are not known").format(year=year),
        _(
            "put them into HOME/facts/working_days/{year}.toml when the notice is out; nothing is guessed"
        ).format(year=year),
    )


def load_calendar(home: FactFolders) -> Calendar:
    """The bureau's calendar: HOME/facts/working_days/*.toml before the shipped years."""
    return read_calendars(home.facts("working_days"))


def read_calendars(files: Iterable[Path]) -> Calendar:
    """Calendars of several years as one; BadFile names the file and the fault."""
    years: set[int] = set()
    off: set[date] = set()
    work: set[date] = set()
    for file in files:
        table = _read_year(file)
        years.add(table["year"])
        for holiday in table["holiday"]:
            off |= set(holiday["off"])
            work |= set(holiday["work"])
    return Calendar(frozenset(years), frozenset(off), frozenset(work))


def _read_year(file: Path) -> dict[str, Any]:
    table = toml_reader.read_toml(file, FILE)
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
