"""Unified social credit codes (统一社会信用代码, GB 32100-2015): normalised, checked; personal numbers detected."""

from __future__ import annotations

import re
import string
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from double_random.intake import reasons
from double_random.intake.parsed_column import ParsedColumn

if TYPE_CHECKING:
    import polars as pl

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015, 5.2: without I O Z S V
PLACEHOLDER = (
    "^(?:" + "|".join(f"{letter}+" for letter in string.ascii_uppercase + string.digits) + ")X*$"
)
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))  # GB 32100-2015, annex A
RESIDENT_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))  # GB 11643-1999
_UNSEEN = r"[\s\p{Cf}]"  # blanks, marks without width, marks that turn the direction


@dataclass(frozen=True)
class Uscc:
    """统一社会信用代码: 18 characters with a check character; valid by construction.

    The organisation's own check character at position 17 (GB 11714) is not checked: codes exist that fail it.
    """

    text: str

    def __post_init__(self) -> None:
        fault = code_fault(self.text)
        if fault:
            raise ValueError(fault)

    @property
    def prefix(self) -> str:
        """Registering department and kind of organisation: 31 is a law firm, 32 a notary office."""
        return self.text[:2]


def check_character(body: str) -> str:
    """The eighteenth character for the first seventeen (GB 32100-2015, annex A)."""
    total = sum(
        ALPHABET.index(letter) * weight for letter, weight in zip(body, WEIGHTS, strict=True)
    )
    return ALPHABET[-total % 31]


def code_fault(text: str) -> str:
    """What is wrong with a folded code, as a reason of `intake/reasons.py`; nothing if it is good."""
    return reasons.PERSONAL_NUMBER if is_resident_number(text) else check_fault(text)


def resident_check_character(body: str) -> str:
    """The eighteenth character of an ID number (公民身份号码) for the first seventeen (GB 11643-1999)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, RESIDENT_WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def is_resident_number(text: str) -> bool:
    """Whether a folded text is a person's ID number: a day of birth, and its own check character."""
    if not re.fullmatch(r"[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9X]", text):
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return resident_check_character(text[:17]) == text[17]


def check_fault(text: str) -> str:
    """The fault of a folded code by GB 32100; a person's ID number may pass by chance (1 in 31)."""
    if len(text) > 1 and re.search(PLACEHOLDER, text):
        return reasons.PLACEHOLDER_CODE
    if len(text) != 18:
        return reasons.CODE_LENGTH
    if not set(text) <= set(ALPHABET):
        return reasons.CODE_CHARACTER
    if check_character(text[:17]) != text[17]:
        return reasons.CHECK_DIGIT
    return ""


def fold_code(code: pl.Expr) -> pl.Expr:
    """The normalised code or number: width and case folded, blanks and invisible marks removed."""
    plain = code.str.normalize("NFKC").str.replace_all(_UNSEEN, "")
    return plain.str.to_uppercase()


def fold_code_text(text: str) -> str:
    """`fold_code` of one text."""
    wide = unicodedata.normalize("NFKC", text)
    seen = (c for c in wide if not c.isspace() and unicodedata.category(c) != "Cf")
    return "".join(seen).upper()


def code_fault_expression(code: pl.Expr) -> pl.Expr:
    """`code_fault` for a whole column of folded codes; null if a code is good or missing."""
    import polars as pl

    values = {letter: value for value, letter in enumerate(ALPHABET)}
    total = pl.lit(0, pl.Int64)
    for index, weight in enumerate(WEIGHTS):
        letter = code.str.slice(index, 1)
        total = total + weight * letter.replace_strict(values, default=0, return_dtype=pl.Int64)
    check = ((31 - total % 31) % 31).replace_strict(
        {value: letter for letter, value in values.items()}, return_dtype=pl.String
    )
    placeholder = (code.str.len_chars() > 1) & code.str.contains(PLACEHOLDER)
    return (
        pl.when(_resident_expression(code))
        .then(pl.lit(reasons.PERSONAL_NUMBER))
        .when(placeholder)
        .then(pl.lit(reasons.PLACEHOLDER_CODE))
        .when(code.str.len_chars() != 18)
        .then(pl.lit(reasons.CODE_LENGTH))
        .when(~code.str.contains(f"^[{ALPHABET}]*$"))
        .then(pl.lit(reasons.CODE_CHARACTER))
        .when(code.str.slice(17, 1) != check)
        .then(pl.lit(reasons.CHECK_DIGIT))
    )


def _resident_expression(code: pl.Expr) -> pl.Expr:
    """`is_resident_number` for a column."""
    import polars as pl

    digits = [code.str.slice(index, 1).cast(pl.Int64, strict=False) for index in range(17)]
    total = pl.sum_horizontal(
        digit * weight for digit, weight in zip(digits, RESIDENT_WEIGHTS, strict=True)
    )
    check = (total % 11).replace_strict(dict(enumerate("10X98765432")), return_dtype=pl.String)
    return (
        code.str.contains("^[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9X]$")
        & code.str.slice(6, 8).str.to_date("%Y%m%d", strict=False).is_not_null()
        & (check == code.str.slice(17, 1))
    )


def uscc_column(texts: pl.Series) -> ParsedColumn:
    """A column of unified social credit codes, by their check character alone."""
    import polars as pl

    frame = pl.select(fold_code(pl.lit(texts)).alias("code"))
    faults = frame.select(code_fault_expression(pl.col("code")).alias("fault")).to_series()
    return ParsedColumn.from_values(frame["code"], faults)
