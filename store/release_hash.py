"""The hash of a release: SHA-256 over its tables, independent of the order of rows.

row = its values, each as text with its length · chapter = the rows of a table that one run added or ended: SHA-256
over them in order · table = SHA-256 over its chapters · release = SHA-256 over its tables. Rows are only added or
ended, so a run writes its own chapters and never reads those of earlier runs again.

Every column counts, and so do the names and types of the columns. Releases of the first form left some columns out;
they keep their names, are checked by the first form, and the next run hashes everything by the new form.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from double_random.store import row_hashing
from double_random.store.frames import query_frame

if TYPE_CHECKING:
    import duckdb

FORM = 2  # of the hash; the table `seal` records the form of a release; without such a column it is the first
OLDER = (
    "digests",
    "buckets",
)  # chapters of still older releases: the next run hashes everything
DIGESTS = (*OLDER, "chapters", "seal")  # tables of the hash itself, not hashed
KEPT_ONCE = (  # of older releases; credit/records/ledger.py makes them again when needed
    "ledger",
    "ledger_holders",
    "ledger_sorts",
    "ledger_state",
)
FIRST_FORM = (*KEPT_ONCE, "placings", "readings")  # what the first form left out in addition
BEGUN = (
    "known_from",
    "undoing",
    "run",
)  # the first of these columns that a table has gives the run that added a row
ENDED = "known_to"
AT_ONCE = 250_000  # rows hashed together: more would take too much memory as text
SHORT = ("DATE", "INTEGER", "BIGINT")
# The first form left these out of a row, as the first column is a SHA-256 of them; it never compared the two.
IN_KEY = {
    "decisions": (
        "name", "uscc", "licence", "document", "title", "content", "decided", "licence_from", "licence_to",
        "authority", "head", "address", "state",
    ),
}  # fmt: skip


def seal_release(
    connection: duckdb.DuckDBPyConnection, run: int, afresh: bool = False, form: int = FORM
) -> str:
    """Update the digests of every table after a run; store and return the release's hash."""
    ((database,),) = connection.execute("SELECT current_database()").fetchall()
    for older in (*OLDER, *KEPT_ONCE):
        connection.execute(f'DROP TABLE IF EXISTS "{database}".main.{older}')
    connection.execute(CHAPTERS)
    columns_of = columns_by_table(connection)
    if afresh or hash_form(columns_of) != form:
        connection.execute("DELETE FROM chapters")
    table_names = hashed_tables(columns_of, form)
    connection.execute("DELETE FROM chapters WHERE NOT list_contains(?, tab)", [table_names])
    halves = [
        half for table in table_names for half in _split_halves(table, columns_of[table], form)
    ]
    for half, counts in zip(halves, _count_rows(connection, halves), strict=True):
        _refresh_chapters(connection, half, counts, run)
    digest = _combine_hash(columns_of, _stored_chapters(connection), form)
    connection.execute("DROP TABLE IF EXISTS seal")
    if form == 1:
        connection.execute("CREATE TABLE seal (hash TEXT)")
        connection.execute("INSERT INTO seal VALUES (?)", [digest])
    else:
        connection.execute("CREATE TABLE seal (hash TEXT, form INTEGER)")
        connection.execute("INSERT INTO seal VALUES (?, ?)", [digest, form])
    return digest


@dataclass(frozen=True)
class HashCheck:
    """The stated hash of a release, the hash of its rows, and the tables whose rows do not match their digests."""

    said: str
    hash: str
    differing: tuple[str, ...]


