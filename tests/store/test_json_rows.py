"""Query results as plain rows, or as lines of JSON made inside the database."""

from __future__ import annotations

import json
from datetime import date

import duckdb
import pytest

from double_random.store.json_rows import query_json_lines, query_rows

FIRMS = "SELECT * FROM (VALUES ('乙', 2, DATE '2016-01-02'), ('甲', 1, NULL)) AS firms (name, place, day)"


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:")


def test_each_row_has_its_columns_names(connection: duckdb.DuckDBPyConnection) -> None:
    assert query_rows(connection, f"{FIRMS} WHERE place = $1", [2]) == [
        {"name": "乙", "place": 2, "day": date(2016, 1, 2)}
    ]
    assert query_rows(connection, f"{FIRMS} WHERE false") == []


def test_lines_are_ordered_and_dates_are_texts(connection: duckdb.DuckDBPyConnection) -> None:
    text = query_json_lines(connection, FIRMS, {}, "place", "\n")
    assert [json.loads(line) for line in text.splitlines()] == [
        {"name": "甲", "place": 1, "day": None},
        {"name": "乙", "place": 2, "day": "2016-01-02"},
    ]
    assert "甲" in text.decode("utf-8")


def test_any_text_may_stand_between_the_rows(connection: duckdb.DuckDBPyConnection) -> None:
    text = query_json_lines(connection, "SELECT * FROM range(2) AS numbers (n)", {}, "n", "', '")
    assert text == b"""{"n":0}', '{"n":1}"""


def test_an_answer_without_rows_is_empty(connection: duckdb.DuckDBPyConnection) -> None:
    assert (
        query_json_lines(connection, f"{FIRMS} WHERE place = $place", {"place": 9}, "place", "\n")
        == b""
    )
