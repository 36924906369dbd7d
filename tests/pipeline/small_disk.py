"""Small disks, full ones and read-only ones. Only root may mount: others skip, CI fails."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def mount(*words: str) -> None:
    """mount(8)."""
    done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        if os.environ.get("CI"):
            pytest.fail(f"mount: {done.stderr}")
        pytest.skip("SKIPPED LOUDLY: no small disk can be mounted here (are you root?)")


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """A disk of its own."""
    place.mkdir()
    mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place))
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@contextmanager
def bind_read_only(folder: Path) -> Iterator[None]:
    """A folder that nobody can write to, root neither."""
    assert folder.is_dir(), folder
    mount("--bind", str(folder), str(folder))
    try:
        mount("-o", "remount,bind,ro", str(folder))
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def fill(disk: Path, left: int) -> Path:
    """Leave so many bytes free."""
    room = os.statvfs(disk)
    filler = disk / "filler"
    with filler.open("wb") as file:
        for _ in range((room.f_bavail * room.f_frsize - left) // 4096):
            file.write(bytes(4096))
    return filler
