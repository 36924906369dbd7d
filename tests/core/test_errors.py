"""The error classes: exit codes, what a bad file names, and causes found along the chain."""

from __future__ import annotations

import errno

import pytest

from double_random.core.errors import (
    BadFile,
    Busy,
    DoubleRandomError,
    Misuse,
    Stopped,
    is_disk_full,
    is_out_of_memory,
)


class OutOfMemoryException(Exception):
    """Named as DuckDB's."""


def chained(cause: BaseException, outer: BaseException) -> BaseException:
    """An exception that was raised from another one."""
    try:
        raise outer from cause
    except BaseException as error:
        return error


@pytest.mark.parametrize(
    ("kind", "code"), [(DoubleRandomError, 1), (Misuse, 2), (Stopped, 3), (Busy, 4)]
)
def test_every_class_has_its_exit_code(kind: type[DoubleRandomError], code: int) -> None:
    error = kind("示例", "a hint", ["one line"])
    assert (error.exit_code, error.message, error.hint) == (code, "示例", "a hint")
    assert (str(error), error.reason, list(error.details)) == ("示例", "示例", ["one line"])


def test_a_bad_file_names_the_file_and_keeps_its_reason_apart() -> None:
    error = BadFile("示例.csv", "it is empty", "export it again")
    assert error.message == "示例.csv: it is empty"
    assert (error.file, error.reason, error.exit_code) == ("示例.csv", "it is empty", 1)


@pytest.mark.parametrize("cause", [MemoryError(), OutOfMemoryException("out of memory")])
def test_too_little_memory_is_found_along_the_chain(cause: BaseException) -> None:
    assert is_out_of_memory(cause)
    assert is_out_of_memory(chained(cause, ValueError("outer")))
    assert not is_out_of_memory(ValueError("outer")) and not is_out_of_memory(None)


@pytest.mark.parametrize(
    "cause",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "quota"),
        RuntimeError("IO Error: No space left on device"),
        RuntimeError("max_temp_directory_size reached"),
    ],
)
def test_a_full_disk_is_found_along_the_chain(cause: BaseException) -> None:
    assert is_disk_full(cause)
    assert is_disk_full(chained(cause, ValueError("outer")))


def test_another_error_of_the_system_is_no_full_disk() -> None:
    assert not is_disk_full(OSError(errno.EACCES, "Permission denied"))
    assert not is_disk_full(None)
