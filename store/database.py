"""Databases of this process: every connection to DuckDB is opened here, with what holds for all of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb


def open_database(
    file: Path | None = None, read_only: bool = False, config: dict[str, Any] | None = None
) -> duckdb.DuckDBPyConnection:
    """A database in a file, or in memory; `config`: DuckDB's settings.

    Without this DuckDB draws the progress of a query of some seconds on standard output, into a command's answer.
    """
    import duckdb

    connection = duckdb.connect(str(file or ":memory:"), read_only, config or {})
    connection.execute("SET enable_progress_bar = false")
    return connection


def quote_text(path: Path) -> str:
    """A path as a text of SQL."""
    return "'" + str(path).replace("'", "''") + "'"
