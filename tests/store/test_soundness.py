"""A damaged or altered release is noticed before it is used, said in words, and made again to the same hash."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.credit.policy.catalog import load_policy
from double_random.credit.rebuilding import rebuild_release
from double_random.credit.records.load import load_records
from double_random.credit.scoring.score_run import score_institutions
from double_random.inspection.draw import lifecycle
from double_random.inspection.planning.plan_builder import freeze_plan
from double_random.pipeline.checkup import check_home
from double_random.publish.site import build
from double_random.registry.quality import resolutions
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from double_random.store.inputs import file_sha256
from double_random.store.soundness import DamagedRelease, load_manifest, refuse_damaged
from double_random.store.undo import restore_release
from tests.inspection.conftest import DAY, ask, code, drop, make
from tests.releases import alter_release, list_segments, reseal_release

PENALTIES = (
    "行政相对人名称,行政相对人代码_1(统一社会信用代码),行政处罚决定书文号,处罚类别,违法事实,处罚决定日期,处罚机关\n"
    "上海示例001律师事务所,{code},示司罚决字〔2026〕第1号,警告,示例,2026-05-04,示例市司法局\n"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of three releases: two syncs, the second one with a firm more, and a load."""
    folder = tmp_path_factory.mktemp("sound")
    home = make(folder, 6, 6, [(1, 2)])
    sync_registers(home, [drop(folder / "more", 8, 6)], date(2026, 11, 1))
    (folder / "facts").mkdir()
    file = folder / "facts" / "处罚.csv"
    file.write_text(PENALTIES.format(code=code(1)), encoding="utf-8")
    assert not load_records(home, [file.parent], date(2026, 11, 2)).refused
    assert len(home.releases.names()) == 3
    return home.path


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Home:
    shutil.copytree(made, tmp_path / "bureau")
    return Home.open(tmp_path / "bureau")


def current(home: Home) -> Path:
    name = home.releases.current()
    assert name is not None
    return home.releases.file(name)


def flip_bit(file: Path, seed: int = 5) -> None:
    content = bytearray(file.read_bytes())
    content[random.Random(seed).randrange(len(content))] ^= 1 << seed % 8
    file.write_bytes(content)


def flipped(home: Home, seed: int = 5) -> None:
    flip_bit(current(home), seed)


def segment_of(home: Home, table: str = "institutions") -> Path:
    return next(file for file in list_segments(home) if f"-{table}-" in file.name)


def segment_flipped(home: Home, seed: int = 5) -> None:
    flip_bit(segment_of(home), seed)


def segment_flipped_and_dated_back(home: Home) -> None:
    """The time of the last change that users see says nothing; the system has one of its own."""
    file = segment_of(home)
    status = file.stat()
    flip_bit(file)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def segment_cut(home: Home) -> None:
    file = segment_of(home, "decisions")
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def segment_gone(home: Home) -> None:
    segment_of(home, "decisions").unlink()


def segment_exchanged(home: Home) -> None:
    shutil.copyfile(segment_of(home, "decisions"), segment_of(home))


def cut(home: Home) -> None:
    file = current(home)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def emptied(home: Home) -> None:
    current(home).write_bytes(b"")


def no_manifest(home: Home) -> None:
    current(home).write_bytes(b"PK\x03\x04" * 1000)


def gone(home: Home) -> None:
    current(home).unlink()


def rows_changed(home: Home) -> None:
    suspended = "UPDATE rows SET status = 'suspended' WHERE name LIKE '%003%'"
    alter_release(home, "institutions", suspended)


def rows_gone(home: Home) -> None:
    alter_release(home, "inspectors", "DELETE FROM rows WHERE id = 'ZFXXXX03'")


def last_row_gone(home: Home) -> None:
    alter_release(
        home, "inspectors", "DELETE FROM rows WHERE place = (SELECT max(place) FROM rows)"
    )


def rows_added(home: Home) -> None:
    last = "SELECT * REPLACE (place + 1 AS place) FROM rows ORDER BY place DESC LIMIT 1"
    alter_release(home, "recusals", f"INSERT INTO rows {last}")


