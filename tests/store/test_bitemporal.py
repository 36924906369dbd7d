"""What was known at a run: rows that were learnt by then and had not ended yet."""

from __future__ import annotations

import duckdb
import pytest

from double_random.store.bitemporal import knowledge_condition, period_condition

ROWS = [("甲", 1, None), ("乙", 1, 3), ("丙", 2, None), ("丁", 3, None)]


@pytest.mark.parametrize(
    ("known_at", "names"),
    [(0, ""), (1, "甲乙"), (2, "甲乙丙"), (3, "甲丙丁"), (9, "甲丙丁"), (None, "甲丙丁")],
)
def test_a_run_knows_what_was_learnt_and_not_ended(known_at: int | None, names: str) -> None:
    connection = duckdb.connect(":memory:")
    connection.execute("CREATE TABLE firms (name TEXT, known_from INTEGER, known_to INTEGER)")
    connection.executemany("INSERT INTO firms VALUES (?, ?, ?)", ROWS)
    sql = f"SELECT name FROM firms WHERE {knowledge_condition('$1', known_at)} ORDER BY rowid"
    parameters = [] if known_at is None else [known_at]
    assert "".join(name for (name,) in connection.execute(sql, parameters).fetchall()) == names


def test_the_present_needs_no_parameter() -> None:
    assert "$1" not in knowledge_condition("$1", None)
    assert "$7" in knowledge_condition("$7", 1)


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        ("2016-01-01", "2016-02-01", True),
        ("2016-01-15", None, True),
        (None, "2016-01-16", True),
        (None, None, True),
        ("2016-01-16", None, False),
        (None, "2016-01-15", False),
    ],
)
def test_a_period_holds_from_its_first_day_until_the_day_of_its_end(
    since: str | None, until: str | None, holds: bool
) -> None:
    condition = period_condition("DATE '2016-01-15'", "p.")
    sql = f"SELECT {condition} FROM (SELECT CAST($1 AS DATE) AS since, CAST($2 AS DATE) AS until) AS p"
    assert duckdb.execute(sql, [since, until]).fetchall() == [(holds,)]
