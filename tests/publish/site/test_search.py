"""The search index: whole texts, keys and cards in small files, where the page looks for them."""

from __future__ import annotations

import bisect
import json
import re
from typing import Any

import polars
import pytest

from double_random.publish.site import search
from double_random.publish.site.page_cache import PageCache
from double_random.publish.site.search_keys import fold_text
from tests.publish.site.registers import make_register


def index(frame: polars.DataFrame, **other: Any) -> dict[str, Any]:
    """The files by name, as a page reads them."""
    files = {}
    for path, content in search.build_search_pages(frame, **other):
        assert content is not None and b"<" not in content
        name, body = re.fullmatch(r'found\("(\w+)",(.*)\)\n', content.decode(), re.S).groups()  # type: ignore[union-attr]
        assert path == f"search/{name}.js"
        files[name] = json.loads(body)
    return files


@pytest.fixture(scope="module")
def register() -> polars.DataFrame:
    return make_register(500)


def test_every_whole_text_leads_to_its_institution(register: polars.DataFrame) -> None:
    files = index(register, numbers={register["id"][3]: ["示司罚决字〔2026〕1号"]})
    shards = files["index"]["exact"]

    def places(text: str) -> list[int]:
        folded = fold_text(text)
        count, *found = files[f"e{search.shard_number(folded, shards)}"][folded]
        assert len(found) == min(count, search.FIRST)
        return found

    for place, row in enumerate(register.iter_rows(named=True)):
        for text in (row["name"], row["uscc"], row["licence"], row["id"]):
            assert places(text)[0] == place
        assert all(place in places(name) for name in (*row["former"], row["head"]))
    assert places("示司罚决字〔2026〕1号") == [3]


def test_every_key_is_in_the_file_that_its_first_keys_say(register: polars.DataFrame) -> None:
    files = index(register)
    starts = files["index"]["files"]
    kept = [name for name in files if name.startswith("k")]
    assert len(kept) == len(starts) > 3
    for name in kept:
        for key in files[name]:
            at = bisect.bisect_right(
                [one.encode("utf-16-be") for one in starts], key.encode("utf-16-be")
            )
            assert f"k{at - 1}" == name


def test_a_card_says_what_an_institution_is(register: polars.DataFrame) -> None:
    files = index(register, describe=lambda row: f"{row['kind']} {row['status']}")
    for place, row in enumerate(register.iter_rows(named=True)):
        name, code, path, about, former, numbers = files[f"c{place // search.CARDS}"][
            place % search.CARDS
        ]
        assert (name, code, former) == (row["name"], row["uscc"], row["former"])
        assert path.endswith(row["id"]) and about == f"{row['kind']} {row['status']}"
        assert numbers == [row["licence"]]


def test_common_keys_are_told_and_cut() -> None:
    frame = make_register(search.COMMON + 1)
    files = index(frame)
    common = files["index"]["common"]
    assert common["示例"] == frame.height
    (entry,) = [
        files[name]["示例"] for name in files if name.startswith("k") and "示例" in files[name]
    ]
    assert entry[0] == frame.height and len(entry) == 1 + search.FIRST
    assert common.keys() == {
        key
        for name, keys in files.items()
        if name.startswith("k")
        for key, (count, *_places) in keys.items()
        if count > search.COMMON
    }


def test_columns_that_the_allow_list_leaves_out_find_nobody(register: polars.DataFrame) -> None:
    files = index(register.drop("head", "licence"))
    texts = {text for name, keys in files.items() if name.startswith("e") for text in keys}
    assert not texts & {*register["head"], *register["licence"]}
    assert {*register["uscc"]} <= texts


def test_an_index_without_news_is_taken_over(register: polars.DataFrame) -> None:
    first = PageCache()
    made = dict(search.build_search_pages(register, former=first, look="1"))
    assert None not in made.values()

    def again(frame: polars.DataFrame, look: str) -> dict[str, bytes | None]:
        before = PageCache(keys=dict(first.made), hashes=dict.fromkeys(made, ""))
        return dict(search.build_search_pages(frame, former=before, look=look))

    assert again(register, "1") == dict.fromkeys(made)
    assert None not in again(register, "2").values()
    assert None not in again(register.head(499), "1").values()