def names_changed(home: Home) -> None:
    alter_release(home, "decisions", "UPDATE rows SET name = '示例' WHERE name LIKE '%003%'")


def end_taken_back(home: Home) -> None:
    alter_release(home, "institutions", "DELETE FROM rows WHERE place < 3", half="ended")


def points_to_nothing(home: Home) -> None:
    (home.releases.folder / "current").write_text("000099-0123456789ab\n")


def points_nowhere(home: Home) -> None:
    (home.releases.folder / "current").write_bytes(b"\xff\xfe\x00../x")


DAMAGE: dict[str, Callable[[Home], None]] = {
    one.__name__: one
    for one in (
        flipped,
        segment_flipped,
        segment_flipped_and_dated_back,
        segment_cut,
        segment_gone,
        segment_exchanged,
        cut,
        emptied,
        no_manifest,
        gone,
        rows_changed,
        rows_gone,
        last_row_gone,
        rows_added,
        names_changed,
        points_to_nothing,
        points_nowhere,
    )
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_said_wherever_a_release_is_used_and_rebuilt_to_the_same_hash(
    home: Home, damage: str, tmp_path: Path
) -> None:  # D-035
    before = home.releases.current()
    DAMAGE[damage](home)
    uses: tuple[Callable[[], object], ...] = (
        lambda: freeze_plan(home, ask()),
        lambda: sync_registers(home, [drop(tmp_path / "later", 9, 6)], date(2026, 11, 5)),
        lambda: build.build_site(home, DAY),
        lambda: home.releases.require_sound(),
    )
    for use in uses:
        with pytest.raises(DoubleRandomError) as said:
            use()
        assert "damaged" in said.value.message
        assert "store rebuild" in said.value.hint
    assert [one for one in check_home(home).faults if one.part == "releases"]
    assert rebuild_release(home).release == before
    assert home.releases.current() == before
    assert check_home(home).faults == ()
    freeze_plan(home, ask())


@pytest.mark.parametrize("damage", ["rows_changed", "rows_gone", "rows_added"])
def test_rows_are_hashed_again_even_where_the_record_was_changed_with_them(
    home: Home, damage: str
) -> None:  # D-035
    DAMAGE[damage](home)
    name = home.releases.current()
    assert name is not None
    home.releases.record_file(name).unlink()
    with pytest.raises(DamagedRelease, match=r"rows|read"):
        freeze_plan(home, ask())


CHANGED = {
    "VARCHAR": "coalesce({0}, '') || '1'",
    "DATE": "coalesce({0}, DATE '2016-12-31') + 1",
    "BOOLEAN": "NOT coalesce({0}, false)",
}
NUMBER = "coalesce({0}, 0) + 1"


def test_one_cell_changed_in_any_column_of_any_table_is_found_and_its_table_named(
    home: Home,
) -> None:  # D-035
    """No record of the file's bytes helps here: whoever changes the file can change that too."""
    score_institutions(home, date(2026, 11, 2), load_policy(home, "risk-100"))
    name = home.releases.current()
    assert name is not None
    manifest, whole = load_manifest(home.releases, name), current(home).read_bytes()
    home.releases.record_file(name).unlink()
    changed = {segment.table: segment for segment in manifest.segments if segment.half == "begun"}
    assert {"decisions", "readings", "placings", "score_history", "recusals"} <= changed.keys()
    for table, segment in changed.items():
        for column, kind in segment.columns.items():
            value = CHANGED.get(kind, NUMBER).format(f'"{column}"')
            alter_release(
                home,
                table,
                f'UPDATE rows SET "{column}" = {value} WHERE place = (SELECT max(place) FROM rows)',
            )
            with pytest.raises(DamagedRelease) as said:
                refuse_damaged(home.releases, name)
            assert f"tables: {table})" in said.value.message, (table, column)
            current(home).write_bytes(whole)
    alter_release(home, "runs", "UPDATE rows SET kind = 'load'")
    with pytest.raises(DamagedRelease):  # `check` and the users ask by the same function
        home.releases.require_sound()
    assert "tables: runs)" in next(one.what for one in check_home(home).faults)


def edit_manifest(home: Home, change: Callable[[dict[str, Any]], None]) -> None:
    """Somebody changes what the manifest says; the record goes with it."""
    name = home.releases.current()
    assert name is not None
    content = json.loads(current(home).read_bytes())
    change(content)
    current(home).write_bytes(json.dumps(content).encode())
    home.releases.record_file(name).unlink()


@pytest.mark.parametrize(
    "change",
    [
        lambda made: made["views"].update(scores="SELECT 1 AS points"),
        lambda made: made["views"].clear(),
        lambda made: made["tables"]["institutions"]["begun"].update(head="0" * 64),
        lambda made: made["tables"]["institutions"]["begun"].update(rows=1),
        lambda made: made["tables"].pop("recusals"),
        lambda made: made["segments"].pop(),
        lambda made: made["segments"].append(made["segments"][0]),
        lambda made: made.update(hash="0" * 64),
        lambda made: made.update(form=2),
        lambda made: made["tables"]["institutions"]["columns"].pop("known_to"),
        lambda made: made["tables"]["institutions"]["columns"].update(status="BLOB"),
    ],
)
def test_a_manifest_that_says_something_else_is_refused(
    home: Home, change: Callable[[dict[str, Any]], None]
) -> None:
    score_institutions(home, date(2026, 11, 2), load_policy(home, "risk-100"))
    edit_manifest(home, change)
    with pytest.raises(DamagedRelease):
        freeze_plan(home, ask())


def test_a_release_is_made_again_with_the_rules_of_then(home: Home) -> None:
    """A later program reads by other rules; what a run noted of its own stays in its hash."""
    name = home.releases.current()
    assert name is not None
    record = json.loads(home.releases.record_file(name).read_bytes())
    assert set(record["rules"]) == {"readings"}
    of_run = f"WHERE run = {record['run']}"
    then = reseal_release(home, "readings", f"UPDATE rows SET rules = 'of then' {of_run}")
    record = json.loads(home.releases.record_file(then).read_bytes())
    record["rules"]["readings"] = "of then"
    home.releases.record_file(then).write_text(json.dumps(record))
    refuse_damaged(home.releases, then)
    home.releases.file(then).write_bytes(b"nothing")
    assert rebuild_release(home).release == then


def test_a_commit_looks_at_the_release_again(home: Home) -> None:  # D-035
    freeze_plan(home, ask())
    rows_gone(home)
    with pytest.raises(DamagedRelease):
        lifecycle.commit_plan(home, "d1", "2026-11-02T01:00:00Z")


def test_no_flipped_bit_ends_in_a_traceback(home: Home) -> None:  # D-035
    whole = current(home).read_bytes()
    for seed in range(6):
        current(home).write_bytes(whole)
        flipped(home, seed)
        if (
            seed % 2
        ):  # as a disk would: nothing says that the file was changed, and there is no record
            name = home.releases.current()
            assert name is not None
            home.releases.record_file(name).unlink(missing_ok=True)
        for command in (["status"], ["registry", "list"]):
            done = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "double_random.cli",
                    "--lang",
                    "en",
                    "--home",
                    str(home.path),
                    *command,
                ],
                capture_output=True,
                text=True,
                cwd=Path(__file__).parent.parent.parent,
            )
            assert "Traceback" not in done.stderr, (seed, command)


