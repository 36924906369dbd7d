"""The version of the program, and of the Python that runs it: `double-random --version`."""

from __future__ import annotations

import sys

import typer

OPTION = ("--version", "-V")


def version() -> str:
    """The program and its version, and the Python that runs it."""
    from importlib.metadata import version

    python = ".".join(map(str, sys.version_info[:3]))
    return f"double-random {version('double-random')} (Python {python})"


def tell(asked: bool) -> None:
    """What the option does: it ends the call."""
    if asked:
        print(version())
        raise typer.Exit
