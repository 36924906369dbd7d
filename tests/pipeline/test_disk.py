"""A disk that fills up, or that cannot be written: the night stops, says why, and leaves everything as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline.small_disk import fill, mount, small_disk
from tests.pipeline.state import Nights, look, run


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own."""
    with small_disk(tmp_path / "disk", "96m") as place:
        yield place


@pytest.mark.parametrize("kilobytes", [0, 128, 768, 2048, 5000, 8000])
def test_a_full_disk_stops_the_night(nights: Nights, disk: Path, kilobytes: int) -> None:
    home = nights.copy(disk / "home")
    filler = fill(disk, kilobytes * 1024)
    stopped = run(home, nights.drop)
    assert stopped.returncode in (0, 1), stopped.stderr
    assert "Traceback" not in stopped.stderr
    if stopped.returncode:
        assert "space" in stopped.stderr or "memory" in stopped.stderr
        assert look(home) == nights.before
    filler.unlink()
    assert run(home, nights.drop).returncode == 0
    assert look(home) == nights.after


def test_a_folder_that_cannot_be_written(nights: Nights, disk: Path) -> None:
    home = nights.copy(disk / "home")
    mount("-o", "remount,ro", str(disk))
    stopped = run(home, nights.drop)
    assert stopped.returncode == 1
    assert "ead-only" in stopped.stderr and "Traceback" not in stopped.stderr
    assert look(home) == nights.before
    mount("-o", "remount,rw", str(disk))
    assert run(home, nights.drop).returncode == 0
    assert look(home) == nights.after
