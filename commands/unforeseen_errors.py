"""Unforeseen errors: details go to a private file, HOME/errors/…; the user sees one sentence, no traceback."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import threading
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from double_random.core.errors import DoubleRandomError
from double_random.core.translation import _


def keep_late_errors(words: Sequence[str]) -> None:
    """Also store errors in threads and at exit, whose traceback Python would print itself."""

    def report_thread_error(failed: Any) -> None:
        if failed.exc_type is not SystemExit:
            from double_random.commands.render.terminal import print_message

            print_message(describe_unforeseen(failed.exc_value, words).message)

    def keep_error_at_exit(failed: Any) -> None:
        if not isinstance(failed.exc_value, OSError):  # closed pipe, full disk: already reported
            write_error_file(failed.exc_value, words)

    threading.excepthook = report_thread_error
    sys.unraisablehook = keep_error_at_exit


def describe_unforeseen(error: BaseException, words: Sequence[str]) -> DoubleRandomError:
    """The error for the user; the details are in the file that it names."""
    file = write_error_file(error, words)
    kind = type(error).__name__
    if file is None:
        return DoubleRandomError(
            _("an unforeseen error: {kind}; its details could not be written").format(kind=kind),
            _("look at the path, the rights and the room on the disk"),
        )
    return DoubleRandomError(
        _("an unforeseen error: {kind}; its details are in {file}").format(kind=kind, file=file),
        _("send this file to whoever maintains the program; it may hold personal data"),
    )


def write_error_file(error: BaseException | None, words: Sequence[str]) -> Path | None:
    """Write a file with all details, readable by its owner alone; None if no file can be written."""
    from double_random.commands.current_home import home_path
    from double_random.store.home_folder import MARK

    now = datetime.now(UTC)
    lines = [
        f"time: {now:%Y-%m-%dT%H:%M:%SZ}",
        f"command: {list(words)}",
        f"python: {platform.python_version()} on {platform.platform()}",
        "",
        *(traceback.format_exception(error) if error is not None else ()),
    ]
    content = "\n".join(lines).encode("utf-8", "backslashreplace")
    home = home_path()
    folders = [home / "errors"] if (home / MARK).exists() else []
    for folder in (*folders, Path(tempfile.gettempdir())):
        for number in range(1, 100):
            file = folder / f"error-{now:%Y%m%dT%H%M%SZ}-{number}.txt"
            try:
                if folder.name == "errors":
                    folder.mkdir(mode=0o700, exist_ok=True)
                descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                continue
            except OSError:
                break
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
            return file
    return None
