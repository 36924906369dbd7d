"""Text that came from somebody's file, made harmless where people read it: no formula, no hidden direction marks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars

# What a spreadsheet may take for the beginning of a formula, also in full width and behind blanks.
_FORMULA = re.compile(r"[\s\u00a0\u3000]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")

# Marks that turn the reading direction, join or hide: a name could look like another one by them (Unicode TR 36).
_MARKED = (
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
    "\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_MARKS = re.compile(_MARKED)


def visible(text: str) -> str:
    """The text with every hidden mark replaced by the sign for an unknown character, so that it can be seen."""
    if text.isprintable():  # the marks are not, and most texts are
        return text
    return _MARKS.sub("\N{REPLACEMENT CHARACTER}", text)


def visible_columns(frame: polars.DataFrame) -> polars.DataFrame:
    """A frame with every text as `visible` gives it, also in lists; looked at column by column, for few hold a mark."""
    import polars

    changed = []
    for column in frame.iter_columns():
        if column.dtype == polars.String and column.str.contains(_MARKED).any():
            changed.append(column.str.replace_all(_MARKED, "\N{REPLACEMENT CHARACTER}"))
        elif column.dtype == polars.List(polars.String):
            element = polars.element().str.replace_all(_MARKED, "\N{REPLACEMENT CHARACTER}")
            changed.append(column.list.eval(element))
    return frame.with_columns(changed)


def harmless(text: str) -> str:
    """A cell that a spreadsheet takes as text: an apostrophe stands before what could start a formula."""
    return "'" + visible(text) if _FORMULA.match(text) else visible(text)
