"""Personal numbers that are never published: ID numbers, mobile and fixed-line phones, bank cards.

In doubt a number is personal: a mistyped number may still identify a person, so an unbroken run of 15 to 19 digits
needs no valid check digit. Runs split by blanks or punctuation must match more of the shape, or every range of
dates would match. Shapes: GB 11643-1999 (ID, date of birth inside), ISO/IEC 7812-1 (cards, Luhn).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

_RUN = re.compile(r"\d(?:[\s\-‐-―−.,、·・_/()​]*[\dXx]){6,}")
_GROUP = re.compile(r"\d+[Xx]?|[Xx]")
_LONG = re.compile(r"\d{15,19}|\d{17}[Xx]")
_MOBILE = re.compile(r"(?:86|0)?1[3-9]\d{9}")
_FIXED = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}")
_BARE = re.compile(rb"\d{15,19}|\d{17}[Xx]|1[3-9]\d{9}")
_RUNS = re.compile(rb"\d{11,19}[Xx]?")  # fast pre-filter; most pages have none
_JOINED = re.compile(rb"[0-9A-Za-z]")
# Digits of other widths and scripts in UTF-8, and separators inside a number in a built file: blanks, hyphens, dots.
_WIDE = re.compile(
    rb"\xef\xbc[\x90-\x99]|\xd9[\xa0-\xa9]|\xdb[\xb0-\xb9]|\xf0\x9d\x9f|\xe0[\xa4-\xbc]"
)
_SIGNS = rb"[ \-.]|\xc2[\xa0\xad\xb7]|\xe2\x80.|\xe2\x88\x92|\xe3\x80\x80|\xef\xbb\xbf|&nbsp;"
_SPLIT = re.compile(rb"(?<![0-9A-Za-z.])\d+(?:(?:" + _SIGNS + rb"){1,3}\d*[\dXx])+(?![0-9A-Za-z])")
_DIGITS = re.compile(rb"\d+[Xx]?|[Xx]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999


def find_personal_numbers(text: str) -> list[str]:
    """Find every personal number in a text, also in full width or split by blanks and punctuation; digits only."""
    return [number for number, _start, _end in _scan_numbers(unicodedata.normalize("NFKC", text))]


def find_number_spans(text: str) -> list[tuple[int, int]]:
    """Find the positions of personal numbers in an NFKC text; overlapping spans are merged."""
    joined: list[tuple[int, int]] = []
    for _number, start, end in sorted(_scan_numbers(text), key=lambda match: match[1:]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _scan_numbers(text: str) -> Iterator[tuple[str, int, int]]:
    for run in _RUN.finditer(text):
        groups = list(_GROUP.finditer(run.group()))
        words = [group.group() for group in groups]
        for first in range(len(groups)):
            for last in range(first + 1, min(first + 19, len(groups)) + 1):
                if _is_personal_number(words[first:last]):
                    start, end = groups[first].start(), groups[last - 1].end()
                    yield "".join(words[first:last]), run.start() + start, run.start() + end


def is_personal_identifier(identifier: str) -> bool:
    """Whether a supposed licence number has the shape of an ID number or of a mobile number."""
    folded = unicodedata.normalize("NFKC", identifier)
    return _has_birth_date(folded) or bool(_MOBILE.fullmatch(folded))


def is_id_number(identifier: str) -> bool:
    """Whether 18 characters are an ID number: a date of birth in position and a valid check character.

    One in 31 such numbers is also a valid credit code (GB 32100-2015); hardly any credit code has both properties.
    """
    folded = unicodedata.normalize("NFKC", identifier).upper()
    return _has_birth_date(folded) and folded[17] == _check_character(folded)


def _check_character(number: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11]


def find_formatted_numbers(content: bytes) -> Iterator[str]:
    """Find ID and mobile numbers in a built file that are split by blanks, hyphens or dots, or use other digits.

    Figures and dates must not match: an ID number needs a valid check character or the printed grouping (6-8-4, 6-6-3);
    a mobile number needs the usual grouping (3-4-4).
    """
    if _WIDE.search(content):
        text = unicodedata.normalize("NFKC", content.decode("utf-8", "replace"))
        content = re.sub(r"\d", lambda digit: str(unicodedata.digit(digit.group())), text).encode()
        yield from find_bare_numbers(content)
    for run in _SPLIT.finditer(content):
        if sum(map(len, _DIGITS.findall(run.group()))) < 11:
            continue
        groups = [group.decode("ascii") for group in _DIGITS.findall(run.group())]
        yield from _join_groups(groups)


def _join_groups(groups: list[str]) -> Iterator[str]:
    for first in range(len(groups)):
        number, lengths = "", tuple[int, ...]()
        for group in groups[first : first + 18]:
            number, lengths = number + group, (*lengths, len(group))
            if len(number) > 18:
                break
            if len(lengths) > 1 and _is_formatted_number(number, lengths):
                yield number


def _is_formatted_number(number: str, lengths: tuple[int, ...]) -> bool:
    if len(number) == 18:
        return _has_birth_date(number) and (
            lengths == (6, 8, 4)
            or (number[17].upper() == _check_character(number) and number[0] in "123456789")
        )
    if lengths == (6, 6, 3):
        return _has_birth_date(f"{number[:6]}19{number[6:]}0")
    return lengths == (3, 4, 4) and bool(_MOBILE.fullmatch(number))


def find_bare_numbers(content: bytes) -> Iterator[str]:
    """Find every run of digits in a built file that is, or may be, a personal number."""
    for run in _RUNS.finditer(content):
        beside = content[max(run.start() - 1, 0) : run.start()] + content[run.end() : run.end() + 1]
        if _BARE.fullmatch(run.group()) and not _JOINED.search(beside):
            yield run.group().decode("ascii")


def _is_personal_number(groups: list[str]) -> bool:
    number = "".join(groups)
    if len(number) > 19:
        return False
    if _MOBILE.fullmatch(number):
        return True
    if _FIXED.fullmatch(number) and (len(groups) == 1 or 3 <= len(groups[0]) <= 4):
        return True
    if len(groups) == 1:
        return bool(_LONG.fullmatch(number))
    if min(map(len, groups)) < 3:
        return _has_birth_date(number)
    return _has_birth_date(number) or _passes_luhn(number) or _is_printed_as_card(groups, number)


def _is_printed_as_card(groups: list[str], number: str) -> bool:
    """Whether a number is grouped like a printed card, 6222 0202 …, valid or not; a list of years is not."""
    fours = all(len(group) == 4 for group in groups[:-1]) and len(number) >= 15
    return fours and number.isdigit() and not all(re.match("19|20", part) for part in groups)


def _has_birth_date(number: str) -> bool:
    """Whether 18 characters have a date of birth in the position of an ID number."""
    if not re.fullmatch(r"[1-9]\d{16}[\dXx]", number):
        return False
    try:
        return 1900 <= date(int(number[6:10]), int(number[10:12]), int(number[12:14])).year < 2100
    except ValueError:
        return False


def _passes_luhn(number: str) -> bool:
    if not re.fullmatch(r"[1-9]\d{15,18}", number):
        return False
    doubled = [int(digit) * (2 if index % 2 else 1) for index, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
