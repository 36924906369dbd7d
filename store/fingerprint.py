"""A release names its content: SHA-256 over its tables, whatever order their rows lie in.

row = its values, each as text that says where it ends · bucket = SHA-256 of its sorted rows · table = SHA-256 of its
buckets · release = SHA-256 of its tables. A row's bucket follows its first column, so a night reads again only the
buckets that it touched: rows are added or their knowledge ends, never changed otherwise.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import polars

UNHASHED = (
    "buckets",
    "digests",  # as older releases have them
    "seal",
    "ledger",
    "ledger_holders",
    "ledger_sorts",
    "ledger_state",
    "readings",
)  # all follow from the rest
AT_ONCE = 250_000  # rows hashed together: more would stand in memory as text
BUCKET = 4  # characters at the end of the first column: they differ most
# What a table's first column is itself a SHA-256 of (registry/decisions.py): it is in the row's text by that.
IN_KEY = {
    "decisions": (
        "name", "uscc", "licence", "document", "title", "content", "decided", "licence_from", "licence_to",
        "authority", "head", "address", "state",
    ),
}  # fmt: skip


def seal(connection: duckdb.DuckDBPyConnection, run: int, afresh: bool = False) -> str:
    """Bring the digests of every table up to date after a run, keep and return the release's hash."""
    connection.execute("DROP TABLE IF EXISTS digests")
    connection.execute("CREATE TABLE IF NOT EXISTS buckets (tab TEXT, bucket TEXT, digest TEXT)")
    connection.execute("CREATE TABLE IF NOT EXISTS seal (hash TEXT)")
    lines = []
    for table in tables(connection):
        _refresh(connection, table, run, afresh)
        ((text,),) = connection.execute(
            "SELECT string_agg(bucket || ' ' || digest, chr(10) ORDER BY bucket) FROM buckets WHERE tab = ?",
            [table],
        ).fetchall()
        lines.append(f"{table} {hashlib.sha256((text or '').encode()).hexdigest()}")
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
    columns: dict[str, str] = dict(
        connection.execute(
            """SELECT column_name, data_type FROM information_schema.columns
               WHERE table_name = ? ORDER BY ordinal_position""",
            [table],
        ).fetchall()
    )
    first = next(iter(columns))
    marks = [name for name in ("known_from", "known_to", "run") if name in columns]
    bucket = f"right(coalesce(CAST(\"{first}\" AS TEXT), ''), {BUCKET})"
    touched = "true"
    ((known,),) = connection.execute(
        "SELECT count(*) FROM buckets WHERE tab = ?", [table]
    ).fetchall()
    if marks and known and not afresh:
        changed = " OR ".join(f"{name} = {run}" for name in marks)
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE touched_buckets AS
                SELECT DISTINCT {bucket} AS bucket FROM "{table}" WHERE {changed}"""
        )
        if not connection.execute("SELECT 1 FROM touched_buckets LIMIT 1").fetchall():
            return
        touched = f"{bucket} IN (SELECT bucket FROM touched_buckets)"
        connection.execute(
            "DELETE FROM buckets WHERE tab = ? AND bucket IN (SELECT bucket FROM touched_buckets)",
            [table],
        )
    else:
        connection.execute("DELETE FROM buckets WHERE tab = ?", [table])
    hidden = IN_KEY.get(table, ())
    fields = ", ".join(_field(name, columns[name]) for name in columns if name not in hidden)
    ((count,),) = connection.execute(f'SELECT count(*) FROM "{table}" WHERE {touched}').fetchall()
    parts = count // AT_ONCE + 1
    for part in range(parts):  # whole buckets each
        _digest(
            connection,
            table,
            f"""SELECT {bucket} AS bucket, concat({fields}) AS line FROM "{table}"
                WHERE {touched} AND {f"hash({bucket}) % {parts} = {part}" if parts > 1 else "true"}""",
        )


def _field(name: str, kind: str) -> str:
    """A value as text that says where it ends; a null is `:` or `,` alone."""
    if kind in ("DATE", "INTEGER", "BIGINT", "BOOLEAN"):
        return f"""CAST("{name}" AS TEXT), ','"""
    text = f'"{name}"' if kind == "VARCHAR" else f'CAST("{name}" AS TEXT)'
    return f"strlen({text}), ':', {text}"


def _digest(connection: duckdb.DuckDBPyConnection, table: str, rows: str) -> None:
    """Add the digests of a table's buckets, of these rows (bucket, line)."""
    import polars

    frame = polars.from_arrow(connection.sql(rows).to_arrow_table())
    assert isinstance(frame, polars.DataFrame)
    frame = frame.sort("bucket", "line")
    line = polars.col("line")
    found = frame.group_by("bucket", maintain_order=True).agg(
        polars.len().alias("rows"), line.str.len_bytes().cast(polars.Int64).sum().alias("bytes")
    )
    parts, start, size = [], 0, max(1, -(-found.height // polars.thread_pool_size()))
    for at in range(0, found.height, size):  # buckets are hashed beside each other
        part = found.slice(at, size)
        count = int(part["rows"].sum())
        parts.append((frame["line"].slice(start, count), part["bytes"].to_list()))
        start += count
    del frame
    with ThreadPoolExecutor(polars.thread_pool_size()) as pool:
        digests = [
            digest for part in pool.map(lambda part: _hashed(*part), parts) for digest in part
        ]
    found = found.select(
        polars.lit(table).alias("tab"), "bucket", polars.Series("digest", digests, polars.String)
    )
    connection.register("digests_found", found.to_arrow())
    connection.execute("INSERT INTO buckets FROM digests_found")
    connection.unregister("digests_found")


def _hashed(lines: polars.Series, sizes: list[int]) -> list[str]:
    """SHA-256 of so many bytes after each other of the texts as they follow one another."""
    if not sizes:
        return []
    _, _, text = lines.to_arrow().buffers()  # one buffer: nothing is copied for each bucket
    whole, digests, start = memoryview(text), [], 0
    for size in sizes:
        digests.append(hashlib.sha256(whole[start : start + size]).hexdigest())
        start += size
    return digests
