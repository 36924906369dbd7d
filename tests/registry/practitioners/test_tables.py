"""The tables of practitioners: what a run replaces ends or was never known, and what is equal stays."""

from __future__ import annotations

import polars
import pytest

from double_random.registry.practitioners.tables import (
    ensure_practitioner_tables,
    list_ids,
    replace_rows,
)
from double_random.registry.tables import PRACTITIONER_TABLES, has_changed


@pytest.fixture
def connection(register):
    ensure_practitioner_tables(register.connection)
    return register.connection


def posts(*rows):
    schema = {"practitioner": polars.String, "institution": polars.String, "since": polars.Date}
    schema |= {"until": polars.Date, "why": polars.String}
    return polars.DataFrame([(*row, None, None, "") for row in rows], schema=schema, orient="row")


def known(connection):
    return connection.execute(
        "SELECT practitioner, institution, known_from, known_to FROM employment ORDER BY ALL"
    ).fetchall()


def test_the_list_of_tables_is_the_schema(connection):
    here = list_ids(connection, "SELECT table_name FROM duckdb_tables()")
    assert set(PRACTITIONER_TABLES) <= here
    assert {name for name in here if name.startswith("practitioner")} <= set(PRACTITIONER_TABLES)


def test_equal_rows_stay_and_others_end(connection):
    replace_rows(
        connection,
        "employment",
        "practitioner",
        {"P:1", "P:2"},
        posts(("P:1", "A"), ("P:2", "A")),
        1,
    )
    replace_rows(
        connection,
        "employment",
        "practitioner",
        {"P:1", "P:2"},
        posts(("P:1", "A"), ("P:2", "B")),
        2,
    )
    assert known(connection) == [("P:1", "A", 1, None), ("P:2", "A", 1, 2), ("P:2", "B", 2, None)]
    assert has_changed(connection, 2)
    assert not has_changed(connection, 3)


def test_what_one_run_replaced_itself_was_never_known(connection):
    replace_rows(connection, "employment", "practitioner", {"P:1"}, posts(("P:1", "A")), 1)
    replace_rows(connection, "employment", "practitioner", {"P:1"}, posts(("P:1", "B")), 1)
    assert known(connection) == [("P:1", "B", 1, None)]


def test_only_the_touched_are_replaced(connection):
    replace_rows(connection, "employment", "practitioner", {"P:1"}, posts(("P:1", "A")), 1)
    replace_rows(connection, "employment", "practitioner", {"P:2"}, posts(), 2)
    assert known(connection) == [("P:1", "A", 1, None)]
