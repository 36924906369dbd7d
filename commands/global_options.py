"""The global options: accepted anywhere on the command line (cli.move_globals_first)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from double_random.commands import completion, current_home, version
from double_random.commands.render import output
from double_random.core.translation import _


def use_global_options(
    home_folder: Annotated[
        Path | None,
        typer.Option(
            "--home",
            help=_(
                "The home folder; else DOUBLE_RANDOM_HOME, else ./bureau, else the home "
                "in which the current folder lies."
            ),
        ),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang", help=_("zh_CN or en; else the home's settings, else the computer's.")
        ),
    ] = None,
    memory: Annotated[
        str | None,
        typer.Option(
            "--memory",
            help=_("What the database may take, as 2GB; what does not fit goes to disk."),
        ),
    ] = None,
    labels: Annotated[
        bool,
        typer.Option(
            "--labels", help=_("CSV and XLSX for people: words and headings in their language.")
        ),
    ] = False,
    _show: Annotated[
        bool,
        typer.Option(
            "--show-completion",
            is_eager=True,
            callback=completion.print_script,
            help=_("Show the script that completes commands on the Tab key in this shell."),
        ),
    ] = False,
    _install: Annotated[
        bool,
        typer.Option(
            "--install-completion",
            is_eager=True,
            callback=completion.install_script,
            help=_("Put this script where this shell (bash, zsh, fish) looks for it."),
        ),
    ] = False,
    _version: Annotated[
        bool,
        typer.Option(
            *version.OPTION,
            is_eager=True,
            callback=version.print_version,
            help=_("Show the version of the program and of Python, and exit."),
        ),
    ] = False,
) -> None:
    """Store the values for the following command; the language was chosen before."""
    current_home.use_home(home_folder, memory)
    output.use_labels(labels)
