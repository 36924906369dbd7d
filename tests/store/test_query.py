"""A free question can read everything in a release and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from double_random.core.errors import Misuse
from double_random.store import query
from double_random.store.home import Home
from double_random.store.query import run_query
from double_random.store.tables import create_tables

FIRMS = """
CREATE TABLE IF NOT EXISTS firms (
    name       TEXT NOT NULL,
    known_from INTEGER NOT NULL
);
"""


@pytest.fixture
def filled(home: Home) -> Home:
    with home.releases.write("sync", date(2016, 12, 31)) as draft:
        create_tables(draft.connection, FIRMS)
        draft.connection.execute("INSERT INTO added.firms VALUES ('示例', 1)")
    return home


def test_an_answer_without_end_is_stopped(filled: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """D-033: whoever forgot a condition waited for all memory to be taken; `--memory` lifts the bound."""
    monkeypatch.setattr(query, "LARGEST", 1 << 20)
    with pytest.raises(Misuse, match="larger than 1 MB") as refused:
        run_query(filled, "SELECT * FROM range(1000000)")
    assert "--memory" in refused.value.hint
    assert run_query(filled, "SELECT * FROM range(10)").height == 10
    monkeypatch.setenv("DOUBLE_RANDOM_MEMORY", "1GB")
    assert run_query(filled, "SELECT * FROM range(1000000)").height == 1000000


def test_a_question_is_answered(filled: Home) -> None:
    assert run_query(filled, "SELECT name FROM firms").rows() == [("示例",)]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "  ",
        "-- nothing but a comment",
        "SELECT 1; SELECT 2",
        "BEGIN",
        "CREATE TEMP TABLE x AS SELECT 1",
        "ATTACH ':memory:' AS other",
        "SET memory_limit = '1GB'",
        "SET threads = 1",
        "PRAGMA threads = 1",
        "SELECT error('as asked')",
        "SELECT FROM",
        "SELECT * FROM nowhere",
        "DROP TABLE firms",
        "SET enable_external_access = true",
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY firms TO '/tmp/double-random-must-not-exist.csv'",
        "SELECT '\udcff'",  # a byte that is no UTF-8, as a shell passes it
    ],
)
def test_what_is_no_reading_is_refused_plainly(filled: Home, query: str) -> None:
    with pytest.raises(Misuse):
        run_query(filled, query)
    assert run_query(filled, "SELECT count(*) AS n FROM firms").rows() == [(1,)]
    assert not Path("/tmp/double-random-must-not-exist.csv").exists()


def test_a_query_fetches_no_extension_from_the_network(filled: Home) -> None:
    """D-036: the program opens no connection, whatever function a query names."""
    settings = "SELECT value FROM duckdb_settings() WHERE name LIKE 'auto%known_extensions'"
    assert set(run_query(filled, settings)["value"]) == {"false"}
    with pytest.raises(Misuse) as said:
        run_query(filled, "SELECT * FROM sqlite_scan('x', 'y')")
    assert "automatically install" not in said.value.message


def test_columns_of_one_name_are_all_there(filled: Home) -> None:  # D-036
    asked = run_query(filled, "SELECT f.name, g.name, 1 AS name_1, 2 AS name FROM firms f, firms g")
    assert asked.columns == ["name", "name_2", "name_1", "name_3"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("INTERVAL 1 DAY", "1 day"),
        ("[INTERVAL 1 DAY]", ["1 day"]),
        ("{'a': INTERVAL 2 DAY}", "{'a': 2 days}"),
        ("union_value(a := 1)", "1"),
        ("'101'::BIT", "101"),
        ("1::VARIANT", "1"),
        ("TIMETZ '12:00:00+08'", "12:00:00+08"),
        ("TIMESTAMPTZ '2026-01-01 08:00:00+08'", "2026-01-01 00:00:00+00"),
        ("DATE '99999-01-01'", "99999-01-01"),
        ("DATE '0044-03-15 (BC)'", "0044-03-15 (BC)"),
        ("'infinity'::DATE", "infinity"),
        ("TIMESTAMP '290000-01-01'", "290000-01-01 00:00:00"),
        ("[DATE '99999-01-01']", ["99999-01-01"]),
        ("340282366920938463463374607431768211455::UHUGEINT", str(2**128 - 1)),
        ("170141183460469231731687303715884105727::HUGEINT", str(2**127 - 1)),
        ("DATE '9999-12-31'", date(9999, 12, 31)),
        ("TIME '24:00:00'", "24:00:00"),
        ("TIMESTAMP_NS '2026-01-01 00:00:00.123456789'", "2026-01-01 00:00:00.123456789"),
        ("[TIMESTAMP_NS '2026-01-01 00:00:00.000000001']", ["2026-01-01 00:00:00.000000001"]),
    ],
)
def test_a_value_that_python_has_no_type_for_is_its_text(
    filled: Home, value: str, shown: object
) -> None:  # D-036
    ((found,),) = run_query(filled, f"SELECT {value}").rows()
    assert found == shown


@pytest.mark.parametrize(
    "query", ["SHOW TABLES", "DESCRIBE firms", "SUMMARIZE firms", "EXPLAIN SELECT 1", "FROM firms",
              "PRAGMA table_info('firms')", "PIVOT firms ON name USING count(*)", "-- all\nFROM firms"]
)  # fmt: skip
def test_whatever_reads_is_answered(filled: Home, query: str) -> None:
    assert run_query(filled, query).height > 0
