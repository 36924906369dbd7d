"""Where SQL runs that scales: DuckDB here, any Spark Connect server there. An engine is only what differs between them.

The SQL is written once, in the subset that both answer alike (tests/store/common_sql.py refuses the rest); sqlglot
turns it into Spark's spelling.
"""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from errors import Misuse
from language import _

if TYPE_CHECKING:
    import duckdb
    import polars


class Engine(Protocol):
    """Give it tables, have it make more of them by SQL, ask it."""

    def give(self, name: str, table: polars.DataFrame) -> None:
        """Make a table known under a name."""

    def make(self, name: str, sql: str) -> None:
        """Make a table of a query's answer."""

    def ask(self, sql: str) -> polars.DataFrame:
        """A query's answer."""


class DuckDB:
    """An engine in this process: a connection's temporary tables."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def give(self, name: str, table: polars.DataFrame) -> None:
        self.connection.register(name, table)

    def make(self, name: str, sql: str) -> None:
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")

    def ask(self, sql: str) -> polars.DataFrame:
        from store.releases import frame

        return frame(self.connection, sql)


class Spark:
    """A Spark Connect server at `sc://host:port`; needs the extra `spark`. A context: it ends its session."""

    def __init__(self, address: str) -> None:
        try:
            from pyspark.sql import SparkSession
            from pyspark.sql.connect.client.retries import DefaultPolicy
        except ImportError:
            raise Misuse(
                _("the client for Spark is not installed"),
                _("type: {command}").format(command="pip install 'double-random[spark]'"),
            ) from None
        self.session: Any = SparkSession.builder.remote(address).create()
        # A server that is gone is told at once; the client's own patience is over a minute.
        self.session.client.set_retry_policies([DefaultPolicy(max_retries=2, max_backoff=500)])
        self._made: list[str] = []

    def give(self, name: str, table: polars.DataFrame) -> None:
        # The client cannot tell the types of a table without rows: it gets one of nulls, which is left out again.
        rows = table if table.height else table.clear(1)
        there = self.session.createDataFrame(rows.to_arrow(compat_level=_plain()))
        there.limit(table.height).createOrReplaceTempView(name)

    def make(self, name: str, sql: str) -> None:
        # A view would be reckoned again wherever it is asked, and again inside that: it is written down there.
        table = f"{name}_{self.session.client._session_id.replace('-', '')}"
        self.session.sql(spelling(sql)).write.mode("overwrite").saveAsTable(table)
        self._made.append(table)
        self.session.table(table).createOrReplaceTempView(name)

    def ask(self, sql: str) -> polars.DataFrame:
        import polars

        answer = polars.from_arrow(self.session.sql(spelling(sql)).toArrow())
        assert isinstance(answer, polars.DataFrame)
        return answer

    def __enter__(self) -> Spark:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for table in self._made:
            self.session.sql(f"DROP TABLE IF EXISTS {table}")
        self.session.stop()


def spelling(sql: str) -> str:
    """The same statement as Spark spells it."""
    import sqlglot

    (found,) = sqlglot.transpile(sql, read="duckdb", write="spark")
    return found


def _plain() -> Any:
    """Arrow's older text columns, which every server reads."""
    import polars

    return polars.CompatLevel.oldest()
