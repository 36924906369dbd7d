"""Scoring on another engine: the same scores and lines, from the columns that it is given and no others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from double_random import data
from double_random.core.errors import Stopped
from double_random.credit.policy.loader import read_policy
from double_random.credit.scoring import kept_scores
from double_random.credit.scoring.engine_runner import (
    EVERYBODY,
    SOURCES,
    compute_scores,
    engine_slices,
    load_engine_scores,
)
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord
from double_random.credit.scoring.pipeline import grades_sql
from double_random.credit.scoring.policy_tables import ScoringQuery
from double_random.store.engine.duckdb import DuckDB

DAY = date(2020, 6, 30)
RISK = read_policy(data.path("policies", "risk-100.toml"))
QUESTION = ScoringQuery(DAY, 9)


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    """An engine with a database of its own."""
    with duckdb.connect() as connection:
        yield DuckDB(connection)


def book(kind: str = "fine") -> Casebook:
    made = Casebook()
    made.add_institutions(["示例甲所", "示例乙所"], "law_firm")
    made.add_cases(
        [
            MadeUpRecord(
                institution="示例甲所",
                record_class="penalty",
                decided=date(2020, 1, 1),
                kinds=(kind,),
            )
        ]
    )
    return made


def test_tables_alone_give_scores_and_lines(engine: DuckDB) -> None:
    with book() as known:
        sources = {
            name: known.frame(f"SELECT {columns} FROM {name}") for name, columns in SOURCES.items()
        }
    found = compute_scores(engine, sources, RISK, QUESTION)
    assert found.scores.rows() == [("示例乙所", 100_00, "A"), ("示例甲所", 85_00, "B")]
    lines = found.lines.select("institution", "line", "part", "points").rows()
    assert lines == [
        ("示例乙所", 0, "base", 100_00),
        ("示例甲所", 0, "base", 100_00),
        ("示例甲所", 1, "record", -15_00),
    ]


def test_a_release_is_scored_as_it_is_here(engine: DuckDB) -> None:
    with book() as known:
        known.name = "000001-示例"  # type: ignore[attr-defined]
        there = load_engine_scores(engine, known, DAY, RISK)  # type: ignore[arg-type]
        assert there.equals(kept_scores.load_scores(known, DAY, RISK))


def test_kept_scores_are_not_computed_again(engine: DuckDB) -> None:
    with book() as known:
        known.connection.execute("INSERT INTO runs VALUES (2, 'score', ?)", [DAY])
        key = [RISK.id, RISK.edition]
        known.connection.execute("INSERT INTO score_days VALUES (?, ?, ?, 2, NULL)", [*key, DAY])
        known.connection.execute(
            "INSERT INTO score_history VALUES (?, ?, '示例甲所', 1234, 'D', 2, NULL)", key
        )
        found = load_engine_scores(engine, known, DAY, RISK)  # type: ignore[arg-type]
    assert found["points"].to_list() == [12_34]
    assert engine.ask("SHOW TABLES").is_empty()


def test_while_it_is_open_the_release_has_the_lines_and_none_afterwards(engine: DuckDB) -> None:
    with book() as known:
        with engine_slices(engine, known, RISK, QUESTION, "") as slices:
            assert list(slices) == [(0, EVERYBODY)]
            assert known.frame(grades_sql()).height == 2
        left = known.frame(
            "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'policy_%'"
        )
        assert left.is_empty()


def test_a_record_without_a_rule_stops_it_here_too(engine: DuckDB) -> None:
    with book("示例新种类") as known, pytest.raises(Stopped, match="penalty:示例新种类"):
        known.name = "000001-示例"  # type: ignore[attr-defined]
        load_engine_scores(engine, known, DAY, RISK)  # type: ignore[arg-type]


def test_no_name_and_no_free_text_leaves_a_release() -> None:
    columns = {column for text in SOURCES.values() for column in text.split(", ")}
    assert not columns & {"name", "facts", "content", "conduct", "document", "address"}
