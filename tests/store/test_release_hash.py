"""A release's hash is the same however many rows are in memory at once, and after a night as if made afresh."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from double_random.store import release_hash


@pytest.fixture
def table() -> duckdb.DuckDBPyConnection:
    """A register of three runs."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE runs (run INTEGER, kind TEXT, as_of DATE)")
    connection.execute(
        """CREATE TABLE rows AS
           SELECT sha256(CAST(i AS TEXT)) AS id, i AS value, 1 + i % 3 AS known_from FROM range(500) t(i)"""
    )
    return connection


def test_in_parts_or_at_once(
    table: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = release_hash.seal_release(table, 3)
    for at_once in (1, 7, 499, 500):
        monkeypatch.setattr(release_hash, "AT_ONCE", at_once)
        assert release_hash.seal_release(table, 3, afresh=True) == whole


def test_a_night_in_parts_ends_as_if_made_afresh(
    table: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = release_hash.seal_release(table, 3)
    table.execute("INSERT INTO rows SELECT sha256(CAST(i AS TEXT)), i, 4 FROM range(500, 540) t(i)")
    monkeypatch.setattr(release_hash, "AT_ONCE", 7)
    night = release_hash.seal_release(table, 4)
    monkeypatch.setattr(release_hash, "AT_ONCE", 1_000_000)
    assert night == release_hash.seal_release(table, 4, afresh=True) != before


def test_what_is_ended_taken_back_or_taken_out_later_is_seen(
    table: duckdb.DuckDBPyConnection,
) -> None:
    table.execute("ALTER TABLE rows ADD COLUMN known_to INTEGER")
    table.execute("CREATE TABLE undone (run INTEGER, undoing INTEGER)")
    table.execute("CREATE TABLE scores (policy TEXT, points BIGINT, run INTEGER)")
    table.execute("INSERT INTO scores SELECT 'one', i, 1 + i % 2 FROM range(20) t(i)")
    seen = {release_hash.seal_release(table, 3)}
    for run, change in enumerate(
        (
            "UPDATE rows SET known_to = 4 WHERE value = 17",
            "UPDATE rows SET known_to = 5 WHERE value = 18",
            "INSERT INTO undone VALUES (4, 6)",
            "INSERT INTO undone VALUES (3, 7)",
            "DELETE FROM scores WHERE run = 1",
        ),
        4,
    ):
        table.execute(change)
        night = release_hash.seal_release(table, run)
        assert night == release_hash.seal_release(table, run, afresh=True)
        seen.add(night)
    assert len(seen) == 6


def test_rows_that_differ_in_their_texts_alone_have_one_order(
    table: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Key, dates and numbers of all are the same, or the key is short: then the texts decide."""
    table.execute("CREATE TABLE twins (id TEXT, name TEXT, known_from INTEGER)")
    rows = [("31310000XXXX00001A", f"示例{number}") for number in range(40)]
    rows += [("短", f"示例{number % 7}") for number in range(20)]
    hashes = set()
    for order, at_once in ((rows, 10**6), (rows[::-1], 10**6), (rows[20:] + rows[:20], 9)):
        monkeypatch.setattr(release_hash, "AT_ONCE", at_once)
        table.execute("DELETE FROM twins")
        for row in order:
            table.execute("INSERT INTO twins VALUES (?, ?, 3)", row)
        hashes.add(release_hash.seal_release(table, 3, afresh=True))
    assert len(hashes) == 1


class Counted:
    """A connection that counts the statements it is given."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection, self.statements = connection, 0

    def execute(self, *given: Any) -> Any:
        self.statements += 1
        return self.connection.execute(*given)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)


def test_the_rows_of_all_tables_are_counted_by_one_statement(
    table: duckdb.DuckDBPyConnection,
) -> None:
    def statements() -> int:
        release_hash.seal_release(table, 3)
        counted: Any = Counted(table)
        checked = release_hash.recompute_hash(counted)
        assert checked.said == checked.hash and not checked.differing
        return int(counted.statements)

    few = statements()
    for number in range(10):
        table.execute(f"CREATE TABLE more{number} (id TEXT, known_from INTEGER, known_to INTEGER)")
    assert statements() == few


def test_a_database_without_tables_has_a_hash() -> None:
    connection = duckdb.connect()
    sealed = release_hash.seal_release(connection, 1)
    assert release_hash.recompute_hash(connection).hash == sealed
