"""Segments (HOME/releases/segments/): written once by a run, shared by all releases that hold their rows.

A run writes a Parquet file for each table to which it added rows, and one for each table in which it ended rows.
Small files are merged from time to time (`merge_segments`), which changes no row, no place and no hash. A release's
database is a set of views over these files, so nothing is copied to open one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from double_random.store import tables
from double_random.store.database import open_database, quote_text
from double_random.store.durable_files import sync_path
from double_random.store.inputs import file_sha256
from double_random.store.manifest import Manifest, Segment
from double_random.store.release_hash import Chain, TableHistory, hash_chapters, integer_values

if TYPE_CHECKING:
    import duckdb
    import pyarrow

MERGED_AT = 16  # small segments of one table that are merged to one
SMALL = 4_096  # rows: segments below are of one size; above, each size is 16 times the one before
PARQUET = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"
ENDS = {"place": "BIGINT", "known_to": "INTEGER"}


@dataclass(frozen=True)
class SegmentFolder:
    """The folder of the segments of a home."""

    path: Path

    def file(self, segment: Segment) -> Path:
        """The path of a segment."""
        return self.path / segment.file

    def open_views(self, connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
        """Make the tables of a release as views, and its own views, in a database without any."""
        statements = [
            f"CREATE VIEW {tables.quote_name(name)} AS {self._table_query(manifest, name)}"
            for name in manifest.tables
        ]
        statements += [
            f"CREATE VIEW {tables.quote_name(name)} AS {sql}"
            for name, sql in manifest.views.items()
        ]
        connection.execute("; ".join(statements) or "SELECT 1")

    def open_kept(self, connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> None:
        """Make the tables of a release being written (store/tables.py) over those of the release before."""
        tables.open_tables(
            connection,
            {
                name: tables.KeptTable(
                    columns,
                    self._rows_query(manifest, name, with_key=True),
                    self._ends_query(manifest, name),
                )
                for name, columns in manifest.tables.items()
            },
        )
        tables.add_views(connection, manifest.views)

    def _table_query(self, manifest: Manifest, name: str) -> str:
        """A table's rows with their ends."""
        columns = manifest.tables[name]
        if tables.KNOWN_TO not in columns or not manifest.history(name).ended.rows:
            values = [
                f"CAST(NULL AS {kind}) AS known_to"
                if column == tables.KNOWN_TO
                else tables.quote_name(column)
                for column, kind in columns.items()
            ]
            return f"SELECT {', '.join(values)} FROM ({self._rows_query(manifest, name)})"
        values = [
            "e.known_to" if column == tables.KNOWN_TO else f"r.{tables.quote_name(column)}"
            for column in columns
        ]
        return (
            f"SELECT {', '.join(values)} FROM ({self._rows_query(manifest, name)}) AS r "
            f"LEFT JOIN ({self._ends_query(manifest, name)}) AS e ON e.place = r.place"
        )

    def _rows_query(self, manifest: Manifest, name: str, with_key: bool = False) -> str:
        """The rows that runs have added, each with its place; a column that older segments lack is null there.

        `with_key`: with the keys of a keyed table; those that older segments lack are computed.
        """
        columns = {"place": "BIGINT", **_without_end(manifest.tables[name])}
        key = tables.key_expression(name, columns) if with_key else ""
        parts = []
        for (shape, keyed), group in groupby(
            manifest.segments_of(name, "begun"),
            key=lambda segment: (segment.columns, segment.keyed),
        ):
            values = [
                tables.quote_name(column)
                if column == "place" or column in shape
                else f"CAST(NULL AS {kind}) AS {tables.quote_name(column)}"
                for column, kind in columns.items()
            ]
            if key:
                values.append("key" if keyed else f"{key} AS key")
            parts.append(f"SELECT {', '.join(values)} FROM {self._read_files(group)}")
        nothing = {**columns, "key": "UBIGINT"} if key else columns
        return " UNION ALL ".join(parts) or tables.select_nothing(nothing)

    def _ends_query(self, manifest: Manifest, name: str) -> str:
        """The places of the rows whose knowledge has ended, with the run."""
        segments = manifest.segments_of(name, "ended")
        if not segments:
            return tables.select_nothing(ENDS)
        return f"SELECT place, known_to FROM {self._read_files(segments)}"

    def _read_files(self, segments: Iterable[Segment]) -> str:
        names = ", ".join(quote_text(self.file(segment)) for segment in segments)
        return f"read_parquet([{names}])"

    def find_greatest(self, manifest: Manifest, table: str, column: str) -> int:
        """The greatest whole number in a column, from what the segments say of their row groups; 0 without rows."""
        from pyarrow.parquet import ParquetFile

        greatest = 0
        for segment in manifest.segments_of(table, "begun"):
            with ParquetFile(self.file(segment)) as opened:
                position = opened.schema_arrow.names.index(column)
                for group in range(opened.metadata.num_row_groups):
                    said = opened.metadata.row_group(group).column(position).statistics
                    greatest = max(greatest, said.max)
        return greatest

    # --- writing --------------------------------------------------------------------------------------------------

    def write_run(
        self, connection: duckdb.DuckDBPyConnection, before: Manifest, run: int
    ) -> Manifest:
        """Write what a run has added and ended as segments; the manifest of the release without its hash."""
        self.path.mkdir(parents=True, exist_ok=True)
        added = tables.columns_by_table(connection, "added")
        names: dict[str, Mapping[str, str]] = {**before.tables, **added}
        histories, written = dict(before.histories), list[Segment]()
        for name, columns in sorted(added.items()):
            begun, ended = before.history(name).begun, before.history(name).ended
            source = _place_rows(f"added.{name}", columns, begun.rows)
            counts = _count_changes(connection, name, tables.KNOWN_TO in columns)
            if counts.added:
                stored = _without_end(columns)
                shape = _begun_shape(name, stored)
                query = f"SELECT {_list_stored(shape)} FROM ({source})"
                segment, begun = self._write_segment(connection, query, shape, begun, run)
                written.append(segment)
            parts = [f"SELECT place, known_to FROM ended.{name}"] if counts.ended else []
            if counts.ended_at_once:
                parts.append(f"SELECT place, known_to FROM ({source}) WHERE known_to IS NOT NULL")
            if parts:
                shape = Segment(table=name, half="ended", columns=ENDS)
                query = f"FROM ({' UNION ALL '.join(parts)}) ORDER BY place"
                segment, ended = self._write_segment(connection, query, shape, ended, run)
                written.append(segment)
            histories[name] = TableHistory(begun, ended)
        views = tables.list_views(connection)
        return replace(
            before,
            tables=names,
            histories=histories,
            views=views,
            segments=(*before.segments, *written),
        )

    def write_whole_table(
        self,
        connection: duckdb.DuckDBPyConnection,
        manifest: Manifest,
        name: str,
        columns: Mapping[str, str],
        source: str,
        run: str,
    ) -> Manifest:
        """Write all rows of a table that was never in segments; `run`: the column of the run that added a row."""
        self.path.mkdir(parents=True, exist_ok=True)
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE ordered AS {_place_rows(source, [run, *columns])}"
        )
        stored, segments = _without_end(columns), list(manifest.segments)
        ((rows, last),) = connection.execute(f"SELECT count(*), max({run}) FROM ordered").fetchall()
        history = TableHistory()
        if rows:
            shape = _begun_shape(name, stored)
            query = f"SELECT {_list_stored(shape)} FROM ordered ORDER BY place"
            begun, chain = self._write_segment(connection, query, shape, Chain(), last)
            segments.append(begun)
            history = TableHistory(chain)
        if tables.KNOWN_TO in columns:
            ended = "SELECT place, known_to FROM ordered WHERE known_to IS NOT NULL"
            if connection.execute(f"{ended} LIMIT 1").fetchall():
                segment, chain = self._write_segment(
                    connection,
                    f"{ended} ORDER BY known_to, place",
                    Segment(table=name, half="ended", columns=ENDS),
                    Chain(),
                    last,
                )
                segments.append(segment)
                history = TableHistory(history.begun, chain)
        return replace(
            manifest,
            tables={**manifest.tables, name: dict(columns)},
            histories={**manifest.histories, name: history},
            segments=tuple(segments),
        )

    def _write_segment(
        self,
        connection: duckdb.DuckDBPyConnection,
        query: str,
        shape: Segment,
        before: Chain,
        run: int,
    ) -> tuple[Segment, Chain]:
        """Write a query's rows to a segment and hash them as they stand in the file; the half's chain with them."""
        beside = self.path / f".writing-{run:06d}-{shape.table}-{shape.half}.parquet"
        connection.execute(f"COPY ({query}) TO {quote_text(beside)} ({PARQUET})")
        first = None if shape.half == "ended" else before.rows
        rows = iterate_rows(beside, shape.columns, first)
        chain = extend_chain(before, shape.table, shape.half, rows)
        segment = replace(shape, first=before.rows, rows=chain.rows - before.rows)
        return self._keep_file(beside, segment, run), chain

    def _keep_file(self, beside: Path, segment: Segment, run: int) -> Segment:
        """Give a written file its name; it is on the disk then."""
        sync_path(beside)
        digest = file_sha256(beside)
        name = f"{run:06d}-{segment.table}-{segment.half}-{digest[:12]}.parquet"
        size = beside.stat().st_size
        os.replace(beside, self.path / name)
        return replace(segment, file=name, size=size, sha256=digest)

    def merge_segments(
        self, connection: duckdb.DuckDBPyConnection, manifest: Manifest, run: int
    ) -> Manifest:
        """Merge the newest segments of a table where many small ones lie side by side; no row changes."""
        merged: list[Segment] = []
        key = {(item.table, item.half): None for item in manifest.segments}
        for table, half in key:
            chosen = manifest.segments_of(table, half)
            while place := _choose_merged(chosen):
                start, end = place
                together = self._merge_files(connection, chosen[start:end], run)
                chosen = [*chosen[:start], together, *chosen[end:]]
            merged += chosen
        return replace(manifest, segments=tuple(merged))

    def _merge_files(
        self, connection: duckdb.DuckDBPyConnection, segments: Sequence[Segment], run: int
    ) -> Segment:
        first = segments[0]
        beside = self.path / f".writing-{run:06d}-{first.table}-{first.half}-merged.parquet"
        connection.execute(
            f"COPY (SELECT * FROM {self._read_files(segments)}) TO {quote_text(beside)} ({PARQUET})"
        )
        rows = sum(segment.rows for segment in segments)
        return self._keep_file(beside, replace(first, rows=rows), run)

    def remove_unused(self, used: set[str]) -> None:
        """Remove segments that no release names any more, and what killed runs have left.

        A reader may still be at one that the last pruning has left out: so each is listed once before it goes.
        """
        listed = self.path / "unused"
        before = set(listed.read_text("utf-8").split()) if listed.exists() else set[str]()
        now = {file.name for file in self.path.glob("*.parquet")} - used
        for name in now & before:
            (self.path / name).unlink(missing_ok=True)
        rest = sorted(now - before)
        if rest:
            listed.write_text("\n".join(rest) + "\n", encoding="utf-8")
        else:
            listed.unlink(missing_ok=True)


