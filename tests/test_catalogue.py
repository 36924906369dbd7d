"""The Chinese catalogue is complete, and every sentence that a user reads goes through it."""

from __future__ import annotations

import ast
import importlib.util
import re
import string
from pathlib import Path

import pytest

from double_random.core import translation as language
from tests import shared_words

spec = importlib.util.spec_from_file_location("catalogue", Path(__file__).with_name("catalogue.py"))
assert spec and spec.loader
catalogue = importlib.util.module_from_spec(spec)
spec.loader.exec_module(catalogue)

SPOKEN = {"say", "Misuse", "Stopped", "Busy", "DoubleRandomError", "BadFile"}
FIELDS = string.Formatter()


def test_every_sentence_has_its_translation() -> None:
    wanted = {message.id for message in catalogue.template() if message.id}
    there = {message.id for message in catalogue.kept() if message.id}
    assert wanted == there, "run: make catalogue"
    assert catalogue.missing(catalogue.kept()) == []


@pytest.mark.parametrize(
    "file", [f for f in catalogue.sources() if f.suffix == ".py"], ids=lambda f: f.stem
)
def test_every_message_is_in_the_catalogue(file: Path) -> None:
    """Finding: "because of rotation", looked up within an f-string, was not extracted and was shown in English."""
    known = {message.id for message in catalogue.kept() if isinstance(message.id, str)}
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "N_"):
            text = node.args[0]
            if isinstance(text, ast.Constant) and text.value:
                assert text.value in known, f"{file}:{node.lineno}"


def test_chinese_has_full_width_marks() -> None:
    """Finding: 公告；可以多个 was written with a half-width mark in thirty sentences."""
    spelled = re.compile(
        r"(lottery|balls|dice|drand|L):|\{host\}:"
    )  # a source or an address, as it is typed
    half = re.compile(r"(\}|^)[,;:] ?\{|[,;:!?] ?[\u3400-\u9fff]|[\u3400-\u9fff][,;:!?]")
    for message in catalogue.kept():
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            assert not half.search(spelled.sub("", text)), text


@pytest.mark.parametrize(
    "file", [f for f in catalogue.sources() if f.suffix == ".html"], ids=lambda f: f.stem
)
def test_a_page_has_the_marks_of_its_language(file: Path) -> None:
    """Finding: the Chinese site had "抽查名单 (13)" and ": 3家": brackets and colons are the catalogue's."""
    half = re.compile(r"\(\{\{|\}\}\)|(\}\}|</a>|</span>): |(\}\}|</a>), ")
    assert half.findall(file.read_text(encoding="utf-8")) == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    assert catalogue.MO.read_bytes() == catalogue.compiled(catalogue.kept())


def test_a_translation_names_the_same_values() -> None:
    for message in catalogue.kept():
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        allowed = {name for id_ in ids for _, name, _, _ in FIELDS.parse(id_) if name}
        for translation in strings:
            assert {name for _, name, _, _ in FIELDS.parse(translation) if name} <= allowed, (
                message.id
            )


def test_a_short_message_that_modules_share_means_one_thing() -> None:
    """D-066: each new use is looked at; "group" was a stratum, a policy's rule and a team under one Chinese word."""
    assert shared_words.PAGE.read_text("utf-8") == shared_words.text(), (
        "look at the new word's translation in each file; if they mean one thing: python -m tests.shared_words"
    )
    assert "group" in shared_words.shared()


def test_two_senses_have_two_words() -> None:
    """D-066: the words that were taken for each other."""
    words = {(message.context, message.id): message.string for message in catalogue.kept()}
    for word, contexts in {
        "group": (None, "rules"),
        "until": ("policy", "measure"),
        "log": (None, "part of a home"),
        "draws": (None, "part of a home"),
        "name": (None, "person"),
        "number": (None, "act", "approval"),
        "reason": (None, "recusal"),
    }.items():
        found = [words[context, word] for context in contexts]
        assert len(set(found)) == len(found), (word, found)
    assert words["points", "suspended"] == "暂停计分"


def test_chinese_is_spoken_when_asked_for() -> None:
    try:
        assert language.choose_language("zh_CN") == "zh_CN"
        assert language._("error: {message}") == "错误：{message}"
        assert language.choose_language("en") == "en"
        assert language._("error: {message}") == "error: {message}"
    finally:
        language.choose_language("en")


def sentence(value: ast.expr) -> bool:
    """Whether an expression is written-down words; a joining of looked-up parts is none."""
    if isinstance(value, ast.JoinedStr):
        return any(sentence(part) for part in value.values)
    return isinstance(value, ast.Constant) and bool(re.search("[a-z] [a-z]", str(value.value)))


@pytest.mark.parametrize(
    "file", [f for f in catalogue.sources() if f.suffix == ".py"], ids=lambda f: f.stem
)
def test_no_sentence_goes_past_gettext(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        spoken = list(node.args) if name in SPOKEN else []
        spoken += [word.value for word in node.keywords if word.arg == "help"]
        for value in spoken:
            assert not sentence(value), f"{file}:{value.lineno}: a sentence outside _()"
        if name in ("_", "N_", "ngettext"):
            for value in node.args[:1]:
                assert not isinstance(value, ast.JoinedStr), (
                    f"{file}:{value.lineno}: no f-string in _()"
                )
