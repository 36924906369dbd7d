"""Who may read a home (权限): its owner, and a group of analysts; the public site alone is for everybody.

One rule for every writer: while a home is open, what the process creates is 0750 or 0640 at most, whatever the umask
it was started with (`close_to_others`); keys and secrets are 0600 (store/durable_files.py `private`); the site is 0755
and 0644.
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
OTHERS = 0o027  # what nobody outside owner and group may do, and the group may not write


def close_to_others() -> None:
    """From now on this process creates nothing that others may read or the group may write."""
    os.umask(OTHERS)


@contextmanager
def for_everybody() -> Iterator[None]:
    """What is created inside is for the public: everybody may read it."""
    with _under(0o022):
        yield


@contextmanager
def for_its_owner() -> Iterator[None]:
    """What is created inside is for its owner alone."""
    with _under(0o077):
        yield


@contextmanager
def _under(umask: int) -> Iterator[None]:
    before = os.umask(umask)
    try:
        yield
    finally:
        os.umask(before)


def tighten(home: Path) -> None:
    """Close a home that an earlier version left open, once: its own mode tells whether it was done.

    Only its owner can; whoever else opens it changes nothing.
    """
    found = home.stat()
    if not found.st_mode & OTHERS or found.st_uid != os.geteuid():
        return
    with suppress(OSError):  # a disk that is read-only: `store check` tells of it
        for path, wanted in too_open(home):
            path.chmod(wanted)


def too_open(home: Path) -> Iterator[tuple[Path, int]]:
    """Every file and folder of a home that more may read or write than should, with the mode it should have.

    The home itself comes last, so that what was interrupted is done again.
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
