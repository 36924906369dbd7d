"""One writer at a time: the second is told who holds the lock."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from double_random.core.errors import Busy
from double_random.store.locks import hold_lock


def test_the_second_writer_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    file = tmp_path / "log" / "writer.lock"
    with (
        hold_lock(file, "sync 2016-12-31", 0),
        pytest.raises(Busy, match=rf"sync 2016-12-31, pid {os.getpid()}"),
        hold_lock(file, "load", 0.01),
    ):
        raise AssertionError("two writers at one time")


def test_the_lock_is_free_again_also_after_an_error(tmp_path: Path) -> None:
    file = tmp_path / "writer.lock"
    with pytest.raises(KeyError), hold_lock(file, "sync", 0):
        raise KeyError("示例")
    with hold_lock(file, "load", 0):
        assert (tmp_path / "writer.holder").read_text("utf-8").startswith("load, pid ")
    assert not (tmp_path / "writer.holder").exists()
