"""Ids of targets: a unified social credit code, a licence number (`L:`, `P:`), or any other name or number (`N:`)."""

from __future__ import annotations

import unicodedata

from double_random.inspection.protocol.text import is_institution_id, normalize_licence

ANYTHING = "N:"


def is_target_id(text: str) -> bool:
    """Is this the id of a target, in its one spelling?

    No format character (Cf) and no private one (Co) stands in it: two ids must not look the same.
    """
    if not text.isascii() and any(unicodedata.category(sign) in ("Cf", "Co") for sign in text):
        return False
    if text[:2] == ANYTHING:
        return len(text) > 2 and normalize_licence(text[2:]) == text[2:]
    return is_institution_id(text)
