"""Normalised names: width, brackets, blanks and case folded, so that one institution has one spelling."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from double_random import data

if TYPE_CHECKING:
    import polars

OPENING, CLOSING, DOTS = "【〔〖［[{｛", "】〕〗］]}｝", "•・‧"
BRACKETS = {
    **dict.fromkeys(OPENING, "("),
    **dict.fromkeys(CLOSING, ")"),
    **dict.fromkeys(DOTS, "·"),
}
ENDINGS = (
    "律师事务所",
    "法律服务所",
    "司法鉴定",
    "公证处",
    "事务所",
    "鉴定所",
    "中心",
    "基层",
    "分所",
    "律所",
    "所$",
)
ODD = r"[^\x{4e00}-\x{9fff}0-9A-Z()·-]"  # `normalize_name` changes nothing else
# And beside these brackets and dots, which NFKC leaves as they are.
RARE = r"[^\x{4e00}-\x{9fff}0-9A-Z()·\-\[\]{}〔〕〖〗【】•・‧]"
INVISIBLE = r"[\s\p{Cc}\p{Cf}]+"  # not \p{C}: a rare character that this Unicode version does not have must stay


def normalize_name(text: str) -> str:
    """The normalised name: NFKC, one form of brackets and middle dots, no blanks, upper case.

    Nothing that distinguishes two institutions is removed: no city, no kind, no short form.
    """
    wide = unicodedata.normalize("NFKC", text)
    seen = (BRACKETS.get(c, c) for c in wide if not _is_invisible(c))
    return "".join(seen).upper()


def normalize_expression(column: str) -> polars.Expr:
    """`normalize_name` over a column of text, in Polars; nulls stay null."""
    import polars

    return (
        polars.col(column)
        .str.normalize("NFKC")
        .str.replace_many(list(BRACKETS), list(BRACKETS.values()))
        .str.replace_all(INVISIBLE, "")
        .str.to_uppercase()
    )


def normalize_names(names: polars.Series) -> polars.Series:
    """`normalize_name` over a column; only names with other than plain characters are processed."""
    import polars

    if not names.str.contains(ODD).any():
        return names
    rare = names.str.contains(RARE).fill_null(False)
    found = names.cast(polars.String).to_frame()
    plain = found.select(
        polars.all().str.replace_many(list(BRACKETS), list(BRACKETS.values()))
    ).to_series()
    if not rare.any():
        return plain
    some = names.filter(rare).to_frame().select(normalize_expression(names.name)).to_series()
    return plain.scatter(rare.arg_true(), some)


@cache
def _core_pattern() -> re.Pattern[str]:
    return re.compile(f"{region_pattern()}|(?:{'|'.join(ENDINGS)}|[()])")


def core_name(folded: str) -> str:
    """A folded name without its region and the words common to its kind; only for suggestions."""
    return _core_pattern().sub("", folded)


@cache
def region_pattern() -> str:
    """A regular expression for the region before a folded name: its group is the region without 市 and the like."""
    regions = data.table("regions.toml")
    return f"^({'|'.join(regions['words'])})(?:{'|'.join(regions['suffixes'])})?"


def _is_invisible(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in ("Cc", "Cf")
