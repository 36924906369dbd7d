"""Legal time (北京时间): people date documents by it; the log and the draw protocol keep UTC.

All of China has one time, eight hours ahead of UTC, without summer time since 1991-09-15 (IANA time zone database,
Asia/Shanghai; tests/core/test_china_time.py compares). Written form: GB/T 7408 (ISO 8601).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from double_random.core.translation import _

BEIJING = timedelta(hours=8)  # ahead of UTC
UTC_FORM = "%Y-%m-%dT%H:%M:%SZ"  # a time of the log
WRITTEN = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def to_china_time(moment: str) -> datetime:
    """A time of the log as a clock in China shows it, without a zone. ValueError if the text is not a time."""
    return datetime.strptime(moment, UTC_FORM) + BEIJING


def localize_times(text: str) -> str:
    """A text with each time of the log in it shown in Beijing time: 2026-11-30 21:30:00, in English with +08:00."""
    return WRITTEN.sub(_localize_match, text)


def format_china_time(moment: str) -> str:
    """A time of the log as a person types it into an option: 2026-11-30 21:30:00, Beijing time."""
    return f"{to_china_time(moment):%Y-%m-%d %H:%M:%S}"


def _localize_match(match: re.Match[str]) -> str:
    try:
        return _("{time} +08:00").format(time=format_china_time(match[0]))
    except ValueError:
        return match[0]  # no such day


def china_day(moment: str) -> str:
    """The day in China of a time of the log, YYYY-MM-DD."""
    return to_china_time(moment).date().isoformat()
