"""Tables of a database as frames and back."""

from __future__ import annotations

from datetime import date

import duckdb
import polars

from double_random.store.frames import BATCH, frame_to_arrow, has_column, has_table, query_frame


def test_a_table_is_found_by_its_exact_name() -> None:
    connection = duckdb.connect(":memory:")
    connection.execute("CREATE TABLE firms (id TEXT)")
    connection.execute("CREATE TEMP TABLE passing (id TEXT)")
    assert has_table(connection, "firms") and has_table(connection, "passing")
    assert not has_table(connection, "firm")


def test_a_column_is_found_in_its_table_alone() -> None:
    connection = duckdb.connect(":memory:")
    connection.execute("CREATE TABLE firms (id TEXT); CREATE TABLE others (name TEXT)")
    assert has_column(connection, "firms", "id")
    assert not has_column(connection, "firms", "name") and not has_column(connection, "firm", "id")


def test_a_query_becomes_a_frame_with_its_parameters() -> None:
    connection = duckdb.connect(":memory:")
    found = query_frame(
        connection, "SELECT $1 AS name, CAST($2 AS DATE) AS day", ["示例", "2016-01-02"]
    )
    assert found.to_dicts() == [{"name": "示例", "day": date(2016, 1, 2)}]
    assert query_frame(connection, "SELECT 1 AS number WHERE false").schema == {
        "number": polars.Int32
    }


def test_a_frame_comes_back_as_it_was_and_in_parts() -> None:
    rows = polars.DataFrame({"number": range(BATCH + 1), "name": ["示例"] * (BATCH + 1)})
    whole = frame_to_arrow(rows)
    assert [batch.num_rows for batch in whole.to_batches()] == [BATCH, 1]
    connection = duckdb.connect(":memory:")
    connection.register("numbers", whole)
    assert query_frame(connection, "FROM numbers").equals(rows)
