"""Help pages (帮助) of every command: -h and --help, in the chosen language.

Typer takes some of its words from gettext (see usage_errors.py); the words fixed in its source are replaced here, in
subclasses of its commands. Nothing of Typer is patched.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from double_random.commands import help_panels, old_spellings
from double_random.commands.option_words import value_word
from double_random.commands.plain_values import use_plain_values
from double_random.core.translation import _

PIECE = re.compile(  # the smallest piece of a text that is not broken
    r"[（“《]*(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef“]+)[，。、；：）”》？！]*\s*|\s+"
)
ROOM = 1000  # characters of a short help text: none is cut
HELP = ("-h", "--help")
Formatter: Any = typer.Context.formatter_class


class HelpFormatter(Formatter):  # type: ignore[misc]
    """Formatter with our own usage line and with East Asian character widths."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line of a command."""
        super().write_usage(prog, args, _("Usage: ") if prefix is None else prefix)

    def write_dl(self, rows: Any, col_max: int = 30, col_spacing: int = 2) -> None:
        """Write two columns; a Chinese character is two cells wide."""
        widest = max((text_width(first) for first, _text in rows), default=0)
        column = min(widest, col_max) + col_spacing
        indent = " " * self.current_indent
        for first, text in rows:
            lines = wrap_text(text, max(self.width - column - 2, 10))
            gap = column - text_width(first)
            start = first + " " * gap if gap >= col_spacing else f"{first}\n{indent}{' ' * column}"
            self.write(f"{indent}{start}{lines[0]}\n")
            for line in lines[1:]:
                self.write(f"{indent}{' ' * column}{line}\n")


def wrap_text(text: str, room: int) -> list[str]:
    """Wrap a text; a line may break between Chinese characters, but not before a closing mark."""
    lines = [""]
    for piece in PIECE.findall(text):
        if lines[-1] and text_width(lines[-1]) + text_width(piece.rstrip()) > room:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def text_width(text: str) -> int:
    """The width of a text in terminal cells."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


class HelpContext(typer.Context):
    """Context whose help uses this formatter."""

    formatter_class = HelpFormatter


def option_usage(param: Any, command: str) -> str:
    """An option or argument as shown on a help page: its names, then the placeholder of its value."""
    word = value_word(param, command)
    if param.param_type_name == "argument":
        return word
    names = ", ".join(sorted(param.opts, key=lambda name: name.startswith("--")))
    return names if param.is_flag else f"{names} {word}"


class HelpPage:
    """Shared parts of the help pages of commands and groups."""

    name: str | None
    params: list[Any]
    get_params: Any

    def get_help_option_names(self, ctx: Any) -> list[str]:
        """-h and --help, unless the command has an option of that name."""
        taken = {name for option in self.params for name in option.opts}
        return [name for name in HELP if name not in taken]

    def get_help_option(self, ctx: Any) -> Any:
        """The option that shows the help page."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = _("Show this message and exit.")
            use_plain_values([option])
        return option

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The parts of the usage line after the command's name."""
        words = [
            (value_word(param, self.name or ""), param.required)
            for param in self.params
            if param.param_type_name == "argument" and not param.hidden
        ]
        return [_("[OPTIONS]"), *(word if needed else f"[{word}]" for word, needed in words)]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write arguments and options with their placeholders."""
        rows: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None:
                rows[param.param_type_name].append(
                    (option_usage(param, self.name or ""), record[1])
                )
        for title, kind in ((_("Arguments"), "argument"), (_("Options"), "option")):
            if rows[kind]:
                with formatter.section(title):
                    formatter.write_dl(rows[kind])


class HelpCommand(HelpPage, TyperCommand):
    """A command with such a help page."""

    context_class = HelpContext

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        use_plain_values(self.params)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse like Typer, with old option names; a missing-parameter error lists all missing ones."""
        option_names = {name for option in self.params for name in option.opts}
        args = old_spellings.replace_old_options(args, option_names, ctx.resilient_parsing)
        original_args = list(args)
        try:
            return super().parse_args(ctx, args)
        except TyperException as error:
            if type(error).__name__ == "MissingParameter":
                error.missing = self._missing_params(ctx, original_args)  # type: ignore[attr-defined]
            raise

    def _missing_params(self, ctx: Any, args: list[str]) -> list[Any]:
        values, _rest, _order = self.make_parser(ctx).parse_args(args=args)
        needed = [param for param in self.params if param.required]
        return [param for param in needed if param.value_is_missing(values.get(param.name))]


class HelpGroup(HelpPage, TyperGroup):
    """A group of commands with such a help page."""

    context_class = HelpContext

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        use_plain_values(self.params)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The parts of the usage line of the group."""
        return [*HelpPage.collect_usage_pieces(self, ctx), _("COMMAND [ARGS]...")]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options of the group, then its commands."""
        HelpPage.format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands, in a large group under one heading per stage of the work."""
        commands = {name: command for name, command in self.commands.items() if not command.hidden}
        for title, names in help_panels.panels_of_group(self.name or "", list(commands)):
            with formatter.section(title):
                formatter.write_dl(
                    [(name, commands[name].get_short_help_str(ROOM)) for name in names]
                )
