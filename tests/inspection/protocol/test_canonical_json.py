"""JSON that is hashed has one spelling; every other one is refused, and the file is named."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.core.errors import BadFile
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.text import is_clean

TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=8).map(
    lambda text: unicodedata.normalize("NFC", text)
)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(VALUE)
def test_what_is_written_is_read_back(value: Any) -> None:
    data = canonical_json.dump_canonical(value)
    assert canonical_json.load_canonical(data, "x.json") == value
    assert canonical_json.dump_canonical(canonical_json.load_canonical(data, "x.json")) == data


@given(VALUE)
def test_any_other_layout_of_the_same_value_is_refused(value: Any) -> None:
    for other in (json.dumps(value, indent=1), json.dumps(value, ensure_ascii=True) + "\n"):
        if other.encode() != canonical_json.dump_canonical(value):
            with pytest.raises(BadFile, match=r"x\.json"):
                canonical_json.load_canonical(other.encode(), "x.json")


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',  # double key
        b'{"b":1,"a":2}',  # order
        b'{"a":1.5}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":NaN}',
        b'{"a":-0}',
        b'{"a":01}',
        b'{"a":9007199254740992}',
        b'{"a":1}\n',
        b' {"a":1}',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":"\\u4e2d"}',  # an escape that need not be
        b'{"a":"\\ud800"}',
        b'{"a":"x\\ty"}',
        '{"a":"e\u0301"}'.encode(),  # NFD
        b'{"a":"\xff"}',
        b"",
        b"[" * 100_000,
        b'{"a":' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_not_canonical_is_refused(data: bytes) -> None:
    with pytest.raises(BadFile, match=r"plan\.json"):
        canonical_json.load_canonical(data, "plan.json")


@pytest.mark.parametrize("value", [1.5, 2**53, "e\u0301", "a\nb", {1: 2}, b"x", {"a": {1, 2}}])
def test_what_may_not_be_hashed_is_never_written(value: Any) -> None:
    with pytest.raises(ValueError):
        canonical_json.dump_canonical(value)


@pytest.mark.parametrize("text", ["示例", "a b", "𠮷", "é", "‏bidi"])
def test_clean_text(text: str) -> None:
    assert is_clean(text)


@pytest.mark.parametrize("text", ["e\u0301", "a\x00", "a\x85", "\ud83d", "a\tb", "\u2126"])
def test_unclean_text(text: str) -> None:
    assert not is_clean(text)
