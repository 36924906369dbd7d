"""Files that a command writes for users: existing ones are not replaced, unless --force is given."""

from __future__ import annotations

import os
from pathlib import Path

from double_random.core.errors import Misuse
from double_random.core.translation import _

_force = False


def set_force_flag(force: bool) -> None:
    """Store the value of `--force` for the following command."""
    global _force
    _force = force


def is_forced() -> bool:
    """Whether existing files may be replaced."""
    return _force


def refuse_existing(path: Path) -> None:
    """Misuse if a file, or a folder with content, is at the path. Writing to devices and pipes replaces nothing."""
    if _force or is_stream(path):
        return
    taken = any(path.iterdir()) if path.is_dir() else path.is_symlink() or path.exists()
    if taken:
        raise Misuse(
            _("{path} is already there; nothing was written").format(path=path),
            _("choose another name, or replace it with --force"),
        )


def write_output(path: Path, content: bytes) -> None:
    """Write a file in one step; Misuse if it is there already and --force is not given."""
    if path.is_dir():
        raise Misuse(
            _("{path} is a folder, not a file").format(path=path), _("choose another name")
        )
    refuse_existing(path)
    if is_stream(path):
        path.write_bytes(content)
        return
    try:
        target = path.resolve()
    except RuntimeError:
        raise Misuse(
            _("{path} is a link that leads to itself").format(path=path), _("choose another name")
        ) from None
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with beside.open("xb") as file:
            file.write(content)
        if _force:
            os.replace(beside, target)
            return
        try:
            os.link(beside, target)  # unlike a rename it fails if another process was faster
        except FileExistsError:
            refuse_existing(path)
        except OSError:  # a file system without hard links
            os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def is_stream(path: Path) -> bool:
    """A device, a pipe, or the standard output by its name: written to, not replaced."""
    if str(path) in ("/dev/stdout", "/dev/stderr") or str(path.parent) in (
        "/dev/fd",
        "/proc/self/fd",
    ):
        return True
    return path.exists() and not path.is_file() and not path.is_dir()
