"""The reading position of a live source (读取位置), and which decisions it gave. Stored in the release.

So after a killed run the next one begins at the end of the last complete run, and a full read finds the decisions
that the source does not have any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.intake.database import DatabaseSource, QueryRows
from double_random.intake.file_reading import FileReading
from double_random.store.frames import has_table
from double_random.store.tables import end_where

if TYPE_CHECKING:
    import duckdb
    import polars

    from double_random.store.home import Home


@dataclass(frozen=True)
class LiveSource:
    """A live source and the result of reading it in this run."""

    source: DatabaseSource
    fetched: QueryRows
    full: bool
    file: Path | None  # None: nothing new

    @property
    def is_complete(self) -> bool:
        """Whether the run has read all rows of the source."""
        return self.full or not self.source.watermark or not self.fetched.since


def fetch_source(home: Home, file: Path, full: bool, folder: Path) -> LiveSource:
    """Fetch the new rows of a source (all of them if `full`) and write them as a file into a folder."""
    source = DatabaseSource.read(file)
    since, seen = _load_state(home, source.name)
    fetched = source.fetch("" if full else since)
    rows = fetched.rows
    if fetched.since and seen is not None and rows.height:
        rows = rows.join(seen, on=rows.columns, how="anti", nulls_equal=True, maintain_order="left")
        fetched = QueryRows(rows, fetched.tail, fetched.watermark, fetched.since)
    written = fetched.write(folder / f"{source.name}.csv") if rows.height or not since else None
    return LiveSource(source, fetched, full, written)


def check_layout(live: LiveSource, readings: Sequence[FileReading]) -> None:
    """Misuse if the rows were read by another layout than the source file states."""
    for reading in readings:
        from_source = (
            live.file is not None and reading.source == live.file and reading.result == "read"
        )
        if from_source and reading.layout != live.source.layout:
            raise Misuse(
                _("{source}: its columns are those of {found}, not of {layout}").format(
                    source=live.source.name, found=reading.layout, layout=live.source.layout
                ),
                _("name the columns in the query as the layout does: SELECT name AS XK_XDR_MC …"),
            )


def record_progress(
    connection: duckdb.DuckDBPyConnection, live: LiveSource, reading_number: int, run: int
) -> None:
    """Record how far the source was read and which decisions it gave (reading number `place`; -1: none)."""
    name, mark = live.source.name, live.fetched.watermark
    tail = live.fetched.tail.write_csv()
    new_mark = {"source": name, "mark": mark, "tail": tail}
    end_where(connection, "watermarks", MARK_ENDED, run, new_mark)
    connection.execute(MARK_ADDED, {**new_mark, "run": run})
    parameters = {"source": name, "file": str(reading_number), "run": run}
    connection.execute(GIVEN, parameters)


def end_missing_decisions(
    connection: duckdb.DuckDBPyConnection, live: LiveSource, reading_number: int, run: int
) -> int:
    """End the decisions that a complete read of their source does not contain any more; returns their number."""
    if not live.is_complete:
        return 0
    at = {"source": live.source.name, "file": str(reading_number)}
    connection.execute(GONE, at)
    is_gone = "decision IN (SELECT decision FROM gone_away)"
    end_where(connection, "decisions", is_gone, run)
    if has_table(connection, "practitioner_decisions"):
        end_where(connection, "practitioner_decisions", is_gone, run)
    by_source = {"source": live.source.name}
    end_where(connection, "given", f"source = $source AND {is_gone}", run, by_source)
    ((count,),) = connection.execute("SELECT count(*) FROM gone_away").fetchall()
    return int(count)


def _load_state(home: Home, name: str) -> tuple[str, polars.DataFrame | None]:
    """The watermark up to which a source was read, and the rows read near it."""
    import io

    import polars

    if home.releases.current() is None:
        return "", None
    with home.releases.read() as release:
        if not release.has("watermarks"):
            return "", None
        marks = release.connection.execute(
            "SELECT mark, tail FROM watermarks WHERE source = ? AND known_to IS NULL", [name]
        ).fetchall()
    if not marks:
        return "", None
    ((mark, tail),) = marks
    return mark, polars.read_csv(io.StringIO(tail), infer_schema=False) if tail.strip() else None


MARK_ENDED = "source = $source AND (mark <> $mark OR tail <> $tail)"

MARK_ADDED = """
INSERT INTO added.watermarks
SELECT $source, $mark, $tail, $run, NULL
WHERE $source NOT IN (SELECT source FROM watermarks WHERE known_to IS NULL)
"""

GIVEN = """
INSERT INTO added.given
SELECT DISTINCT $source, decision, CAST($run AS INTEGER), CAST(NULL AS INTEGER) FROM came
WHERE file = $file
    AND decision NOT IN (SELECT decision FROM given WHERE source = $source AND known_to IS NULL)
ORDER BY decision
"""

GONE = """
CREATE OR REPLACE TEMP TABLE gone_away AS
SELECT decision FROM given
WHERE source = $source AND known_to IS NULL AND decision NOT IN (SELECT decision FROM came WHERE file = $file)
    AND decision NOT IN (SELECT decision FROM given WHERE source <> $source AND known_to IS NULL)
"""
