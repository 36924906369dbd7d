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
    changes = tuple(
        KindChange(*row)
        for row in connection.execute(CHANGES, {"run": run, "day": as_of}).fetchall()
    )
    doubts = [
        _("{closed} of {before} institutions of the kind {kind} would close").format(**vars(change))
        for change in changes
        if change.closed > 1 and change.closed * 100 > change.before * CLOSING
    ]
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


def explain_no_rows(files: Sequence[FileReport]) -> str:
    """The message for a run without any row: which of its files are not tables."""
    names = [file.file for file in files if file.reason == NO_TABLE]
    if names:
        return _("not tables: {files}; the sources bring no row at all").format(
            files=join_words(names)
        )
    return _("the sources bring no row at all")


# Only rows that the run added or ended can open or close an institution: each has one version at a time. An institution
# that only got another id, because its code became known, has not closed.
CHANGES = """
WITH ended AS (
    SELECT id, kind, folded FROM institutions WHERE known_from < $run AND known_to = $run AND {practising}
), brought AS (
    SELECT id, kind FROM institutions WHERE known_from = $run AND known_to IS NULL AND {practising}
), left_over AS (
    SELECT * FROM ended WHERE id NOT IN (SELECT id FROM brought)
), renumbered AS (
    SELECT id, kind, folded FROM left_over
    WHERE id NOT IN (
            SELECT id FROM institutions WHERE known_to IS NULL AND id IN (SELECT id FROM left_over))
        AND (kind, folded) IN (
            SELECT (kind, folded) FROM institutions
            WHERE known_to IS NULL AND {practising} AND folded IN (SELECT folded FROM left_over))
), closed AS (
    SELECT kind, count(*) AS closed FROM left_over WHERE id NOT IN (SELECT id FROM renumbered) GROUP BY kind
), opened AS (
    SELECT kind, count(*) AS opened FROM brought WHERE id NOT IN (SELECT id FROM ended) GROUP BY kind
), kinds AS (
    SELECT kind,
        count(*) FILTER (known_from < $run AND (known_to IS NULL OR known_to >= $run)) AS before,
        count(*) FILTER (known_to IS NULL) AS after
    FROM institutions WHERE {practising} GROUP BY kind
)
SELECT k.kind, k.before, k.after, coalesce(o.opened, 0), coalesce(c.closed, 0)
FROM kinds k LEFT JOIN opened o ON o.kind = k.kind LEFT JOIN closed c ON c.kind = k.kind
WHERE k.before > 0 OR k.after > 0
ORDER BY k.kind
""".replace(
    "{practising}",
    "valid_from <= $day AND (valid_to IS NULL OR valid_to > $day) AND status IN ('active', 'suspended')",
)

ROWS_BEFORE = """
WITH reads AS (
    SELECT f.file, f.run, f.rows FROM files f JOIN runs r ON r.run = f.run
    WHERE r.kind = 'sync' AND f.result = 'read' AND f.run NOT IN (SELECT run FROM undone)
    QUALIFY rank() OVER (PARTITION BY f.file ORDER BY f.run DESC) = 1
)
SELECT file, max(rows) FROM reads GROUP BY file
"""
