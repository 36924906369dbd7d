"""The command `sql`: what is typed, piped or refused."""

from __future__ import annotations

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from double_random.cli import build_application
from double_random.store.home import Home


@pytest.fixture
def filled(home: Home) -> Home:
    """A home with one release."""
    with home.releases.write("sync", date(2016, 12, 31)) as draft:
        draft.connection.execute("CREATE TABLE firms AS SELECT '示例' AS name")
    return home


def answered(home: Home, *words: str, typed: str = "") -> tuple[int, str]:
    """Exit code and output of a call."""
    done = CliRunner().invoke(
        build_application(),
        ["--home", str(home.path), "sql", *words, "--format", "json"],
        input=typed,
    )
    return done.exit_code, done.output if done.exception is None else repr(done.exception)


def test_a_query_is_read_from_standard_input(filled: Home) -> None:  # D-060
    code, said = answered(filled, "-", typed="select 3 as c")
    assert (code, json.loads(said)) == (0, [{"c": 3}])


def test_a_comment_before_a_query_is_no_option(filled: Home) -> None:  # D-060
    code, said = answered(filled, "-- one row\nselect 4 as c")
    assert (code, json.loads(said)) == (0, [{"c": 4}])


def test_two_queries_are_refused_instead_of_one_answer_lost(filled: Home) -> None:  # D-060
    code, said = answered(filled, "select 1; select 2")
    assert code != 0 and "got 2" in said
