"""A run adds and ends; what is kept is never changed, and every statement sees the whole."""

from __future__ import annotations

import duckdb
import pytest

from double_random.store import tables
from double_random.store.tables import (
    KeptTable,
    columns_by_table,
    create_tables,
    end_rows,
    end_where,
    find_rows,
    list_defined_views,
    list_views,
    name_columns,
    open_tables,
    quote_name,
    remove_added,
    select_nothing,
)

SCHEMA = """
-- What a test keeps.
CREATE TABLE IF NOT EXISTS firms (
    id         TEXT NOT NULL,     -- 示例
    founded    DATE,
    known_from INTEGER NOT NULL,
    known_to   INTEGER
);

CREATE TABLE IF NOT EXISTS runs (
    run INTEGER NOT NULL
);

CREATE VIEW open_firms AS
SELECT id FROM firms WHERE known_to IS NULL;
"""
COLUMNS = {"id": "VARCHAR", "founded": "DATE", "known_from": "INTEGER", "known_to": "INTEGER"}


@pytest.fixture
def draft() -> duckdb.DuckDBPyConnection:
    """A run 3 over two kept firms, of which one has ended in run 2."""
    connection = duckdb.connect()
    rows = """SELECT CAST(i AS BIGINT) AS place, 'kept' || i AS id, DATE '2000-01-01' AS founded, 1 AS known_from
              FROM range(2) t(i)"""
    open_tables(
        connection,
        {
            "firms": KeptTable(
                COLUMNS, rows, "SELECT CAST(1 AS BIGINT) AS place, CAST(2 AS INTEGER) AS known_to"
            )
        },
    )
    connection.execute("BEGIN")
    create_tables(connection, SCHEMA)
    connection.execute("INSERT INTO added.firms VALUES ('new', NULL, 3, NULL)")
    return connection


def known(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return connection.execute("SELECT id, known_from, known_to FROM firms ORDER BY id").fetchall()


def test_a_table_shows_kept_and_added_rows_with_their_ends(
    draft: duckdb.DuckDBPyConnection,
) -> None:
    assert known(draft) == [("kept0", 1, None), ("kept1", 1, 2), ("new", 3, None)]
    assert draft.execute("FROM open_firms ORDER BY id").fetchall() == [("kept0",), ("new",)]


def test_an_end_is_written_beside_a_kept_row_and_into_an_added_one(
    draft: duckdb.DuckDBPyConnection,
) -> None:
    end_where(draft, "firms", "id <> 'kept1'", 3)
    assert known(draft) == [("kept0", 1, 3), ("kept1", 1, 2), ("new", 3, 3)]
    assert draft.execute("FROM ended.firms").fetchall() == [(0, 3)]


def test_only_what_is_known_now_ends_and_a_condition_has_its_parameters(
    draft: duckdb.DuckDBPyConnection,
) -> None:
    end_where(draft, "firms", "starts_with(id, $start)", 3, {"start": "kept"})
    assert draft.execute("FROM ended.firms").fetchall() == [(0, 3)]


def test_rows_are_ended_by_their_places(draft: duckdb.DuckDBPyConnection) -> None:
    end_rows(draft, "firms", "SELECT place FROM placed.firms WHERE id = 'new'", 3)
    assert known(draft)[-1] == ("new", 3, 3)


def test_an_added_row_is_removed_and_a_kept_one_never(draft: duckdb.DuckDBPyConnection) -> None:
    remove_added(
        draft, "firms", "SELECT place FROM placed.firms WHERE known_from = $run", {"run": 3}
    )
    remove_added(draft, "firms", "SELECT place FROM placed.firms")
    assert known(draft) == [("kept0", 1, None), ("kept1", 1, 2)]


def test_a_new_column_is_null_where_segments_lack_it(draft: duckdb.DuckDBPyConnection) -> None:
    create_tables(draft, SCHEMA.replace("    founded ", "    district   TEXT,\n    founded "))
    draft.execute("UPDATE added.firms SET district = '330101'")
    rows = draft.execute("SELECT id, district FROM firms ORDER BY id").fetchall()
    assert rows == [("kept0", None), ("kept1", None), ("new", "330101")]


def test_definitions_are_made_once(draft: duckdb.DuckDBPyConnection) -> None:
    create_tables(draft, SCHEMA)
    assert sorted(columns_by_table(draft, "added")) == ["firms", "runs"]
    assert list_views(draft) == list_defined_views(SCHEMA)
    assert columns_by_table(draft)["firms"] == COLUMNS
    assert known(draft)[-1][0] == "new"


def test_a_database_of_its_own_needs_no_segments() -> None:
    connection = duckdb.connect()
    create_tables(connection, SCHEMA)
    connection.execute("INSERT INTO added.firms VALUES ('one', NULL, 1, NULL)")
    assert known(connection) == [("one", 1, None)]


def test_every_schema_file_is_read_to_its_last_column() -> None:
    """A line that the reader of definitions does not know would be a column less."""
    from importlib.resources import files

    for package in ("store", "registry", "registry.practitioners", "credit"):
        schema = files(f"double_random.{package}").joinpath("schema.sql").read_text("utf-8")
        whole = duckdb.connect()
        whole.execute(schema)
        made = duckdb.connect()
        create_tables(made, schema)
        assert columns_by_table(made) == columns_by_table(whole), package


def test_names_are_quoted() -> None:
    connection = duckdb.connect()
    assert (
        quote_name("column") == '"column"' and name_columns(["row", "column"]) == '"row", "column"'
    )
    assert connection.execute(select_nothing({"column": "TEXT"})).fetchall() == []
    assert tables.KNOWN_TO == "known_to"


def test_rows_are_found_by_their_text_though_another_text_has_the_same_key() -> None:
    """No two texts are known whose keys are one: so a kept row is given the key of another one here."""
    with duckdb.connect() as connection:
        columns = {"claim": "VARCHAR", "known_from": "INTEGER", "known_to": "INTEGER"}
        rows = """SELECT place, claim, 1 AS known_from, md5_number_lower('a') AS key
                  FROM (VALUES (0, 'a'), (1, 'b')) AS t(place, claim)"""
        open_tables(connection, {"links": KeptTable(columns, rows, select_nothing(ENDS))})
        connection.execute("INSERT INTO added.links VALUES ('c', 2, NULL)")
        find_rows(connection, "links", "SELECT unnest(['a', 'c', 'd']) AS claim", "found")
        assert connection.execute("SELECT claim FROM found ORDER BY claim").fetchall() == [
            ("a",),
            ("c",),
        ]
        find_rows(connection, "links", "SELECT 'd' AS claim", "found")
        assert connection.execute("FROM found").fetchall() == []


ENDS = {"place": "BIGINT", "known_to": "INTEGER"}