def recompute_hash(connection: duckdb.DuckDBPyConnection) -> HashCheck:
    """A release's hash from its rows alone, independent of its stated hash; nothing is written."""
    columns_of = columns_by_table(connection)
    form = hash_form(columns_of)
    ((stated_hash, *by),) = connection.execute("SELECT * FROM seal").fetchall()
    if by != ([] if form == 1 else [form]):
        stated_hash = ""
    halves = [
        half
        for table in hashed_tables(columns_of, form)
        for half in _split_halves(table, columns_of[table], form)
    ]
    entries: dict[str, list[tuple[str, int, str]]] = {}
    for half, counts in zip(halves, _count_rows(connection, halves), strict=True):
        for run, digest in _digest_chapters(connection, half, counts).items():
            line = f"{half.name} {run} {counts[run]} {digest}"
            entries.setdefault(half.table, []).append((half.name, run, line))
    chapters = {
        table: [line for _half, _run, line in sorted(rows)] for table, rows in entries.items()
    }
    stored = _stored_chapters(connection)
    differing = {
        name for name in chapters.keys() | stored.keys() if chapters.get(name) != stored.get(name)
    }
    return HashCheck(
        stated_hash, _combine_hash(columns_of, chapters, form), tuple(sorted(differing))
    )


def hash_form(columns_of: Mapping[str, Mapping[str, str]]) -> int:
    """The form in which a release with these tables and columns was hashed."""
    return 1 if set(columns_of.get("seal", ())) == {"hash"} else FORM