def iterate_rows(
    file: Path, columns: Mapping[str, str], first: int | None
) -> Iterator[pyarrow.RecordBatch]:
    """The hashed columns of a segment's rows. ValueError if the places do not count up from `first`, where one is
    given.
    """
    import numpy
    import pyarrow.parquet

    hashed = [*columns]
    with pyarrow.parquet.ParquetFile(file) as opened:
        for batch in opened.iter_batches(columns=list({**dict.fromkeys(hashed), "place": None})):
            if first is not None:
                places = integer_values(batch.column("place"))
                if not numpy.array_equal(places, numpy.arange(first, first + len(places))):
                    raise ValueError(f"{file.name}: its rows do not stand at their places")
                first += len(places)
            yield batch.select(hashed)


def extend_chain(
    before: Chain, table: str, half: str, batches: Iterable[pyarrow.RecordBatch]
) -> Chain:
    """A half's chain with the chapters of these rows."""
    for _run, rows, digest in hash_chapters(table, half, batches):
        before = before.extend(rows, digest)
    return before


class _Changes(NamedTuple):
    """How many rows of a table a run has added, how many kept ones it ended, and how many of its own."""

    added: int
    ended: int
    ended_at_once: int


def _count_changes(
    connection: duckdb.DuckDBPyConnection, name: str, is_bitemporal: bool
) -> _Changes:
    own_ends = "count(known_to)" if is_bitemporal else "0"
    (counts,) = connection.execute(
        f"SELECT count(*), (SELECT count(*) FROM ended.{name}), {own_ends} FROM added.{name}"
    ).fetchall()
    return _Changes(*counts)


