"""Random numbers of permutations: the stream, fair choices and fair orders."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from itertools import combinations, permutations

import numpy as np

from double_random.inspection.bias_tests.permutations import SeededStream


def test_the_stream_is_sha256_and_the_same_everywhere() -> None:
    stream = SeededStream(b"seed", "purpose")
    raw = b"".join(sha256(b"seed:purpose:" + bytes(7) + bytes([i])).digest() for i in range(3))
    assert (
        stream.draw_words(9).astype(">u4").tobytes() == raw[:36]
    )  # the rest of block 1 is thrown away
    assert stream.draw_words(2).astype(">u4").tobytes() == raw[64:72]
    assert stream.draw_below(1, 5).tolist() == [0] * 5


def test_every_choice_and_every_order_comes_equally_often() -> None:
    stream = SeededStream(b"fair", "test")
    chosen = Counter(map(tuple, stream.draw_subsets(5, 2, 10_000).tolist()))
    assert set(chosen) == set(combinations(range(5), 2))
    assert max(abs(count - 1_000) for count in chosen.values()) < 4.5 * 30
    left = Counter(map(tuple, stream.draw_subsets(5, 4, 10_000).tolist()))
    assert set(left) == set(combinations(range(5), 4))
    assert max(abs(count - 2_000) for count in left.values()) < 4.5 * 40
    classes = np.array([1, 0, 1, 1], dtype=np.int64)
    orders = Counter(map(tuple, stream.draw_permutations(classes, 6_000).tolist()))
    assert set(orders) == {(a, 1, b, c) for a, b, c in permutations((0, 2, 3))}
    assert max(abs(count - 1_000) for count in orders.values()) < 4.5 * 29


def test_streams_of_other_seeds_and_purposes_differ() -> None:
    first = SeededStream(b"seed", "pairs").draw_words(8).tolist()
    assert SeededStream(b"seed", "pairs").draw_words(8).tolist() == first
    assert SeededStream(b"seed", "order").draw_words(8).tolist() != first
    assert SeededStream(b"other", "pairs").draw_words(8).tolist() != first


def test_nothing_and_everything_are_drawn_without_chance() -> None:
    stream = SeededStream(b"seed", "edge")
    assert stream.draw_subsets(3, 3, 2).tolist() == [[0, 1, 2], [0, 1, 2]]
    assert stream.draw_subsets(3, 0, 2).shape == (2, 0)
    assert stream.draw_words(0).shape == (0,)


def test_bounds_may_differ_for_each_number() -> None:
    bounds = np.array([1, 2, 1_000_000], dtype=np.int64)
    numbers = SeededStream(b"seed", "bounds").draw_below(bounds, 500, 3)
    assert (numbers >= 0).all() and (numbers < bounds).all()
    assert set(numbers[:, 1].tolist()) == {0, 1}
    assert numbers[:, 2].max() > 500_000
