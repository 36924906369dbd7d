"""Going back: what was learnt since ends, what ended since is known again, and nothing is erased."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import duckdb
import pytest

from double_random.core.errors import Misuse
from double_random.store.home import Home
from double_random.store.releases import Draft
from double_random.store.tables import create_tables
from double_random.store.undo import effective_runs_condition, restore_knowledge, restore_release

DAY = date(2016, 12, 31)
FIRMS = """
CREATE TABLE IF NOT EXISTS firms (
    name       TEXT NOT NULL,
    known_from INTEGER NOT NULL,
    known_to   INTEGER
);
"""
KNOWN = "SELECT name FROM firms WHERE known_to IS NULL ORDER BY name"


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    """Two runs: the first learnt 甲 and 乙, the second ended 乙 and learnt 丙."""
    connection = duckdb.connect(":memory:")
    create_tables(
        connection, files("double_random.store").joinpath("schema.sql").read_text("utf-8") + FIRMS
    )
    connection.execute("INSERT INTO added.runs VALUES (1, 'sync', ?), (2, 'sync', ?)", [DAY, DAY])
    connection.execute(
        "INSERT INTO added.firms VALUES ('甲', 1, NULL), ('乙', 1, 2), ('丙', 2, NULL)"
    )
    return connection


def test_the_earlier_knowledge_is_known_again_with_the_new_run(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    restore_knowledge(connection, 1, 3)
    rows = connection.execute("FROM firms ORDER BY ALL").fetchall()
    assert rows == [("丙", 2, 3), ("乙", 1, 2), ("乙", 3, None), ("甲", 1, None)]
    assert connection.execute("FROM undone").fetchall() == [(2, 3)]


def test_a_run_is_taken_back_once(connection: duckdb.DuckDBPyConnection) -> None:
    restore_knowledge(connection, 1, 3)
    connection.execute("INSERT INTO added.runs VALUES (3, 'undo', ?)", [DAY])
    restore_knowledge(connection, 1, 4)
    assert connection.execute("FROM undone ORDER BY ALL").fetchall() == [(2, 3), (3, 4)]
    assert connection.execute(KNOWN).fetchall() == [("乙",), ("甲",)]


def test_runs_that_were_taken_back_do_not_count(connection: duckdb.DuckDBPyConnection) -> None:
    restore_knowledge(connection, 1, 3)
    draft = Draft(connection=connection, run=3, before="")
    sql = f"SELECT run FROM runs WHERE {effective_runs_condition(draft)}"
    assert connection.execute(sql).fetchall() == [(1,)]
    connection.execute("DROP VIEW undone")  # as in a release of an early version
    connection.execute("DROP TABLE added.undone; DROP TABLE ended.undone; DROP VIEW placed.undone")
    assert connection.execute(
        f"SELECT count(*) FROM runs WHERE {effective_runs_condition(draft)}"
    ).fetchall() == [(2,)]


def add(home: Home, name: str) -> str:
    with home.releases.write("sync", DAY) as draft:
        create_tables(draft.connection, FIRMS)
        draft.connection.execute("INSERT INTO added.firms VALUES (?, ?, NULL)", [name, draft.run])
    return draft.name


def test_a_release_is_named_by_its_beginning_or_its_run(home: Home) -> None:
    first, second = add(home, "甲"), add(home, "乙")
    assert restore_release(home, "1", DAY).made["to"] == 1
    with home.releases.read() as release:
        assert [name for (name,) in release.connection.execute(KNOWN).fetchall()] == ["甲"]
    assert restore_release(home, second[:9], DAY).made["to"] == 2
    assert home.releases.names()[:2] == [first, second]


@pytest.mark.parametrize(("name", "why"), [("7", "there is no release 7"), ("2", "is the current")])
def test_only_an_earlier_release_can_be_gone_back_to(home: Home, name: str, why: str) -> None:
    add(home, "甲")
    add(home, "乙")
    with pytest.raises(Misuse, match=why):
        restore_release(home, name, DAY)
