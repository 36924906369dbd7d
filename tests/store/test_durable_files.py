"""Append-only files: a line that was acknowledged stays whole, and a file has its old or its new content."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from double_random.core.errors import DoubleRandomError
from double_random.store import durable_files


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "acts.jsonl"


def test_lines_are_read_in_the_order_in_which_they_were_added(file: Path) -> None:
    assert durable_files.read_lines(file) == []
    for line in (b"one", b"", b"three"):
        durable_files.append_line(file, line)
    assert durable_files.read_lines(file) == [b"one", b"", b"three"]


def test_a_line_feed_within_a_line_is_refused(file: Path) -> None:
    with pytest.raises(ValueError, match="one line"):
        durable_files.append_line(file, b"one\ntwo")
    assert not file.exists()


def test_a_line_that_was_left_half_written_is_cut_off(file: Path) -> None:
    file.write_bytes(b"one\nhal")
    assert durable_files.read_lines(file) == [b"one"]
    durable_files.append_line(file, b"two")
    assert file.read_bytes() == b"one\ntwo\n"


def test_a_half_line_longer_than_a_block_is_cut_off(file: Path) -> None:
    file.write_bytes(b"one\n" + b"x" * 200_000)
    durable_files.append_line(file, b"two")
    assert file.read_bytes() == b"one\ntwo\n"


def test_only_the_last_line_is_taken_back(file: Path) -> None:
    durable_files.append_line(file, b"one")
    durable_files.append_line(file, b"two")
    durable_files.remove_last_line(file, b"two")
    assert durable_files.read_lines(file) == [b"one"]
    with pytest.raises(ValueError, match="does not end with that line"):
        durable_files.remove_last_line(file, b"xne")
    assert durable_files.read_lines(file) == [b"one"]


def test_a_file_is_replaced_and_nothing_is_left_beside_it(file: Path) -> None:
    durable_files.replace_file(file, b"old")
    durable_files.replace_file(file, b"new")
    assert file.read_bytes() == b"new"
    assert os.listdir(file.parent) == [file.name]


def test_a_failed_replacement_leaves_the_old_content(file: Path) -> None:
    target = file.parent / "folder"
    (target / "inner").mkdir(parents=True)
    with pytest.raises(OSError):
        durable_files.replace_file(target, b"new")
    assert (target / "inner").is_dir()
    assert os.listdir(file.parent) == [target.name]


def test_a_private_file_is_for_its_owner_alone(file: Path) -> None:
    durable_files.replace_file(file, b"secret", private=True)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_written_once_is_never_written_again(file: Path) -> None:
    durable_files.write_new_file(file, b"first")
    with pytest.raises(DoubleRandomError, match="already there"):
        durable_files.write_new_file(file, b"second")
    assert file.read_bytes() == b"first"
