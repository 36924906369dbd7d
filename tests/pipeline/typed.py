"""Commands typed in processes of their own, one or several at the same time."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests import forked

Line = tuple[Path, Sequence[str]]  # a home, and what is typed


def type_line(home: Path, words: Sequence[str]) -> tuple[int, str]:
    """A command's exit code, and what it wrote."""
    (done,) = type_together([(home, words)])
    return done


def type_together(lines: Sequence[Line]) -> list[tuple[int, str]]:
    """The same of several commands that begin at the same time."""
    environment = {**os.environ, "NO_COLOR": "1"}
    with ExitStack() as open_files:
        none = open_files.enter_context(open(os.devnull))
        files = [open_files.enter_context(tempfile.TemporaryFile()) for _line in lines]
        started = [
            forked.start(
                ["--home", home, "--lang", "en", *words],
                [none.fileno(), file.fileno(), file.fileno()],
                environment=environment,
            )
            for (home, words), file in zip(lines, files, strict=True)
        ]
        codes = [process.wait() for process in started]
        for file in files:
            file.seek(0)
        return [
            (code, file.read().decode("utf-8", "replace"))
            for code, file in zip(codes, files, strict=True)
        ]
