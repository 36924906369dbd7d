"""The hash of a release by forms 1 and 2, in which earlier versions made theirs: checked, and made again by a rebuild.

row = its values, each as text with its length · chapter = the rows of a table that one run added or ended: SHA-256
over them in order · table = SHA-256 over its chapters · release = SHA-256 over its tables. Rows are only added or
ended, so a run writes its own chapters and never reads those of earlier runs again.

Such a release is one DuckDB file with its tables, their chapters and a seal. In form 2 every column counts, and so do
the names and types of the columns; form 1 left some out. A release of form 3 is hashed by store/release_hash.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from double_random.store import row_hashing
from double_random.store.frames import query_frame
from double_random.store.tables import columns_by_table

if TYPE_CHECKING:
    import duckdb

NEWEST = 2  # of these forms; the table `seal` records the form of a release; without such a column it is the first
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
LATER = (  # tables that these forms do not know
    "score_days",
    "score_history",
    "score_line_history",
    "waiting_claims",
    "linkings",
)
AT_ONCE = 250_000  # rows hashed together: more would take too much memory as text
SHORT = ("DATE", "INTEGER", "BIGINT")
# The first form left these out of a row, as the first column is a SHA-256 of them; it never compared the two.
IN_KEY = {
    "decisions": (
        "name", "uscc", "licence", "document", "title", "content", "decided", "licence_from", "licence_to",
        "authority", "head", "address", "state",
    ),
}  # fmt: skip


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
    chapters = _compute_chapters(connection, columns_of, form)
    stored = _stored_chapters(connection)
    differing = {
        name for name in chapters.keys() | stored.keys() if chapters.get(name) != stored.get(name)
    }
    return HashCheck(
        stated_hash, _combine_hash(columns_of, chapters, form), tuple(sorted(differing))
    )


def compute_older_hash(connection: duckdb.DuckDBPyConnection, form: int) -> str:
    """The hash by an older form of the tables and views of a release of form 3."""
    columns_of = {
        table: columns
        for table, columns in columns_by_table(connection).items()
        if table not in LATER
    }
    return _combine_hash(columns_of, _compute_chapters(connection, columns_of, form), form)


def _compute_chapters(
    connection: duckdb.DuckDBPyConnection, columns_of: Mapping[str, dict[str, str]], form: int
) -> dict[str, list[str]]:
    """The chapters of each table, from its rows."""
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
    return {table: [line for _half, _run, line in sorted(rows)] for table, rows in entries.items()}


def hash_form(columns_of: Mapping[str, Mapping[str, str]]) -> int:
    """The form in which a release with these tables and columns was hashed."""
    return 1 if set(columns_of.get("seal", ())) == {"hash"} else NEWEST


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


def hashed_tables(columns_of: Mapping[str, object], form: int = NEWEST) -> list[str]:
    """The tables that count, by name."""
    left_out = {*DIGESTS, *(FIRST_FORM if form == 1 else ())}
    return sorted(name for name in columns_of if name not in left_out)


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


KEPT_LINES = (
    "SELECT tab, concat_ws(' ', half, run, rows, digest) FROM chapters ORDER BY tab, half, run"
)
