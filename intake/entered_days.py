"""One day or time as a person types it in a command, a question or a form; the same spellings as in a column of
dates.

Days: 2026-10-31, 2026-1-4, 2026/10/31, 2026.10.31, 2026年10月31日, 20261031. Times: a day, then 16:00, 16:00:30 or
16时00分; Beijing time, unless it has Z or an offset.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone

from double_random.core.china_time import BEIJING
from double_random.core.translation import _
from double_random.intake.dates import YEAR

ISO = re.compile(rf"{YEAR}-[0-9]{{2}}-[0-9]{{2}}", re.ASCII)
WRITTEN = re.compile(
    rf"{YEAR} ?([-/.年]) ?[0-9]{{1,2}} ?[-/.月] ?[0-9]{{1,2}} ?[日号]?|{YEAR}[0-9]{{4}}", re.ASCII
)
CLOCK = re.compile(
    r"(?P<day>.+?)(?:\s+|T|(?<=日)\s*)(?P<hour>[0-9]{1,2})(?::|时)(?P<minute>[0-9]{2})分?"
    r"(?::?(?P<second>[0-9]{2})(?:\.0+)?秒?)?\s*(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?",
    re.ASCII,
)


def read_day(text: str) -> date | None:
    """The day of a text; None if it is not a day, or if there is no such day.

    The year 9999, which means no end in a column of dates, is not accepted as a day.
    """
    day = _read_day(text)
    return None if day is not None and day.year == 9999 else day


def _read_day(text: str) -> date | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    if ISO.fullmatch(plain):
        try:
            return date.fromisoformat(plain)
        except ValueError:
            return None
    if not plain:
        return None
    import polars

    from double_random.intake.dates import parse_days

    day: date | None = parse_days(polars.Series([plain])).item()
    return day


def explain_no_day(text: str) -> str:
    """Why a text is not a day: it is something else, or its month has no such day."""
    if WRITTEN.fullmatch(unicodedata.normalize("NFKC", text).strip()):
        return _("{given}: there is no such day in the calendar").format(given=text)
    return _(
        "{given} is no day; a day is written 2026-12-31, 2026年12月31日, 2026.12.31 or 20261231"
    ).format(given=text)


def read_time(text: str) -> datetime | None:
    """The time that a text names, in UTC; None if it names none, or no time of day."""
    match = CLOCK.fullmatch(unicodedata.normalize("NFKC", text).strip())
    day = read_day(match["day"]) if match else None
    if match is None or day is None:
        return None
    try:
        clock = datetime(
            day.year,
            day.month,
            day.day,
            int(match["hour"]),
            int(match["minute"]),
            int(match["second"] or 0),
            tzinfo=_parse_zone(match["zone"]),
        )
        return clock.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _parse_zone(text: str | None) -> timezone:
    if text is None:
        return timezone(BEIJING)
    if text == "Z":
        return UTC
    ahead = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-ahead if text[0] == "-" else ahead)
