"""Tables of a database as frames and back, without a copy if possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import polars
    import pyarrow

BATCH = 122_880  # rows of a row group: what one thread takes at a time


def has_table(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether there is a table of this name."""
    ((count,),) = connection.execute(
        "SELECT count(*) FROM information_schema.tables WHERE table_name = ?", [table]
    ).fetchall()
    return bool(count)


def has_column(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> bool:
    """Whether there is a table of this name with this column."""
    return bool(
        connection.execute(
            "SELECT 1 FROM information_schema.columns WHERE table_name = ? AND column_name = ? LIMIT 1",
            [table, column],
        ).fetchall()
    )


def query_frame(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    parameters: Sequence[Any] | Mapping[str, Any] = (),
) -> polars.DataFrame:
    """The answer to a query as a Polars frame, read to its end. `parameters`: by place, or by name."""
    import polars

    answer = polars.from_arrow(
        connection.sql(
            sql, params=dict(parameters) if isinstance(parameters, Mapping) else list(parameters)
        ).to_arrow_table()
    )
    assert isinstance(answer, polars.DataFrame)
    return answer


def frame_to_arrow(frame: polars.DataFrame) -> pyarrow.Table:
    """A frame as DuckDB reads it without a copy, in parts that its threads share."""
    import polars
    import pyarrow

    arrow = frame.to_arrow(compat_level=polars.CompatLevel.newest())
    return pyarrow.Table.from_batches(arrow.to_batches(max_chunksize=BATCH), arrow.schema)
