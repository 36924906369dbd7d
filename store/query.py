"""A user's SQL query on a release: read-only, without access to files or settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from double_random.core.errors import Misuse
from double_random.core.translation import _

if TYPE_CHECKING:
    import duckdb
    import polars
    import pyarrow
    from duckdb.sqltypes import DuckDBPyType

    from double_random.store.home import Home

READING = ("SELECT", "EXPLAIN", "PRAGMA", "MULTI")  # statements, as DuckDB names their types
SHOWN = {  # ids of types that every output format has; other types are shown as DuckDB writes them
    *("boolean", "tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint"),
    *("uinteger", "ubigint", "float", "double", "decimal", "varchar", "blob", "uuid", "enum"),
    *("date", "time", "timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "null"),
}
NESTED = ("list", "array", "struct", "map")
FIRST_DAY, LAST_DAY = -719_162, 2_932_896  # 0001-01-01 and 9999-12-31, from 1970-01-01 on
MEMORY, LARGEST = (
    "2GB",
    1 << 30,
)  # of a query and its answer, without --memory
BATCH = 100_000  # rows of an answer that are read at once
A_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}


def run_query(home: Home, query: str, release: str | None = None) -> polars.DataFrame:
    """The rows of a query, all of its columns; of columns with one name the later ones are name_1, name_2.

    A value without a Python type (an interval, a day after 9999) is its text. Misuse contains DuckDB's message if the
    query cannot be run, and refuses a result of more than LARGEST bytes unless `--memory` was given.
    """
    import duckdb
    import polars
    import pyarrow

    from double_random.store import memory_limit
    from double_random.store.database import quote_text

    bounded = not memory_limit.database_config(home, home.path)
    with home.releases.read(release) as opened:
        connection = opened.connection
        if bounded:
            connection.execute(f"SET memory_limit = '{MEMORY}'")
        segments = ", ".join(map(quote_text, opened.files))
        connection.execute(
            f"SET allowed_paths = [{segments}]; SET enable_external_access = false; "
            "SET autoinstall_known_extensions = false; SET autoload_known_extensions = false; "
            "SET TimeZone = 'UTC'; SET lock_configuration = true"
        )
        try:
            _check_statements(connection.extract_statements(_check_encoding(query)))
            answer = polars.from_arrow(
                _fetch_answer(connection, query, LARGEST if bounded else None)
            )
        except duckdb.OutOfMemoryException:
            raise
        except (duckdb.Error, pyarrow.ArrowException, polars.exceptions.PolarsError) as error:
            raise Misuse(
                _("the query cannot be run: {why}").format(why=str(error).splitlines()[0]),
                _query_hint(error),
            ) from None
    assert isinstance(answer, polars.DataFrame)
    return answer


def _check_encoding(query: str) -> str:
    """The query; Misuse if it is not valid text, as from a terminal with another encoding."""
    try:
        query.encode("utf-8")
    except UnicodeEncodeError:
        raise Misuse(
            _("the query is not UTF-8"), _("save it as UTF-8 and pass it by: double-random sql -")
        ) from None
    return query


def _check_statements(statements: list[duckdb.Statement]) -> None:
    if not statements:
        raise Misuse(_("the query is empty"), _("as: double-random sql 'SHOW TABLES'"))
    if len(statements) > 1:
        raise Misuse(
            _("expected one query, got {count}").format(count=len(statements)),
            _("ask them one by one"),
        )
    kind = statements[0].type.name
    if kind not in READING:
        raise Misuse(
            _("a query can only read; this is {kind}").format(kind=kind),
            _("SELECT, SHOW, DESCRIBE, SUMMARIZE and EXPLAIN read"),
        )


def _query_hint(error: Exception) -> str:
    import duckdb

    if isinstance(error, duckdb.PermissionException) or "locked" in str(error):
        return _("a query reads the tables of a release, and neither files nor settings")
    if isinstance(error, duckdb.ParserException):
        return _("texts stand in '…', names with blanks in \"…\"")
    return _("the tables are listed by: double-random sql 'SHOW TABLES'")


def _fetch_answer(
    connection: duckdb.DuckDBPyConnection, query: str, largest: int | None
) -> pyarrow.Table:
    """The rows; columns without a Python type as text."""
    kinds = connection.sql(query).types
    texts = {index for index, kind in enumerate(kinds) if not _is_displayable(kind)}
    while True:
        relation = connection.sql(query)
        names = make_unique_names(relation.columns)
        if texts:
            indexes = range(len(kinds))
            chosen = (_cast_to_text(p, kinds[p]) if p in texts else f"#{p + 1}" for p in indexes)
            relation = relation.project(
                ", ".join(f"{expression} AS c{index}" for index, expression in enumerate(chosen))
            )
        table = _read_batches(relation, largest).rename_columns(names)
        beyond = {
            index
            for index in set(range(len(kinds))) - texts
            if _exceeds_python_range(table.column(index).combine_chunks())
        }
        if not beyond:
            return table
        texts |= beyond


def _read_batches(relation: duckdb.DuckDBPyRelation, largest: int | None) -> pyarrow.Table:
    """All rows; Misuse if they exceed this many bytes."""
    import pyarrow

    parts, size = [], 0
    with relation.to_arrow_reader(BATCH) as reader:
        for part in reader:
            size += part.nbytes
            if largest is not None and size > largest:
                raise Misuse(
                    _("the answer is larger than {size} MB").format(size=largest >> 20),
                    _(
                        "ask for fewer rows or columns, or say how much memory may be used: --memory"
                    ),
                )
            parts.append(part)
        return pyarrow.Table.from_batches(parts, reader.schema)


def make_unique_names(names: Sequence[str]) -> list[str]:
    """The names, each once: the second `name` is name_1."""
    unique: list[str] = []
    for name in names:
        number, other = 0, name
        while other in unique or (number and other in names):
            number += 1
            other = f"{name}_{number}"
        unique.append(other)
    return unique


def _is_displayable(kind: DuckDBPyType) -> bool:
    inner = _nested_types(kind)
    return all(map(_is_displayable, inner)) if inner else kind.id in SHOWN


def _nested_types(kind: DuckDBPyType) -> list[DuckDBPyType]:
    """The types of a nested type's parts."""
    if kind.id not in NESTED:
        return []
    return [part for _name, part in kind.children if not isinstance(part, int | list)]


