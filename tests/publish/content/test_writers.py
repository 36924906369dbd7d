"""The writers: numbers stay numbers, missing values stay missing, and text starts no formula."""

from __future__ import annotations

import io
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from double_random.publish.content.writers import (
    EXACT,
    convert_far_dates,
    to_csv,
    to_json_lines,
    to_json_value,
    to_jsonl,
    to_parquet,
    to_text,
)


def test_csv_is_harmless_and_json_exact() -> None:
    frame = polars.DataFrame(
        {"name": ['=HYPERLINK("x")', "示例\u202e所", "-1"], "fine_fen": [1, None, 2]}
    )
    assert to_csv(frame).decode() == (
        'name,fine_fen\n"\'=HYPERLINK(""x"")",1\n示例\ufffd所,\n\'-1,2\n'
    )
    assert [json.loads(line)["name"] for line in to_jsonl(frame).splitlines()] == frame[
        "name"
    ].to_list()
    assert polars.read_parquet(io.BytesIO(to_parquet(frame))).equals(frame)


def test_the_same_rows_are_the_same_parquet() -> None:
    frame = polars.DataFrame({"id": [str(number) for number in range(5000)]})
    assert to_parquet(frame) == to_parquet(frame.clone())


def test_csv_for_people_has_a_mark_and_their_words() -> None:
    frame = polars.DataFrame({"active": [True, None], "names": [["示例甲", "示例乙"], []]})
    said = {True: "是", None: ""}
    content = to_csv(
        frame,
        ("执业", "名称"),
        people=True,
        word=lambda value: said.get(value, value) if not isinstance(value, list) else value,
    )
    assert content == "\ufeff执业,名称\r\n是,示例甲、示例乙\r\n,\r\n".encode()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (EXACT, EXACT),
        (EXACT + 1, str(EXACT + 1)),
        (0.25, 0.25),
        (float("nan"), "nan"),
        (Decimal("70.00"), 70.0),
        (Decimal("0.12345678901234567891"), "0.12345678901234567891"),
        (Decimal("12E3"), 12000),
        (Decimal("Infinity"), "Infinity"),
        (date(2017, 1, 21), "2017-01-21"),
        ({1: [None, True]}, {"1": [None, True]}),
    ],
)
def test_a_number_is_one_in_json_if_no_digit_is_lost(value: Any, written: Any) -> None:
    assert to_json_value(value) == written
    assert type(to_json_value(value)) is type(written)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (datetime(2017, 1, 21, 8, 30), "2017-01-21 08:30:00"),
        (["示例甲", None, 2], "示例甲、、2"),
        ({"n": Decimal("1.50")}, '{"n": 1.5}'),
        (b"\x00\xff", "00ff"),
        (Decimal("1E+2"), "100"),
    ],
)
def test_every_type_has_its_text(value: Any, text: str) -> None:
    assert to_text(value) == text


def test_a_date_that_python_has_no_type_for_becomes_text() -> None:
    frame = polars.DataFrame({"day": [0, -800_000], "near": [0, 1]}).cast(polars.Date)
    written = convert_far_dates(frame)
    assert written.schema == {"day": polars.String, "near": polars.Date}
    assert written["day"].to_list()[0] == "1970-01-01"


def test_a_line_is_a_row_whatever_its_text_holds() -> None:
    frame = polars.DataFrame({"name": ["示例\u2028律师", "二\n行"], "n": [2**60, None]})
    lines = to_json_lines(frame)
    assert len(lines) == 2
    assert json.loads(lines[0]) == {"name": "示例\u2028律师", "n": str(2**60)}
    assert to_json_lines(frame.select("name")) == [
        line.partition(',"n"')[0] + "}" for line in lines
    ]


CELLS = st.text(
    st.characters(exclude_categories=["Cs"])
    | st.sampled_from("=+-@＝－ \t\r\n\x1c\u3000\u200b'\",")
)
COLUMNS = {
    "name": st.none() | CELLS,
    "names": st.none() | st.lists(st.none() | CELLS, max_size=3),
    "day": st.none() | st.dates(),
    "fine": st.none() | st.integers(-(2**63), 2**63 - 1),
    "share": st.none() | st.floats(),
    "active": st.none() | st.booleans(),
}
SCHEMA = {
    "name": polars.String(),
    "names": polars.List(polars.String),
    "day": polars.Date(),
    "fine": polars.Int64(),
    "share": polars.Float64(),
    "active": polars.Boolean(),
}


@given(st.lists(st.fixed_dictionaries(COLUMNS), max_size=4))
@example([dict.fromkeys(COLUMNS) | {"day": date(33, 1, 2), "name": "\x1c=1"}])
def test_columns_are_written_as_their_cells_are_one_by_one(rows: list[dict[str, Any]]) -> None:
    frame = polars.DataFrame(rows, schema=SCHEMA)
    assert to_csv(frame) == to_csv(frame, word=lambda value: value)
