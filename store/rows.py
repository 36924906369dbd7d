"""Answers of a release as plain rows or as lines of JSON, for doors that must open fast: no columns, no Arrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

Parameters = Sequence[Any] | Mapping[str, Any]


def rows(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Parameters = ()
) -> list[dict[str, Any]]:
    """The answer to a query, each row as {column: value}."""
    answer = connection.execute(sql, parameters)
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def json_lines(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Parameters = ()
) -> list[str]:
    """The answer to a query, each row as a JSON object in one line, in the query's order.

    Dates are texts in ISO form. The query may hold whole numbers, texts, dates, yes or no, and lists of these.
    """
    whole = f"SELECT CAST(to_json(answer) AS TEXT) FROM ({sql}) AS answer"
    return [line for (line,) in connection.execute(whole, parameters).fetchall()]
