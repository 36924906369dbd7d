"""Legal time (北京时间): what people date their papers by; the log and the draw protocol keep UTC.

All of China has one time, eight hours ahead of UTC, without summer time since 1991-09-15 (IANA time zone database,
Asia/Shanghai; tests/store/test_beijing.py compares). How it is written: GB/T 7408 (ISO 8601).
"""

from __future__ import annotations

from datetime import datetime, timedelta

BEIJING = timedelta(hours=8)  # ahead of UTC
UTC_FORM = "%Y-%m-%dT%H:%M:%SZ"  # a time of the log


def there(moment: str) -> datetime:
    """A time of the log as a clock in China shows it, without a zone. ValueError where it is none."""
    return datetime.strptime(moment, UTC_FORM) + BEIJING


def shown(text: str) -> str:
    """A time of the log as people read it: 2026-11-30 21:30:00 +08:00; any other text as it is."""
    try:
        return f"{there(text):%Y-%m-%d %H:%M:%S} +08:00"
    except ValueError:
        return text


def day_there(moment: str) -> str:
    """The day on which a time of the log falls in China, YYYY-MM-DD."""
    return there(moment).date().isoformat()