def _cast_to_text(index: int, kind: DuckDBPyType) -> str:
    flat = kind.id == "list" and not any(map(_nested_types, _nested_types(kind)))
    return f"CAST(#{index + 1} AS VARCHAR{'[]' if flat else ''})"


def _exceeds_python_range(column: pyarrow.Array) -> bool:
    """Whether a day is before the year 1 or after 9999, a number has more than 38 digits, a time is 24:00, or a moment
    is finer than a microsecond.
    """
    import pyarrow.compute
    from pyarrow import types

    kind = column.type
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return _exceeds_python_range(column.flatten())
    if types.is_map(kind):
        return _exceeds_python_range(column.keys) or _exceeds_python_range(column.items)
    if types.is_struct(kind):
        return any(map(_exceeds_python_range, column.flatten()))
    if types.is_date32(kind):
        least, most = FIRST_DAY, LAST_DAY
    elif types.is_timestamp(kind):
        least, most = FIRST_DAY * A_DAY[kind.unit], (LAST_DAY + 1) * A_DAY[kind.unit] - 1
        if kind.unit == "ns" and any(scalar.value % 1000 for scalar in column.drop_null().unique()):
            return True
    elif types.is_time64(kind):
        least, most = 0, A_DAY[kind.unit] - 1
    elif types.is_decimal128(kind) and kind.scale == 0:
        extremes = pyarrow.compute.min_max(column).as_py()
        return any(scalar is not None and abs(scalar) >= 10**38 for scalar in extremes.values())
    else:
        return False
    extremes = pyarrow.compute.min_max(column)
    return extremes["min"].is_valid and not (
        least <= extremes["min"].value and extremes["max"].value <= most
    )
