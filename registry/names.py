"""Names for comparing: width, brackets, blanks and case folded, so that one institution has one spelling."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars

OPENING, CLOSING, DOTS = "【〔〖［[{｛", "】〕〗］]}｝", "•・‧"
BRACKETS = {
    **dict.fromkeys(OPENING, "("),
    **dict.fromkeys(CLOSING, ")"),
    **dict.fromkeys(DOTS, "·"),
}
INVISIBLE = r"[\s\p{Cc}\p{Cf}]+"  # not \p{C}: a rare character that this Unicode does not know yet must stay


def fold(text: str) -> str:
    """The name for comparing: NFKC, one form of brackets and middle dots, no blanks, upper case.

    Nothing that tells two institutions apart is taken away: no city, no kind, no short form.
    """
    wide = unicodedata.normalize("NFKC", text)
    seen = (BRACKETS.get(c, c) for c in wide if not _invisible(c))
    return "".join(seen).upper()


def fold_expression(column: str) -> polars.Expr:
    """`fold` over a column of text, in Polars; nulls stay null."""
    import polars

    return (
        polars.col(column)
        .str.normalize("NFKC")
        .str.replace_many(list(BRACKETS), list(BRACKETS.values()))
        .str.replace_all(INVISIBLE, "")
        .str.to_uppercase()
    )


def _invisible(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in ("Cc", "Cf")
