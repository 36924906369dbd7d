"""The files of a home's releases, and the one that is current."""

from __future__ import annotations

import pytest

from double_random.core.errors import DoubleRandomError
from double_random.store.home import Home
from double_random.store.release_files import ReleaseFiles

FIRST, SECOND = "000001-0123456789ab", "000002-ba9876543210"


@pytest.fixture
def files(home: Home) -> ReleaseFiles:
    (home.path / "releases" / f"{SECOND}.manifest").touch()
    (home.path / "releases" / f"{FIRST}.duckdb").touch()  # of an earlier version
    (home.path / "releases" / f"{SECOND}.json").touch()
    (home.path / "releases" / ".writing.spill").touch()
    return ReleaseFiles(home)


def test_releases_are_listed_oldest_first(files: ReleaseFiles) -> None:
    assert files.names() == [FIRST, SECOND]
    assert files.file(FIRST) == files.folder / f"{FIRST}.duckdb"
    assert files.file(SECOND) == files.manifest_file(SECOND) == files.folder / f"{SECOND}.manifest"
    assert files.record_file(SECOND) == files.folder / f"{SECOND}.json"
    assert files.segments.path == files.folder / "segments"


def test_before_the_first_run_no_release_is_current(files: ReleaseFiles) -> None:
    assert files.current() is None
    (files.folder / "current").write_text(f"{SECOND}\n", "ascii")
    assert files.current() == SECOND


@pytest.mark.parametrize("content", [b"", b"000001", b"../000001-0123456789ab", b"\xff\xfe"])
def test_a_damaged_pointer_names_the_releases_that_are_here(
    files: ReleaseFiles, content: bytes
) -> None:
    (files.folder / "current").write_bytes(content)
    with pytest.raises(DoubleRandomError, match="is damaged: it names no release") as refused:
        files.current()
    assert f"{FIRST}, {SECOND}" in refused.value.hint
