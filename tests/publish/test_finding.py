"""Everybody is found, in a real browser and from the disk: by name, former name, code, number, head, pinyin, parts."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import polars
import pytest

from double_random import data
from double_random.publish.site import search
from double_random.publish.site.search_keys import fold_text, spell_name
from tests.publish.site.registers import make_register

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGE = """<!DOCTYPE html><meta charset="utf-8"><div id="search" data-root="" data-all="" data-none="" data-first=""
data-similar="" data-former=""><input id="query"><p id="said"></p><ul id="hits"></ul></div>
<script src="search.js"></script>"""
ASK = """queries => Promise.all(queries.map(query => new Promise(answer =>
  window.findInstitutions(query, found => answer(found && {...found, cards: found.cards.map(card => card[1])})))))"""
Answer = dict[str, Any]
Find = Callable[[list[str]], list[Answer]]
INSTITUTIONS = 2_100  # a city


@pytest.fixture(scope="module")
def register() -> polars.DataFrame:
    return make_register(INSTITUTIONS)


@pytest.fixture(scope="module")
def find(
    browser: Browser, register: polars.DataFrame, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Find]:
    """Ask the page of a register; answers in the order of the questions, their cards as codes."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "search").mkdir()
    (folder / "index.html").write_text(PAGE, "utf-8")
    (folder / "search.js").write_bytes(data.path("site", "search.js").read_bytes())
    for path, content in search.build_search_pages(register):
        assert content is not None
        (folder / path).write_bytes(content)
    page = browser.new_page()
    page.goto((folder / "index.html").as_uri())
    yield lambda queries: page.evaluate(ASK, queries)
    page.close()


@pytest.mark.parametrize("column", ["name", "uscc", "licence", "id"])
def test_everybody_is_the_first_hit_for_what_is_typed_in_full(
    find: Find, register: polars.DataFrame, column: str
) -> None:
    answers = find(register[column].to_list())
    assert [answer["cards"][0] for answer in answers] == register["uscc"].to_list()


def test_every_former_name_finds_its_institution_first(
    find: Find, register: polars.DataFrame
) -> None:
    renamed = register.explode("former", keep_nulls=False, empty_as_null=False)
    answers = find(renamed["former"].to_list())
    assert renamed.height > 400
    assert [answer["cards"][0] for answer in answers] == renamed["uscc"].to_list()


def test_pinyin_initials_and_heads_find_within_ten_or_say_how_many(
    find: Find, register: polars.DataFrame
) -> None:
    """Several may have the same: then the answer says of how many these are the first."""
    rows = register.sample(300, seed=3).rows(named=True)
    for spell in (
        lambda row: spell_name(fold_text(row["name"])).partition(" ")[2],
        lambda row: spell_name(fold_text(row["name"])).partition(" ")[0],
        lambda row: row["head"],
    ):
        answers = find([spell(row) for row in rows])
        for row, answer in zip(rows, answers, strict=True):
            assert row["uscc"] in answer["cards"] or answer["count"] > 10


def test_parts_of_names_and_codes_narrow_down_to_the_one(
    find: Find, register: polars.DataFrame
) -> None:
    """Whoever has the part is among the hits, unless the answer says that more are there; nobody else is."""
    chance = random.Random(4)
    asked = []
    for row in register.sample(300, seed=5).rows(named=True):
        middle = row["name"][1:5]
        asked += [middle, row["name"][:-2], row["name"][2:4], row["licence"][-6:]]
        asked.append(f"{middle} {row['name'][:2]}")
        chance.shuffle(asked)
    texts = [
        (
            row["uscc"],
            [fold_text(text) for text in (row["name"], *row["former"], row["licence"], row["id"])],
        )
        for row in register.rows(named=True)
    ]
    for typed, answer in zip(asked, find(asked), strict=True):
        parts = [fold_text(part) for part in typed.split()]
        having = {
            code for code, own in texts if all(any(part in text for text in own) for part in parts)
        }
        assert set(answer["cards"]) <= having, typed
        assert len(answer["cards"]) == min(10, len(having)), typed
        if answer["whole"]:
            assert answer["count"] == len(having), typed
        else:
            assert len(having) > 10 and answer["count"] >= 10, typed


def test_one_wrong_character_or_one_left_out_finds_similar_ones(
    find: Find, register: polars.DataFrame
) -> None:
    named = [row for row in register.rows(named=True) if re.match("示例.{4}[律公司]", row["name"])]
    rows = [row for row in named if len(set(row["name"][2:6])) == 4]
    assert len(rows) > 50
    for wrong in (
        lambda middle: f"{middle[:3]}龘",
        lambda middle: f"{middle[0]}龘{middle[2:]}",
        lambda middle: f"{middle[0]}{middle[2:]}",
    ):
        answers = find([wrong(row["name"][2:6]) for row in rows])
        for row, answer in zip(rows, answers, strict=True):
            here = row["uscc"] in answer["cards"] or len(answer["cards"]) == 10
            assert here or not answer["similar"]  # another one has just what was typed
        assert sum(answer["similar"] for answer in answers) > len(rows) / 2


def test_nobody_is_found_by_what_nobody_has(find: Find) -> None:
    for answer in find(["鑫鑫", "龘龘龘", "99999999", "QQQQ", "(){}", "<b>"]):
        assert answer["cards"] == []
    assert find(["", " ", "示"]) == [None, None, None]
