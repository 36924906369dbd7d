"""The tables of practitioners inside a release; they are made with the first permit of a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from double_random.store.frames import has_table
from double_random.store.tables import create_tables, end_rows, remove_added

if TYPE_CHECKING:
    import duckdb
    import polars


def ensure_practitioner_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that are not there yet (registry/practitioners/schema.sql)."""
    schema = files("double_random.registry.practitioners").joinpath("schema.sql")
    create_tables(connection, schema.read_text("utf-8"))


def replace_rows(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    key: str,
    touched: Collection[str],
    fresh: polars.DataFrame,
    run: int,
) -> None:
    """Make `fresh` what is known of the `touched` values of `key`: rows that do not hold any more end, new ones are
    added, equal ones stay. What this run added itself and does not hold was never known.
    """
    import polars

    columns = ", ".join(fresh.columns)
    connection.register("fresh_rows", fresh.to_arrow())
    ids = polars.DataFrame({"id": sorted(touched)}, schema={"id": polars.String})
    connection.register("touched_ids", ids.to_arrow())
    same = " AND ".join(f"f.{name} IS NOT DISTINCT FROM t.{name}" for name in fresh.columns)
    connection.execute(GONE.format(table=table, key=key, same=same))
    remove_added(connection, table, f"{GONE_PLACES} = $run", {"run": run})
    end_rows(connection, table, f"{GONE_PLACES} < $run", run, {"run": run})
    if fresh.height:  # see registry/institutions/identity.py on an INSERT of no rows
        connection.execute(ADDED.format(table=table, key=key, columns=columns), {"run": run})
    connection.unregister("touched_ids")
    connection.unregister("fresh_rows")


def list_numbers(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The licence numbers that known practitioners have or had."""
    if not has_table(connection, "practitioner_decisions"):
        return set()
    return list_ids(connection, NUMBERS)


def list_ids(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()
) -> set[str]:
    """The one column of an answer as a set."""
    return {str(value) for (value,) in connection.execute(sql, [*parameters]).fetchall()}


NUMBERS = """
SELECT licence FROM practitioner_decisions WHERE known_to IS NULL AND practitioner IS NOT NULL
UNION
SELECT former_licence FROM practitioner_decisions
WHERE known_to IS NULL AND practitioner IS NOT NULL AND former_licence IS NOT NULL
"""

GONE = """
CREATE OR REPLACE TEMP TABLE gone_rows AS
SELECT t.place, t.known_from FROM placed.{table} t
WHERE t.known_to IS NULL AND t.{key} IN (SELECT id FROM touched_ids)
    AND NOT EXISTS (SELECT 1 FROM fresh_rows f WHERE {same})
"""

GONE_PLACES = "SELECT place FROM gone_rows WHERE known_from"

ADDED = """
INSERT INTO added.{table} ({columns}, known_from, known_to)
SELECT {columns}, $run, NULL FROM (
    SELECT {columns} FROM fresh_rows
    EXCEPT
    SELECT {columns} FROM {table} WHERE known_to IS NULL AND {key} IN (SELECT id FROM touched_ids)
) AS compared ORDER BY ALL
"""
