"""What was known at a run: rows that were learnt by then and had not ended yet."""

from __future__ import annotations

import duckdb
import pytest

from double_random.store.bitemporal import knowledge_condition

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
