"""A release names its content: SHA-256 over its tables, whatever order their rows lie in.

row = SHA-256 of its values, each as text with its length before it · bucket = SHA-256 of its sorted rows ·
table = SHA-256 of its buckets · release = SHA-256 of its tables. A row's bucket follows its first column, so a night
reads again only the buckets that it touched: rows are added or their knowledge ends, never changed otherwise.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

UNHASHED = (
    "digests",
    "seal",
    "ledger",
    "ledger_holders",
    "ledger_sorts",
    "ledger_state",
    "readings",
)  # all follow from the rest
BUCKET = 3  # hex digits: 4,096 buckets


def seal(connection: duckdb.DuckDBPyConnection, run: int, afresh: bool = False) -> str:
    """Bring the digests of every table up to date after a run, keep and return the release's hash."""
    connection.execute("CREATE TABLE IF NOT EXISTS digests (tab TEXT, bucket TEXT, digest TEXT)")
    connection.execute("CREATE TABLE IF NOT EXISTS seal (hash TEXT)")
    lines = []
    for table in tables(connection):
        _refresh(connection, table, run, afresh)
        buckets = connection.execute(
            "SELECT bucket || ' ' || digest FROM digests WHERE tab = ? ORDER BY bucket", [table]
        ).fetchall()
        text = "\n".join(bucket for (bucket,) in buckets)
        lines.append(f"{table} {hashlib.sha256(text.encode()).hexdigest()}")
    whole = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    connection.execute("DELETE FROM seal")
    connection.execute("INSERT INTO seal VALUES (?)", [whole])
    return whole


def tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables that count, by name."""
    found = connection.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' ORDER BY 1"
    ).fetchall()
    return [name for (name,) in found if name not in UNHASHED]


def _refresh(connection: duckdb.DuckDBPyConnection, table: str, run: int, afresh: bool) -> None:
    columns = [
        name
        for (name,) in connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = ? ORDER BY ordinal_position",
            [table],
        ).fetchall()
    ]
    marks = [name for name in ("known_from", "known_to", "run") if name in columns]
    bucket = f"left(sha256(coalesce(CAST(\"{columns[0]}\" AS TEXT), '')), {BUCKET})"
    fields = ", ".join(
        f"""coalesce(strlen(CAST("{name}" AS TEXT)) || ':' || CAST("{name}" AS TEXT), '-')"""
        for name in columns
    )
    touched = "true"
    ((known,),) = connection.execute(
        "SELECT count(*) FROM digests WHERE tab = ?", [table]
    ).fetchall()
    if marks and known and not afresh:
        changed = " OR ".join(f"{name} = {run}" for name in marks)
        touched = f'{bucket} IN (SELECT DISTINCT {bucket} FROM "{table}" WHERE {changed})'
        connection.execute(
            f"""DELETE FROM digests WHERE tab = ?
                AND bucket IN (SELECT DISTINCT {bucket} FROM "{table}" WHERE {changed})""",
            [table],
        )
    else:
        connection.execute("DELETE FROM digests WHERE tab = ?", [table])
    connection.execute(
        f"""
        INSERT INTO digests
        WITH hashed AS (
            SELECT {bucket} AS bucket, sha256(concat({fields})) AS row_hash
            FROM "{table}" WHERE {touched}
        )
        SELECT ?, bucket, sha256(string_agg(row_hash, chr(10) ORDER BY row_hash)) FROM hashed GROUP BY bucket
        """,
        [table],
    )
