"""An id has one spelling, whatever a target is, and no letter in it is invisible."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.inspection.protocol.v2.target_ids import is_target_id


@pytest.mark.parametrize(
    "text",
    [
        "31310000XXXX00071R",
        "L:13101201010123456",
        "P:示例",
        "N:(2026)示0101民初16号",
        'N:CASE,"16"',
        "N:𠀀",
    ],
)
def test_ids_in_their_spelling(text: str) -> None:
    assert is_target_id(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "N:",
        "X:1",
        "N:case",
        "N:A B",
        "N: A",
        "N:Ａ",
        "N:ﬁ",
        "N:A\u200b",
        "N:A\u00ad",
        "N:\ue000",
        "L:A\u202e1",
        "31310000xxxx00071r",
        "31310000XXXX00071",
    ],
)
def test_other_spellings_and_invisible_letters_are_refused(text: str) -> None:
    assert not is_target_id(text)


@given(st.text(min_size=1))
def test_an_accepted_id_is_upper_case_and_without_blanks(text: str) -> None:
    if is_target_id("N:" + text):
        assert text == unicodedata.normalize("NFKC", text.upper())
        assert not any(letter.isspace() for letter in text)
