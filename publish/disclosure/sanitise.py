"""Sanitises text from files before people read it: no formulas, no hidden direction marks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars

# What a spreadsheet may take for the beginning of a formula, also in full width and behind blanks.
_FORMULA = re.compile(r"[\s\u00a0\u3000]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")

# Marks that turn the reading direction, join or hide: a name could look like another one by them (Unicode TR 36).
# Some joiners, the Hangul fillers and the empty braille cell are printable by their class, and show nothing.
_UNSEEN = "\u034f\u17b4\u17b5\u115f\u1160\u2800\u3164\uffa0"
_MARKED = (
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
    f"{_UNSEEN}]"
)
_MARKS = re.compile(f"{_MARKED[:-1]}\ud800-\udfff]")
_SEEN = re.compile(f"[^{_UNSEEN}]*")
UNKNOWN = "\N{REPLACEMENT CHARACTER}"


def visible(text: str) -> str:
    """The text with every hidden mark replaced by the sign for an unknown character, so that it can be seen."""
    if text.isprintable() and _SEEN.fullmatch(text):  # most texts are
        return text
    return _MARKS.sub(UNKNOWN, text)


def printable(text: str) -> str:
    """A text for a terminal: hidden marks, control characters and what has no glyph as the sign for an unknown
    character, blanks of every width as one blank; line breaks stay.
    """
    if text.isprintable() and _SEEN.fullmatch(text):
        return text
    return "".join(c if c == "\n" else _printed(c) for c in visible(text))


def one_line(text: str) -> str:
    """A name or value within a sentence for a terminal: as `printable`, and it cannot begin a line of its own."""
    return printable(text).replace("\n", UNKNOWN)


def _printed(character: str) -> str:
    if character.isspace() and character not in "\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029":
        return " "
    return character if character.isprintable() else UNKNOWN


def escaped(json: str) -> str:
    """JSON whose hidden marks are written \\uXXXX: the same values, and nothing that steers a terminal."""
    if json.isascii() and "\x7f" not in json:
        return json
    return _MARKS.sub(_escape, json)


def _escape(mark: re.Match[str]) -> str:
    units = mark[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4))


def visible_columns(frame: polars.DataFrame) -> polars.DataFrame:
    """A frame with every text as `visible` gives it, also in lists; looked at column by column, for few hold a mark."""
    import polars

    changed = []
    for column in frame.iter_columns():
        if column.dtype == polars.String and column.str.contains(_MARKED).any():
            changed.append(column.str.replace_all(_MARKED, UNKNOWN))
        elif column.dtype == polars.List(polars.String):
            element = polars.element().str.replace_all(_MARKED, UNKNOWN)
            changed.append(column.list.eval(element))
    return frame.with_columns(changed)


def harmless(text: str) -> str:
    """A cell that a spreadsheet takes as text: an apostrophe stands before what could start a formula."""
    return "'" + visible(text) if _FORMULA.match(text) else visible(text)
