"""The tables that scoring reads and writes are created once, beside what is there."""

from __future__ import annotations

import duckdb

from double_random.credit.schema import apply_schema, create_plain_tables


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
            "INSERT INTO added.score_days VALUES ('示例', 'x', DATE '2016-12-31', 1, NULL)"
        )
        connection.execute(
            "INSERT INTO added.score_history VALUES ('示例', 'x', '示例甲', 9500, 'A', 1, NULL)"
        )
        apply_schema(connection)
        assert tables(connection) == before
        assert connection.execute("SELECT points FROM scores").fetchall() == [(9500,)]


def test_the_scores_of_a_day_are_those_of_its_newest_run() -> None:
    """A line that stays the same is written once: its history tells in which runs it holds."""
    with duckdb.connect() as connection:
        create_plain_tables(connection)
        connection.execute(
            """INSERT INTO score_days (policy, edition, as_of, run) VALUES
                ('示例', 'x', '2016-12-30', 1), ('示例', 'x', '2016-12-31', 2),
                ('示例', 'x', '2016-12-31', 3), ('示例', 'y', '2016-12-30', 4)"""
        )
        connection.execute(
            """INSERT INTO score_history VALUES
                ('示例', 'x', '甲', 9500, 'A', 1, 3), ('示例', 'x', '甲', 9000, 'B', 3, NULL),
                ('示例', 'x', '乙', 8000, 'B', 1, NULL), ('示例', 'y', '甲', 1, 'D', 4, NULL)"""
        )
        rows = connection.execute(
            "SELECT edition, CAST(as_of AS TEXT), institution, points, run FROM scores ORDER BY ALL"
        ).fetchall()
    assert rows == [
        ("x", "2016-12-31", "乙", 8000, 3),
        ("x", "2016-12-31", "甲", 9000, 3),
        ("y", "2016-12-30", "甲", 1, 4),
    ]
