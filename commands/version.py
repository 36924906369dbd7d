"""The version of the program and of Python: `double-random --version`."""

from __future__ import annotations

import sys

import typer

OPTION = ("--version", "-V")


def describe_version() -> str:
    """The program's version and that of Python, in one line."""
    from importlib.metadata import version

    python = ".".join(map(str, sys.version_info[:3]))
    return f"double-random {version('double-random')} (Python {python})"


def print_version(asked: bool) -> None:
    """Callback of the option: print the version and exit."""
    if asked:
        print(describe_version())
        raise typer.Exit
