"""The tables that scoring reads and writes, and the open release that holds them."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Protocol

from double_random.store.tables import create_tables

if TYPE_CHECKING:
    import duckdb
    import polars


PACKAGES = ("double_random.registry", "double_random.credit")


class ReadableRelease(Protocol):
    """A release open for reading, or the draft of a new one."""

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The database of the release."""

    def frame(self, sql: str, parameters: tuple[object, ...] = ()) -> polars.DataFrame:
        """Run a query and return its result."""


def create_plain_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the same tables as plain ones, in a database that is no release."""
    for package in PACKAGES:
        connection.execute(files(package).joinpath("schema.sql").read_text("utf-8"))


def apply_schema(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the tables that scoring reads and writes, if they are missing."""
    for package in PACKAGES:
        create_tables(connection, files(package).joinpath("schema.sql").read_text("utf-8"))
