"""Text that the protocol accepts: NFC, no control characters, one spelling for ids, days and times."""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date

_UNCLEAN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SOCIAL_CREDIT_CODE = re.compile(r"[0-9A-Z]{18}", re.ASCII)
_SHORT_ID = re.compile(r"[0-9A-Za-z_-]+", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])Z", re.ASCII
)
_HEX = re.compile(r"[0-9a-f]+", re.ASCII)


def is_clean(text: str) -> bool:
    """Is the text NFC, without control characters (Unicode Cc) and without lone surrogates?"""
    return not _UNCLEAN.search(text) and unicodedata.is_normalized("NFC", text)


def is_institution_id(text: str) -> bool:
    """Is this an institution's or person's id: a unified social credit code, `L:…` or `P:…`?"""
    if _SOCIAL_CREDIT_CODE.fullmatch(text):
        return True
    return text[:2] in ("L:", "P:") and len(text) > 2 and normalize_licence(text[2:]) == text[2:]


def normalize_licence(number: str) -> str:
    """A licence number in its canonical spelling: NFKC, upper case, no blanks (it follows `L:` or `P:`)."""
    # Each step may undo another (an accent after a removed blank composes): repeat until nothing changes.
    while True:
        spelled = unicodedata.normalize("NFKC", number).upper()
        spelled = unicodedata.normalize("NFKC", "".join(spelled.split()))
        if spelled == number:
            return number
        number = spelled


def is_short_id(text: str) -> bool:
    """Is this an inspector's, item's or draw's id: at least one of [0-9A-Za-z_-]?"""
    return _SHORT_ID.fullmatch(text) is not None


def is_hex(text: str, digits: int) -> bool:
    """Is this exactly `digits` lower-case hex digits? Hashes and secrets have 64, salts 32."""
    return len(text) == digits and _HEX.fullmatch(text) is not None


def is_day(text: str) -> bool:
    """Is this YYYY-MM-DD, and a day that exists?"""
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_time(text: str) -> bool:
    """Is this a UTC time YYYY-MM-DDThh:mm:ssZ that exists?"""
    match = _TIME.fullmatch(text)
    return match is not None and is_day(match[1])


def epoch_seconds(time: str) -> int:
    """Seconds from 1970-01-01T00:00:00Z to a time for which `is_time` holds."""
    day, clock = time[:-1].split("T")
    year, month, number = (int(part) for part in day.split("-"))
    hour, minute, second = (int(part) for part in clock.split(":"))
    return calendar.timegm((year, month, number, hour, minute, second))


def clean_name(name: str) -> str:
    """A name that the protocol accepts: NFC, control characters replaced by blanks."""
    if is_clean(name):
        return name
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in name)
    return unicodedata.normalize("NFC", spaced)
