"""Append-only files for manual acts: one fsynced line an act, files that are written once, a short lock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from double_random.core.errors import DoubleRandomError
from double_random.core.translation import _


def append_line(file: Path, line: bytes) -> None:
    """Add one line and its LF to a file; returns when it is on the disk.

    The caller holds the file's lock. An incomplete last line of a killed process was never acknowledged; it is
    removed first, so that it cannot merge with this one.
    """
    if b"\n" in line:
        raise ValueError("an act is one line")
    with _open_descriptor(file, os.O_RDWR | os.O_CREAT) as descriptor:
        complete = _complete_length(descriptor)
        os.ftruncate(descriptor, complete)
        os.lseek(descriptor, complete, os.SEEK_SET)
        _write_all(descriptor, line + b"\n")
        os.fsync(descriptor)
    sync_path(file.parent)


def remove_last_line(file: Path, line: bytes) -> None:
    """Remove the last line. The caller has just added it, holds the lock, and has not reported it to anyone."""
    with _open_descriptor(file, os.O_RDWR) as descriptor:
        rest = os.lseek(descriptor, 0, os.SEEK_END) - len(line) - 1
        os.lseek(descriptor, rest, os.SEEK_SET)
        if os.read(descriptor, len(line) + 1) != line + b"\n":
            raise ValueError(f"{file} does not end with that line")
        os.ftruncate(descriptor, rest)
        os.fsync(descriptor)


def read_lines(file: Path) -> list[bytes]:
    """The complete lines of a file, without their LF; an incomplete last line is left out."""
    if not file.exists():
        return []
    return file.read_bytes().split(b"\n")[:-1]


def replace_file(file: Path, content: bytes, private: bool = False) -> None:
    """Replace a file's content in one step: readers see the old or the new content, never a part.

    `private`: mode 0600; else the umask decides (store/permissions.py).
    """
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with _open_descriptor(
            beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o666
        ) as descriptor:
            _write_all(descriptor, content)
            os.fsync(descriptor)
        os.replace(beside, file)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    sync_path(file.parent)


def write_new_file(file: Path, content: bytes, private: bool = False) -> None:
    """Write a file that must not be there yet; DoubleRandomError if it is."""
    if file.exists():
        raise DoubleRandomError(
            _("{file} is already there and is never written a second time").format(file=file),
            _("choose another name"),
        )
    replace_file(file, content, private)


def sync_path(path: Path) -> None:
    """Write a file, or a folder's entries, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _open_descriptor(file: Path, flags: int, mode: int = 0o666) -> Iterator[int]:
    """A descriptor of the file; errors name the file."""
    descriptor = os.open(file, flags, mode)
    try:
        yield descriptor
    except OSError as error:
        error.filename = error.filename or str(file)
        raise
    finally:
        os.close(descriptor)


def _complete_length(descriptor: int) -> int:
    """The length in bytes of the file's complete lines."""
    end = os.lseek(descriptor, 0, os.SEEK_END)
    while end > 0:
        start = max(0, end - 65536)
        os.lseek(descriptor, start, os.SEEK_SET)
        line_feed = os.read(descriptor, end - start).rfind(b"\n")
        if line_feed >= 0:
            return start + line_feed + 1
        end = start
    return 0


def _write_all(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
