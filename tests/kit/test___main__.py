"""The kit's builder: lists, checksums and the files to start, without a network."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kit.__main__ import (
    copy_install_files,
    format_requirement,
    hash_file,
    pip_arguments,
    write_checksums,
)
from kit.targets import PLATFORMS, needed_pins


def test_a_wheel_is_listed_by_name_version_and_hash(tmp_path: Path) -> None:
    wheel = tmp_path / "py_ecc-8.0.0-py3-none-any.whl"
    wheel.write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert format_requirement(wheel) == f"py-ecc==8.0.0 --hash=sha256:{empty}"


def test_pip_is_asked_for_another_machines_wheels_by_a_list_with_hashes(tmp_path: Path) -> None:
    platform = PLATFORMS[-1]
    words = pip_arguments(platform, "3.12", tmp_path)
    file = Path(words[-1])
    assert words[words.index("--python-version") + 1] == "3.12"
    assert [words[n + 1] for n, word in enumerate(words) if word == "--platform"] == ["win_amd64"]
    assert [words[n + 1] for n, word in enumerate(words) if word == "--abi"] == [
        *("cp312", "abi3", "none"),
    ]
    assert "--require-hashes" in words and "--only-binary=:all:" in words
    lines = file.read_text().splitlines()
    assert len(lines) == len(needed_pins(platform, "3.12"))
    assert all("==" in line and "--hash=sha256:" in line for line in lines)


def test_the_checksums_name_every_file_but_themselves(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "a.txt").write_bytes(b"a\n")
    (tmp_path / "README.md").write_bytes(b"")
    for _ in range(2):  # the second time SHA256SUMS is there
        write_checksums(tmp_path)
    none, one = (hashlib.sha256(content).hexdigest() for content in (b"", b"a\n"))
    lines = (tmp_path / "SHA256SUMS").read_text().splitlines()
    assert lines == [f"{none}  README.md", f"{one}  lists/a.txt"]


def test_the_start_files_run_where_they_are_and_the_page_names_the_pythons(tmp_path: Path) -> None:
    copy_install_files(tmp_path, ["3.11", "3.12"])
    assert (tmp_path / "install.sh").stat().st_mode & 0o111 == 0o111
    batch = (tmp_path / "install.cmd").read_bytes()
    assert batch.count(b"\n") == batch.count(b"\r\n") > 1
    text = (tmp_path / "README.md").read_text("utf-8")
    assert "3.11、3.12" in text and "{pythons}" not in text


def test_a_file_that_is_missing_has_no_hash(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        hash_file(tmp_path / "none.whl")
