"""A name in a file cannot become a formula, nor look like another name by hidden marks."""

from __future__ import annotations

import pytest

from double_random.publish.disclosure.sanitise import (
    escape_formula,
    escape_json_marks,
    reveal_hidden_marks,
    to_terminal_line,
    to_terminal_text,
)


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd", "-2", "@SUM", "\t=1", " =1", "\uff1d1", "\u3000+1", "\r1"]
)
def test_what_could_start_a_formula_starts_with_an_apostrophe(text: str) -> None:
    assert escape_formula(text).startswith("'")


@pytest.mark.parametrize(
    "text", ["示例律师事务所", "12310000XXXX3055X7", "沪司许决字〔2016〕第1号", "a=b", ""]
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert escape_formula(text) == reveal_hidden_marks(text) == text


def test_marks_that_turn_the_direction_are_seen() -> None:
    assert reveal_hidden_marks("示例\u202e所务事师律") == "示例\ufffd所务事师律"
    assert reveal_hidden_marks("示例\u200b甲") == "示例\ufffd甲"


def test_rare_characters_stay() -> None:
    assert reveal_hidden_marks("示例𠮷喆") == "示例𠮷喆"


@pytest.mark.parametrize(
    "mark",
    ["\x00", "\x1b", "\x7f", "\x9b", "\u00ad", "\u061c", "\u200b", "\u200d", "\u202e", "\u2066", "\u2800",
     "\u3164", "\ufeff", "\U000e0041", "\ud800"],
)  # fmt: skip
def test_no_mark_that_hides_or_steers_reaches_a_terminal(mark: str) -> None:  # D-005
    assert to_terminal_text(f"示{mark}例") == reveal_hidden_marks(f"示{mark}例") == "示\ufffd例"
    assert mark not in escape_json_marks(f'"{mark}é"') or mark == "\x00"


def test_a_name_in_a_sentence_begins_no_line_of_its_own() -> None:  # D-005
    assert (
        to_terminal_line("a\nintact\rintact\u2028intact") == "a\ufffdintact\ufffdintact\ufffdintact"
    )
    assert to_terminal_text("a\nb") == "a\nb"


def test_blanks_are_blanks() -> None:  # D-062
    assert to_terminal_text("a\u3000b\u00a0c\u2009d\te") == "a b c d e"
