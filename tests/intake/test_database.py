"""A live source: its file, and the rows of its query that are new, as text."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from double_random.core.errors import Misuse
from double_random.intake.database import DatabaseSource, QueryRows

FILE = """connection = "TEST_APPROVALS"
query = "SELECT name, changed FROM approvals"
layout = "permits-2018"
watermark = "changed"
"""


@pytest.fixture
def source(tmp_path: Path) -> DatabaseSource:
    (tmp_path / "审批.toml").write_text(FILE, "utf-8")
    return DatabaseSource.read(tmp_path / "审批.toml")


class Cursor:
    """A cursor that answers every query with the same rows and remembers what it was asked."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self.rows = rows
        self.asked: list[tuple[str, Any]] = []

    def execute(self, sql: str, parameters: Any = None) -> None:
        self.asked.append((sql, parameters))

    def fetch_arrow_table(self) -> Any:
        last = self.asked[-1][0]
        return (self.rows.clear() if "LIMIT 0" in last else self.renamed()).to_arrow()

    def renamed(self) -> pl.DataFrame:
        return self.rows.rename({"changed": "watermark of the row"}, strict=False)


def test_a_source_file_names_its_query_and_layout(source: DatabaseSource) -> None:
    assert (source.name, source.layout, source.overlap) == ("审批", "permits-2018", 600)


def test_a_source_file_that_lacks_a_key_names_it(tmp_path: Path) -> None:
    (tmp_path / "审批.toml").write_text('connection = "X"\nquery = "SELECT 1"\n', "utf-8")
    with pytest.raises(Misuse, match=r"审批.toml cannot be read: .*layout is missing"):
        DatabaseSource.read(tmp_path / "审批.toml")


def test_without_an_address_the_variable_is_named(
    source: DatabaseSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEST_APPROVALS", raising=False)
    with pytest.raises(Misuse, match="审批: the environment has no TEST_APPROVALS"):
        source.fetch("")


@pytest.mark.parametrize(
    ("older", "newest", "mark", "since"),
    [
        (10, 1000, '{"number": 1000}', 400),
        (date(2016, 1, 1), date(2016, 1, 9), '{"day": "2016-01-09"}', date(2016, 1, 8)),
        (
            datetime(2016, 1, 9, 8),
            datetime(2016, 1, 9, 12),
            '{"time": "2016-01-09T12:00:00"}',
            datetime(2016, 1, 9, 11, 50),
        ),
    ],
)
def test_the_newest_watermark_less_the_overlap_is_where_the_next_run_begins(
    source: DatabaseSource, older: Any, newest: Any, mark: str, since: Any
) -> None:
    cursor = Cursor(pl.DataFrame({"name": ["甲", "乙"], "changed": [older, newest]}))
    fetched = source._fetch_rows(cursor, "")
    assert fetched.watermark == mark and fetched.rows.columns == ["name"]
    assert fetched.tail["name"].to_list() == ["乙"]
    assert cursor.asked[-1][1] is None and "WHERE" not in cursor.asked[-1][0]
    source._fetch_rows(cursor, mark)
    sql, parameters = cursor.asked[-1]
    assert 'WHERE "changed" >= $1' in sql and parameters == [since]


def test_without_a_watermark_everything_is_read_every_time(source: DatabaseSource) -> None:
    cursor = Cursor(pl.DataFrame({"name": ["甲"]}))
    fetched = replace(source, watermark="")._fetch_rows(cursor, "")
    assert (fetched.rows.height, fetched.tail.height, fetched.watermark) == (1, 0, "")


def test_a_watermark_of_another_type_is_refused(source: DatabaseSource) -> None:
    cursor = Cursor(pl.DataFrame({"name": ["甲"], "changed": ["示例"]}))
    with pytest.raises(Misuse, match="a watermark must be a time, a day or a whole number"):
        source._fetch_rows(cursor, "")


def test_rows_are_written_under_their_columns_names(tmp_path: Path) -> None:
    rows = pl.DataFrame({"name": ["示例,甲"], 'a "b"': ["1"]})
    file = QueryRows(rows, rows.clear(), "", "").write(tmp_path / "审批.csv")
    with file.open(encoding="utf-8", newline="") as lines:
        assert list(csv.DictReader(lines)) == rows.to_dicts()
