"""Query results as plain rows or lines of JSON, for commands that must start fast: no Arrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

Parameters = Sequence[Any] | Mapping[str, Any]


def query_rows(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Parameters = ()
) -> list[dict[str, Any]]:
    """The answer to a query, each row as {column: value}."""
    answer = connection.execute(sql, parameters)
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def query_json_lines(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    parameters: Parameters,
    order: str,
    between: str,
) -> bytes:
    """A query's result in UTF-8: a JSON object for each row, by the column `order`, with `between` them.

    Dates are texts in ISO form. The query may return whole numbers, texts, dates, booleans, and lists of these. The
    database builds one text of all rows: one Python text for each row would double the time.
    """
    line = "CAST(to_json(answer) AS TEXT)"
    mark = between.replace("'", "''")
    query = f"SELECT encode(string_agg({line}, '{mark}' ORDER BY {order})) FROM ({sql}) AS answer"
    ((text,),) = connection.execute(query, parameters).fetchall()
    return bytes(text or b"")
