"""The reasons of intake are a closed list, translated when they are shown."""

from __future__ import annotations

import pytest

from double_random.core import translation
from double_random.intake import reasons

LISTED = {name: value for name, value in vars(reasons).items() if name.isupper() and name != "N_"}


def test_every_reason_is_there_once_and_translated() -> None:
    assert len(LISTED) == len(set(LISTED.values())) > 80
    translation.choose_language("zh")
    for reason in LISTED.values():
        assert translation._(reason) != reason


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (reasons.EMPTY_FILE, reasons.EMPTY_FILE),
        (f"{reasons.MISSING_COLUMN}: 登记编号", f"{reasons.MISSING_COLUMN}: 登记编号"),
        (f"{reasons.NO_ENCODING}; {reasons.LINE}: 3", f"{reasons.NO_ENCODING}; {reasons.LINE}: 3"),
    ],
)
def test_english_is_as_it_is_written(reason: str, words: str) -> None:
    assert reasons.translate_reason(reason) == words


def test_in_chinese_each_part_is_translated_and_names_are_kept() -> None:
    translation.choose_language("zh")
    parts = reasons.translate_reason(f"{reasons.NO_HEADER}; {reasons.SEPARATOR}: TAB").split("；")
    assert parts[0] == translation._(reasons.NO_HEADER)
    assert parts[1] == f"{translation._(reasons.SEPARATOR)}：TAB"


def test_a_sentence_with_a_colon_of_its_own_is_one_sentence() -> None:
    translation.choose_language("zh")
    assert ": " in reasons.NUMBER_CELL + reasons.ERROR_CELL
    assert reasons.translate_reason(reasons.ERROR_CELL) == translation._(reasons.ERROR_CELL)
