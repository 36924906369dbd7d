"""The words for codes: one table for each kind of code, and an unknown code is shown as it is."""

from __future__ import annotations

from double_random.core import translation, vocabulary
from double_random.core.translation import N_
from double_random.core.vocabulary import RECORD, RESULT, STAGE, STATUS, STEP, code_word, code_words


def test_a_code_has_its_word_in_the_language_in_use() -> None:
    translation.choose_language("en")
    assert code_word(STATUS, "active") == "in practice"
    translation.choose_language("zh")
    assert code_word(STATUS, "active") not in ("active", "in practice")


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert code_word(STATUS, "示例") == "示例"


def test_one_code_may_have_another_word_in_another_table() -> None:
    translation.choose_language("en")
    assert code_word(STEP, "published") == code_word(STAGE, "published") == "published"
    translation.choose_language("zh")
    assert code_word(STEP, "drawn") != code_word(STAGE, "drawn")


def test_a_speaker_may_be_given() -> None:
    assert code_word(STATUS, "revoked", N_) == "licence revoked"


def test_several_codes_are_joined() -> None:
    translation.choose_language("en")
    assert code_words(RECORD, "warning fine") == "warning、fine"
    assert code_words(RECORD, "fine 示例", " / ") == "fine / 示例"
    assert code_words(RECORD, "") == ""


def test_every_result_of_an_inspection_is_a_record_too() -> None:
    assert {f"inspection:{code}" for code in RESULT} <= RECORD.keys()


def test_every_table_has_words_for_all_of_its_codes() -> None:
    tables = [
        value
        for name, value in vars(vocabulary).items()
        if name.isupper() and isinstance(value, dict)
    ]
    assert len(tables) > 10
    assert all(code and text for table in tables for code, text in table.items())
