"""The register's tables are made once; a run is seen to have changed them or not."""

from __future__ import annotations

import duckdb
import pytest

from double_random.registry.tables import TABLES, column_names, ensure_tables, has_changed
from double_random.store.tables import KEYED, KeptTable, columns_by_table, end_where, open_tables

FIRST = {  # how many columns the first version's tables had
    "claims": 7, "decided_links": 5, "decisions": 23, "given": 4, "inspectors": 12, "institutions": 19, "links": 5,
    "placings": 2, "recusals": 10, "set_aside": 12, "settled": 4, "suspensions": 12, "watermarks": 5,
}  # fmt: skip


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect(":memory:")
    ensure_tables(made)
    return made


@pytest.mark.parametrize("table", FIRST)
def test_every_later_column_is_null_in_the_rows_of_an_older_home(
    table: str, connection: duckdb.DuckDBPyConnection
) -> None:
    columns = columns_by_table(connection)[table]
    first = dict(list(columns.items())[: FIRST[table]])
    values = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in first.items())
    older = duckdb.connect(":memory:")
    ends = "SELECT CAST(NULL AS BIGINT) AS place, CAST(NULL AS INTEGER) AS known_to WHERE false"
    key = ", CAST(NULL AS UBIGINT) AS key" if table in KEYED else ""
    rows = f"SELECT CAST(0 AS BIGINT) AS place, {values}{key}"
    open_tables(older, {table: KeptTable(first, rows, ends)})
    ensure_tables(older)
    assert column_names(older, table) == column_names(connection, table) == set(columns)
    assert older.execute(f"FROM {table}").fetchall() == [(None,) * len(columns)]


def test_a_change_is_a_row_that_began_or_ended(connection: duckdb.DuckDBPyConnection) -> None:
    assert not has_changed(connection, 1) and set(TABLES) <= columns_by_table(connection).keys()
    connection.execute("INSERT INTO added.given VALUES ('示例', 'a', 1, NULL)")
    assert has_changed(connection, 1) and not has_changed(connection, 2)
    end_where(connection, "given", "true", 2)
    assert has_changed(connection, 2)
