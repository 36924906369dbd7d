"""The stream of the sample is SHA-256 of a seed and a counter, the same everywhere."""

from __future__ import annotations

from collections import Counter

from double_random.demo.random_stream import SampleStream


def test_the_stream_is_sha256_of_seed_and_counter() -> None:
    """`printf %s seed:0 | sha256sum` gives the first number, seed:1 the second."""
    stream = SampleStream("seed")
    assert f"{stream.next_number():064x}" == (
        "58f9082db66a15d660a3f65e1e2f12c31e4409635a583a6eaf0ba45c744b6688"
    )
    assert f"{stream.next_number():064x}" == (
        "81e4ba3bc2097d85ac4734eb3ad794fd4a2980b2e0b22569418e60e5550b4c32"
    )


def test_the_stream_leaves_no_number_out() -> None:
    stream = SampleStream("dice")
    thrown = Counter(stream.number_between(1, 6) for _ in range(600))
    assert set(thrown) == set(range(1, 7)) and min(thrown.values()) > 60
    assert sorted(stream.pick_several(range(9), 9)) == list(range(9))


def test_the_same_seed_gives_the_same_numbers() -> None:
    first, second, other = SampleStream("示例"), SampleStream("示例"), SampleStream("示例二")
    numbers = [first.number_below(1000) for _ in range(20)]
    assert [second.number_below(1000) for _ in range(20)] == numbers
    assert [other.number_below(1000) for _ in range(20)] != numbers


def test_a_thing_without_weight_is_never_taken() -> None:
    stream = SampleStream("示例")
    taken = {stream.pick_weighted((("甲", 1), ("乙", 0), ("丙", 2))) for _ in range(200)}
    assert taken == {"甲", "丙"}


def test_several_things_are_different_ones_and_the_given_ones_stay() -> None:
    things = ["甲", "乙", "丙", "丁"]
    some = SampleStream("示例").pick_several(things, 3)
    assert len(set(some)) == 3 and set(some) < set(things)
    assert things == ["甲", "乙", "丙", "丁"]
    assert SampleStream("示例").pick_several(things, 0) == []


def test_one_of_a_single_thing_is_that_thing() -> None:
    assert SampleStream("示例").pick_one(["甲"]) == "甲"
    assert SampleStream("示例").number_between(7, 7) == 7
