"""A JSON object is read strictly: every refused field is named by its path."""

from __future__ import annotations

from typing import Any

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.protocol.fields import StrictObject, read_text_map, read_texts


def field(value: Any) -> StrictObject:
    return StrictObject("plan.json", {"x": value}, ("x",), "team")


def test_missing_and_unknown_fields_are_named_by_their_path() -> None:
    with pytest.raises(BadFile, match=r"team\.size: this field is missing"):
        StrictObject("plan.json", {}, ("size",), "team")
    with pytest.raises(BadFile, match=r"team\.extra: this field is unknown"):
        StrictObject("plan.json", {"size": 1, "extra": 2}, ("size",), "team")
    with pytest.raises(BadFile, match="the whole file: an object was expected"):
        StrictObject("plan.json", [], ("size",))


def test_values_of_the_right_type_are_returned() -> None:
    assert field("示例").text("x") == "示例"
    assert field("").text("x", empty=True) == ""
    assert field("up").one_of("x", ("up", "unbiased")) == "up"
    assert field("0f" * 16).hex("x", 32) == "0f" * 16
    assert field("J_01-a").id("x") == "J_01-a"
    assert field("2026-02-28").day("x") == "2026-02-28"
    assert field("2026-02-28T23:59:59Z").time("x") == "2026-02-28T23:59:59Z"
    assert field(3).number("x", least=3) == 3
    assert field(False).flag("x") is False
    assert field([1, 20]).ratio("x") == (1, 20)
    assert field(["a", "b"]).texts("x") == ("a", "b")
    assert field(None).is_null("x") and not field(0).is_null("x")


@pytest.mark.parametrize(
    ("method", "value", "expected"),
    [
        ("text", "", "text"),
        ("text", 1, "text"),
        ("hex", "0F" * 32, "64 lower-case hex digits"),
        ("id", "a b", "an id"),
        ("day", "2026-02-30", "a day"),
        ("time", "2026-02-28 10:00", "a time"),
        ("number", -1, "a whole number from 0"),
        ("number", True, "a whole number from 0"),
        ("flag", 1, "true or false"),
        ("ratio", [3, 2], "a share"),
        ("ratio", [0, 0], "a share"),
        ("ratio", [True, 1], "a share"),
        ("list", {}, "a list"),
        ("texts", ["a", ""], "a list of texts"),
    ],
)
def test_a_mistyped_field_says_what_was_expected(method: str, value: Any, expected: str) -> None:
    with pytest.raises(BadFile, match=rf"team\.x: {expected}"):
        getattr(field(value), method)("x")


def test_a_value_outside_a_closed_list_is_refused() -> None:
    with pytest.raises(BadFile, match="up"):
        field("down").one_of("x", ("up", "unbiased"))


def test_a_list_of_texts_has_each_once() -> None:
    with pytest.raises(BadFile, match="twice"):
        field(["a", "a"]).texts("x")


def test_inner_objects_have_their_own_path() -> None:
    outer = StrictObject("rules.json", {"items": [{"id": "a"}, {"id": ""}]}, ("items",))
    first, second = outer.objects("items", ("id",))
    assert first.text("id") == "a"
    with pytest.raises(BadFile, match=r"items\[1\]\.id"):
        second.text("id")
    with pytest.raises(BadFile, match=r"team\.x\.b: this field is missing"):
        field({"a": 1}).object("x", ("a", "b"))


@pytest.mark.parametrize("value", [None, "a", ["a", 1], {"a": "b"}])
def test_a_list_that_is_not_of_texts_is_named(value: object) -> None:
    fields = StrictObject("result.json", {}, ())
    assert read_texts(fields, "groups", ["b", "a", "a"]) == ("b", "a", "a")
    with pytest.raises(BadFile, match="groups: a list of texts was expected"):
        read_texts(fields, "groups", value)


@pytest.mark.parametrize("value", [None, [], {"a": 1}])
def test_an_object_that_is_not_of_texts_is_named(value: object) -> None:
    fields = StrictObject("result.json", {}, ())
    assert read_text_map(fields, "files", {"a": ""}) == {"a": ""}
    with pytest.raises(BadFile, match="files: an object of texts was expected"):
        read_text_map(fields, "files", value)
