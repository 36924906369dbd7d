"""Completion on the Tab key, for bash, zsh, fish and PowerShell: `--show-completion`, `--install-completion`.

The scripts are Typer's: they call the program with VARIABLE set, and the line so far in another variable.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

import typer

from double_random.core.errors import Misuse
from double_random.core.translation import _

PROGRAM, VARIABLE = "double-random", "_DOUBLE_RANDOM_COMPLETE"
POWERSHELLS = ("powershell", "pwsh")
SHELLS = ("bash", "zsh", "fish", *POWERSHELLS)


def read_line() -> list[str] | None:
    """The words of the line to complete, after the program's name; None in an ordinary call."""
    if VARIABLE not in os.environ:
        return None
    typed = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", "")
    return typed.split()[1:]


def prepare_completion() -> None:
    """Register Typer's shells, which it does not do without add_completion."""
    _typer_completion().completion_init()


def print_script(asked: bool) -> None:
    """Callback of --show-completion: print the script for the calling shell."""
    if asked:
        print(_completion_script(_find_shell()))
        raise typer.Exit


def install_script(asked: bool) -> None:
    """Callback of --install-completion: write the script where the shell looks for it.

    Not for PowerShell: Typer would relax the execution policy for all scripts.
    """
    if not asked:
        return
    from double_random.commands.render.terminal import print_message

    shell = _find_shell()
    if shell in POWERSHELLS:
        raise Misuse(
            _("in PowerShell completion is added to the profile by hand"),
            _("type: {command}").format(
                command="double-random --show-completion | Out-File -Append $PROFILE"
            ),
        )
    _name, file = _typer_completion().install(shell=shell, prog_name=PROGRAM, complete_var=VARIABLE)
    print_message(_("written: {file}").format(file=file))
    print_message(_("completion works in the next shell that you start"))
    raise typer.Exit


def _completion_script(shell: str) -> str:
    return str(
        _typer_completion().get_completion_script(
            prog_name=PROGRAM, complete_var=VARIABLE, shell=shell
        )
    )


def _typer_completion() -> Any:
    """Typer's completion module, which exports no names."""
    return import_module("typer.completion")


def _find_shell() -> str:
    """The shell from which the program was called."""
    name = str(_typer_completion()._get_shell_name() or "")
    if name not in SHELLS:
        raise Misuse(
            _("the shell is not known: {name}").format(name=name or "?"),
            _("call this from one of: {shells}").format(shells=", ".join(SHELLS)),
        )
    return name
