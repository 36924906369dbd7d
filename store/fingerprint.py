"""A release names its content: SHA-256 over its tables, whatever order their rows lie in.

row = its values, each as text that says where it ends · chapter = what one run began to know in a table, or ended in
it: SHA-256 over its rows in order · table = SHA-256 over its chapters · release = SHA-256 over its tables. Rows are
added or their knowledge ends, so a night writes chapters of its own and reads those of earlier nights never again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from store import pages
from store.releases import frame

if TYPE_CHECKING:
    import duckdb

OLDER = (
    "digests",
    "buckets",
)  # as older releases have their chapters: the next run hashes everything
UNHASHED = (
    *OLDER,
    "chapters",
    "seal",
    "ledger",
    "ledger_holders",
    "ledger_sorts",
    "ledger_state",
    "placings",
    "readings",
)  # all follow from the rest
BEGUN = (
    "known_from",
    "undoing",
    "run",
)  # the first of these that a table has says which run brought a row
ENDED = "known_to"
AT_ONCE = 250_000  # rows hashed together: more would stand in memory as text
SHORT = ("DATE", "INTEGER", "BIGINT")
# What a table's first column is itself a SHA-256 of (registry/decisions.py): it is in the row's text by that.
IN_KEY = {
    "decisions": (
        "name", "uscc", "licence", "document", "title", "content", "decided", "licence_from", "licence_to",
        "authority", "head", "address", "state",
    ),
}  # fmt: skip


def seal(connection: duckdb.DuckDBPyConnection, run: int, afresh: bool = False) -> str:
    """Bring the digests of every table up to date after a run, keep and return the release's hash."""
    for older in OLDER:
        connection.execute(f"DROP TABLE IF EXISTS {older}")
    connection.execute(CHAPTERS)
    connection.execute("CREATE TABLE IF NOT EXISTS seal (hash TEXT)")
    if afresh:
        connection.execute("DELETE FROM chapters")
    lines, columns_of = [], columns_by_table(connection)
    for table in tables(connection):
        columns = columns_of[table]
        for half in _halves(table, columns):
            _refresh(connection, half, run)
        ((text,),) = connection.execute(TOLD, [table]).fetchall()
        lines.append(f"{table} {hashlib.sha256((text or '').encode()).hexdigest()}")
    whole = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    connection.execute("DELETE FROM seal")
    connection.execute("INSERT INTO seal VALUES (?)", [whole])
    return whole