def _stored_chapters(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """The chapters of each table as they are written down."""
    chapters: dict[str, list[str]] = {}
    for table, line in connection.execute(KEPT_LINES).fetchall():
        chapters.setdefault(table, []).append(line)
    return chapters


def _combine_hash(
    columns_of: Mapping[str, Mapping[str, str]], chapters: Mapping[str, list[str]], form: int
) -> str:
    lines = []
    for table in hashed_tables(columns_of, form):
        text = "\n".join(chapters.get(table, ()))
        if form > 1:
            shape = ", ".join(f"{name} {kind}" for name, kind in columns_of[table].items())
            text = f"{shape}\n{text}"
        lines.append(f"{table} {hashlib.sha256(text.encode()).hexdigest()}")
    if form > 1:
        lines.insert(0, f"form {form}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def has_older_hash(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the hash of this release was made by an earlier version's method."""
    named = {
        name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    }
    return bool(named & set(OLDER)) and "chapters" not in named


def hashed_tables(columns_of: Mapping[str, object], form: int = FORM) -> list[str]:
    """The tables that count, by name."""
    left_out = {*DIGESTS, *(FIRST_FORM if form == 1 else ())}
    return sorted(name for name in columns_of if name not in left_out)


def columns_by_table(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """The columns of every table with their types, in order; read once, because the catalogue is slow."""
    columns: dict[str, dict[str, str]] = {}
    for table, name, kind in connection.execute(COLUMNS).fetchall():
        columns.setdefault(table, {})[name] = kind
    return columns


@dataclass(frozen=True)
class _HalfHistory:
    """The beginnings of a table's rows, or their ends: the expression of the run, and the hashed columns."""

    table: str
    name: str
    run: str  # an expression
    columns: dict[str, str]  # name: type


def _split_halves(table: str, columns: dict[str, str], form: int) -> Iterator[_HalfHistory]:
    """The beginning of a row does not change when its knowledge ends; its end hashes the whole row once more."""
    begun = next((f'"{name}"' for name in BEGUN if name in columns), "0")
    left_out = IN_KEY.get(table, ()) if form == 1 else ()
    counted = {name: kind for name, kind in columns.items() if name not in left_out}
    yield _HalfHistory(
        table, "begun", begun, {n: kind for n, kind in counted.items() if n != ENDED}
    )
    if ENDED in columns:
        yield _HalfHistory(table, "ended", ENDED, counted)


def _refresh_chapters(
    connection: duckdb.DuckDBPyConnection, half: _HalfHistory, now: dict[int, int], run: int
) -> None:
    """Write the chapters of this run, and those whose number of rows is not the stored one any more."""
    stored: dict[int, int] = dict(connection.execute(KEPT, [half.table, half.name]).fetchall())
    old = [
        each_run
        for each_run in stored
        if each_run in (0, run) or stored[each_run] != now.get(each_run)
    ]
    if old:
        connection.execute(FORGET, [half.table, half.name, old])
    new = {
        each_run: count
        for each_run, count in now.items()
        if each_run in old or each_run not in stored
    }
    if new:
        connection.executemany(
            "INSERT INTO chapters VALUES (?, ?, ?, ?, ?)",
            [
                [half.table, half.name, each_run, new[each_run], digest]
                for each_run, digest in _digest_chapters(connection, half, new).items()
            ],
        )


def _count_rows(
    connection: duckdb.DuckDBPyConnection, halves: Sequence[_HalfHistory]
) -> list[dict[int, int]]:
    """How many rows each run brought, or ended, for each of the halves; asked at once."""
    counts: list[dict[int, int]] = [{} for _half in halves]
    if not halves:
        return counts
    queries = (
        f"""SELECT {place} AS half, {half.run} AS run, count(*) FROM "{half.table}"
            WHERE {half.run} IS NOT NULL GROUP BY 1, 2"""
        for place, half in enumerate(halves)
    )
    for place, run, count in connection.execute(" UNION ALL ".join(queries)).fetchall():
        counts[place][run] = count
    return counts


def _digest_chapters(
    connection: duckdb.DuckDBPyConnection, half: _HalfHistory, new: dict[int, int]
) -> dict[int, str]:
    """The digests of these runs' chapters, each with its number of rows."""
    if not new:
        return {}
    of_run = f"{half.run} IN ({', '.join(map(str, sorted(new)))})"
    parts = sum(new.values()) // AT_ONCE + 1
    lines_by_run: dict[int, list[str]] = {each_run: [] for each_run in new}
    page = row_hashing.page_expression(next(iter(half.columns)))
    for part in range(parts):  # whole pages each
        among = f"AND hash({page}) % {parts} = {part}" if parts > 1 else ""
        rows = f'SELECT {_row_expressions(half)} FROM "{half.table}" WHERE {of_run} {among}'
        for each_run, line in row_hashing.digest_pages(query_frame(connection, rows)):
            lines_by_run[each_run].append(line)
    return {
        each_run: hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
        for each_run, lines in sorted(lines_by_run.items())
    }


def _row_expressions(half: _HalfHistory) -> str:
    """The columns for `row_hashing.digest_pages`: run, text, and values that are fast to compare."""
    first, *_others = half.columns
    short = [name for name, kind in half.columns.items() if kind in SHORT]
    return ", ".join(
        [
            f"{half.run} AS run",
            f"{row_hashing.page_expression(first)} AS page",
            f"{row_hashing.tail_expression(first)} AS tail",
            *(f'"{name}" AS short{index}' for index, name in enumerate(short)),
            f"concat({', '.join(_field_expression(name, kind) for name, kind in half.columns.items())}) AS line",
        ]
    )


def _field_expression(name: str, kind: str) -> str:
    """A value as text with its length or an end mark; a null is `:` or `,` alone."""
    if kind in (*SHORT, "BOOLEAN"):
        return f"""CAST("{name}" AS TEXT), ','"""
    text = f'"{name}"' if kind == "VARCHAR" else f'CAST("{name}" AS TEXT)'
    return f"strlen({text}), ':', {text}"


CHAPTERS = """
CREATE TABLE IF NOT EXISTS chapters (tab TEXT, half TEXT, run INTEGER, rows BIGINT, digest TEXT)
"""

KEPT = "SELECT run, rows FROM chapters WHERE tab = ? AND half = ?"

FORGET = "DELETE FROM chapters WHERE tab = ? AND half = ? AND list_contains(?, run)"

KEPT_LINES = (
    "SELECT tab, concat_ws(' ', half, run, rows, digest) FROM chapters ORDER BY tab, half, run"
)

COLUMNS = """
SELECT table_name, column_name, data_type FROM duckdb_columns()
WHERE NOT internal AND database_name = current_database() AND schema_name = 'main'
    AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE database_name = current_database())
ORDER BY table_name, column_index
"""
