"""Help pages (帮助) in the language that was chosen, also where Typer has its words written into its source.

What Typer asks of gettext it gets by `doors.misuse.speak`; for a few phrases it does not ask. They are set on the
commands that were built, by their own attributes: nothing of Typer is replaced.
"""

from __future__ import annotations

from typing import Any

import typer
from typer.main import get_command

from double_random.core.translation import _

Formatter: Any = typer.Context.formatter_class


class Pages(Formatter):  # type: ignore[misc]
    """Help pages whose first word is ours."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that says how a command is typed."""
        super().write_usage(prog, args, _("Usage: ") if prefix is None else prefix)


class Context(typer.Context):
    """A call whose help is such a page."""

    formatter_class = Pages


def spoken(app: typer.Typer) -> Any:
    """The command line of an app, ready to be called, its help pages in our words."""
    command = get_command(app)
    _speak(command)
    return command


def _speak(command: Any) -> None:
    command.context_class = Context
    command.options_metavar = _("[OPTIONS]")
    page = command.get_help_option(Context(command))
    if page is not None:
        page.help = _("Show this message and exit.")
    for one in getattr(command, "commands", {}).values():
        command.subcommand_metavar = _("COMMAND [ARGS]...")
        _speak(one)
