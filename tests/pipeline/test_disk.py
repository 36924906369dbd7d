"""A disk that fills up, or that cannot be written: the night stops, says why, and leaves everything as it was."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline.state import Nights, look, run


def mount(*words: str) -> None:
    """mount(8), which only root may call: others skip, CI fails."""
    done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        if os.environ.get("CI"):
            pytest.fail(f"mount: {done.stderr}")
        pytest.skip("SKIPPED LOUDLY: no small disk can be mounted here (are you root?)")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mount("-t", "tmpfs", "-o", "size=96m", "tmpfs", str(place))
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path, left: int) -> Path:
    """Leave so many bytes free."""
    room = os.statvfs(disk)
    filler = disk / "filler"
    with filler.open("wb") as file:
        for _ in range((room.f_bavail * room.f_frsize - left) // 65536):
            file.write(bytes(65536))
    return filler


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
