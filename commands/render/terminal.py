"""All writing to the terminal. No text can control the terminal, and no code page makes a command fail."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from double_random.publish.disclosure.sanitise import to_terminal_text

if TYPE_CHECKING:
    from rich.console import Console


def prepare_streams() -> None:
    """Make both streams replace characters missing in their code page; discard output to a closed stream."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def make_console(stderr: bool = False, file: Any = None, width: int | None = None) -> Console:
    """A Rich console; 80 columns if the terminal width is unknown; `:name:` is not replaced by an emoji."""
    from rich.console import Console

    return Console(stderr=stderr, file=file, width=width, highlight=False, emoji=False)


def print_message(text: str = "") -> None:
    """Print a message to stderr, without markup."""
    from double_random.commands.current_home import add_home_option

    message = to_terminal_text(add_home_option(text))
    make_console(stderr=True).print(message, markup=False, highlight=False, soft_wrap=True)


def print_folded_message(text: str) -> None:
    """Print a long message to stderr, folded at the terminal's width."""
    from rich.text import Text

    make_console(stderr=True).print(Text(to_terminal_text(text)))


def print_line(text: str) -> None:
    """Print a plain-text line of an answer to stdout."""
    sys.stdout.write(to_terminal_text(text) + "\n")
