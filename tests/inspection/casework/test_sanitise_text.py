"""Foreign text as it may be printed: nothing hidden, nothing that turns or breaks a line."""

from __future__ import annotations

import pytest

from double_random.inspection.casework.sanitise_text import to_plain_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("示例律师事务所", "示例律师事务所"),
        ("", ""),
        ("示例\r\n律师\t事务所", "示例  律师 事务所"),
        ("示例\u2028律师\u2029事务所", "示例 律师 事务所"),
        ("示例\u202e所务事师律", "示例\ufffd所务事师律"),
        ("示\u200b例\x00", "示\ufffd例\ufffd"),
        ("\ue000", "\ufffd"),
        ("e\u0301", "é"),
        ("𠮷䶮", "𠮷䶮"),
    ],
)
def test_hidden_signs_are_shown_and_breaks_become_blanks(text: str, shown: str) -> None:
    assert to_plain_text(text) == shown


def test_what_is_plain_stays_as_it_is() -> None:
    once = to_plain_text("示例\u202e所\r\n务e\u0301\ue000")
    assert to_plain_text(once) == once
