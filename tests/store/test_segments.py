"""Segments are written once, shared by releases, merged without changing a row, removed when no release names them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from double_random.store import segments
from double_random.store.database import quote_text
from double_random.store.home import Home
from double_random.store.manifest import Manifest
from double_random.store.segments import SegmentFolder, has_wrong_key, iterate_rows
from double_random.store.soundness import load_manifest, refuse_damaged
from double_random.store.tables import create_tables, end_where

DAY = date(2016, 12, 31)
TABLE = """
CREATE TABLE IF NOT EXISTS firms (
    id         TEXT NOT NULL,
    name       TEXT,
    known_from INTEGER NOT NULL,
    known_to   INTEGER
);
"""


def run(home: Home, *ids: str, ending: str = "") -> str:
    """A run that adds firms, and ends one."""
    with home.releases.write("sync", DAY) as draft:
        create_tables(draft.connection, TABLE)
        for id_ in ids:
            draft.connection.execute(
                "INSERT INTO added.firms VALUES (?, '示例', ?, NULL)", [id_, draft.run]
            )
        if ending:
            end_where(draft.connection, "firms", "id = $id", draft.run, {"id": ending})
    return draft.name


def manifest(home: Home) -> Manifest:
    name = home.releases.current()
    assert name is not None
    return load_manifest(home.releases, name)


def rows(home: Home, name: str | None = None) -> list[tuple[object, ...]]:
    with home.releases.read(name) as release:
        return release.connection.execute(
            "SELECT id, known_from, known_to FROM firms ORDER BY id"
        ).fetchall()


def test_a_run_writes_what_it_adds_and_ends_and_shares_the_rest(home: Home) -> None:
    run(home, "a", "b")
    first = manifest(home)
    run(home, "c", ending="a")
    second = manifest(home)
    assert all(one in second.segments for one in first.segments)
    new = [(one.table, one.half, one.rows) for one in second.segments if one not in first.segments]
    assert sorted(new) == [("firms", "begun", 1), ("firms", "ended", 1), ("runs", "begun", 1)]
    assert rows(home) == [("a", 1, 2), ("b", 1, None), ("c", 2, None)]


def test_an_older_manifest_shows_the_day_of_then(home: Home) -> None:
    first = run(home, "a", "b")
    run(home, "c", ending="a")
    assert rows(home, first) == [("a", 1, None), ("b", 1, None)]


def test_rows_stand_in_the_order_of_their_content_whatever_the_order_they_came_in(
    tmp_path: Path,
) -> None:
    one, two = Home.create(tmp_path / "one"), Home.create(tmp_path / "two")
    assert run(one, "a", "b", "c") == run(two, "c", "b", "a")


def test_many_small_segments_become_one_and_nothing_else_changes(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same runs with and without merging: the same names, rows and places."""
    apart = Home.create(tmp_path / "apart")
    for number in range(40):
        merged = run(home, f"firm{number:02}", ending=f"firm{number - 2:02}" if number > 1 else "")
    monkeypatch.setattr(segments, "MERGED_AT", 1000)
    for number in range(40):
        name = run(apart, f"firm{number:02}", ending=f"firm{number - 2:02}" if number > 1 else "")
    assert merged == name and rows(home) == rows(apart)
    counts = [len(manifest(one).segments_of("firms", "begun")) for one in (home, apart)]
    assert counts[0] < 16 and counts[1] == 40
    for one in (home, apart):
        refuse_damaged(one.releases, name)


