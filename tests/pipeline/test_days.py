"""A run that keeps what it finds does not take a day that is still to come, unless somebody says so."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from double_random.pipeline.nightly import run_nightly
from double_random.pipeline.status import collect_status
from double_random.store.home import Home
from tests import forked
from tests.pipeline.state import SECOND, Nights, look

Copy = Callable[[], Path]


def typed(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    return forked.run(["--home", home, "--lang", "en", *words])


def test_a_wrong_digit_of_the_year_changes_nothing(nights: Nights, one: Copy) -> None:
    home, drop = one(), str(nights.drop)
    for words in (
        ("nightly", drop),
        ("registry", "sync", drop),
        ("credit", "load", drop),
        ("credit", "score"),
        ("publish", "build"),
    ):
        refused = typed(home, *words, "--as-of", "2062-11-03")
        assert refused.returncode == 2, words
        assert "2062-11-03" in refused.stderr and "--future" in refused.stderr
    assert look(home) == nights.before


def test_a_day_to_come_is_taken_where_it_is_meant(nights: Nights, one: Copy) -> None:
    home = one()
    scored = typed(home, "credit", "score", "--as-of", "2062-11-03", "--future")
    assert scored.returncode == 0, scored.stderr
    assert collect_status(Home.open(home), SECOND)["last_runs"]["score"] == "2062-11-03"
    assert run_nightly(Home.open(home), [nights.drop], SECOND)["end"] == "published"
    assert collect_status(Home.open(home), SECOND)["last_runs"]["score"] == str(
        SECOND
    )  # the last run, not the newest day


@pytest.mark.parametrize(
    "words",
    [
        ("registry", "link", "示例", "31990000XXXX000012", "--by", "甲", "--reason", "示例"),
        ("registry", "close", "1", "--by", "甲", "--reason", "示例"),
        ("registry", "confirm-code", "31990000XXXX000013", "--by", "甲", "--reason", "示例"),
        ("registry", "undo", "1"),
        ("inspection", "to-credit"),
    ],
    ids=lambda words: words[1],
)
def test_nothing_is_decided_as_of_a_day_to_come(
    nights: Nights, one: Copy, words: tuple[str, ...]
) -> None:
    """D-030: such a day would stand in a release or an act for good."""
    home = one()
    refused = typed(home, *words, "--as-of", "2062-11-03")
    assert refused.returncode == 2 and "2062-11-03 is still to come" in refused.stderr
    assert look(home) == nights.before


@pytest.mark.parametrize(
    "words",
    [
        ("credit", "what-if", "X", "--as-of", "9999-12-31"),
        ("inspection", "report", "--quarter", "9999Q4"),
        ("inspection", "report", "--quarter", "0000Q1"),
    ],
)
def test_a_year_that_no_calendar_can_count_from_is_no_day(
    one: Copy, words: tuple[str, ...]
) -> None:
    """D-045: 9999 means no end in a column of dates; nothing is counted on it."""
    refused = typed(one(), *words)
    assert refused.returncode == 2 and words[-1] in refused.stderr
