"""The tables that scoring reads and writes, and the open release that holds them."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import duckdb
    import polars


class ReadableRelease(Protocol):
    """A release open for reading, or the draft of a new one."""

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The database of the release."""

    def frame(self, sql: str, parameters: tuple[object, ...] = ()) -> polars.DataFrame:
        """Run a query and return its result."""


def apply_schema(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the tables that scoring reads and writes, if they are missing."""
    connection.execute(files("double_random.registry").joinpath("schema.sql").read_text("utf-8"))
    connection.execute(files("double_random.credit").joinpath("schema.sql").read_text("utf-8"))
