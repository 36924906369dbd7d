"""读过的文件: whatever decides how a file is read decides whether it is read again (D-025)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import data
from errors import DoubleRandomError
from intake.layouts import shipped
from registry import read_before

ROOT = Path(__file__).parent.parent.parent


def test_everything_that_reads_is_among_the_readers():
    found = {file.relative_to(ROOT).as_posix() for file in read_before.readers(ROOT)}
    intake = {file.relative_to(ROOT).as_posix() for file in (ROOT / "intake").glob("*.py")}
    assert intake <= found
    assert {
        "credit/contradictions.py",
        "credit/records.py",
        "registry/set_aside.py",
        "registry/suspensions.py",
        "registry/names.py",
        "registry/versions.sql",
        "data/penalty_kinds.toml",
        "toml_reader.py",
    } <= found
    assert not any(name.startswith(("doors/", "publish/", "inspection/")) for name in found)


def test_a_change_of_any_reader_has_files_read_again(tmp_path, monkeypatch):
    program = tmp_path / "program"
    for room in ("intake", "registry", "credit", "store", "data"):
        shutil.copytree(ROOT / room, program / room)
    for file in ROOT.glob("*.py"):
        shutil.copy(file, program)
    monkeypatch.setattr(read_before, "__file__", str(program / "registry" / "read_before.py"))

    def rules() -> str:
        return read_before.rules(shipped(), lambda name: program / "data" / name)

    before = rules()
    for file in read_before.readers(program):
        whole = file.read_bytes()
        file.write_bytes(whole + b"\n")
        assert rules() != before, file
        file.write_bytes(whole)
    assert rules() == before


def test_a_fact_of_the_bureau_counts(tmp_path):
    own = tmp_path / "districts.toml"
    own.write_text("# none", "utf-8")
    before = read_before.rules(shipped())
    changed = lambda name: own if name == "districts.toml" else data.path(name)  # noqa: E731
    assert read_before.rules(shipped(), changed) != before


def test_a_reader_that_is_missing_is_an_error(tmp_path):
    with pytest.raises(DoubleRandomError, match=r"sync\.py"):
        read_before.readers(tmp_path)
