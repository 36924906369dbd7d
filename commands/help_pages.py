"""Help pages (帮助) of every command: -h and --help, in the language that was chosen.

What Typer asks of gettext it gets by `usage_errors.speak`; the words that it has in its source are set here, by
subclasses of its commands: nothing of Typer is replaced.
"""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from double_random.core.translation import _

HELP = ("-h", "--help")
Formatter: Any = typer.Context.formatter_class


class Pages(Formatter):  # type: ignore[misc]
    """Help pages whose first word is ours."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that says how a command is typed."""
        super().write_usage(prog, args, _("Usage: ") if prefix is None else prefix)


class Context(typer.Context):
    """A call whose help is such a page."""

    formatter_class = Pages


class Page:
    """What the help pages of commands and of groups have in common."""

    params: list[Any]
    options_metavar: str | None

    def get_help_option_names(self, ctx: Any) -> list[str]:
        """-h and --help everywhere, but where a command has an option of that name."""
        taken = {name for one in self.params for name in one.opts}
        return [name for name in HELP if name not in taken]

    def get_help_option(self, ctx: Any) -> Any:
        """The option that shows the page."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = _("Show this message and exit.")
        return option

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """How a command is typed, after its name."""
        self.options_metavar = _("[OPTIONS]")
        pieces: list[str] = super().collect_usage_pieces(ctx)  # type: ignore[misc]
        return pieces


class Command(Page, TyperCommand):
    """A command with such a page."""

    context_class = Context


class Group(Page, TyperGroup):
    """A group of commands with such a page."""

    context_class = Context

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """How a command of the group is typed."""
        self.subcommand_metavar = _("COMMAND [ARGS]...")
        return super().collect_usage_pieces(ctx)
