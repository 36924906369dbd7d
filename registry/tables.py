"""The register's tables inside a release."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from double_random.store.frames import has_table
from double_random.store.tables import columns_by_table, create_tables

if TYPE_CHECKING:
    import duckdb

TABLES = (
    "decisions",
    "suspensions",
    "institutions",
    "inspectors",
    "recusals",
    "links",
    "decided_links",
    "watermarks",
    "given",
    "set_aside",
    "settled",
    "beside",
    "unplaced",
    "arrivals",
)


PRACTITIONER_TABLES = (  # registry/practitioners/schema.sql: made with the first permit of a person
    "practitioner_decisions",
    "practitioners",
    "employment",
    "practitioner_notes",
    "practitioner_penalties",
    "practitioner_links",
    "person_recusals",
)


def ensure_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables and columns that are not there yet (registry/schema.sql)."""
    schema = files("double_random.registry").joinpath("schema.sql")
    create_tables(connection, schema.read_text("utf-8"))


def column_names(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    """The names of a table's columns; empty if the table does not exist. The whole catalogue is not read for them."""
    if not has_table(connection, table):
        return set()
    answer = connection.execute(f'SELECT * FROM "{table}" LIMIT 0')
    return {column[0] for column in answer.description or ()}


def has_changed(connection: duckdb.DuckDBPyConnection, run: int) -> bool:
    """Whether this run added or ended any knowledge in the register."""
    existing = columns_by_table(connection)
    tables = (*TABLES, *(table for table in PRACTITIONER_TABLES if table in existing))
    return any(
        connection.execute(
            f"SELECT 1 FROM {table} WHERE known_from = ? OR known_to = ? LIMIT 1", [run, run]
        ).fetchall()
        for table in tables
    )
