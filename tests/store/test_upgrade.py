"""A release of an earlier version is read as it is, and goes on as segments with every row and run."""

from __future__ import annotations

import tarfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from double_random import data
from double_random.credit.policy.catalog import load_policy
from double_random.credit.scoring.score_run import score_institutions
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from double_random.store.older_release_hash import DIGESTS, KEPT_ONCE, compute_older_hash
from double_random.store.soundness import load_manifest, read_record, refuse_damaged
from double_random.store.tables import columns_by_table
from double_random.store.upgrade import convert_release

HOMES = Path(__file__).parent.parent / "homes"
RELEASE = "000004-59d4c135cf61"
DAY = date(2026, 10, 31)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home whose releases are DuckDB files of form 2."""
    with tarfile.open(HOMES / "before-one-package.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    return Home.open(tmp_path / "home")


def all_rows(home: Home, name: str | None = None) -> dict[str, list[tuple[Any, ...]]]:
    with home.releases.read(name) as release:
        return {
            table: release.connection.execute(f'SELECT * FROM "{table}" ORDER BY ALL').fetchall()
            for table in columns_by_table(release.connection)
            if table not in (*DIGESTS, *KEPT_ONCE)
        }


def test_every_row_of_every_table_stands_in_the_next_release(home: Home) -> None:
    before = all_rows(home)
    assert home.releases.file(RELEASE).suffix == ".duckdb"
    assert before["scores"] and before["records"]
    with home.releases.write("close", DAY) as draft:
        pass
    refuse_damaged(home.releases, draft.name)
    after = all_rows(home)
    assert after["runs"] == [*before.pop("runs"), (draft.run, "close", DAY)]
    assert {table: after[table] for table in before} == before


def test_converting_alone_changes_nothing(home: Home) -> None:
    manifest = convert_release(home.releases, RELEASE)
    assert set(manifest.views) == {"scores", "score_lines"}
    assert home.releases.current() == RELEASE and not home.releases.manifest_file(RELEASE).exists()


def test_the_scores_of_then_are_no_news_and_a_later_day_adds_its_changes(home: Home) -> None:
    rule = load_policy(home)
    assert not score_institutions(home, DAY, rule).new
    with home.releases.read() as release:
        lines = release.connection.execute("SELECT count(*) FROM score_lines").fetchall()[0][0]
    assert score_institutions(home, date(2026, 11, 1), rule).new
    name = home.releases.current()
    assert name is not None
    added = [
        segment.rows
        for segment in load_manifest(home.releases, name).segments
        if segment.table == "score_line_history" and segment.half == "begun"
    ]
    assert added[0] == lines and sum(added[1:]) < lines / 2


def test_by_its_own_form_the_converted_release_has_its_old_hash(home: Home) -> None:
    """So a rebuild makes a release of then again, under its name: its rows lie in segments now."""
    manifest = convert_release(home.releases, RELEASE)
    connection = duckdb.connect()
    home.releases.segments.open_views(connection, manifest)
    assert compute_older_hash(connection, 2).startswith("59d4c135cf61")
    made = read_record(home.releases, RELEASE) or {}
    home.releases.file(RELEASE).unlink()
    hash_ = compute_older_hash(connection, 2)
    home.releases.keep_manifest(RELEASE, replace(manifest, form=2, hash=hash_), made)
    assert refuse_damaged(home.releases, RELEASE) == hash_
    with home.releases.write("close", DAY) as draft:
        pass
    assert load_manifest(home.releases, draft.name).form == 3
    refuse_damaged(home.releases, draft.name)


def test_the_same_drop_is_no_news(home: Home) -> None:
    assert sync_registers(home, [data.path("sample")], DAY).release == RELEASE
