"""The tables of a release being written: what segments keep, what this run adds, what this run ends.

A table T is a view over three parts. `kept.T`: rows of earlier runs, from segments (store/segments.py), with their ends
in `kept_ends.T`. `added.T`: a real table with the rows of this run. `ended.T`: the places of kept rows whose knowledge
ends with this run. `placed.T` shows all rows with their `place`, by which a statement names a row; that of an added row
is negative. Nothing that is kept is changed: a run's work and the bytes it writes follow from what it adds and ends.

Some tables are looked up by a digest of 64 letters. `placed.T` shows its `key` too, a whole number made of it, which
segments hold: comparing keys reads an eighth of the bytes. Different texts may share a key, so the texts of the rows
that are found are compared as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

KNOWN_TO = "known_to"
SCHEMAS = ("kept", "kept_ends", "added", "ended", "placed")
TABLE = re.compile(r"^CREATE TABLE IF NOT EXISTS (\w+) \(.*?\n(.*?)^\);$", re.MULTILINE | re.DOTALL)
COLUMN = re.compile(r'^\s+("?)(\w+)\1\s+(TEXT|BIGINT|INTEGER|DATE|BOOLEAN)\b', re.MULTILINE)
VIEW = re.compile(r"^CREATE VIEW (\w+) AS\n(.*?);$", re.MULTILINE | re.DOTALL)
TYPES = {"TEXT": "VARCHAR"}  # as the catalogue names them
KEYED = {"records": "record", "claims": "claim", "links": "claim"}  # table → the text of its key


@dataclass(frozen=True)
class KeptTable:
    """A table's part in segments: its columns, and the queries of its rows and of their ends."""

    columns: Mapping[str, str]
    rows: str  # place, the columns but known_to, and the key of a keyed table
    ends: str  # place, known_to


@dataclass(frozen=True)
class _Definitions:
    tables: Mapping[str, Mapping[str, str]]  # name → column → type
    views: Mapping[str, str]  # name → query


@lru_cache(maxsize=16)
def _parse_definitions(text: str) -> _Definitions:
    """The tables and views of a schema file."""
    return _Definitions(
        {
            name: {column: TYPES.get(kind, kind) for _q, column, kind in COLUMN.findall(body)}
            for name, body in TABLE.findall(text)
        },
        dict(VIEW.findall(text)),
    )


def open_tables(connection: duckdb.DuckDBPyConnection, kept: Mapping[str, KeptTable]) -> None:
    """Make the schemas of a release being written, and its tables over what segments keep."""
    statements = [f"CREATE SCHEMA IF NOT EXISTS {schema}" for schema in SCHEMAS]
    statements.append("CREATE TABLE IF NOT EXISTS placed.view_texts (name TEXT, sql TEXT)")
    for name, table in kept.items():
        statements.append(f"CREATE VIEW kept.{name} AS {table.rows}")
        statements.append(f"CREATE VIEW kept_ends.{name} AS {table.ends}")
        statements += _create_statements(name, table.columns, table.columns)
    connection.execute("; ".join(statements))


def list_defined_views(definitions: str) -> dict[str, str]:
    """The views of a schema file: name → query."""
    return dict(_parse_definitions(definitions).views)


def create_tables(connection: duckdb.DuckDBPyConnection, definitions: str) -> None:
    """Make the tables, columns and views of these definitions that are not there yet.

    A schema file holds `CREATE TABLE IF NOT EXISTS name (`, a column a line, `);`, and `CREATE VIEW name AS`, a query.
    """
    wanted = _parse_definitions(definitions)
    existing = columns_by_table(connection, "added")
    if not existing:
        open_tables(connection, {})
    changed = {
        name: columns
        for name, columns in wanted.tables.items()
        if columns.keys() - existing.get(name, {}).keys()
    }
    kept = columns_by_table(connection, "kept") if changed else {}
    statements: list[str] = []
    for name, columns in changed.items():
        if name not in existing:
            statements += _create_statements(name, columns, kept.get(name))
        else:
            new = {column: columns[column] for column in columns if column not in existing[name]}
            statements += _alter_statements(name, {**existing[name], **new}, new, kept.get(name))
    if statements:
        connection.execute("; ".join(statements))
    known_views = set(list_views(connection)) if wanted.views else set[str]()
    add_views(connection, {n: sql for n, sql in wanted.views.items() if n not in known_views})


