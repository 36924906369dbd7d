"""A free question can read everything in a release and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from errors import Misuse
from store.home import Home
from store.query import ask


@pytest.fixture
def filled(home: Home) -> Home:
    with home.releases.write("sync", date(2016, 12, 31)) as draft:
        draft.connection.execute("CREATE TABLE firms AS SELECT '示例' AS name")
    return home


def test_a_question_is_answered(filled: Home) -> None:
    assert ask(filled, "SELECT name FROM firms").rows() == [("示例",)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT FROM",
        "SELECT * FROM nowhere",
        "DROP TABLE firms",
        "SET enable_external_access = true",
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY firms TO '/tmp/double-random-must-not-exist.csv'",
    ],
)
def test_what_is_no_reading_is_refused_plainly(filled: Home, query: str) -> None:
    with pytest.raises(Misuse):
        ask(filled, query)
    assert ask(filled, "SELECT count(*) AS n FROM firms").rows() == [(1,)]
    assert not Path("/tmp/double-random-must-not-exist.csv").exists()
