"""What institutions are found by: each part of their texts is a key with their place, in JavaScript's order."""

from __future__ import annotations

import itertools

import polars
from hypothesis import given, settings
from hypothesis import strategies as st

from double_random.publish.disclosure.verdict_cache import VerdictCache
from double_random.publish.site import search, search_keys

NAMES = st.text(alphabet="示例大成华律师事务所公证处<>'\"\\ab １２\ue000\U00020000", max_size=12)
ALL = 10**9


def table(names: list[str], **columns: object) -> polars.DataFrame:
    rows = [
        dict.fromkeys(search.COLUMNS)
        | {"id": f"31XXXX{place:06d}", "name": name, "former": []}
        | columns
        for place, name in enumerate(names)
    ]
    text = polars.String
    schema = dict.fromkeys(search.COLUMNS, text) | {"former": polars.List(text)}
    return polars.DataFrame(rows, schema=schema)


def keys(frame: polars.DataFrame, common: int = ALL, first: int = 0) -> dict[str, list[int]]:
    """Each key with its places, from their differences."""
    texts = search_keys.collect_texts(frame, {}, VerdictCache())
    found = search_keys.collect_keys(texts, common, first)
    assert [key for key, _count, _differences in found] == sorted(
        (key for key, _count, _differences in found), key=lambda key: key.encode("utf-16-be")
    )
    return {
        key: list(itertools.accumulate(map(int, differences.split(","))))
        for key, _count, differences in found
    }


@given(st.lists(NAMES, max_size=40))
@settings(max_examples=40, deadline=None)
def test_every_part_of_a_name_has_everybody_who_has_it(names: list[str]) -> None:
    found = keys(table(names))
    folded = [search_keys.fold_text(name) for name in names]
    for text in folded:
        for width in (1, 2):
            for at in range(len(text) - width + 1):
                part = text[at : at + width]
                having = {place for place, other in enumerate(folded) if part in other}
                assert having <= set(found[part])
    for places in found.values():
        assert places == sorted(set(places))


def test_initials_pinyin_and_parts_of_codes_are_keys() -> None:
    found = keys(table(["重庆示例律师事务所"], uscc="31990000XXXX000001"))
    for part in ("CQ", "CQSL", "CHON", "NGQI", "0XXX", "0001"):  # 重 is read chóng in 重庆
        assert found[part] == [0]


def test_a_former_name_is_a_name() -> None:
    found = keys(table(["示例甲律师事务所"], former=["示例乙律师事务所"]))
    assert found["例乙"] == found["例甲"] == found["乙"] == [0]


def test_of_a_common_key_the_first_places_stay() -> None:
    found = keys(table([f"示例第{number}律师事务所" for number in range(50)]), common=20, first=3)
    assert found["律师"] == [0, 1, 2] and found["第7"] == [7]


def test_heads_and_numbers_of_penalties_are_whole_texts_alone() -> None:
    frame = table(["示例甲律师事务所"], head="示例人")
    numbers = {"31XXXX000000": ["示司罚决字〔2026〕1号"]}
    texts = search_keys.collect_texts(frame, numbers, VerdictCache())
    assert texts.others == [(0, "示例人"), (0, "示司罚决字〔2026〕1号")]
    assert "例人" not in keys(frame)
