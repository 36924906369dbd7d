"""Sanitises text from files before people read it: no formulas, no hidden direction marks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars

# What a spreadsheet may read as the start of a formula, also in full width and after blanks.
_FORMULA = re.compile(r"[\s\u00a0\u3000]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")

# Marks that change the reading direction, join or hide: they can make a name look like another (Unicode TR 36).
# Some joiners, the Hangul fillers and the empty braille cell are printable by category but show nothing.
_UNSEEN = "\u034f\u17b4\u17b5\u115f\u1160\u2800\u3164\uffa0"
_MARKED = (
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
    f"{_UNSEEN}]"
)
_MARKS = re.compile(f"{_MARKED[:-1]}\ud800-\udfff]")
_SEEN = re.compile(f"[^{_UNSEEN}]*")
# For columns: every text that `escape_formula` changes, and some that it does not.
MAY_BE_ESCAPED = r"^[\p{C}\p{Z}\s]*[=+\-@\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]|^[\t\r\n]|" + _MARKED
UNKNOWN = "\N{REPLACEMENT CHARACTER}"


def reveal_hidden_marks(text: str) -> str:
    """Replace every hidden mark by the replacement character, so that it is visible."""
    if text.isprintable() and _SEEN.fullmatch(text):  # most texts are
        return text
    return _MARKS.sub(UNKNOWN, text)


def to_terminal_text(text: str) -> str:
    """Sanitise a text for a terminal: hidden marks, control characters and characters without a glyph become the
    replacement character, a blank of any width becomes a space; line breaks stay.
    """
    if text.isprintable() and _SEEN.fullmatch(text):
        return text
    return "".join(c if c == "\n" else _printable_character(c) for c in reveal_hidden_marks(text))


def to_terminal_line(text: str) -> str:
    """Sanitise a name or value inside a sentence for a terminal: as `printable`, without line breaks."""
    return to_terminal_text(text).replace("\n", UNKNOWN)


def _printable_character(character: str) -> str:
    if character.isspace() and character not in "\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029":
        return " "
    return character if character.isprintable() else UNKNOWN


def escape_json_marks(json: str) -> str:
    """Write hidden marks in JSON as \\uXXXX: the same values, and no control sequences for a terminal."""
    if json.isascii() and "\x7f" not in json:
        return json
    return _MARKS.sub(_escape_mark, json)


def _escape_mark(mark: re.Match[str]) -> str:
    units = mark[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[offset : offset + 4]}" for offset in range(0, len(units), 4))


def reveal_marks_in_columns(frame: polars.DataFrame) -> polars.DataFrame:
    """Apply `visible` to every text of a frame, also in lists; columns without marks are skipped, as most have none."""
    import polars

    changed = []
    for column in frame.iter_columns():
        if column.dtype == polars.String and column.str.contains(_MARKED).any():
            changed.append(column.str.replace_all(_MARKED, UNKNOWN))
        elif column.dtype == polars.List(polars.String):
            element = polars.element().str.replace_all(_MARKED, UNKNOWN)
            changed.append(column.list.eval(element))
    return frame.with_columns(changed)


def escape_formula(text: str) -> str:
    """Sanitise a cell of a spreadsheet: an apostrophe precedes text that could start a formula."""
    return "'" + reveal_hidden_marks(text) if _FORMULA.match(text) else reveal_hidden_marks(text)
