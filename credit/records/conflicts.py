"""Rows of one load that contradict each other: one decision of one party, with one number, twice with different
content. It is unknown which one is valid, so none is accepted; each is an issue until the file has one version.

A row that is known already is no contradiction: a new row with its number is its correction (excluded_records.sql).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from double_random.intake import reasons

if TYPE_CHECKING:
    import duckdb
    import polars

    from double_random.intake.file_reading import FileReading
    from double_random.intake.layouts import Layout
    from double_random.store.releases import Draft


def set_aside_conflicts(connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    """Move contradicting rows from `incoming` to `contradicting`; returns their number by reading. `known_records` has
    the rows of `incoming` that are known.
    """
    for sql in (CONTRADICTING, TAKE_OUT):
        connection.execute(sql)
    return dict(
        connection.execute(
            "SELECT reading, count(*) FROM contradicting GROUP BY reading"
        ).fetchall()
    )


# The first step compares numbers alone: few documents occur twice, so few whole rows are held in memory.
CONTRADICTING = """
CREATE OR REPLACE TEMP TABLE contradicting AS
WITH twice AS (
    SELECT class, document_key FROM incoming
    WHERE copy = 1 AND class IN ('penalty', 'sanction') AND document_key IS NOT NULL
    GROUP BY class, document_key HAVING count(*) > 1
), candidates AS (
    SELECT i.* FROM incoming AS i
    SEMI JOIN twice AS t ON t.class = i.class AND t.document_key = i.document_key
    WHERE i.copy = 1
), new AS (
    SELECT c.* FROM candidates AS c
    ANTI JOIN (SELECT record FROM known_records WHERE known_to IS NULL) AS k ON k.record = c.record
)
SELECT a.*
FROM new AS a
SEMI JOIN new AS b
  ON b.class = a.class AND b.document_key = a.document_key AND b.record <> a.record
 AND (b.code = a.code OR b.folded = a.folded)
 AND b.personal = a.personal AND NOT (a.personal AND a.licence <> b.licence)
"""

TAKE_OUT = """
DELETE FROM incoming WHERE copy = 1 AND record IN (SELECT record FROM contradicting)
"""


def build_conflict_issues(
    release: Draft, readings: Sequence[FileReading], shapes: Sequence[Layout]
) -> polars.DataFrame:
    """An issue for each contradicting row, at its document number."""
    import polars

    from double_random.intake.file_reading import issue_schema
    from double_random.intake.layouts import find_heading

    conflicting = release.frame("SELECT * FROM contradicting ORDER BY reading, sheet, row")
    rows = []
    for reading_no, sheet, row, document, name in conflicting.select(
        "reading", "sheet", "row", "document", "name"
    ).iter_rows():
        reading = readings[reading_no]
        column = find_heading(shapes, reading.layout, "document")
        origin = (reading.file, reading.sha256, sheet, row, column)
        rows.append((*origin, document, reasons.DOCUMENT_TWICE, name, "quarantined"))
    return polars.DataFrame(rows, schema=issue_schema(), orient="row")
