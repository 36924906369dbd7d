"""Translation: which language is chosen, and the marks that each language puts between words."""

from __future__ import annotations

from datetime import date

import pytest

from double_random.core import translation
from double_random.core.errors import Misuse

DAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("spelling", ["zh", "zh-CN", "zh_CN.UTF-8", "ZH", " zh "])
def test_a_language_is_known_in_any_spelling(spelling: str) -> None:
    assert translation.choose_language(spelling) == "zh_CN"
    assert translation.current_language() == "zh_CN"


def test_the_flag_goes_before_the_settings_and_these_before_the_computer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert translation.choose_language() == "zh_CN"
    assert translation.choose_language(setting="en") == "en"
    assert translation.choose_language("zh", setting="en") == "zh_CN"


def test_the_locale_c_says_nothing_of_a_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert translation.choose_language() == "zh_CN"


def test_an_unknown_language_names_the_option_or_the_file() -> None:
    with pytest.raises(Misuse, match="--lang: fr is not known") as refused:
        translation.choose_language("fr")
    assert "en, zh_CN" in refused.value.hint
    with pytest.raises(Misuse, match=r"settings.toml: lang: tlh is not known"):
        translation.choose_language(None, "tlh", "settings.toml")


def test_each_language_has_its_marks_between_words() -> None:
    translation.choose_language("en")
    assert translation.join_words(["甲", "乙"]) == "甲, 乙"
    assert translation.join_clauses(["甲", "乙"]) == "甲; 乙"
    assert (translation.sentence_gap(), translation.format_day(DAY)) == (" ", "2026-03-02")
    translation.choose_language("zh")
    assert translation.join_words(["甲", "乙"]) == "甲、乙"
    assert translation.join_clauses(["甲", "乙"]) == "甲；乙"
    assert translation.append_note("甲", "乙") == "甲（乙）"
    assert translation.join_label("甲", "乙") == "甲：乙"
    assert (translation.sentence_gap(), translation.format_day(DAY)) == ("", "2026年3月2日")


def test_a_context_is_never_shown() -> None:
    translation.choose_language("en")
    assert translation._(translation.C_("institution", "drawn")) == "drawn"
    assert translation._("") == ""


def test_a_chinese_paper_is_dated_in_chinese_in_every_language() -> None:
    translation.choose_language("en")
    assert translation.write_chinese_day(DAY) == "2026年3月2日"
