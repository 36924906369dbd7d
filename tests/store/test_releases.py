"""Releases are immutable, named by their content, and switched in one step."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from datetime import date
from pathlib import Path

import pytest

from double_random.core.errors import Busy, Misuse
from double_random.store.home import Home
from double_random.store.releases import Draft
from double_random.store.tables import create_tables, end_where

DAY = date(2016, 12, 31)
TABLE = """
CREATE TABLE IF NOT EXISTS firms (
    id         TEXT,
    name       TEXT,
    known_from INTEGER NOT NULL,
    known_to   INTEGER
);
"""


def add(home: Home, *ids: str) -> Draft:
    with home.releases.write("sync", DAY) as draft:
        create_tables(draft.connection, TABLE)
        for id_ in ids:
            draft.connection.execute(
                "INSERT INTO added.firms VALUES (?, '示例', ?, NULL)", [id_, draft.run]
            )
    return draft


def test_the_same_content_has_the_same_hash_in_any_order(tmp_path: Path) -> None:
    one, two = Home.create(tmp_path / "one"), Home.create(tmp_path / "two")
    assert add(one, "a", "b", "c").hash == add(two, "c", "a", "b").hash


def test_other_content_has_another_hash(tmp_path: Path) -> None:
    one, two = Home.create(tmp_path / "one"), Home.create(tmp_path / "two")
    assert add(one, "a", "b").hash != add(two, "a", "c").hash


def test_values_that_run_into_one_another_have_another_hash(tmp_path: Path) -> None:
    hashes = set()
    for number, (id_, name) in enumerate(
        [("a", "bc"), ("ab", "c"), ("a", "1:bc"), ("a", None), ("a", "")]
    ):
        home = Home.create(tmp_path / str(number))
        with home.releases.write("sync", DAY) as draft:
            create_tables(draft.connection, TABLE)
            draft.connection.execute("INSERT INTO added.firms VALUES (?, ?, 1, NULL)", [id_, name])
        hashes.add(draft.hash)
    assert len(hashes) == 5


def test_an_error_changes_nothing(home: Home) -> None:
    before = add(home, "a").name
    with pytest.raises(ZeroDivisionError), home.releases.write("sync", DAY) as draft:
        end_where(draft.connection, "firms", "true", draft.run)
        raise ZeroDivisionError
    assert home.releases.current() == before
    with home.releases.read() as release:
        assert release.frame("SELECT id FROM firms").rows() == [("a",)]
    assert not list(home.releases.folder.glob(".writing*"))


def test_nothing_changed_makes_no_release(home: Home) -> None:
    before = add(home, "a").name
    with home.releases.write("sync", DAY) as draft:
        draft.discard()
    assert draft.name == before == home.releases.current()
    assert home.releases.names() == [before]


def test_an_open_reader_keeps_its_release(home: Home) -> None:
    first = add(home, "a").name
    with home.releases.read() as release:
        add(home, "b")
        assert release.name == first
        assert release.frame("SELECT id FROM firms").rows() == [("a",)]
    with home.releases.read() as release:
        assert release.frame("SELECT id FROM firms ORDER BY id").rows() == [("a",), ("b",)]
    with home.releases.read(first) as release:
        assert release.frame("SELECT id FROM firms").rows() == [("a",)]


def test_an_unknown_release_is_named(home: Home) -> None:
    add(home, "a")
    with pytest.raises(Misuse, match="000009-abc"), home.releases.read("000009-abc"):
        pass


def test_a_home_without_a_release_says_what_to_do(home: Home) -> None:
    with pytest.raises(Misuse) as error, home.releases.read():
        pass
    assert "registry sync" in error.value.hint


def hold_the_lock(path: Path, held: multiprocessing.synchronize.Event) -> None:
    with Home.open(path).releases.write("sync", DAY):
        held.set()
        time.sleep(30)


def test_a_second_writer_is_told_who_holds_the_lock_and_a_killed_one_leaves_no_trace(
    home: Home,
) -> None:
    before = add(home, "a").name
    settings = home.path / "settings.toml"
    settings.write_text(settings.read_text().replace("lock_seconds = 10", "lock_seconds = 0"))
    spawn = multiprocessing.get_context("spawn")
    held = spawn.Event()
    other = spawn.Process(target=hold_the_lock, args=(home.path, held))
    other.start()
    try:
        assert held.wait(60)
        with (
            pytest.raises(Busy, match=f"pid {other.pid}"),
            Home.open(home.path).releases.write("load", DAY),
        ):
            pass
    finally:
        assert other.pid
        os.kill(other.pid, signal.SIGKILL)
        other.join()
    assert Home.open(home.path).releases.current() == before
    add(Home.open(home.path), "b")


def test_old_releases_are_pruned_but_not_what_a_plan_names(home: Home) -> None:
    settings = home.path / "settings.toml"
    settings.write_text(settings.read_text().replace("keep_releases = 20", "keep_releases = 2"))
    home = Home.open(home.path)
    first = add(home, "a")
    (home.draws / "d1").mkdir()
    (home.draws / "d1" / "plan.json").write_text(f'{{"release": "{first.hash}"}}')
    made = [add(home, name).name for name in "bcd"]
    assert home.releases.names() == [first.name, *made[1:]]


def test_a_folder_that_is_no_home_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("示例")
    with pytest.raises(Misuse, match="no home"):
        Home.create(tmp_path)
    with pytest.raises(Misuse) as error:
        Home.open(tmp_path)
    assert "init" in error.value.hint


def test_a_bureaus_own_fact_comes_before_the_shipped_one(home: Home) -> None:
    own = home.path / "facts" / "policies" / "own.toml"
    own.parent.mkdir()
    own.write_text("")
    assert home.fact_file("policies", "own.toml") == own
    assert own in home.facts("policies")


def test_an_input_is_kept_once_under_its_hash(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "许可.csv"
    file.write_bytes(b"abc")
    digest = home.inputs.keep(file)
    assert digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert home.inputs.keep(file) == digest
    assert home.inputs.path(digest).read_bytes() == b"abc"
