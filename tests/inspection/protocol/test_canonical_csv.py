"""CSV that is hashed: each set of rows has exactly one file, and nothing else is read."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.core.errors import BadFile
from double_random.inspection.protocol.canonical_csv import CsvTable, data_lines

TABLE = CsvTable("示例.csv", ("id", "name"))
PAIRS = CsvTable("pairs.csv", ("target", "inspector", "salt"), key=2)
FIELD = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from(',"'), max_size=6)
NFC = FIELD.map(lambda text: unicodedata.normalize("NFC", text))
ROWS = st.dictionaries(NFC, NFC, max_size=6).map(lambda found: list(found.items()))


@given(ROWS, st.randoms())
def test_rows_in_any_order_make_the_same_bytes(rows: list[tuple[str, str]], chance) -> None:  # type: ignore[no-untyped-def]
    data = TABLE.dump(rows)
    assert TABLE.load(data) == sorted(rows)
    chance.shuffle(rows)
    assert TABLE.dump(rows) == data
    assert len(data_lines(data)) == len(rows)


@given(ROWS.filter(bool), st.data())
def test_a_changed_byte_is_refused_or_is_another_table(
    rows: list[tuple[str, str]], data: st.DataObject
) -> None:
    good = TABLE.dump(rows)
    at = data.draw(st.integers(0, len(good) - 1))
    other = good[:at] + bytes([good[at] ^ data.draw(st.integers(1, 255))]) + good[at + 1 :]
    try:
        found = TABLE.load(other)
    except BadFile:
        return
    assert TABLE.dump(found) == other
    assert found != sorted(rows)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"id,name",
        b"id,name\r\n",
        b"name,id\n",
        b"\xef\xbb\xbfid,name\n",
        b"id,name\na,b",
        b"id,name\na,b\r\n",
        b"id,name\nb,x\na,x\n",  # order
        b"id,name\na,x\na,y\n",  # double key
        b'id,name\n"a",b\n',  # quoted without need
        b'id,name\na,"b\nc"\n',
        b'id,name\na,b"c\n',
        b'id,name\na,"b\n',
        b'id,name\na,"b"c\n',
        b"id,name\na\n",
        b"id,name\na,b,c\n",
        b"id,name\n\n",
        b"id,name\na,b\n\n",
        b"id,name\na,b\x00\n",
        b"id,name\na,\xff\n",
        "id,name\na,e\u0301\n".encode(),  # NFD
    ],
)
def test_what_is_not_canonical_is_refused(data: bytes) -> None:
    with pytest.raises(BadFile, match=r"示例\.csv"):
        TABLE.load(data)


def test_a_field_is_quoted_exactly_where_it_must_be() -> None:
    assert TABLE.dump([("a", 'x,y "z"'), ("b", " ")]) == b'id,name\na,"x,y ""z"""\nb, \n'


def test_the_key_may_have_two_columns() -> None:
    assert PAIRS.load(b"target,inspector,salt\na,x,1\na,y,1\n") == [
        ("a", "x", "1"),
        ("a", "y", "1"),
    ]
    with pytest.raises(BadFile):
        PAIRS.load(b"target,inspector,salt\na,x,1\na,x,2\n")


def test_order_is_by_code_point_not_by_locale() -> None:
    assert TABLE.load(TABLE.dump([("a", ""), ("Z", ""), ("é", ""), ("中", "")]))[0][0] == "Z"
