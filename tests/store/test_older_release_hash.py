"""The hash of an earlier version's release is the same however many rows are in memory at once."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from double_random.store import older_release_hash
from double_random.store.older_release_hash import (
    LATER,
    compute_older_hash,
    has_older_hash,
    recompute_hash,
)


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
    whole = compute_older_hash(table, 2)
    for at_once in (1, 7, 499, 500):
        monkeypatch.setattr(older_release_hash, "AT_ONCE", at_once)
        assert compute_older_hash(table, 2) == whole


def test_what_is_ended_taken_back_or_taken_out_later_is_seen(
    table: duckdb.DuckDBPyConnection,
) -> None:
    table.execute("ALTER TABLE rows ADD COLUMN known_to INTEGER")
    table.execute("CREATE TABLE undone (run INTEGER, undoing INTEGER)")
    table.execute("CREATE TABLE scores (policy TEXT, points BIGINT, run INTEGER)")
    table.execute("INSERT INTO scores SELECT 'one', i, 1 + i % 2 FROM range(20) t(i)")
    seen = {compute_older_hash(table, 2)}
    for change in (
        "UPDATE rows SET known_to = 4 WHERE value = 17",
        "UPDATE rows SET known_to = 5 WHERE value = 18",
        "INSERT INTO undone VALUES (4, 6)",
        "INSERT INTO undone VALUES (3, 7)",
        "DELETE FROM scores WHERE run = 1",
    ):
        table.execute(change)
        seen.add(compute_older_hash(table, 2))
    assert len(seen) == 6


def test_the_tables_that_came_later_do_not_count(table: duckdb.DuckDBPyConnection) -> None:
    before = compute_older_hash(table, 2)
    for name in LATER:
        table.execute(f"CREATE TABLE {name} (run INTEGER)")
    assert compute_older_hash(table, 2) == before != compute_older_hash(table, 1)


def test_rows_that_differ_in_their_texts_alone_have_one_order(
    table: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Key, dates and numbers of all are the same, or the key is short: then the texts decide."""
    table.execute("CREATE TABLE twins (id TEXT, name TEXT, known_from INTEGER)")
    rows = [("31310000XXXX00001A", f"示例{number}") for number in range(40)]
    rows += [("短", f"示例{number % 7}") for number in range(20)]
    hashes = set()
    for order, at_once in ((rows, 10**6), (rows[::-1], 10**6), (rows[20:] + rows[:20], 9)):
        monkeypatch.setattr(older_release_hash, "AT_ONCE", at_once)
        table.execute("DELETE FROM twins")
        for row in order:
            table.execute("INSERT INTO twins VALUES (?, ?, 3)", row)
        hashes.add(compute_older_hash(table, 2))
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
        counted: Any = Counted(table)
        compute_older_hash(counted, 2)
        return int(counted.statements)

    few = statements()
    for number in range(10):
        table.execute(f"CREATE TABLE more{number} (id TEXT, known_from INTEGER, known_to INTEGER)")
    assert statements() == few


def test_a_stated_hash_and_stored_chapters_are_compared(table: duckdb.DuckDBPyConnection) -> None:
    """Without chapters nothing is stored as it should be; a hash that is said to be of another form is none."""
    table.execute(
        "CREATE TABLE chapters (tab TEXT, half TEXT, run INTEGER, rows BIGINT, digest TEXT)"
    )
    table.execute("CREATE TABLE seal (hash TEXT, form INTEGER)")
    table.execute("INSERT INTO seal VALUES (?, 2)", [compute_older_hash(table, 2)])
    checked = recompute_hash(table)
    assert checked.said == checked.hash and checked.differing == ("rows",)
    table.execute("UPDATE seal SET form = 3")
    assert recompute_hash(table).said == ""
    assert not has_older_hash(table)
    table.execute("ALTER TABLE chapters RENAME TO buckets")
    assert has_older_hash(table)


def test_a_database_without_tables_has_a_hash() -> None:
    assert len(compute_older_hash(duckdb.connect(), 2)) == 64
