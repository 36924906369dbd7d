"""The ledger (台账): records as whole numbers, with their owners; made anew when what it follows from has changed.

It follows from the other tables alone (ledger.sql) and holds nothing of a policy or a day. So it is no part of a
release's hash, and a release that is read without a fresh one gets its own for as long as it is open.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

STEPS = {"ledger_holders": "holders.sql", "ledger_sorts": "sorts.sql", "ledger": "ledger.sql"}

# What the ledger was made of, and its own form. Rows are added, or their knowledge ends: both are seen here.
STATE = """
SELECT
    4 AS form,
    (SELECT count(*) FROM records) AS records,
    (SELECT count(*) FROM links) AS links,
    (SELECT count(*) FROM institutions) AS institutions,
    (SELECT coalesce(max(run), 0) FROM runs WHERE kind <> 'score') AS run
"""


def keep(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep a fresh ledger in a release that is being written."""
    if not _fresh(connection):
        _make(connection, "TABLE")


def ensure(connection: duckdb.DuckDBPyConnection) -> None:
    """Have a fresh ledger; one that is not kept lives as long as the connection."""
    if not _fresh(connection):
        _make(connection, "TEMP TABLE")


def _fresh(connection: duckdb.DuckDBPyConnection) -> bool:
    ((found,),) = connection.execute(
        "SELECT count(*) FROM information_schema.tables WHERE table_name = 'ledger_state'"
    ).fetchall()
    if not found:
        return False
    kept = connection.execute("SELECT * FROM ledger_state").fetchall()
    return bool(kept == connection.execute(STATE).fetchall())


def _make(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    for name, file in STEPS.items():
        sql = files("credit").joinpath(file).read_text("utf-8")
        connection.execute(f"CREATE OR REPLACE {table} {name} AS {sql}")
    connection.execute(f"CREATE OR REPLACE {table} ledger_state AS {STATE}")
