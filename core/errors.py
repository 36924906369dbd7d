"""The error classes. Every error states what was expected and ends with a hint."""

from __future__ import annotations

import errno
from collections.abc import Sequence


class DoubleRandomError(Exception):
    """Something failed; the message is for the user, the hint gives the next step. Exit code 1.

    `details` are lines printed between message and hint.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "", details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.reason = message  # the fault, without the file that BadFile names before it
        self.hint = hint
        self.details = details


class Misuse(DoubleRandomError):
    """The command was used wrongly: an option, a date, an unknown name. Exit code 2."""

    exit_code = 2


class Stopped(DoubleRandomError):
    """The command ran, but a check stopped it before anything was published. Exit code 3."""

    exit_code = 3


class Busy(DoubleRandomError):
    """Another run holds the lock. Exit code 4."""

    exit_code = 4


class BadFile(DoubleRandomError):
    """A file cannot be read at all: it names the file and what was expected instead."""

    def __init__(self, file: str, message: str, hint: str = "") -> None:
        super().__init__(f"{file}: {message}", hint)
        self.file = file
        self.reason = message

    def __reduce__(self) -> tuple[type[BadFile], tuple[str, str, str]]:
        """Pickle file, fault and hint, as when a worker process hands the error over."""
        return BadFile, (self.file, self.reason, self.hint)


def is_out_of_memory(error: BaseException | None) -> bool:
    """Whether Python or DuckDB ran out of memory, by the exception types along the chain of causes.

    DuckDB is not loaded for this: its type is recognised by its name.
    """
    while error is not None:
        if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":
            return True
        error = error.__cause__ or error.__context__
    return False


# Messages of the operating system and of DuckDB that arrive as text of other exception types.
FULL = (
    "No space left on device",
    "Disk quota exceeded",
    "not enough space on the disk",
    "max_temp_directory_size",
)


def is_disk_full(error: BaseException | None) -> bool:
    """Whether a disk is full, by the errors along the chain of causes."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if any(phrase in str(error) for phrase in FULL):
            return True
        error = error.__cause__ or error.__context__
    return False
