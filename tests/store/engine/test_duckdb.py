"""The engine in this process: tables are given, made, asked for and fetched."""

from __future__ import annotations

import duckdb
import polars
import pytest

from double_random.store.engine.duckdb import DuckDB
from double_random.store.frames import has_table

NUMBERS = polars.DataFrame({"number": [1, 2, 3]})


@pytest.fixture
def release() -> duckdb.DuckDBPyConnection:
    """A release's connection, with a table of three columns."""
    connection = duckdb.connect(":memory:")
    connection.execute("CREATE TABLE firms AS SELECT 'a' AS id, '示例' AS name, 1 AS known_from")
    return connection


def test_a_given_table_is_asked_and_made_into_another() -> None:
    engine = DuckDB(duckdb.connect(":memory:"))
    engine.give("numbers", NUMBERS)
    engine.make("doubled", "SELECT number * 2 AS number FROM numbers")
    assert engine.ask("FROM doubled ORDER BY number")["number"].to_list() == [2, 4, 6]


def test_a_table_may_be_made_again() -> None:
    engine = DuckDB(duckdb.connect(":memory:"))
    engine.make("one", "SELECT 1 AS number")
    engine.make("one", "SELECT 2 AS number")
    assert engine.ask("FROM one").rows() == [(2,)]


def test_columns_of_a_release_are_brought_and_the_answer_is_fetched(
    release: duckdb.DuckDBPyConnection,
) -> None:
    engine = DuckDB(duckdb.connect(":memory:"))
    engine.bring(release, "firms", "id, name")
    assert engine.ask("FROM firms").columns == ["id", "name"]
    engine.make("answers", "SELECT name FROM firms")
    engine.fetch(release, "answers")
    assert release.execute("FROM answers").fetchall() == [("示例",)]


def test_in_the_releases_own_connection_nothing_is_copied(
    release: duckdb.DuckDBPyConnection,
) -> None:
    engine = DuckDB(release)
    engine.bring(release, "firms", "id")
    assert engine.ask("FROM firms").columns == ["id", "name", "known_from"]
    engine.fetch(release, "firms")
    assert not has_table(release, "handed_over")
