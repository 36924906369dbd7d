"""The terminal: the only place that writes to it. No text steers it, and no code page makes a command fail."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from double_random.publish.disclosure.sanitise import printable

if TYPE_CHECKING:
    from rich.console import Console


def prepare() -> None:
    """Let both streams replace what their code page lacks; a stream that is closed takes everything."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def console(stderr: bool = False, file: Any = None, width: int | None = None) -> Console:
    """A Rich console; 80 columns where the terminal has no width of its own; `:name:` stays as it is."""
    from rich.console import Console

    return Console(stderr=stderr, file=file, width=width, highlight=False, emoji=False)


def say(text: str = "") -> None:
    """A sentence for the person at the terminal: on stderr, without markup."""
    from double_random.commands.current_home import with_home

    shown = printable(with_home(text))
    console(stderr=True).print(shown, markup=False, highlight=False, soft_wrap=True)


def say_folded(text: str) -> None:
    """A long sentence for the person at the terminal, folded at its width: on stderr."""
    from rich.text import Text

    console(stderr=True).print(Text(printable(text)))


def tell_folded(text: str) -> None:
    """A sentence of an answer, folded at the terminal's width: on stdout."""
    from rich.text import Text

    console().print(Text(printable(text)))


def tell(text: str) -> None:
    """A line of an answer that is plain text: on stdout."""
    sys.stdout.write(printable(text) + "\n")
