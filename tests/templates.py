"""Folders that take long to make: one process of a session makes them, all others wait and use the same."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from double_random.store import soundness
from double_random.store.inputs import file_sha256
from double_random.store.release_files import ReleaseFiles


def make_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder of that name for all processes of the session; `make` fills it, once. Nobody changes it later."""
    base = factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = root / f"once-{name}", root / f"once-{name}.made"
    with FileLock(root / f"once-{name}.lock"):
        if not done.exists():
            folder.mkdir()  # fails if an earlier process did not come to its end
            make(folder)
            done.touch()
    return folder


_told: dict[tuple[str, str], Any] = {}


@pytest.fixture
def known_releases(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release of the same bytes is hashed row by row once in a test process; its bytes are compared every time.

    For tests that check a whole home again and again, in which most releases are those of the last check.
    """
    for name in ("_recompute_hash", "_list_foreign_objects"):
        monkeypatch.setattr(soundness, name, _remember(name, getattr(soundness, name)))


def _remember(name: str, look: Callable[[ReleaseFiles, Path], Any]) -> Callable[..., Any]:
    def told(releases: ReleaseFiles, file: Path) -> Any:
        key = (name, file_sha256(file))
        if key not in _told:
            _told[key] = look(releases, file)
        return _told[key]

    return told
