"""Permissions of a home (权限): its owner, and a group of analysts; only the public site is for everybody.

One rule for every writer: while a home is open, the process creates folders with at most 0750 and files with at most
0640, whatever its umask was (`restrict_umask`); keys and secrets are 0600 (store/durable_files.py `private`); the
site is 0755 and 0644.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FOLDER, FILE = 0o750, 0o640
PUBLIC_FOLDER, PUBLIC_FILE = 0o755, 0o644
PUBLIC = ("public", "editions")  # what the web server reads
SECRET = ("keys/log.key", "keys/log.key.next")
OTHERS = 0o027  # what is denied to others, and the write access denied to the group


def restrict_umask() -> None:
    """Files and folders that this process creates are not readable by others and not writable by the group."""
    os.umask(OTHERS)


@contextmanager
def public_umask() -> Iterator[None]:
    """Files created in this context are public: everybody may read them."""
    with _with_umask(0o022):
        yield


@contextmanager
def owner_umask() -> Iterator[None]:
    """Files created in this context are for their owner alone."""
    with _with_umask(0o077):
        yield


@contextmanager
def _with_umask(umask: int) -> Iterator[None]:
    before = os.umask(umask)
    try:
        yield
    finally:
        os.umask(before)


def tighten_home(home: Path) -> None:
    """Restrict a home that an earlier version left open, once: the home's own mode shows whether it was done.

    Only the owner can do it; for other users nothing changes.
    """
    status = home.stat()
    if not status.st_mode & OTHERS or status.st_uid != os.geteuid():
        return
    with suppress(OSError):  # a read-only disk: `store check` reports it
        for path, mode in find_too_open(home):
            path.chmod(mode)


def find_too_open(home: Path) -> Iterator[tuple[Path, int]]:
    """Every file and folder of a home with too wide permissions, with the mode it should have.

    The home itself is the last, so that an interrupted run is repeated.
    """
    for folder, folders, files in os.walk(home):
        if Path(folder) == home:
            folders[:] = sorted(name for name in folders if name not in PUBLIC)
        for name in sorted((*folders, *files)):
            path = Path(folder, name)
            if not path.is_symlink():
                mode = stat.S_IMODE(path.stat().st_mode)
                closed = mode & ~OTHERS
                if str(path.relative_to(home)) in SECRET:
                    closed = mode & 0o600
                if closed != mode:
                    yield path, closed
    mode = stat.S_IMODE(home.stat().st_mode)
    if mode & OTHERS:
        yield home, mode & ~OTHERS
