"""A home of the first version gets every column that came since: its next sync goes on."""

from __future__ import annotations

from importlib.resources import files

import duckdb
import pytest

from double_random.registry.tables import LATER, column_names, ensure_tables

FIRST = {  # how many columns the first version's tables had
    "claims": 7, "decided_links": 5, "decisions": 23, "given": 4, "inspectors": 12, "institutions": 19, "links": 5,
    "placings": 2, "recusals": 10, "set_aside": 12, "settled": 4, "suspensions": 12, "watermarks": 5,
}  # fmt: skip
RECUSALS = {"since", "until"}  # later than still older homes, but in the first version


@pytest.mark.parametrize("table", FIRST)
def test_every_later_column_is_added_to_an_older_table(table: str) -> None:
    connection = duckdb.connect(":memory:")
    connection.execute(files("registry").joinpath("schema.sql").read_text("utf-8"))
    whole = column_names(connection, table)
    later = set(LATER.get(table, {})) - (RECUSALS if table == "recusals" else set())
    assert len(whole) - len(later) == FIRST[table]
    for name in later:
        connection.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    ensure_tables(connection)
    assert column_names(connection, table) == whole
