"""The SQL that DuckDB and Spark share: what is silently different between them is refused."""

from __future__ import annotations

from collections.abc import Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel

DIFFERENT_TYPES = {"HUGEINT", "UHUGEINT", "DOUBLE", "FLOAT", "INT128", "UINT128"}
DIFFERENT_FUNCTIONS = {
    "to_months",
    "list",
    "array_agg",
    "list_sort",
    "random",
    "now",
    "current_date",
    "round",
    "hash",
}


def differences(sql: str) -> Iterator[str]:
    """What the two engines would answer differently, or one of them not at all."""
    for statement in sqlglot.parse(sql, read="duckdb"):
        if statement is None:
            continue
        statement.sql(dialect="spark", unsupported_level=ErrorLevel.RAISE)
        for node in statement.walk():
            yield from _difference(node)


def _difference(node: exp.Expression) -> Iterator[str]:
    if isinstance(node, exp.Sum):
        outer = (
            node.parent.parent if isinstance(node.parent, exp.Window | exp.Filter) else node.parent
        )
        outer = outer.parent if isinstance(outer, exp.Window) else outer
        if not (isinstance(outer, exp.Cast) and outer.to.this == exp.DataType.Type.BIGINT):
            yield f"SUM has another type in Spark: CAST(… AS BIGINT) around {node.sql()}"
    elif isinstance(node, exp.DataType) and node.this.name in DIFFERENT_TYPES:
        yield f"type {node.this.name}"
    elif isinstance(node, exp.Div):
        yield f"/ is a float: use // in {node.sql()}"
    elif (
        isinstance(node, exp.DateDiff | exp.TimestampDiff)
        and str(node.args.get("unit")).lower() != "day"
    ):
        yield f"months and years are counted differently: {node.sql()}"
    elif isinstance(node, exp.Join) and node.method == "ASOF":
        yield "ASOF"
    elif isinstance(
        node, exp.ArrayAgg | exp.Rand | exp.CurrentDate | exp.CurrentTimestamp | exp.Round
    ) or (isinstance(node, exp.Anonymous) and node.name.lower() in DIFFERENT_FUNCTIONS):
        yield node.sql()