def test_large_segments_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each size holds 16 times the rows of the one before: so a row is written again once a size."""
    monkeypatch.setattr(segments, "SMALL", 2)
    sizes: list[int] = []
    written = 0
    for _run in range(2000):
        sizes.append(1)
        written += 1
        listed = [replace(SEGMENT, rows=size, first=place) for place, size in enumerate(sizes)]
        while place := segments._choose_merged(listed):
            start, end = place
            merged = sum(one.rows for one in listed[start:end])
            written += merged
            listed = [*listed[:start], replace(SEGMENT, rows=merged), *listed[end:]]
        sizes = [one.rows for one in listed]
        assert len(sizes) <= 16 * 4
    assert sum(sizes) == 2000 and written < 2000 * 5


SEGMENT = segments.Segment(table="firms", half="begun", columns={"id": "VARCHAR"}, rows=1)


def test_segments_with_other_columns_are_not_merged() -> None:
    older = [SEGMENT] * 12
    newer = [replace(SEGMENT, columns={"id": "VARCHAR", "name": "VARCHAR"})] * 12
    assert segments._choose_merged([*older, *newer]) is None
    assert segments._choose_merged([*older, *newer, *newer]) == (12, 28)


def test_what_no_release_names_goes_at_the_second_pruning(home: Home) -> None:
    run(home, "a")
    folder = home.releases.segments
    (folder.path / "left.parquet").write_bytes(b"of a killed run")
    used = {one.file for one in manifest(home).segments}
    folder.remove_unused(used)
    assert (folder.path / "left.parquet").exists()
    folder.remove_unused(used)
    assert {file.name for file in folder.path.iterdir()} == used


def test_a_run_removes_what_a_killed_run_has_left(home: Home) -> None:
    run(home, "a")
    left = home.releases.segments.path / ".writing-000002-firms-begun.parquet"
    left.write_bytes(b"half")
    run(home, "b")
    assert not left.exists()


def test_rows_that_do_not_stand_at_their_places_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "one.parquet"
    duckdb.execute(
        f"COPY (SELECT i AS place, 1 AS run FROM range(4) t(i)) TO {quote_text(file)} (FORMAT parquet)"
    )
    columns = {"run": "INTEGER"}
    assert sum(batch.num_rows for batch in iterate_rows(file, columns, 0)) == 4
    assert sum(batch.num_rows for batch in iterate_rows(file, columns, None)) == 4
    with pytest.raises(ValueError, match="places"):
        list(iterate_rows(file, columns, 1))


def test_a_home_may_lie_in_a_folder_of_any_name(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "示例 [1] * 'x' ? {a,b}")
    run(home, "a")
    run(home, "b", ending="a")
    assert rows(home) == [("a", 1, 2), ("b", 2, None)]
    name = home.releases.current()
    assert name is not None and refuse_damaged(home.releases, name).startswith(
        name.partition("-")[2]
    )


def test_a_new_column_is_null_in_earlier_rows_and_the_release_stays_sound(home: Home) -> None:
    run(home, "a")
    wider = TABLE.replace("    name ", "    district   TEXT,\n    name ")
    with home.releases.write("sync", DAY) as draft:
        create_tables(draft.connection, wider)
        draft.connection.execute(
            "INSERT INTO added.firms BY NAME SELECT 'b' AS id, '330101' AS district, 2 AS known_from"
        )
    with home.releases.read() as release:
        found = release.connection.execute("SELECT id, district FROM firms ORDER BY id").fetchall()
    assert found == [("a", None), ("b", "330101")]
    refuse_damaged(home.releases, draft.name)


def test_a_whole_table_is_written_with_its_runs(tmp_path: Path) -> None:
    folder = SegmentFolder(tmp_path / "segments")
    connection = duckdb.connect()
    connection.execute("CREATE TABLE old (id TEXT, known_from INTEGER, known_to INTEGER)")
    connection.execute("INSERT INTO old VALUES ('c', 2, NULL), ('b', 1, 3), ('a', 1, 2)")
    columns = {"id": "VARCHAR", "known_from": "INTEGER", "known_to": "INTEGER"}
    made = folder.write_whole_table(connection, Manifest(), "firms", columns, "old", "known_from")
    reader = duckdb.connect()
    folder.open_views(reader, made)
    assert reader.execute("FROM firms ORDER BY id").fetchall() == [
        ("a", 1, 2),
        ("b", 1, 3),
        ("c", 2, None),
    ]
    assert made.history("firms").begun.rows == 3 and made.history("firms").ended.rows == 2


LINKS = """
CREATE TABLE IF NOT EXISTS links (
    claim       TEXT NOT NULL,
    institution TEXT NOT NULL,
    known_from  INTEGER NOT NULL,
    known_to    INTEGER
);
"""


def keyed_run(home: Home, *records: str) -> None:
    with home.releases.write("load", DAY) as draft:
        create_tables(draft.connection, LINKS)
        draft.connection.executemany(
            "INSERT INTO added.links VALUES (?, '示例甲所', ?, NULL)",
            [[record, draft.run] for record in records],
        )


def test_a_row_is_found_by_the_key_of_its_text_in_every_part(home: Home) -> None:
    keyed_run(home, "a", "b")
    with home.releases.write("load", DAY) as draft:
        draft.connection.execute(
            "INSERT INTO added.links VALUES ('c', '示例甲所', ?, NULL)", [draft.run]
        )
        keys = "SELECT claim, place FROM placed.links WHERE key = md5_number_lower($1)"
        assert draft.frame(keys, ("b",)).rows() == [("b", 1)]
        ((added, place),) = draft.frame(keys, ("c",)).rows()
        assert added == "c" and place < 0
        draft.discard()


def test_a_segment_without_keys_gives_them_from_its_rows(home: Home) -> None:
    keyed_run(home, "a", "b")
    shaped = manifest(home)
    folder = home.releases.segments
    plain = tuple(replace(one, keyed=False) for one in shaped.segments)
    assert any(one.keyed for one in shaped.segments)
    with duckdb.connect() as connection:
        folder.open_kept(connection, replace(shaped, segments=plain))
        asked = "SELECT place FROM placed.links WHERE key = md5_number_lower('b')"
        assert connection.execute(asked).fetchall() == [(1,)]


def test_a_wrong_key_is_damage_though_no_hash_has_it(home: Home, tmp_path: Path) -> None:
    keyed_run(home, "a", "b")
    (segment,) = manifest(home).segments_of("links", "begun")
    assert not has_wrong_key(home.releases.segments.file(segment), segment)
    changed = tmp_path / "changed.parquet"
    source = quote_text(home.releases.segments.file(segment))
    duckdb.execute(
        f"""COPY (SELECT * REPLACE (key + 1 AS key) FROM read_parquet({source}))
            TO {quote_text(changed)} (FORMAT parquet)"""
    )
    assert has_wrong_key(changed, segment)


def test_the_greatest_number_is_what_row_groups_say(home: Home) -> None:
    run(home, "a", "b")
    run(home, "c")
    folder = home.releases.segments
    assert folder.find_greatest(manifest(home), "firms", "known_from") == 2
    assert folder.find_greatest(manifest(home), "others", "known_from") == 0
