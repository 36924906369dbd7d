"""Folders that take long to make: one process of a session makes them, all others wait and use the same."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


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
