"""The register's tables inside a release."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

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
)


def ensure(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that are not there yet (registry/schema.sql)."""
    connection.execute(files("registry").joinpath("schema.sql").read_text("utf-8"))


def changed(connection: duckdb.DuckDBPyConnection, run: int) -> bool:
    """Whether this run brought or ended any knowledge in the register."""
    return any(
        connection.execute(
            f"SELECT 1 FROM {table} WHERE known_from = ? OR known_to = ? LIMIT 1", [run, run]
        ).fetchall()
        for table in TABLES
    )
