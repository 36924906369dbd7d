"""The result of reading one file, and of one that was not read."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from double_random.intake import reasons
from double_random.intake.file_reading import empty_reading, issue_schema


def test_a_file_that_was_not_read_counts_no_row() -> None:
    source = Path("示例/许可.csv")
    reading = empty_reading("许可.csv", "a" * 64, source, reasons.EMPTY_FILE)
    assert (reading.result, reading.reason, reading.source) == (
        "refused", reasons.EMPTY_FILE, source,
    )  # fmt: skip
    assert (reading.rows, reading.accepted, reading.duplicates, reading.quarantined) == (0, 0, 0, 0)
    assert reading.tables == {} and reading.issues.schema == pl.Schema(issue_schema())


def test_a_letter_is_left_alone_and_not_refused() -> None:
    assert empty_reading("信.docx", "", Path(), reasons.NO_TABLE, "other").result == "other"


def test_two_readings_are_compared_by_their_counts_and_not_by_their_source() -> None:
    one = empty_reading("许可.csv", "a" * 64, Path("甲"), reasons.EMPTY_FILE)
    assert one == empty_reading("许可.csv", "a" * 64, Path("乙"), reasons.EMPTY_FILE)
    assert one != empty_reading("许可.csv", "b" * 64, Path("甲"), reasons.EMPTY_FILE)
