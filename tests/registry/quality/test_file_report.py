"""A run's report on its files: every row is accounted for, and a repetition is recognised."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from typing import Any

import duckdb
import polars
import pytest

from double_random.intake import reasons
from double_random.intake.file_reading import FileReading, issue_schema
from double_random.registry.quality import file_report
from double_random.registry.quality.file_report import FileReport, KindChange, RunEffect, RunReport
from double_random.store.tables import create_tables


def reading(**said: Any) -> FileReading:
    """Ten rows of permits: seven accepted, one duplicate, two quarantined."""
    values: dict[str, Any] = {
        "file": "许可.csv", "sha256": "a" * 64, "result": "read", "reason": "", "layout": "permits-2018",
        "rows": 10, "accepted": 7, "duplicates": 1, "quarantined": 2,
        "tables": {"permits": polars.DataFrame()}, "issues": polars.DataFrame(schema=issue_schema()),
    }  # fmt: skip
    return FileReading(**(values | said))


def counts(file: FileReport) -> tuple[int, int, int, int]:
    return file.rows, file.accepted, file.duplicates, file.quarantined


def test_copies_and_waiting_rows_are_no_longer_accepted() -> None:
    file = FileReport.from_reading(reading(), ("permits",), copies=2, waiting=1)
    assert (file.result, file.layout) == ("read", "permits-2018")
    assert counts(file) == (10, 4, 3, 3)


def test_a_file_of_another_command_counts_no_row() -> None:
    file = FileReport.from_reading(reading(reason="示例"), ("penalties",))
    assert (file.result, counts(file), file.reason) == ("other", (0, 0, 0, 0), "示例")
    assert (
        FileReport.from_reading(reading(reason="示例"), ("penalties",), tell_other=False).reason
        == ""
    )
    letter = reading(reason=reasons.NO_TABLE, result="other", tables={})
    assert (
        FileReport.from_reading(letter, ("permits",), tell_other=False).reason == reasons.NO_TABLE
    )


def test_a_refused_file_has_no_layout() -> None:
    file = FileReport.from_reading(
        reading(result="refused", reason=reasons.EMPTY_FILE), ("permits",)
    )
    assert (file.result, file.layout, file.reason) == ("refused", "", reasons.EMPTY_FILE)


def test_a_row_that_is_lost_is_an_error() -> None:
    with pytest.raises(AssertionError, match="lost or counted twice"):
        replace(FileReport.from_reading(reading(), ("permits",)), accepted=6)


def test_a_run_without_a_table_is_told_from_one_with() -> None:
    letter = FileReport.from_reading(
        reading(reason=reasons.NO_TABLE, result="other", tables={}), ("permits",)
    )
    assert file_report.has_no_table([]) and file_report.has_no_table([letter])
    assert not file_report.has_no_table([letter, FileReport.from_reading(reading(), ("permits",))])


def test_the_answer_of_a_run_hides_hashes_and_layouts() -> None:
    refused = FileReport.from_reading(reading(file="坏.xlsx", result="refused"), ("permits",))
    report = RunReport(
        "000001-0123456789ab", (FileReport.from_reading(reading(), ("permits",)), refused)
    )
    assert report.refused == (refused,)
    answer = report.json()
    assert answer["release"] == "000001-0123456789ab" and "effect" not in answer
    assert list(answer["files"][0]) == [
        "file", "result", "rows", "accepted", "duplicates", "quarantined", "reason",
    ]  # fmt: skip
    effect = RunEffect((KindChange("law_firm", 3, 2, 0, 1),), ("示例",))
    assert replace(report, effect=effect).json()["effect"] == {
        "kinds": [{"kind": "law_firm", "before": 3, "after": 2, "opened": 0, "closed": 1}],
        "doubts": ["示例"],
    }


def test_the_same_files_with_the_same_counts_were_reported_before() -> None:
    connection = duckdb.connect(":memory:")
    schema = files("double_random.store").joinpath("schema.sql")
    create_tables(connection, schema.read_text("utf-8"))
    connection.execute("INSERT INTO added.runs VALUES (1, 'sync', '2016-12-31')")
    file = FileReport.from_reading(reading(), ("permits",))
    issues = polars.DataFrame(
        [{"file": "许可.csv", "sha256": "a" * 64, "reason": "示例", "severity": "noted"}],
        schema=issue_schema(),
    )
    file_report.insert_report(connection, 1, (file,), issues)
    assert connection.execute('SELECT run, row, "column", reason FROM issues').fetchall() == [
        (1, 0, "", "示例")
    ]
    assert file_report.was_reported(connection, "sync", (file,))
    assert not file_report.was_reported(connection, "load", (file,))
    assert not file_report.was_reported(connection, "sync", (replace(file, rows=11, accepted=8),))
    connection.execute("INSERT INTO added.undone VALUES (1, 2)")
    assert not file_report.was_reported(connection, "sync", (file,))