def recompute(connection: duckdb.DuckDBPyConnection) -> str:
    """A release's hash from its rows alone, whatever it says of itself; nothing is written."""
    lines, columns_of = [], columns_by_table(connection)
    for table in tables(connection):
        told = []
        for half in _halves(table, columns_of[table]):
            counts = _counts(connection, half)
            digests = _digests(connection, half, counts)
            told += [
                (half.name, run, f"{half.name} {run} {counts[run]} {digest}")
                for run, digest in digests.items()
            ]
        text = "\n".join(line for _half, _run, line in sorted(told))
        lines.append(f"{table} {hashlib.sha256(text.encode()).hexdigest()}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def is_older(connection: duckdb.DuckDBPyConnection) -> bool:
    """Was the hash of this release made in the way of an earlier version?"""
    named = {
        name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    }
    return bool(named & set(OLDER)) and "chapters" not in named


def tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables that count, by name."""
    found = connection.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' ORDER BY 1"
    ).fetchall()
    return [name for (name,) in found if name not in UNHASHED]


def columns_by_table(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """The columns of every table with their types, in their order: asked once, for the catalogue answers slowly."""
    found: dict[str, dict[str, str]] = {}
    for table, name, kind in connection.execute(COLUMNS).fetchall():
        found.setdefault(table, {})[name] = kind
    return found


@dataclass(frozen=True)
class _Half:
    """The beginnings of a table's rows, or their ends: which column has the run, and what of a row is hashed."""

    table: str
    name: str
    run: str  # an expression
    columns: dict[str, str]  # name: type


def _halves(table: str, columns: dict[str, str]) -> Iterator[_Half]:
    """What a row says when it comes does not change when its knowledge ends; its end says the whole row once more."""
    begun = next((f'"{name}"' for name in BEGUN if name in columns), "0")
    counted = {name: kind for name, kind in columns.items() if name not in IN_KEY.get(table, ())}
    yield _Half(table, "begun", begun, {n: kind for n, kind in counted.items() if n != ENDED})
    if ENDED in columns:
        yield _Half(table, "ended", ENDED, counted)


def _refresh(connection: duckdb.DuckDBPyConnection, half: _Half, run: int) -> None:
    """Write the chapters of this run, and those that have not the rows any more that they had."""
    now = _counts(connection, half)
    told: dict[int, int] = dict(connection.execute(KEPT, [half.table, half.name]).fetchall())
    old = [one for one in told if one in (0, run) or told[one] != now.get(one)]
    if old:
        connection.execute(FORGET, [half.table, half.name, old])
    new = {one: count for one, count in now.items() if one in old or one not in told}
    if new:
        connection.executemany(
            "INSERT INTO chapters VALUES (?, ?, ?, ?, ?)",
            [
                [half.table, half.name, one, new[one], digest]
                for one, digest in _digests(connection, half, new).items()
            ],
        )


def _counts(connection: duckdb.DuckDBPyConnection, half: _Half) -> dict[int, int]:
    """How many rows each run brought, or ended."""
    return dict(
        connection.execute(
            f'SELECT {half.run}, count(*) FROM "{half.table}" WHERE {half.run} IS NOT NULL GROUP BY 1'
        ).fetchall()
    )


def _digests(
    connection: duckdb.DuckDBPyConnection, half: _Half, new: dict[int, int]
) -> dict[int, str]:
    """The digests of these runs' chapters, which have so many rows each."""
    if not new:
        return {}
    of_run = f"{half.run} IN ({', '.join(map(str, sorted(new)))})"
    parts = sum(new.values()) // AT_ONCE + 1
    found: dict[int, list[str]] = {one: [] for one in new}
    page = pages.page(next(iter(half.columns)))
    for part in range(parts):  # whole pages each
        among = f"AND hash({page}) % {parts} = {part}" if parts > 1 else ""
        rows = f'SELECT {_row(half)} FROM "{half.table}" WHERE {of_run} {among}'
        for one, line in pages.digests(frame(connection, rows)):
            found[one].append(line)
    return {
        one: hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
        for one, lines in sorted(found.items())
    }


def _row(half: _Half) -> str:
    """What `pages.digests` asks of a row: its run, its text, and what is quickly compared."""
    first, *_others = half.columns
    short = [name for name, kind in half.columns.items() if kind in SHORT]
    return ", ".join(
        [
            f"{half.run} AS run",
            f"{pages.page(first)} AS page",
            f"{pages.tail(first)} AS tail",
            *(f'"{name}" AS short{place}' for place, name in enumerate(short)),
            f"concat({', '.join(_field(name, kind) for name, kind in half.columns.items())}) AS line",
        ]
    )


def _field(name: str, kind: str) -> str:
    """A value as text that says where it ends; a null is `:` or `,` alone."""
    if kind in (*SHORT, "BOOLEAN"):
        return f"""CAST("{name}" AS TEXT), ','"""
    text = f'"{name}"' if kind == "VARCHAR" else f'CAST("{name}" AS TEXT)'
    return f"strlen({text}), ':', {text}"


CHAPTERS = """
CREATE TABLE IF NOT EXISTS chapters (tab TEXT, half TEXT, run INTEGER, rows BIGINT, digest TEXT)
"""

KEPT = "SELECT run, rows FROM chapters WHERE tab = ? AND half = ?"

FORGET = "DELETE FROM chapters WHERE tab = ? AND half = ? AND list_contains(?, run)"

TOLD = """
SELECT string_agg(concat_ws(' ', half, run, rows, digest), chr(10) ORDER BY half, run) FROM chapters WHERE tab = ?
"""

COLUMNS = """
SELECT table_name, column_name, data_type FROM duckdb_columns()
WHERE NOT internal AND database_name = current_database() ORDER BY table_name, column_index
"""
