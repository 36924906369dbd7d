"""A name in a file cannot become a formula, nor look like another name by hidden marks."""

from __future__ import annotations

import pytest

from publish.harmless import harmless, visible


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd", "-2", "@SUM", "\t=1", " =1", "\uff1d1", "\u3000+1", "\r1"]
)
def test_what_could_start_a_formula_starts_with_an_apostrophe(text: str) -> None:
    assert harmless(text).startswith("'")


@pytest.mark.parametrize(
    "text", ["示例律师事务所", "12310000XXXX3055X7", "沪司许决字〔2016〕第1号", "a=b", ""]
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == visible(text) == text


def test_marks_that_turn_the_direction_are_seen() -> None:
    assert visible("示例\u202e所务事师律") == "示例\ufffd所务事师律"
    assert visible("示例\u200b甲") == "示例\ufffd甲"


def test_rare_characters_stay() -> None:
    assert visible("示例𠮷喆") == "示例𠮷喆"
