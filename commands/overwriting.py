"""`--force` of every command that writes a file: without it no existing file or folder is replaced.

A command gets the option automatically if it has one of the options below. An existing file is refused before the
command does anything.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.main import get_command

from double_random.commands import help_pages
from double_random.core.translation import _
from double_random.store import output_files

FILES = ("--output", "--blank", "--letters")  # options that name a file or folder to write
FOLDERS = ("folder",)  # parameters: folders that may be rewritten while their files are unchanged


def _force_option() -> Any:
    app = typer.Typer(add_completion=False)

    @app.command()
    def bare_command(
        force: Annotated[
            bool, typer.Option("--force", help=_("Replace a file that is there already."))
        ] = False,
    ) -> None:
        """Exists only for its parameter."""

    return next(param for param in get_command(app).params if "--force" in param.opts)


class WritingCommand(help_pages.HelpCommand):
    """A command with `--force` if it writes files named by an option."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.writes = [param for param in self.params if {*FILES} & {*param.opts}]
        if self.writes:
            self.params.append(_force_option())

    def invoke(self, ctx: Any) -> Any:
        """Refuse existing files, then run the command."""
        if self.writes:
            output_files.set_force_flag(bool(ctx.params.pop("force", False)))
        for param in self.writes:
            path = ctx.params.get(param.name)
            if path is not None and param.name not in FOLDERS:
                output_files.refuse_existing(Path(path))
        return super().invoke(ctx)


def guard_commands(app: typer.Typer) -> None:
    """Use this class for all commands of an app and its groups, and our help pages for the groups."""
    for command in app.registered_commands:
        command.cls = WritingCommand
    for group in app.registered_groups:
        group.cls = help_pages.HelpGroup
        if group.typer_instance is not None:
            guard_commands(group.typer_instance)
