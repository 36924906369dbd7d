"""The masker: 200 texts with planted personal data, 200 without; nothing planted stays, few are held for nothing."""

from __future__ import annotations

import pytest

import data
from publish.masking import ADDRESS, NUMBER, Masker
from tests.publish.planted import PLAIN, UNSEEN, UNSEEN_PLAIN, left, plain, planted

MASKER = Masker.read(data.path("persons.toml"))


@pytest.mark.parametrize("seed", [20261122, 1, 2, 3])
def test_nothing_planted_goes_out(seed: int) -> None:
    for text, values in planted(seed):
        masked = MASKER.mask(text)
        assert left(text, values) == values  # the search finds what is there
        if not masked.doubts:
            assert left(masked.text, values) == [], (text, masked.text)


@pytest.mark.parametrize("seed", [20261122, 1, 2, 3])
def test_under_five_percent_are_held_for_nothing(seed: int) -> None:
    masked = [(MASKER.mask(text), values) for text, values in planted(seed)]
    nothing = [one.text for one, values in masked if one.doubts and not left(one.text, values)]
    nothing += [text for text in plain() if MASKER.mask(text).doubts]
    assert len(nothing) < 20, nothing[:5]  # of 400
    assert sum(bool(one.doubts) for one, _values in masked) < 40  # of 200: most need nobody's look


@pytest.mark.parametrize("seed", [5, 6])
def test_names_that_no_word_leads_to_are_masked_or_wait(seed: int) -> None:
    for text, values in planted(seed, UNSEEN):
        masked = MASKER.mask(text)
        assert masked.doubts or left(masked.text, values) == [], masked.text


@pytest.mark.parametrize("text", (*PLAIN, *UNSEEN_PLAIN))
def test_a_text_without_persons_stays_as_it_is(text: str) -> None:
    masked = MASKER.mask(text)
    assert masked.text == text


def test_the_punished_keeps_its_name() -> None:
    name = "示例张三律师事务所"
    assert name in MASKER.mask(f"{name}未按规定收费,委托人张三投诉。", (name,)).text


def test_what_was_taken_out_is_said() -> None:
    masked = MASKER.mask("委托人张三(电话13800138000)家住示例路100号3栋502室。")
    assert masked.text == f"委托人张某(电话{NUMBER})家住{ADDRESS}。"
    assert masked.doubts == ()


def test_a_number_in_chinese_digits_is_a_number() -> None:
    assert "八零零" not in MASKER.mask("电话一三八零零一三八零零零。").text


def test_a_name_alone_is_held_for_a_look() -> None:
    assert MASKER.mask("该所安排,李四海,参加会议。").doubts
