"""The release of an earlier version, one DuckDB file, written as segments: by the first run after it."""

from __future__ import annotations

from contextlib import closing
from importlib.resources import files
from typing import TYPE_CHECKING

from double_random.store import memory_limit, tables
from double_random.store.database import open_database, quote_text
from double_random.store.manifest import Manifest
from double_random.store.older_release_hash import BEGUN, DIGESTS, KEPT_ONCE, LATER

if TYPE_CHECKING:
    from double_random.store.release_files import ReleaseFiles

SCORES = ("scores", "score_lines")  # one row for each policy, day and institution; histories now


def convert_release(releases: ReleaseFiles, name: str) -> Manifest:
    """Write the rows of an earlier version's release as segments; its manifest, of no release yet.

    Every row keeps its runs. Scores, which were written anew for each day, become histories (credit/schema.sql).
    """
    config = memory_limit.database_config(releases.home, releases.folder / ".writing.older")
    with closing(open_database(config=config)) as connection:
        connection.execute(f"ATTACH {quote_text(releases.file(name))} AS older (READ_ONLY)")
        left_out = {*DIGESTS, *KEPT_ONCE, *LATER}  # of the hash itself, and derived rows
        columns_of = tables.columns_by_table(connection, "main", "older")
        shapes = {name: columns_of[name] for name in columns_of if name not in left_out}
        for history, query in HISTORIES.items():
            source = "scores" if history != "score_line_history" else "score_lines"
            if source in shapes:
                connection.execute(f"CREATE TABLE {history} AS {query}")
        given = tables.columns_by_table(connection)
        sources = {f"older.main.{table}": (table, columns) for table, columns in shapes.items()}
        sources |= {f"main.{table}": (table, columns) for table, columns in given.items()}
        manifest = Manifest(views=_score_views() if "scores" in shapes else {})
        for source, (table, columns) in sorted(sources.items(), key=lambda pair: pair[1][0]):
            if table not in SCORES:
                manifest = releases.segments.write_whole_table(
                    connection, manifest, table, columns, source, _run_column(columns)
                )
        return manifest


def _score_views() -> dict[str, str]:
    """The views by which scores are read; their text alone is used here."""
    schema = files("double_random.credit").joinpath("schema.sql")
    return tables.list_defined_views(schema.read_text("utf-8"))


def _run_column(columns: dict[str, str]) -> str:
    return next(name for name in BEGUN if name in columns)


# The runs of a policy's content in order; a row that stands in several runs one after the other is one row of history.
_ISLANDS = """
WITH runs AS (
    SELECT policy, edition, run, row_number() OVER (PARTITION BY policy, edition ORDER BY run) AS step
    FROM (SELECT DISTINCT policy, edition, run FROM older.main.scores)
), rows AS (
    SELECT {columns}, step, row_number() OVER (PARTITION BY {columns}, step) AS copy
    FROM older.main.{table} JOIN runs USING (policy, edition, run)
), islands AS (
    SELECT {columns}, min(step) AS first, max(step) AS last FROM (
        SELECT *, step - row_number() OVER (PARTITION BY {columns}, copy ORDER BY step) AS island FROM rows
    ) GROUP BY {columns}, copy, island
)
SELECT {shown}, CAST(f.run AS INTEGER) AS known_from, CAST(t.run AS INTEGER) AS known_to
FROM islands AS i
JOIN runs AS f ON f.policy = i.policy AND f.edition = i.edition AND f.step = i.first
LEFT JOIN runs AS t ON t.policy = i.policy AND t.edition = i.edition AND t.step = i.last + 1
"""


def _history_query(table: str, columns: str) -> str:
    shown = ", ".join(f"i.{name}" for name in columns.split(", "))
    return _ISLANDS.format(table=table, columns=columns, shown=shown)


HISTORIES = {
    "score_days": "SELECT DISTINCT policy, edition, as_of, run FROM older.main.scores",
    "score_history": _history_query("scores", "policy, edition, institution, points, grade"),
    "score_line_history": _history_query(
        "score_lines", "policy, edition, institution, part, rule, number, points, reference"
    ),
}
