"""Sanitises foreign text for paper and cells: no hidden characters, no direction marks, no line breaks."""

from __future__ import annotations

import unicodedata

BLANKS = ("Zl", "Zp")
HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn")


def to_plain_text(text: str) -> str:
    """Return NFC text: line breaks and tabs become spaces, hidden characters and direction marks become U+FFFD."""
    return unicodedata.normalize("NFC", "".join(map(_replace_hidden, text)))


def _replace_hidden(letter: str) -> str:
    kind = unicodedata.category(letter)
    if letter in "\t\r\n" or kind in BLANKS:
        return " "
    return "\N{REPLACEMENT CHARACTER}" if kind in HIDDEN else letter
