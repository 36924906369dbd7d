"""`registry sync`: a drop becomes the next release, or nothing changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.intake.file_reading import FileReading, empty_reading
from double_random.registry.sync.guard_rails import SyncBlocked
from double_random.registry.sync.sync_run import keep_inputs, sync_registers
from double_random.store.home import Home

DAY, NEXT = date(2016, 12, 31), date(2017, 1, 1)


def test_a_drop_becomes_a_release_with_its_inputs(home: Home, drop: Path) -> None:
    report = sync_registers(home, [drop], DAY)
    (file,) = report.files
    assert (file.result, file.rows, file.accepted) == ("read", 1, 1)
    assert report.release == home.releases.current() and report.effect is None
    assert home.inputs.path(file.sha256).read_bytes() == (drop / "许可.csv").read_bytes()
    with home.releases.read() as release:
        assert release.frame("SELECT id FROM institutions").height == 1


def test_the_same_drop_again_is_no_news(home: Home, drop: Path) -> None:
    first = sync_registers(home, [drop], DAY)
    assert sync_registers(home, [drop], NEXT).release == first.release
    assert home.releases.names() == [first.release]


def test_a_dry_run_reports_the_effect_and_changes_nothing(home: Home, drop: Path) -> None:
    report = sync_registers(home, [drop], DAY, dry_run=True)
    assert report.effect is not None
    (change,) = report.effect.changes
    assert (change.kind, change.before, change.after, change.opened) == ("law_firm", 0, 1, 1)
    assert home.releases.current() is None and not list(home.inputs.folder.iterdir())


def test_a_run_without_any_row_is_held_and_carries_its_report(home: Home, drop: Path) -> None:
    sync_registers(home, [drop], DAY)
    file = drop / "许可.csv"
    file.write_text(file.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    before = home.releases.current()
    with pytest.raises(SyncBlocked, match="bring no row at all") as held:
        sync_registers(home, [drop], NEXT)
    assert held.value.report.effect is not None and home.releases.current() == before
    assert sync_registers(home, [drop], NEXT, accept=True).release != before


def test_a_source_that_is_not_there_is_refused(home: Home, tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="no such file or folder"):
        sync_registers(home, [tmp_path / "missing"], DAY)


def test_a_run_that_could_read_no_file_makes_no_release(home: Home, tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"no workbook")
    report = sync_registers(home, [tmp_path / "坏.xlsx"], DAY, accept=True)
    assert [file.result for file in report.refused] == ["refused"]
    assert home.releases.current() is None


def test_a_file_that_changes_while_it_is_read_makes_no_release(home: Home, drop: Path) -> None:
    file = drop / "许可.csv"
    reading: FileReading = empty_reading("许可.csv", "0" * 64, file, "")
    with pytest.raises(DoubleRandomError, match=r"许可\.csv was changed while it was being read"):
        keep_inputs(home, [reading])
