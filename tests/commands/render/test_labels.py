"""Fields and codes in words; a code is found by its word in either language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars
import pytest

from double_random.commands.render.labels import (
    LABELS,
    event_names,
    field_label,
    kinds_and_districts,
    replace_codes,
    resolve_code,
    translate_codes,
    translate_headings,
    translate_table,
    value_in_words,
)
from double_random.core import translation
from double_random.core.errors import Misuse
from double_random.core.vocabulary import STATUS
from double_random.store.home import Home

REASONS = {"wrong plan": "wrong plan", "source not drawn": "source not drawn"}


@pytest.fixture
def chinese() -> Iterator[None]:
    translation.choose_language("zh_CN")
    yield
    translation.choose_language("en")


def test_a_field_without_a_label_keeps_its_name() -> None:
    assert field_label("as_of") == "as of"
    assert field_label("示例步骤") == "示例步骤"


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("intact", True, "yes"),
        ("intact", False, "no"),
        ("kind", "sync", "registers brought up to date"),
        ("kind", "unheard of", "unheard of"),
        ("name", "sync", "sync"),
        ("count", 3, 3),
        ("as_of", None, None),
    ],
)
def test_only_coded_values_and_yes_and_no_are_put_into_words(
    field: str, value: Any, shown: Any
) -> None:
    assert value_in_words(field, value) == shown


def test_headings_and_codes_are_in_the_language_in_use(chinese: None) -> None:
    assert translate_headings({"name": "name"}) == {"name": "名称"}
    assert (
        set(translate_codes(["stopped"])) == {"stopped"}
        and translate_codes(["stopped"])["stopped"] != "stopped"
    )
    by_code = translate_table(STATUS)
    assert set(by_code) == set(STATUS)
    assert all(not word.isascii() for word in by_code.values())
    assert not field_label("home_named_by").isascii() and "home_named_by" in LABELS


def test_codes_of_the_named_columns_become_words_and_unknown_ones_stay() -> None:
    rows = polars.DataFrame({"kind": ["law_firm", "other"], "name": ["law_firm", "示例"]})
    shown = replace_codes(rows, {"kind": {"law_firm": "law firm"}, "absent": {"a": "b"}})
    assert shown["kind"].to_list() == ["law firm", "other"]
    assert shown["name"].to_list() == ["law_firm", "示例"]


def test_a_homes_kinds_districts_and_events_have_words(home: Home, chinese: None) -> None:
    found = kinds_and_districts(home)
    assert set(found) == {"kind", "district"}
    assert found["kind"]["law_firm"] == "律师事务所"
    assert found["district"]["310112"]
    chinese_events = event_names(home)
    translation.choose_language("en")
    english = event_names(home)
    assert set(english) == set(chinese_events)
    assert all(code == word for code, word in english.items())
    assert all(not word.isascii() for word in chinese_events.values())


@pytest.mark.parametrize("given", ["wrong plan", " Wrong PLAN ", "方案有误"])
def test_a_code_is_found_by_itself_or_its_word(given: str) -> None:
    assert resolve_code("--reason", given, REASONS) == "wrong plan"


def test_nothing_given_is_nothing_and_an_empty_word_is_missing() -> None:
    assert resolve_code("--reason", None, REASONS) is None
    with pytest.raises(Misuse, match="--reason is missing"):
        resolve_code("--reason", " ", REASONS)


def test_an_unknown_word_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Misuse, match="--kind: nothing is not known") as error:
        resolve_code("--kind", "nothing", {"law_firm": "law firm", "notary": "notary"})
    assert error.value.hint == "one of: law firm (law_firm) · notary"


def test_a_word_that_fits_two_codes_is_refused_with_both() -> None:
    known = {"310101": "示例区", "310102": "示例区", "310103": "示例新区"}
    with pytest.raises(Misuse, match="--district: 示例区 is not known") as error:
        resolve_code("--district", "示例区", known)
    assert "310101" in error.value.hint and "310102" in error.value.hint
    assert resolve_code("--district", "310102", known) == "310102"


def test_the_very_word_goes_before_a_spelling_of_another() -> None:
    known = {"a": "已更正", "b": "更正"}
    assert resolve_code("--as", "更正", known) == "b"
    assert resolve_code("--as", "已更正", known) == "a"
