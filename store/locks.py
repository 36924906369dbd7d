"""One batch writer at a time, by a lock of the operating system, which ends with its process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from double_random.core.errors import Busy
from double_random.core.translation import _


@contextmanager
def hold_lock(file: Path, doing: str, seconds: float) -> Iterator[None]:
    """Hold the lock while the block runs; Busy, naming the holder, if it is not free within `seconds`."""
    from filelock import FileLock, Timeout

    file.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(str(file))
    holder = file.with_suffix(".holder")
    try:
        lock.acquire(timeout=seconds, poll_interval=0.05)
    except Timeout:
        who = holder.read_text(encoding="utf-8") if holder.exists() else "?"
        raise Busy(
            _("another run holds the lock: {who}").format(who=who),
            _("wait until it has ended, then run this again"),
        ) from None
    try:
        holder.write_text(f"{doing}, pid {os.getpid()}", encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()
