"""When a source's issues are drawn: weekdays, hour, closed days; from an issue number to its time and back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from double_random.core.china_time import UTC_FORM
from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import _

BY_DAY = "YYYY-MM-DD"
ISSUE_FORMS = ("YYYYNNN", "YYNNN", BY_DAY)
LOOK_AHEAD = 60  # days


@dataclass(frozen=True)
class Issue:
    """One issue of a source: its number, and the earliest time (UTC) at which its value can be known."""

    number: str
    known_from: str


@dataclass(frozen=True)
class ClosedDays:
    """The closed days of a calendar, from first to last, and the years that they speak of."""

    spans: tuple[tuple[date, date], ...]

    def is_known(self, year: int) -> bool:
        """Are the closed days of this year known?"""
        return any(year in (first.year, last.year) for first, last in self.spans)

    def is_closed(self, day: date) -> bool:
        """Is nothing drawn on this day?"""
        return any(first <= day <= last for first, last in self.spans)


@dataclass(frozen=True, kw_only=True)
class DrawingCalendar:
    """The drawings of one source: weekday (1 = Monday) → time of day in a zone, without the closed days.

    `closed` is None for a source that has no closed days.
    """

    form: str
    zone: str
    times: Mapping[int, time]
    closed: ClosedDays | None

    def find_drawing(self, day: date) -> str | None:
        """The time (UTC) of the drawing on a day of the source's own zone; None if nothing is drawn."""
        at = self.times.get(day.isoweekday())
        if at is None or (self.closed is not None and self.closed.is_closed(day)):
            return None
        local = datetime.combine(day, at, load_zone(self.zone))
        return local.astimezone(UTC).strftime(UTC_FORM)

    def is_known(self, year: int) -> bool:
        """Is it known on which days of a year nothing is drawn?"""
        return self.closed is None or self.closed.is_known(year)

    def find_issue(self, number: str) -> Issue | None:
        """The issue with this number; None if the closed days of its year are unknown.

        Misuse if the number has another form, or the year has no such drawing.
        """
        day = self._read_day(number)
        if day is not None:
            known_from = self.find_drawing(day)
            if known_from is None and self.is_known(day.year):
                raise Misuse(
                    _("nothing is drawn on {day}").format(day=day), _("take a day of a drawing")
                )
            return None if known_from is None else Issue(number, known_from)
        year, place = self._read_number(number)
        if not self.is_known(year):
            return None
        drawn = list(self._drawings_of_year(year))
        if not 1 <= place <= len(drawn):
            raise Misuse(
                _("there is no issue {issue}: the year {year} has {count} drawings").format(
                    issue=number, year=year, count=len(drawn)
                ),
                _("compare the number with the operator's notice"),
            )
        return Issue(number, drawn[place - 1][1])

    def year_of(self, number: str) -> int:
        """The year of an issue; Misuse if the number has another form."""
        day = self._read_day(number)
        return self._read_number(number)[0] if day is None else day.year

    def find_next_issue(self, after: str) -> Issue | None:
        """The first issue drawn at or after a time (UTC); None if the known calendar ends before."""
        zone = load_zone(self.zone)
        moment = datetime.strptime(after, UTC_FORM).replace(tzinfo=UTC)
        first = moment.astimezone(zone).date()
        for number in range(LOOK_AHEAD):
            day = first + timedelta(days=number)
            if not self.is_known(day.year):
                return None
            known_from = self.find_drawing(day)
            if known_from is not None and known_from >= after:
                return Issue(self._number_of(day), known_from)
        return None

    def local_day(self, moment: str) -> date:
        """The day of a time (UTC) in the source's own zone."""
        utc = datetime.strptime(moment, UTC_FORM).replace(tzinfo=UTC)
        return utc.astimezone(load_zone(self.zone)).date()

    def _drawings_of_year(self, year: int) -> Iterator[tuple[date, str]]:
        day = date(year, 1, 1)
        while day.year == year:
            known_from = self.find_drawing(day)
            if known_from is not None:
                yield day, known_from
            day += timedelta(days=1)

    def _number_of(self, day: date) -> str:
        if self.form == BY_DAY:
            return day.isoformat()
        days = [drawn for drawn, _time in self._drawings_of_year(day.year)]
        return f"{day.year % 10**self._year_digits:0{self._year_digits}}{days.index(day) + 1:03}"

    @property
    def _year_digits(self) -> int:
        return self.form.count("Y")

    def _read_day(self, number: str) -> date | None:
        if self.form != BY_DAY:
            return None
        try:
            return date.fromisoformat(number) if len(number) == 10 else self._refuse(number)
        except ValueError:
            return self._refuse(number)

    def _read_number(self, number: str) -> tuple[int, int]:
        """The year and the place in it of an issue number."""
        digits = self._year_digits
        if not re.fullmatch(f"[0-9]{{{len(self.form)}}}", number, re.ASCII):
            self._refuse(number)
        year = int(number[:digits])
        if digits == 4 and year < 1970:
            self._refuse(number)
        return year if digits == 4 else 2000 + year, int(number[digits:])

    def _refuse(self, number: str) -> date:
        raise Misuse(
            _("{issue} is no issue number; expected the form {form}").format(
                issue=number, form=self.form
            ),
            _("compare the number with the operator's notice"),
        )


def load_zone(name: str) -> ZoneInfo:
    """A time zone of the IANA data base; DoubleRandomError if this system has no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise DoubleRandomError(
            _("there is no time zone {zone}").format(zone=name),
            _("as Asia/Shanghai; where the system has no zones at all, install the package tzdata"),
        ) from None
