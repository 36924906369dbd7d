"""读过的文件: whatever decides how a file is read decides whether it is read again (D-025)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from double_random import data
from double_random.core.errors import DoubleRandomError
from double_random.intake.layouts import load_shipped_layouts
from double_random.registry.sync import processed_files

ROOT = Path(__file__).parent.parent.parent.parent


def test_everything_that_reads_is_among_the_readers():
    found = {
        file.relative_to(ROOT).as_posix() for file in processed_files.list_reader_sources(ROOT)
    }
    intake = {file.relative_to(ROOT).as_posix() for file in (ROOT / "intake").rglob("*.py")}
    assert intake - {"intake/entered_days.py"} <= found  # days that a person types are no file's
    assert {
        "credit/records/conflicts.py",
        "credit/records/columns.py",
        "registry/quality/quarantine.py",
        "registry/institutions/suspensions.py",
        "registry/institutions/names.py",
        "registry/institutions/sql/spans.sql",
        "data/penalty_kinds.toml",
        "core/toml_reader.py",
    } <= found
    assert not any(name.startswith(("commands/", "publish/", "inspection/")) for name in found)


def test_a_change_of_any_reader_has_files_read_again(tmp_path, monkeypatch):
    program = tmp_path / "program"
    for package in ("core", "intake", "registry", "credit", "store", "data"):
        shutil.copytree(ROOT / package, program / package)
    for file in ROOT.glob("*.py"):
        shutil.copy(file, program)
    monkeypatch.setattr(
        processed_files, "__file__", str(program / "registry" / "sync" / "processed_files.py")
    )

    def rules() -> str:
        return processed_files.hash_reading_rules(
            load_shipped_layouts(), lambda name: program / "data" / name
        )

    before = rules()
    for file in processed_files.list_reader_sources(program):
        whole = file.read_bytes()
        file.write_bytes(whole + b"\n")
        assert rules() != before, file
        file.write_bytes(whole)
    assert rules() == before


def test_a_fact_of_the_bureau_counts(tmp_path):
    own = tmp_path / "districts.toml"
    own.write_text("# none", "utf-8")
    before = processed_files.hash_reading_rules(load_shipped_layouts())
    changed = lambda name: own if name == "districts.toml" else data.path(name)  # noqa: E731
    assert processed_files.hash_reading_rules(load_shipped_layouts(), changed) != before


def test_a_reader_that_is_missing_is_an_error(tmp_path):
    with pytest.raises(DoubleRandomError, match=r"sync_run\.py"):
        processed_files.list_reader_sources(tmp_path)


def test_the_hash_of_a_program_changes_with_each_source_that_it_imports(tmp_path: Path) -> None:
    (tmp_path / "credit").mkdir()
    root, imported = tmp_path / "credit" / "root.py", tmp_path / "credit" / "imported.py"
    root.write_text("from double_random.credit import imported\n", "utf-8")
    imported.write_text("POINTS = 1\n", "utf-8")
    before = processed_files.hash_program_sources(tmp_path, ("credit/root.py",))
    assert processed_files.hash_program_sources(tmp_path, ("credit/root.py",)) == before
    imported.write_text("POINTS = 2\n", "utf-8")
    assert processed_files.hash_program_sources(tmp_path, ("credit/root.py",)) != before
