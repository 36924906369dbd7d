"""Entries of a TOML file: values by type, and each error with the file and the line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from double_random.core.errors import BadFile
from double_random.credit.policy.toml_entries import TomlEntry

TEXT = """\
name = "示例"
count = 3
yes = true
day = 2026-04-01
words = ["a", "b"]
inner = { months = 12 }

[[rule]]
id = "one"

[[rule]]
id = "two"
points = -10_00
"""


@pytest.fixture
def top(tmp_path: Path) -> TomlEntry:
    return read(tmp_path, TEXT)


def read(folder: Path, text: str) -> TomlEntry:
    (folder / "示例.toml").write_text(text, encoding="utf-8")
    return TomlEntry.read(folder / "示例.toml")


def test_values_are_read_by_their_type(top: TomlEntry) -> None:
    assert (top.text("name"), top.choice("name", ("示例",))) == ("示例", "示例")
    assert (top.integer("count"), top.boolean("yes", False)) == (3, True)
    assert (top.day("day"), top.texts("words")) == (date(2026, 4, 1), ("a", "b"))
    inner = top.entry("inner")
    assert inner is not None and inner.integer("months") == 12
    assert [rule.text("id") for rule in top.entries("rule")] == ["one", "two"]


def test_a_missing_key_has_its_default(top: TomlEntry) -> None:
    assert (top.text("x", "y"), top.integer("x"), top.boolean("x", True)) == ("y", None, True)
    assert (top.day("x"), top.texts("x", ()), top.entry("x")) == (None, (), None)
    assert list(top.entries("x")) == []


@pytest.mark.parametrize(
    ("take", "message"),
    [
        (lambda top: top.text("count"), "line 2: count: expected a text in quotes, got 3"),
        (lambda top: top.integer("yes"), "line 3: yes: expected a whole number"),
        (lambda top: top.boolean("count", True), "line 2: count: expected true / false"),
        (lambda top: top.day("name"), "line 1: name: expected a date without quotes"),
        (lambda top: top.texts("name"), "line 1: name: expected a list of texts"),
        (lambda top: top.choice("name", ("x", "z")), "line 1: name: expected one of x, z"),
        (lambda top: top.entry("count"), "line 2: count: expected a table"),
        (lambda top: list(top.entries("inner")), "line 6: inner: expected tables"),
        (lambda top: top.text("absent"), "line 1: absent is missing"),
        (lambda top: top.day("absent", needed=True), "line 1: absent is missing"),
    ],
)
def test_a_value_of_another_type_is_refused_with_its_line(
    top: TomlEntry, take: Callable[[TomlEntry], object], message: str
) -> None:
    with pytest.raises(BadFile) as caught:
        take(top)
    assert f"示例.toml: {message}" in caught.value.message


def test_an_inner_table_knows_its_own_lines(top: TomlEntry) -> None:
    _one, two = top.entries("rule")
    assert (two.line(), two.line("points"), two.line("absent")) == (11, 13, 11)
    with pytest.raises(BadFile, match="line 13: too few"):
        two.refuse("too few", key="points")


def test_a_key_that_was_not_asked_for_is_refused(top: TomlEntry) -> None:
    _one, two = top.entries("rule")
    two.text("id")
    with pytest.raises(BadFile, match="line 13: points is not known here") as caught:
        two.refuse_unknown_keys()
    assert "known here: id" in caught.value.hint
    two.integer("points")
    two.refuse_unknown_keys()


def test_one_word_twice_in_a_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="line 1: words names the same thing twice"):
        read(tmp_path, 'words = ["a", "a"]\n').texts("words")


def test_a_decimal_number_is_refused_where_it_is(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"line 2: 2\.5 is a decimal number") as caught:
        read(tmp_path, "count = 3\npoints = 2.5\n")
    assert "2_50" in caught.value.hint