def _place_rows(source: str, order: Iterable[str], first: int = 0) -> str:
    """The query of a table's rows in the order of these columns, with their places from `first` on."""
    return f"""
        SELECT CAST(row_number() OVER () - 1 + {first} AS BIGINT) AS place, *
        FROM (SELECT * FROM {source} ORDER BY {tables.name_columns(order)})"""


def _without_end(columns: Mapping[str, str]) -> dict[str, str]:
    return {name: kind for name, kind in columns.items() if name != tables.KNOWN_TO}


def _size_class(rows: int) -> int:
    """0 for small segments; each further class holds 16 times as many rows."""
    number, bound = 0, SMALL
    while rows >= bound:
        number, bound = number + 1, bound * MERGED_AT
    return number


def _merging_shape(segment: Segment) -> tuple[object, ...]:
    """What neighbours have in common that can become one."""
    return _size_class(segment.rows), segment.columns, segment.keyed


def _begun_shape(name: str, stored: Mapping[str, str]) -> Segment:
    """A segment of a table's rows, not yet written."""
    keyed = bool(tables.key_expression(name, stored))
    return Segment(table=name, half="begun", columns=stored, keyed=keyed)


def _list_stored(shape: Segment) -> str:
    """The columns of such a segment's file, for SQL."""
    listed = tables.name_columns(["place", *shape.columns])
    key = tables.key_expression(shape.table, shape.columns)
    return f"{listed}, {key} AS key" if shape.keyed else listed


def has_wrong_key(file: Path, segment: Segment) -> bool:
    """Whether a segment holds a key that does not follow from its row, or none: keys are in no hash."""
    if not segment.keyed:
        return False
    import duckdb

    key = tables.key_expression(segment.table, segment.columns)
    wrong = (
        f"SELECT 1 FROM read_parquet({quote_text(file)}) WHERE key IS DISTINCT FROM {key} LIMIT 1"
    )
    with closing(open_database()) as connection:
        try:
            return bool(connection.execute(wrong).fetchall())
        except duckdb.BinderException:  # no such column
            return True


def _choose_merged(segments: Sequence[Segment]) -> tuple[int, int] | None:
    """From where to where the segments should become one: 16 neighbours of one size class, with the same columns."""
    start = 0
    for end, segment in enumerate(segments, 1):
        first = segments[start]
        if _merging_shape(segment) != _merging_shape(first):
            start = end - 1
        elif end - start >= MERGED_AT:
            return start, end
    return None
