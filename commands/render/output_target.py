"""Where an answer goes: a file that is never overwritten unasked, a pipe, or a terminal with its own encoding."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from double_random.commands.render.answer import UnfoldedLine
from double_random.commands.render.terminal import make_console, print_message
from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.publish.disclosure.sanitise import to_terminal_text


def is_terminal() -> bool:
    """Whether stdout is a terminal."""
    return sys.stdout.isatty()


def write_file(path: Path, content: bytes) -> None:
    """Write a requested file, never over an existing one without --force, and print its name."""
    from double_random.store import output_files

    output_files.write_output(path, content)
    if not output_files.is_stream(path):
        print_message(_("written: {file}").format(file=path))


def write_bytes(content: bytes, output: Path | None) -> None:
    """Write bytes to a file or a pipe; on a terminal, decode them and use its encoding."""
    if output is not None:
        write_file(output, content)
        return
    if is_terminal():
        try:
            sys.stdout.write(content.decode("utf-8"))
        except UnicodeDecodeError:
            raise Misuse(
                _("this form is no text for a terminal"), _("name a file: --output FILE")
            ) from None
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def print_or_write(parts: Sequence[Any], output: Path | None, width: int | None = None) -> None:
    """Print texts and Rich renderables, folded at the terminal's width, or write them to a file, `width` wide."""
    from rich.text import Text

    file = None if output is None else io.StringIO()
    for part in parts:
        console = make_console() if file is None else make_console(file=file, width=width)
        if isinstance(part, UnfoldedLine):
            console.print(Text(to_terminal_text(part.text)), soft_wrap=True)
        else:
            console.print(Text(to_terminal_text(part)) if isinstance(part, str) else part)
    if file is not None and output is not None:
        write_file(output, file.getvalue().encode())
