"""Text from files and people, as it may stand on paper and in cells: nothing hidden, nothing that turns or breaks."""

from __future__ import annotations

import unicodedata

BLANKS = ("Zl", "Zp")
HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn")


def plain(text: str) -> str:
    """NFC; line breaks and tabs as blanks, hidden and direction marks as the sign for an unknown character."""
    return unicodedata.normalize("NFC", "".join(map(_shown, text)))


def _shown(letter: str) -> str:
    kind = unicodedata.category(letter)
    if letter in "\t\r\n" or kind in BLANKS:
        return " "
    return "\N{REPLACEMENT CHARACTER}" if kind in HIDDEN else letter
