"""Guard rails of a sync: the effect of a run on the register, and whether a person must confirm it first.

A broken source looks like a day on which many institutions closed, or on which nothing happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from double_random.core.errors import Stopped
from double_random.core.translation import _, join_clauses, join_words
from double_random.intake.reasons import NO_TABLE
from double_random.registry.quality.file_report import (
    FileReport,
    KindChange,
    RunEffect,
    RunReport,
    has_no_table,
)
from double_random.store.frames import has_table
from double_random.store.sql_files import read_sql

if TYPE_CHECKING:
    import duckdb


CLOSING = 5  # percent of a kind's institutions in practice; a single closure is never an error of the source
HALVED = 10  # a file that had at least this many rows and now has fewer than half


class SyncBlocked(Stopped):
    """A run that was stopped; `report` contains its effect. One without a table cannot be accepted."""

    def __init__(self, report: RunReport, effect: RunEffect) -> None:
        super().__init__(
            join_clauses(effect.doubts),
            _("nothing was changed; give the bureau's tables, as XLSX or CSV")
            if has_no_table(report.files)
            else _(
                "nothing was changed; look at it with --dry-run, and where it is right, say --accept"
            ),
        )
        self.report = report


def measure_effect(
    connection: duckdb.DuckDBPyConnection,
    run: int,
    as_of: date,
    files: Sequence[FileReport],
    rows: int,
    is_complete: bool = True,
) -> RunEffect:
    """The effect of the run on the open release so far. `rows`: how many rows all its files contain.

    `whole`: each file is a complete list; if a source gives only changes, few or no rows are normal.
    """
    changes = _measure_changes(connection, "institutions", run, as_of)
    doubts = [
        _("{closed} of {before} institutions of the kind {kind} would close").format(**vars(change))
        for change in changes
        if _is_doubtful(change)
    ]
    if has_table(connection, "practitioners"):
        persons = _measure_changes(connection, "practitioners", run, as_of)
        doubts += [
            _("{closed} of {before} practitioners of the kind {kind} would end").format(
                **vars(change)
            )
            for change in persons
            if _is_doubtful(change)
        ]
        changes += persons
    if is_complete:
        if not rows and all(file.result != "refused" for file in files):
            doubts.insert(0, explain_no_rows(files))
        before = dict(connection.execute(ROWS_BEFORE).fetchall())
        doubts += [
            _("{file} has {rows} rows, and had {before} when it was last read").format(
                file=file.file, rows=file.rows, before=before[file.file]
            )
            for file in files
            if file.result == "read" and before.get(file.file, 0) >= max(HALVED, file.rows * 2 + 1)
        ]
    return RunEffect(changes, tuple(doubts))


def _measure_changes(
    connection: duckdb.DuckDBPyConnection, table: str, run: int, as_of: date
) -> tuple[KindChange, ...]:
    """The effect of the run on each kind of the institutions or practitioners."""
    sql = read_sql("registry.sync", "changed_counts").replace("FROM institutions", f"FROM {table}")
    rows = connection.execute(sql, {"run": run, "day": as_of}).fetchall()
    return tuple(KindChange(*row) for row in rows)


def _is_doubtful(change: KindChange) -> bool:
    return change.closed > 1 and change.closed * 100 > change.before * CLOSING


def explain_no_rows(files: Sequence[FileReport]) -> str:
    """The message for a run without any row: which of its files are not tables."""
    names = [file.file for file in files if file.reason == NO_TABLE]
    if names:
        return _("not tables: {files}; the sources bring no row at all").format(
            files=join_words(names)
        )
    return _("the sources bring no row at all")


ROWS_BEFORE = """
WITH reads AS (
    SELECT f.file, f.run, f.rows FROM files f JOIN runs r ON r.run = f.run
    WHERE r.kind = 'sync' AND f.result = 'read' AND f.run NOT IN (SELECT run FROM undone)
    QUALIFY rank() OVER (PARTITION BY f.file ORDER BY f.run DESC) = 1
)
SELECT file, max(rows) FROM reads GROUP BY file
"""
