"""Cells of words: names with entities and private-use characters, choices, flags, lists, numbers."""

from __future__ import annotations

import polars as pl
import pytest

from double_random import data
from double_random.intake import reasons
from double_random.intake.text_columns import (
    choice_column,
    flag_column,
    load_private_use,
    name_column,
    number_column,
    words_column,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("示例寅律师事务所&nbsp;", "示例寅律师事务所"),
        ("示例卯&amp;辰律师事务所", "示例卯&辰律师事务所"),
        ("示例卯&amp;amp;辰律师事务所", "示例卯&辰律师事务所"),
        ("&#31034;&#x4f8b;律师事务所", "示例律师事务所"),
        ("示例&lt;甲&gt;律师事务所", "示例<甲>律师事务所"),
        ("示例&middot;甲律师事务所", "示例·甲律师事务所"),
        ("示例A&B律师事务所", "示例A&B律师事务所"),
        ("示例\ue863律师事务所", "示例䶮律师事务所"),
        ("示例\ue816律师事务所", "示例𠂇律师事务所"),
    ],
)
def test_a_name_is_read_as_what_it_stands_for(text: str, name: str) -> None:  # D-012
    typed = name_column(pl.Series([text]))
    assert (typed.value[0], typed.note[0]) == (name, None)


def test_all_private_characters_of_gb_18030_have_one_in_unicode() -> None:  # D-012
    known = load_private_use()
    assert {chr(code) for code in range(0xE815, 0xE865)} <= known.keys()
    assert len(set(known.values())) == len(known)
    for byte in (*range(0x50, 0x7F), *range(0x80, 0xA1)):  # the table agrees with Python's codec
        letter = bytes([0xFE, byte]).decode("gb18030")
        place = byte - 0x50 - (byte > 0x7F)
        if not "\ue000" <= letter <= "\uf8ff":
            assert known[chr(0xE815 + place)] == letter
    assert data.path("private_use.toml").exists()


def test_another_private_character_is_named(tmp_path: object) -> None:  # D-012
    typed = name_column(pl.Series(["示例\ue000律师事务所", "示例律师事务所"]))
    assert typed.note.to_list() == [f"{reasons.PRIVATE_USE}: U+E000", None]


def test_a_line_break_within_a_name_is_no_part_of_it() -> None:
    assert name_column(pl.Series(["示例甲\r\n 律师事务所"])).value.to_list() == ["示例甲律师事务所"]


def test_a_name_of_nothing_but_blanks_in_entities_is_empty() -> None:
    assert name_column(pl.Series(["&nbsp;&nbsp;"])).value.to_list() == [None]


def test_a_choice_is_found_in_any_width_and_case() -> None:
    typed = choice_column(pl.Series(["Ａb", " a B", "示例", None]), (("AB", "valid"),))
    assert typed.value.to_list() == ["valid", "valid", None, None]
    assert typed.fault.to_list() == [None, None, reasons.UNKNOWN_WORD, None]


def test_a_flag_is_yes_or_no() -> None:
    typed = flag_column(pl.Series(["是", "否", "?", None]), (("是", "yes"), ("否", "no")))
    assert typed.value.to_list() == [True, False, None, None]
    assert typed.fault[2] == reasons.UNKNOWN_WORD


def test_words_are_parted_at_any_separator() -> None:
    typed = words_column(pl.Series(["甲、乙；丙,丁/戊|己 庚", "、甲、", None]))
    assert typed.value.to_list() == [list("甲乙丙丁戊己庚"), ["甲"], None]


def test_a_number_may_have_words_around_it() -> None:
    typed = number_column(pl.Series(["7", "007", "第７号", "7.5", "1234567890", None]))
    assert typed.value.to_list() == [7, 7, 7, None, None, None]
    assert typed.fault.to_list() == [None] * 3 + [reasons.NO_WHOLE_NUMBER] * 2 + [None]
