"""How far a live source was read, and which decisions came from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars
import pytest

from double_random.core.errors import Misuse
from double_random.intake.database import DatabaseSource, QueryRows
from double_random.intake.file_reading import empty_reading
from double_random.registry.sync import sources
from double_random.registry.sync.sources import LiveSource

SOURCE = DatabaseSource(
    name="示例",
    connection="TEST_APPROVALS",
    query="SELECT 1",
    layout="permits-2018",
    watermark="changed",
)
MARK = "SELECT mark, known_from, known_to FROM watermarks ORDER BY known_from"


def live(
    mark: str = "", since: str = "", full: bool = False, file: Path | None = None
) -> LiveSource:
    """A source as a run has read it up to a mark."""
    rows = polars.DataFrame({"name": ["示例甲"]})
    return LiveSource(SOURCE, QueryRows(rows, rows, mark, since), full, file)


@pytest.fixture
def came(register, permit):
    """A register with two decisions, which the file number 0 has brought."""
    other = permit("上海示例乙律师事务所", uscc="31310000XXXX00002B", licence="2", document="第2号")
    register.night(permits=[permit(), other])
    return register


def test_the_mark_of_each_run_ends_the_one_before(came):
    sources.record_progress(came.connection, live("5"), 0, 1)
    sources.record_progress(came.connection, live("5"), 0, 2)
    sources.record_progress(came.connection, live("7"), 0, 3)
    assert came.connection.execute(MARK).fetchall() == [("5", 1, 3), ("7", 3, None)]
    assert came.connection.execute("SELECT count(*) FROM given").fetchall() == [(2,)]


def test_a_whole_read_ends_what_the_source_has_no_more(came):
    sources.record_progress(came.connection, live("5"), 0, 1)
    came.connection.execute("DELETE FROM came WHERE decision = (SELECT min(decision) FROM came)")
    assert sources.end_missing_decisions(came.connection, live("7", since="5"), 0, 2) == 0, (
        "only news were read"
    )
    assert sources.end_missing_decisions(came.connection, live("7", full=True), 0, 2) == 1
    for table in ("decisions", "given"):
        sql = f"SELECT count(*) FROM {table} WHERE known_to = 2"
        assert came.connection.execute(sql).fetchall() == [(1,)]


def test_a_decision_that_another_source_still_has_stays(came):
    sources.record_progress(came.connection, live("5"), 0, 1)
    another = replace(live("5"), source=replace(SOURCE, name="另一示例"))
    sources.record_progress(came.connection, another, 0, 1)
    came.connection.execute("DELETE FROM came")
    assert sources.end_missing_decisions(came.connection, live("7", full=True), 0, 2) == 0


@pytest.mark.parametrize(
    ("full", "watermark", "since", "whole"),
    [
        (True, "changed", "5", True),
        (False, "", "5", True),
        (False, "changed", "", True),
        (False, "changed", "5", False),
    ],
)
def test_a_read_is_whole_unless_it_began_at_a_mark(full, watermark, since, whole):
    source = replace(SOURCE, watermark=watermark)
    assert replace(live(since=since, full=full), source=source).is_complete is whole


def test_rows_of_another_layout_are_refused(tmp_path):
    file = tmp_path / "示例.csv"
    right = replace(empty_reading("示例.csv", "", file, ""), result="read", layout="permits-2018")
    sources.check_layout(live(file=file), [right])
    sources.check_layout(
        live(file=file), [replace(right, layout="penalties-2018", source=Path("other"))]
    )
    with pytest.raises(
        Misuse, match="its columns are those of penalties-2018, not of permits-2018"
    ):
        sources.check_layout(live(file=file), [replace(right, layout="penalties-2018")])
