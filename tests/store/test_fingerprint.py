"""A release's hash is the same however many rows are in memory at once, and after a night as if made afresh."""

from __future__ import annotations

import duckdb
import pytest

from store import fingerprint


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
    whole = fingerprint.seal(table, 3)
    for at_once in (1, 7, 499, 500):
        monkeypatch.setattr(fingerprint, "AT_ONCE", at_once)
        assert fingerprint.seal(table, 3, afresh=True) == whole


def test_a_night_in_parts_ends_as_if_made_afresh(
    table: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint.seal(table, 3)
    table.execute("INSERT INTO rows SELECT sha256(CAST(i AS TEXT)), i, 4 FROM range(500, 540) t(i)")
    monkeypatch.setattr(fingerprint, "AT_ONCE", 7)
    night = fingerprint.seal(table, 4)
    monkeypatch.setattr(fingerprint, "AT_ONCE", 1_000_000)
    assert night == fingerprint.seal(table, 4, afresh=True) != before
