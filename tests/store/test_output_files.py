"""Files that a command writes for people: nothing is replaced without --force."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from double_random.core.errors import Misuse
from double_random.store import output_files


@pytest.fixture(autouse=True)
def without_force() -> Iterator[None]:
    output_files.set_force_flag(False)
    yield
    output_files.set_force_flag(False)


def test_a_new_file_is_written_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    output_files.write_output(tmp_path / "表.csv", b"new")
    assert (tmp_path / "表.csv").read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["表.csv"]


def test_a_file_that_is_there_is_kept_unless_forced(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"old")
    with pytest.raises(Misuse, match="already there") as refused:
        output_files.write_output(file, b"new")
    assert "--force" in refused.value.hint
    assert file.read_bytes() == b"old" and not output_files.is_forced()
    output_files.set_force_flag(True)
    output_files.write_output(file, b"new")
    assert file.read_bytes() == b"new" and output_files.is_forced()


def test_a_folder_is_never_written_over(tmp_path: Path) -> None:
    output_files.set_force_flag(True)
    with pytest.raises(Misuse, match="is a folder"):
        output_files.write_output(tmp_path, b"new")


def test_an_empty_folder_replaces_nothing_and_a_full_one_does(tmp_path: Path) -> None:
    output_files.refuse_existing(tmp_path)
    (tmp_path / "示例").touch()
    with pytest.raises(Misuse, match="already there"):
        output_files.refuse_existing(tmp_path)


def test_a_link_that_leads_to_nothing_is_there(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "missing")
    with pytest.raises(Misuse, match="already there"):
        output_files.refuse_existing(tmp_path / "link")


def test_a_link_that_leads_to_itself_is_refused(tmp_path: Path) -> None:
    output_files.set_force_flag(True)
    (tmp_path / "ring").symlink_to(tmp_path / "ring")
    with pytest.raises(Misuse, match="leads to itself"):
        output_files.write_output(tmp_path / "ring", b"new")


@pytest.mark.parametrize("name", ["/dev/null", "/dev/stdout", "/proc/self/fd/1"])
def test_devices_and_the_standard_output_are_streams(name: str) -> None:
    assert output_files.is_stream(Path(name))
    output_files.refuse_existing(Path(name))


def test_a_file_or_a_new_name_is_no_stream(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert not output_files.is_stream(tmp_path / "a")
    assert not output_files.is_stream(tmp_path / "b") and not output_files.is_stream(tmp_path)
