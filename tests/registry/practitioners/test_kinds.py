"""Kinds of practitioner and events are data: a bureau's own list counts, a wrong one is named."""

from __future__ import annotations

import re

import pytest

from double_random import data
from double_random.core.errors import BadFile, Misuse
from double_random.registry.institutions.kinds import load_shipped_kinds
from double_random.registry.practitioners.kinds import (
    FILE_NAME,
    load_practitioner_facts,
    load_shipped_practitioner_facts,
)

SHIPPED = load_shipped_practitioner_facts()


def test_every_kind_has_its_law_and_known_institutions():
    known = {kind.code for kind in load_shipped_kinds()}
    for kind in SHIPPED.kinds:
        assert kind.reference
        assert set(kind.institutions) <= known
        assert kind.category in {"", *(code for code, _words in SHIPPED.categories)}
        assert kind.concurrent == ()  # the law allows one institution only


def test_the_events_cover_the_life_of_a_licence():
    by_post = {event.code: (event.post, event.status, event.final) for event in SHIPPED.events}
    assert by_post["admitted"] == ("begins", "active", False)
    assert by_post["moved"][0] == by_post["seconded"][0] == "moves"
    assert by_post["cancelled"] == ("ends", "cancelled", False)
    assert by_post["revoked"] == ("ends", "revoked", True)
    assert by_post["moved_out"] == ("ends", "moved_out", False)


def test_a_bureaus_own_list_counts(home):
    own = home.path / "facts" / FILE_NAME
    own.parent.mkdir(parents=True, exist_ok=True)
    text = data.path(FILE_NAME).read_text("utf-8")
    own.write_text(text.replace('zh = "公证员"', 'zh = "示例公证员"'), "utf-8")
    assert load_practitioner_facts(home).kind("notary").zh == "示例公证员"


def test_a_wrong_list_is_named(home):
    own = home.path / "facts" / FILE_NAME
    own.parent.mkdir(parents=True, exist_ok=True)
    text = data.path(FILE_NAME).read_text("utf-8")
    own.write_text(text.replace('post = "begins"', 'post = "starts"'), "utf-8")
    with pytest.raises((BadFile, Misuse), match=FILE_NAME):
        load_practitioner_facts(home)


@pytest.mark.parametrize("noun", ["kind", "event", "category"])
def test_a_code_that_stands_twice_is_named(home, noun):
    own = home.path / "facts" / FILE_NAME
    own.parent.mkdir(parents=True, exist_ok=True)
    text = data.path(FILE_NAME).read_text("utf-8")
    first, second = re.findall(rf'^\[\[{noun}\]\]\ncode = "(\w+)"', text, re.M)[:2]
    twice = text.replace(f'[[{noun}]]\ncode = "{second}"', f'[[{noun}]]\ncode = "{first}"')
    own.write_text(twice, "utf-8")
    with pytest.raises(Misuse, match=f"the code {first} stands there twice"):
        load_practitioner_facts(home)
