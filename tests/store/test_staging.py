"""Releases of one nightly run: nobody sees them until the last is adopted."""

from __future__ import annotations

from datetime import date

import pytest

from double_random.store.home import Home
from double_random.store.releases import Draft
from double_random.store.staging import StagedHome
from double_random.store.tables import create_tables

DAY = date(2016, 12, 31)
FIRMS = """
CREATE TABLE IF NOT EXISTS firms (
    name       TEXT NOT NULL,
    known_from INTEGER NOT NULL
);
"""


@pytest.fixture
def staged(home: Home) -> StagedHome:
    """A home with one release, as a nightly run sees it."""
    add(home, "甲")
    return StagedHome(home.path)


def add(home: Home, *names: str) -> Draft:
    with home.releases.write("sync", DAY) as draft:
        create_tables(draft.connection, FIRMS)
        for name in names:
            draft.connection.execute("INSERT INTO added.firms VALUES (?, ?)", [name, draft.run])
    return draft


def names(home: Home) -> list[str]:
    with home.releases.read() as release:
        return release.frame("SELECT name FROM firms ORDER BY known_from, name")["name"].to_list()


def test_a_release_of_the_night_is_seen_by_the_night_alone(home: Home, staged: StagedHome) -> None:
    before = home.releases.current()
    with staged.releases.hold_night_lock("nightly"):
        assert names(staged) == ["甲"]
        draft = add(staged, "乙")
        assert names(staged) == ["甲", "乙"] and staged.releases.current() == draft.name
        assert home.releases.current() == before and names(home) == ["甲"]


def test_the_last_release_is_adopted_and_the_steps_between_are_gone(
    home: Home, staged: StagedHome
) -> None:
    first = home.releases.current()
    with staged.releases.hold_night_lock("nightly"):
        between = add(staged, "乙").name
        last = add(staged, "丙").name
        staged.releases.adopt(last)
        staged.releases.adopt(last)  # once more does no harm
    assert home.releases.names() == [first, last] and between not in home.releases.names()
    assert names(home) == ["甲", "乙", "丙"]
    assert list(staged.releases.folder.iterdir()) == []


def test_a_night_that_is_abandoned_changes_nothing(home: Home, staged: StagedHome) -> None:
    before = home.releases.current()
    with staged.releases.hold_night_lock("nightly"):
        add(staged, "乙")
        staged.releases.abandon()
        assert staged.releases.current() == before
    assert names(home) == ["甲"]


def test_a_stage_without_news_leaves_the_release_before(home: Home, staged: StagedHome) -> None:
    with staged.releases.hold_night_lock("nightly"):
        before = add(staged, "乙").name
        with staged.releases.write("load", DAY) as draft:
            draft.discard()
        assert staged.releases.current() == before
        assert add(staged, "丙").run == 3
