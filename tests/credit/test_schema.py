"""The tables that scoring reads and writes are created once, beside what is there."""

from __future__ import annotations

import duckdb

from double_random.credit.schema import apply_schema


def tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for (name,) in connection.execute("SHOW TABLES").fetchall()}


def test_an_empty_database_has_the_tables_of_register_and_credit() -> None:
    with duckdb.connect() as connection:
        apply_schema(connection)
        assert {"institutions", "claims", "links", "records", "scores", "score_lines"} <= tables(
            connection
        )


def test_what_is_there_already_stays() -> None:
    with duckdb.connect() as connection:
        apply_schema(connection)
        before = tables(connection)
        connection.execute(
            """INSERT INTO scores (policy, edition, as_of, institution, points, grade, run)
               VALUES ('示例', 'x', DATE '2016-12-31', '示例甲', 9500, 'A', 1)"""
        )
        apply_schema(connection)
        assert tables(connection) == before
        assert connection.execute("SELECT points FROM scores").fetchall() == [(9500,)]
