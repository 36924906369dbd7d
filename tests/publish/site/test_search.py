"""The search index: every institution is behind each two characters of its name, code and initials, in small files."""

from __future__ import annotations

import json
import re

import polars
from hypothesis import given, settings
from hypothesis import strategies as st

from double_random.publish.site import search

NAMES = st.text(alphabet="示例大成华律师事务所公证处<>'\"\\ab １２\U00020000", max_size=12)


def table(names: list[str]) -> polars.DataFrame:
    rows = [(f"31XXXX{place:06d}", name, None, None, []) for place, name in enumerate(names)]
    text = polars.String
    schema = {"id": text, "name": text, "uscc": text, "licence": text, "former": polars.List(text)}
    return polars.DataFrame(rows, schema=schema, orient="row")


def index(frame: polars.DataFrame) -> dict[str, list[object]]:
    """The whole index, each key in the file where the page will look for it."""
    keys: dict[str, list[object]] = {}
    files = search.count_shards(frame.height)
    for path, content in search.build_search_pages(frame):
        assert content is not None and b"<" not in content
        number, body = re.fullmatch(r"found\((-?\d+),(.*)\)\n", content.decode(), re.S).groups()  # type: ignore[union-attr]
        if int(number) < 0:
            continue
        assert path == f"search/{number}.js"
        found = json.loads(body)
        assert all(search.shard_number(key, files) == int(number) for key in found)
        keys |= found
    return keys


@given(st.lists(NAMES, max_size=40))
@settings(max_examples=40, deadline=None)
def test_any_two_characters_find_everybody_who_has_them(names: list[str]) -> None:
    found = index(table(names))
    for count, *hits in found.values():
        assert len(hits) == min(count, search.SHOWN)
    for place, name in enumerate(names):
        text = search.fold_text(name)
        for at in range(len(text) - 1):
            count, *hits = found[text[at : at + 2]]
            having = [one for one in names if text[at : at + 2] in search.fold_text(one)]
            assert count >= len(having)
            assert any(hit[1] == "" and f"{place:06d}" in hit[2] for hit in hits)


def test_initials_and_parts_of_codes_are_found() -> None:
    found = index(table(["重庆示例律师事务所"]))
    assert found["CQ"][0] == found["QSLL"][0] == 1  # 重 is read chóng in 重庆
    assert found["XX"][0] == 1 and found["XX00"][0] == 1


def test_a_common_key_shows_the_first_and_counts_all() -> None:
    frame = table([f"示例第{number}律师事务所" for number in range(1000)])
    count, *hits = index(frame)["律师"]
    assert count == 1000 and 10 <= len(hits) <= search.SHOWN
    assert (
        max(len(content or b"") for _, content in search.build_search_pages(frame))
        <= search.LARGEST
    )


def test_a_hundred_kilobytes_are_enough_for_a_query() -> None:
    frame = table([f"示例{number:05d}华律师事务所" for number in range(6000)])
    sizes = {path: len(content or b"") for path, content in search.build_search_pages(frame)}
    common = sizes.pop("search/common.js")
    assert common + 2 * max(sizes.values()) <= 100_000
