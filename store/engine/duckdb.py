"""Engines that run SQL at scale: DuckDB in this process, Spark Connect on a cluster (store/engine/spark.py).

An engine contains only what differs. The SQL is written once, in the subset that both answer alike;
tests/store/common_sql.py refuses the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import duckdb
    import polars


class Engine(Protocol):
    """Receives tables, makes further tables by SQL, answers queries."""

    def give(self, name: str, table: polars.DataFrame) -> None:
        """Make a table known under a name."""

    def bring(
        self, connection: duckdb.DuckDBPyConnection, name: str, columns: str, release: str = ""
    ) -> None:
        """Make these columns of a release's table available under the table's name.

        `release`: the name of the release if the table is exactly as it is there; "" if the release is still being
        written.
        """

    def make(self, name: str, sql: str) -> None:
        """Make a table of a query's answer."""

    def ask(self, sql: str) -> polars.DataFrame:
        """A query's answer."""

    def fetch(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        """Make a table of the engine a temporary table of a release's connection, under the same name."""


class DuckDB:
    """An engine in this process: a connection's temporary tables."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def give(self, name: str, table: polars.DataFrame) -> None:
        """Make a frame a table of this name."""
        self.connection.register(name, table)

    def bring(
        self, connection: duckdb.DuckDBPyConnection, name: str, columns: str, release: str = ""
    ) -> None:
        """Make columns of a table of a release a table of this name."""
        if connection is not self.connection:  # else it is there already
            _copy_table(connection, self.connection, f"SELECT {columns} FROM {name}", name)

    def make(self, name: str, sql: str) -> None:
        """Make the answer to a query a table of this name."""
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")

    def ask(self, sql: str) -> polars.DataFrame:
        """The answer to a query."""
        from double_random.store.frames import query_frame

        return query_frame(self.connection, sql)

    def fetch(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        """Copy a table of this name into the caller's database."""
        if connection is not self.connection:
            _copy_table(self.connection, connection, f"SELECT * FROM {name}", name)


def _copy_table(
    source: duckdb.DuckDBPyConnection, to: duckdb.DuckDBPyConnection, sql: str, name: str
) -> None:
    to.register("handed_over", source.sql(sql).to_arrow_table())
    to.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM handed_over")
    to.unregister("handed_over")
