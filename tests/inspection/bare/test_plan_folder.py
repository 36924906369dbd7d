"""The folder of a sealed plan: for its owner alone, written once, and refused when a byte of it was changed."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from double_random.core.errors import BadFile, DoubleRandomError, Misuse
from double_random.inspection.bare.plan_folder import (
    PLAN,
    REVEAL,
    SEALED,
    keep_numbers,
    read_plan,
    refuse_second_draw,
    write_plan,
)
from tests.inspection.bare.bare import NUMBERS, SOURCE, seal


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    sealed, folder = seal(), tmp_path / "d"
    write_plan(folder, sealed)
    read = read_plan(folder)
    assert read.plan == sealed.plan and read.files == sealed.files
    assert (read.secret, read.inner, read.sources) == (sealed.secret, sealed.inner, sealed.sources)
    for path in (folder, *folder.rglob("*")):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_a_plan_takes_nothings_place(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("x")
    for folder in (tmp_path, tmp_path / "note.txt"):
        with pytest.raises(Misuse, match="already there"):
            write_plan(folder, seal())


def test_changed_and_missing_files_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    write_plan(folder, seal())
    for name in ("frame.csv", "rules.json", SEALED):
        file = folder / PLAN / name
        content = file.read_bytes()
        file.write_bytes(content.replace(b"0", b"1", 1) if name != SEALED else b"{}")
        with pytest.raises(BadFile, match=name):
            read_plan(folder)
        file.unlink()
        with pytest.raises(DoubleRandomError, match=name):
            read_plan(folder)
        file.write_bytes(content)
    with pytest.raises(Misuse, match="no sealed plan"):
        read_plan(tmp_path)


def test_numbers_are_kept_once(tmp_path: Path) -> None:
    sealed, folder = seal(), tmp_path / "d"
    write_plan(folder, sealed)
    for _again in range(2):
        keep_numbers(folder, f"{SOURCE}={NUMBERS}", sealed)
    assert (folder / PLAN / REVEAL).exists()
    with pytest.raises(Misuse, match="drawn once"):
        keep_numbers(folder, f"{SOURCE}=01.02.03.04.05.06.07", sealed)
    with pytest.raises(Misuse) as refused:
        refuse_second_draw(folder)
    assert f"double-random replay {folder / PLAN}" in refused.value.hint
