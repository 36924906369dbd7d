"""Spark Connect: SQL on any server at `sc://host:port` (Apache Spark, Sail), with a clear error if it does not
answer.

The client itself waits for minutes. Here a server that is gone, hangs or is another program is reported within 15
seconds.
"""

from __future__ import annotations

import os
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import _
from double_random.store.engine.warehouse import Warehouse

if TYPE_CHECKING:
    import duckdb
    import polars

FIRST_ANSWER = 10.0  # seconds: a server that has just started needs some
PULSE, PATIENCE = 2.0, 6.0  # seconds: between two checks of the server, and for one check
MANY = 100_000  # rows from which on a table travels as a file, if there is a warehouse
VERSION = "4."  # the version of the servers whose protocol the client implements


class ServerUnreachable(DoubleRandomError):
    """The server cannot be reached, is gone, or is not a Spark server; nothing has changed here."""


class Spark:
    """A Spark Connect server; needs the extra `spark`. A context: on exit, it removes its tables from the server.

    With a warehouse tables travel as Parquet files, else through the connection (if they fit in memory).
    """

    def __init__(self, address: str, warehouse: Warehouse | None = None) -> None:
        self.address, self.warehouse = address, warehouse
        self._made: list[str] = []
        self._gone = ""
        self.session: Any = _open_session(address)
        self._work = f"session-{self.session.client._session_id}"
        self._pulse = _Heartbeat(address, self._hang_up)
        late = threading.Timer(FIRST_ANSWER, self._hang_up, [_("it does not answer")])
        late.daemon = True
        late.start()
        try:
            with self._guard_calls():
                version = str(self.session.version)
        except BaseException:
            self._pulse.end()
            raise
        finally:
            late.cancel()
        if not version.startswith(VERSION):
            self.__exit__(None, None, None)
            raise ServerUnreachable(
                _("the server at {address} is Spark {version}, this program speaks {ours}").format(
                    address=address, version=version, ours=f"{VERSION}x"
                ),
                _("ask for a Spark Connect server of version 4"),
            )

    def give(self, name: str, table: polars.DataFrame) -> None:
        """Make a frame a table of this name."""
        if self.warehouse is not None and table.height > MANY:
            path = self.warehouse.put(table, name, self._work)
            with self._guard_calls():
                self.session.read.parquet(path).createOrReplaceTempView(name)
            return
        # The client cannot infer the types of a table without rows: it gets one row of nulls, which LIMIT removes.
        rows = table if table.height else table.clear(1)
        with self._guard_calls():
            remote_frame = self.session.createDataFrame(
                rows.to_arrow(compat_level=_plain_compat_level())
            )
            remote_frame.limit(table.height).createOrReplaceTempView(name)

    def bring(
        self, connection: duckdb.DuckDBPyConnection, name: str, columns: str, release: str = ""
    ) -> None:
        """Make columns of a table of a release a table of this name."""
        if self.warehouse is None:
            from double_random.store.frames import query_frame

            self.give(name, query_frame(connection, f"SELECT {columns} FROM {name}"))
            return
        path = self.warehouse.keep(connection, name, columns, release or self._work)
        with self._guard_calls():
            self.session.read.parquet(path).createOrReplaceTempView(name)

    def make(self, name: str, sql: str) -> None:
        """Make the answer to a query a table of this name."""
        # A view would be computed again at each use, also within other views: so the answer is written on the server.
        with self._guard_calls():
            answer = self.session.sql(translate_to_spark(sql))
            if self.warehouse is not None:
                path = f"{self.warehouse.there}/{self._work}/{name}"
                answer.write.mode("overwrite").parquet(path)
                # For an answer without rows some servers write no file: so its columns are given here.
                remote_table = self.session.read.schema(answer.schema).parquet(path)
                remote_table.createOrReplaceTempView(name)
                return
            table = f"{name}_{self.session.client._session_id.replace('-', '')}"
            answer.write.mode("overwrite").saveAsTable(table)
            self._made.append(table)
            self.session.table(table).createOrReplaceTempView(name)

    def ask(self, sql: str) -> polars.DataFrame:
        """The answer to a query."""
        import polars

        with self._guard_calls():
            answer = polars.from_arrow(self.session.sql(translate_to_spark(sql)).toArrow())
        assert isinstance(answer, polars.DataFrame)
        return answer

    def fetch(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        """Copy a table of this name into the caller's database."""
        if self.warehouse is not None and self.warehouse.read(connection, name, self._work):
            return
        connection.register("fetched", self.ask(f"SELECT * FROM {name}").to_arrow())
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM fetched")
        connection.unregister("fetched")

    @contextmanager
    def _guard_calls(self) -> Iterator[None]:
        """While a call to the server runs: any failure there becomes one clear error here."""
        import grpc
        from pyspark.errors import PySparkException

        try:
            yield
        except (PySparkException, grpc.RpcError, ValueError) as error:
            if isinstance(error, ValueError) and not self._gone:
                raise  # not the closed channel's
            why = self._gone or _error_reason(error)
            self._hang_up(why)  # no further call is made, not even at the end
            raise ServerUnreachable(
                _("the Spark server at {address} does not do it: {why}").format(
                    address=self.address, why=why
                ),
                _(
                    "look at the address and at the server, then run this again; nothing has changed"
                ),
            ) from None

    def _hang_up(self, why: str) -> None:
        """End the waiting call: it fails at once, and the client sends no request at its end."""
        self._gone = why
        self.session.release_session_on_close = False
        with suppress(Exception):
            self.session.client._channel.close()
            self.session.client._closed = True

    def __enter__(self) -> Spark:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._pulse.end()
        with suppress(ServerUnreachable), self._guard_calls():
            for table in [] if self._gone else self._made:
                self.session.sql(f"DROP TABLE IF EXISTS {table}")
            if not self._gone:
                self.session.stop()
        if self.warehouse is not None:
            self.warehouse.drop(self._work)


class _Heartbeat:
    """Checks in the background that the server still takes calls; a frozen one accepts them and never answers."""

    def __init__(self, address: str, gone: Callable[[str], None]) -> None:
        self._address, self._gone = address, gone
        self._ended = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def end(self) -> None:
        self._ended.set()

    def _watch(self) -> None:
        import grpc
        from pyspark.sql.connect.client import DefaultChannelBuilder

        while not self._ended.is_set():
            channel = DefaultChannelBuilder(
                self._address, [("grpc.use_local_subchannel_pool", 1)]
            ).toChannel()
            try:
                grpc.channel_ready_future(channel).result(timeout=PATIENCE)
            except grpc.FutureTimeoutError:
                if not self._ended.is_set():
                    self._gone(_("it is there no more, or does not answer"))
                return
            finally:
                channel.close()
            self._ended.wait(PULSE)


def translate_to_spark(sql: str) -> str:
    """The same statement in Spark's dialect."""
    import sqlglot

    (statement,) = sqlglot.transpile(sql, read="duckdb", write="spark")
    return statement


def load_client() -> None:
    """Import the client of Spark Connect; Misuse without the extra.

    It takes a main module without a file (`python -c`, standard input, a worker of the tests) for its own doctests and
    ends the process; a process with a prompt it leaves alone, so this one has a prompt meanwhile.
    """
    promptless = not hasattr(sys, "ps1")
    if promptless:
        sys.ps1 = ""
    try:
        import pyspark.sql.connect.session  # noqa: F401
    except ImportError:
        raise Misuse(
            _("the client for Spark is not installed"),
            _("type: {command}").format(command="pip install 'double-random[spark]'"),
        ) from None
    finally:
        if promptless:
            del sys.ps1


def _open_session(address: str) -> Any:
    """A session that has made no call yet; Misuse without the extra, Unanswered if the address is invalid."""
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    # The client's warnings, on pandas and on retries, are not for our user. Its own threads warn at any time: so the
    # filter is set for the whole process.
    warnings.filterwarnings("ignore", module=r"pyspark\.")
    load_client()
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession
    from pyspark.sql.connect.client.retries import DefaultPolicy

    try:
        session = SparkSession.builder.remote(address).create()
    except (PySparkException, ValueError):
        raise ServerUnreachable(
            _("{address} is no address of a Spark Connect server").format(address=address),
            _("write it as sc://HOST:PORT"),
        ) from None
    session.client.set_retry_policies([DefaultPolicy(max_retries=2, max_backoff=500)])
    return session


def _error_reason(error: Exception) -> str:
    """The first line of the client's message, without its wrapping."""
    text = str(error)
    for line in text.splitlines():
        key, equals, value = line.strip().partition(" = ")
        if key == "details" and equals:
            return value.strip('"')
    return text.splitlines()[0] if text else type(error).__name__


def _plain_compat_level() -> Any:
    """Arrow's older text columns, which every server reads."""
    import polars

    return polars.CompatLevel.oldest()