def add_views(connection: duckdb.DuckDBPyConnection, views: Mapping[str, str]) -> None:
    """Make views (name → query) in a release being written; its manifest will name them."""
    for name, sql in views.items():
        connection.execute(f"CREATE VIEW main.{quote_name(name)} AS {sql}")
        connection.execute("INSERT INTO placed.view_texts VALUES (?, ?)", [name, sql])


def list_views(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The views of the release being written that are no tables of it: name → query."""
    return dict(connection.execute("FROM placed.view_texts ORDER BY name").fetchall())


def columns_by_table(
    connection: duckdb.DuckDBPyConnection, schema: str = "main", database: str | None = None
) -> dict[str, dict[str, str]]:
    """The columns of every table and view with their types, in order; read once, because the catalogue is slow.

    `database`: the name of an attached one; else the connection's own.
    """
    columns: dict[str, dict[str, str]] = {}
    for table, name, kind in connection.execute(COLUMNS, [database, schema]).fetchall():
        columns.setdefault(table, {})[name] = kind
    return columns


def end_rows(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    places: str,
    run: int,
    parameters: Mapping[str, Any] | None = None,
) -> None:
    """End the knowledge of the rows at the places that a query gives; `parameters` are the query's own."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE ending AS {places}", dict(parameters or {}))
    connection.execute(END_KEPT.format(table=table), {"run": run})
    connection.execute(END_ADDED.format(table=table), {"run": run})


def end_where(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    condition: str,
    run: int,
    parameters: Mapping[str, Any] | None = None,
) -> None:
    """End the knowledge of the rows that are known now and meet a condition."""
    places = f"SELECT place FROM placed.{table} WHERE known_to IS NULL AND ({condition})"
    end_rows(connection, table, places, run, parameters)


def find_rows(connection: duckdb.DuckDBPyConnection, table: str, texts: str, found: str) -> None:
    """Make the temporary table `found`: the rows of a keyed table whose text is one of those that a query gives.

    Keys alone are read of all rows; the rows themselves, and their texts, where a key is the same.
    """
    text = KEYED[table]
    connection.execute(ASKED_KEYS.format(texts=texts, text=text))
    connection.execute(SAME_KEY.format(table=table))
    some = connection.execute("SELECT 1 FROM same_key LIMIT 1").fetchall()
    rows = SAME_TEXT if some else NO_ROWS
    connection.execute(rows.format(found=found, table=table, text=text))


def remove_added(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    places: str,
    parameters: Mapping[str, Any] | None = None,
) -> None:
    """Remove rows that this run has added itself: they were never known. Places of kept rows are passed over."""
    connection.execute(
        f"DELETE FROM added.{table} WHERE rowid IN (SELECT -1 - place FROM ({places}) WHERE place < 0)",
        dict(parameters or {}),
    )


def key_expression(name: str, columns: Mapping[str, str], source: str = "") -> str:
    """The expression of the key of a table's row, from the text in it; empty for a table without one.

    MD5 is the same in every version of DuckDB; its own hash is not.
    """
    text = KEYED.get(name)
    return f"md5_number_lower({source}{text})" if text in columns else ""


def select_nothing(columns: Mapping[str, str]) -> str:
    """A query without rows that has these columns."""
    return (
        f"SELECT {', '.join(_null_value(name, kind) for name, kind in columns.items())} WHERE false"
    )


def quote_name(name: str) -> str:
    """A column's name as SQL writes it."""
    return f'"{name}"'


def name_columns(names: Iterable[str]) -> str:
    """Columns as a list for SQL."""
    return ", ".join(map(quote_name, names))


def _create_statements(
    name: str, columns: Mapping[str, str], kept: Mapping[str, str] | None
) -> list[str]:
    """The statements that make `added.NAME`, `ended.NAME`, `placed.NAME` and the view NAME."""
    shape = ", ".join(f"{quote_name(column)} {kind}" for column, kind in columns.items())
    return [
        f"CREATE TABLE added.{name} ({shape})",
        f"CREATE TABLE ended.{name} (place BIGINT, known_to INTEGER)",
        *_view_statements(name, columns, kept),
    ]


def _alter_statements(
    name: str,
    columns: Mapping[str, str],
    new: Mapping[str, str],
    kept: Mapping[str, str] | None,
) -> list[str]:
    """The statements that add columns to a table: in segments that lack them they are null."""
    return [
        *(f"ALTER TABLE added.{name} ADD COLUMN {quote_name(n)} {new[n]}" for n in new),
        *_view_statements(name, columns, kept),
    ]


def _view_statements(
    name: str, columns: Mapping[str, str], kept: Mapping[str, str] | None
) -> list[str]:
    all_names = name_columns(columns)
    key = key_expression(name, columns)
    keyed = f", {key} AS key" if key else ""
    parts = [f"SELECT -1 - rowid AS place, {all_names}{keyed} FROM added.{name}"]
    if kept is not None:
        values = ", ".join(_kept_value(column, columns[column], kept) for column in columns)
        source = f"kept.{name} AS k"
        if KNOWN_TO in columns:
            source += f""" LEFT JOIN (
                FROM kept_ends.{name} UNION ALL SELECT place, known_to FROM ended.{name}) AS e ON e.place = k.place"""
        parts.insert(0, f"SELECT k.place, {values}{', k.key' if key else ''} FROM {source}")
    return [
        f"CREATE OR REPLACE VIEW placed.{name} AS {' UNION ALL '.join(parts)}",
        f"CREATE OR REPLACE VIEW main.{name} AS SELECT {all_names} FROM placed.{name}",
    ]


def _kept_value(column: str, kind: str, kept: Mapping[str, str]) -> str:
    """A kept row's value: its end from the ends, a column that its segments lack as null."""
    if column == KNOWN_TO:
        return "e.known_to"
    return f"k.{quote_name(column)}" if column in kept else _null_value(column, kind)


def _null_value(column: str, kind: str) -> str:
    return f"CAST(NULL AS {kind}) AS {quote_name(column)}"


COLUMNS = """
SELECT table_name, column_name, data_type FROM duckdb_columns()
WHERE NOT internal AND database_name = coalesce(?, current_database()) AND schema_name = ?
ORDER BY table_name, column_index
"""

ASKED_KEYS = """
CREATE OR REPLACE TEMP TABLE asked_keys AS SELECT {text}, md5_number_lower({text}) AS key FROM ({texts})
"""

SAME_KEY = """
CREATE OR REPLACE TEMP TABLE same_key AS
SELECT place FROM placed.{table} WHERE key IN (SELECT key FROM asked_keys)
"""

SAME_TEXT = """
CREATE OR REPLACE TEMP TABLE {found} AS
SELECT * FROM placed.{table}
WHERE place IN (SELECT place FROM same_key) AND {text} IN (SELECT {text} FROM asked_keys)
"""

NO_ROWS = "CREATE OR REPLACE TEMP TABLE {found} AS SELECT * FROM placed.{table} LIMIT 0"

END_KEPT = """
INSERT INTO ended.{table} SELECT place, CAST($run AS INTEGER) FROM ending WHERE place >= 0
"""

END_ADDED = """
UPDATE added.{table} SET known_to = $run WHERE rowid IN (SELECT -1 - place FROM ending WHERE place < 0)
"""