def test_everything_is_made_again_from_the_first_run_on(home: Home) -> None:  # D-035
    names = home.releases.names()
    for name in names:
        home.releases.file(name).write_bytes(b"nothing")
    made = rebuild_release(home)
    assert (made.base, made.runs) == ("", tuple(names))
    assert home.releases.names() == names
    for name in names:
        refuse_damaged(home.releases, name)
    assert len(list((home.releases.folder / "damaged").iterdir())) == len(names)


def test_a_number_that_a_killed_run_left_out_does_not_hinder(home: Home, tmp_path: Path) -> None:
    """A kill between the file and `current`: the next run has the number after it, and is made again with that."""
    before = home.releases.current()
    assert before is not None
    sync_registers(home, [drop(tmp_path / "killed", 9, 6)], date(2026, 11, 5))
    home.releases.set_current(before)
    sync_registers(home, [drop(tmp_path / "later", 10, 6)], date(2026, 11, 6))
    name = home.releases.current()
    assert name is not None and name.startswith("000005-")
    current(home).write_bytes(b"nothing")
    assert rebuild_release(home).release == name


def test_acts_that_came_later_are_left_out_of_an_earlier_run(made: Path, home: Home) -> None:
    """Links, closed rows, scores and going back are done again as they were done then."""
    with home.releases.read() as release:
        numbers = release.connection.execute("SELECT content FROM set_aside").fetchall()
    score_institutions(home, date(2026, 11, 2), load_policy(home, "risk-100"))
    if numbers:
        resolutions.close_issue(
            home, numbers[0][0], "示例", "示例", date(2026, 11, 3), "2026-11-03T00:00:00Z"
        )
    restore_release(home, home.releases.names()[1], date(2026, 11, 4))
    names = home.releases.names()
    for name in names[2:]:
        home.releases.file(name).unlink()
    assert rebuild_release(home).runs == tuple(names[2:])
    assert home.releases.current() == names[-1]


