"""统一社会信用代码 (GB 32100-2015) and licence numbers: read, folded, checked."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake import reasons
from intake.typed import Typed

if TYPE_CHECKING:
    import polars as pl

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015, 5.2: without I O Z S V
PLACEHOLDER = (
    "^(?:" + "|".join(f"{letter}+" for letter in string.ascii_uppercase + string.digits) + ")X*$"
)
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))  # GB 32100-2015, annex A


@dataclass(frozen=True)
class Uscc:
    """统一社会信用代码: 18 characters with a check character; valid by construction.

    The organisation's own check character in place 17 (GB 11714) is not asked: codes exist that fail it.
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
    """What is wrong with a folded code, as a reason of `intake/reasons.py`; nothing where it is good."""
    if len(text) > 1 and re.search(PLACEHOLDER, text):
        return reasons.PLACEHOLDER_CODE
    if len(text) != 18:
        return reasons.CODE_LENGTH
    if not set(text) <= set(ALPHABET):
        return reasons.CODE_CHARACTER
    if check_character(text[:17]) != text[17]:
        return reasons.CHECK_DIGIT
    return ""


def folded(code: pl.Expr) -> pl.Expr:
    """A code or number as it is compared: width and case folded, blanks and invisible marks left out."""
    plain = code.str.normalize("NFKC").str.replace_all(r"[\s\u200b-\u200d\u2060\ufeff]", "")
    return plain.str.to_uppercase()


def fault(code: pl.Expr) -> pl.Expr:
    """`code_fault` for a whole column of folded codes; null where a code is good or missing."""
    import polars as pl

    values = {letter: value for value, letter in enumerate(ALPHABET)}
    total = pl.lit(0, pl.Int64)
    for place, weight in enumerate(WEIGHTS):
        letter = code.str.slice(place, 1)
        total = total + weight * letter.replace_strict(values, default=0, return_dtype=pl.Int64)
    check = ((31 - total % 31) % 31).replace_strict(
        {value: letter for letter, value in values.items()}, return_dtype=pl.String
    )
    placeholder = (code.str.len_chars() > 1) & code.str.contains(PLACEHOLDER)
    return (
        pl.when(placeholder)
        .then(pl.lit(reasons.PLACEHOLDER_CODE))
        .when(code.str.len_chars() != 18)
        .then(pl.lit(reasons.CODE_LENGTH))
        .when(~code.str.contains(f"^[{ALPHABET}]*$"))
        .then(pl.lit(reasons.CODE_CHARACTER))
        .when(code.str.slice(17, 1) != check)
        .then(pl.lit(reasons.CHECK_DIGIT))
    )


def uscc(texts: pl.Series) -> Typed:
    """A column of unified social credit codes."""
    import polars as pl

    frame = pl.select(folded(pl.lit(texts)).alias("code"))
    faults = frame.select(fault(pl.col("code")).alias("fault")).to_series()
    return Typed.of(frame["code"], faults)


def identifier(texts: pl.Series) -> Typed:
    """A column of licence or certificate numbers: folded as codes are, with no check of their own."""
    import polars as pl

    return Typed.of(pl.select(folded(pl.lit(texts))).to_series())