def test_what_cannot_be_made_again_is_said_and_nothing_is_changed(home: Home) -> None:
    name = home.releases.current()
    assert name is not None
    given = json.loads(home.releases.record_file(name).read_bytes())["given"]
    kept = home.inputs.path(given[0][1])
    kept.write_bytes(kept.read_bytes() + b"x")
    assert [one.part for one in check_home(home).faults] == ["inputs"]
    current(home).write_bytes(b"nothing")
    with pytest.raises(DoubleRandomError, match=given[0][0]):
        rebuild_release(home)
    assert current(home).read_bytes() == b"nothing"
    assert not (home.path / ".rebuild").exists()


def test_a_sound_release_needs_no_rebuilding(home: Home) -> None:
    with pytest.raises(Misuse, match="sound"):
        rebuild_release(home)


def test_a_night_does_not_build_upon_a_damaged_release(home: Home, tmp_path: Path) -> None:
    from double_random.pipeline.nightly import run_nightly

    rows_gone(home)
    with pytest.raises(DamagedRelease):
        run_nightly(home, [drop(tmp_path / "night", 9, 6)], date(2026, 11, 6))
    report = json.loads(next((home.path / "nights").glob("*/report.json")).read_bytes())
    assert (report["end"], report["stage"]) == ("stopped", "keep")
    assert "store rebuild" in report["hint"]


def test_the_check_reads_settings_facts_keys_and_the_house_files_of_a_draw(home: Home) -> None:
    """D-035: each of them can be damaged too, and nothing else reads them before they are needed."""
    freeze_plan(home, ask())
    lifecycle.commit_plan(home, "d1", "2026-11-02T01:00:00Z")
    own = home.path / "facts" / "districts.toml"
    own.parent.mkdir(exist_ok=True)
    own.write_text("[[district]]\ncode = \n", encoding="utf-8")
    key = home.path / "keys" / "log.key"
    key.write_bytes(key.read_bytes()[:40])
    folder = home.draws / "d1"
    (folder / "badges.json").write_bytes(b"{}")
    (folder / "apart.json").write_bytes(b"[1]")
    (home.path / "settings.toml").write_bytes(b"")
    found = {(one.part, one.name) for one in check_home(Home.open(home.path)).faults}
    assert found == {
        ("settings", "settings.toml"),
        ("facts", "facts/districts.toml"),
        ("keys", "log.key"),
        ("draws", "d1/badges.json"),
        ("draws", "d1/apart.json"),
    }


def test_a_copied_home_is_compared_once_and_nothing_else_in_it_changes(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a copy every file is newer than the record: after one whole check the bytes are not read again."""
    compared: list[str] = []

    def counted(file: Path) -> str:
        compared.append(file.name)
        return file_sha256(file)

    monkeypatch.setattr("double_random.store.soundness.file_sha256", counted)
    for file in list_segments(home):
        os.chmod(file, 0o640)
    times = {file: file.stat().st_mtime_ns for file in home.releases.folder.rglob("*")}
    with home.releases.read():
        assert compared
    home.releases.require_sound()
    compared.clear()
    with home.releases.read():
        assert not compared
    assert {file: file.stat().st_mtime_ns for file in home.releases.folder.rglob("*")} == times
