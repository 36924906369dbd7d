"""Output of the guided tour: chapters, the equivalent command of each step, and its result."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.china_time import WRITTEN, format_china_time

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 80
PROGRAM = "double-random"


def tour_console() -> Console:
    """A console of exactly 80 columns."""
    from rich.console import Console

    return Console(width=WIDTH, highlight=False, emoji=False)


@dataclass
class TourPrinter:
    """Prints the tour on 80 columns, readable without colour, and collects the printed commands."""

    home: Path
    default_home: bool
    console: Console
    commands: list[list[str]] = field(default_factory=list)

    def start_chapter(self, title: str) -> None:
        """Print the heading of a new chapter."""
        from rich.rule import Rule
        from rich.text import Text

        self.console.print()
        self.console.print(Rule(Text(title, style="bold"), align="left", characters="─"))

    def show_step(self, sentence: str, *words: object) -> None:
        """Print what is done now, and the equivalent command line."""
        command = [PROGRAM, *self._home_option(), *(_as_typed(str(word)) for word in words)]
        self.commands.append(command)
        self.show_command(sentence, command)

    def show_command(self, sentence: str, command: Sequence[object]) -> None:
        """Print a sentence and a command line of the operating system."""
        from rich.text import Text

        self.console.print()
        self.console.print(Text(sentence))
        self.console.print(Text("$ " + self._fold_command(command), style="cyan"), soft_wrap=True)

    def print_lines(self, *lines: str) -> None:
        """Print the result, line by line."""
        from rich.padding import Padding
        from rich.text import Text

        for line in lines:
            self.console.print(Padding(Text(line), (0, 0, 0, 2), expand=False))

    def print_verbatim(self, text: str) -> None:
        """Print a key or a path unbroken, so that it can be copied."""
        from rich.text import Text

        self.console.print(Text(f"  {text}"), soft_wrap=True)

    def print_table(
        self, headings: Sequence[str], rows: Iterable[Sequence[object]], right: Sequence[int] = ()
    ) -> None:
        """Print rows under headings; the columns of `right` hold numbers."""
        from rich import box
        from rich.padding import Padding
        from rich.table import Table
        from rich.text import Text

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for index, heading in enumerate(headings):
            table.add_column(
                heading, justify="right" if index in right else "left", overflow="fold"
            )
        for row in rows:
            table.add_row(*(Text(str(cell)) for cell in row))
        self.console.print(Padding(table, (0, 0, 0, 2), expand=False))

    def suggest_command(self, *words: object) -> None:
        """Print a command line to type after the tour."""
        from rich.text import Text

        line = self._fold_command([PROGRAM, *self._home_option(), *words])
        self.console.print(Text("$ " + line, style="cyan"), soft_wrap=True)

    def _home_option(self) -> list[str]:
        return [] if self.default_home else ["--home", str(self.home)]

    def _fold_command(self, command: Sequence[object]) -> str:
        """A command line broken between its options, so that it can be typed."""
        words = [shlex.quote(str(word)) for word in command]
        groups: list[str] = []
        for before, word in zip(["", *words], words, strict=False):
            if before.startswith("--") and not word.startswith("--"):
                groups[-1] += f" {word}"
            else:
                groups.append(word)
        lines = [groups[0]]
        for group in groups[1:]:
            if _text_width(lines[-1]) + _text_width(group) + 1 > WIDTH - 4:
                lines.append(group)
            else:
                lines[-1] += f" {group}"
        return " \\\n    ".join(lines)


def _as_typed(word: str) -> str:
    """A time of the log as Beijing time; any other word unchanged."""
    return format_china_time(word) if WRITTEN.fullmatch(word) else word


def _text_width(text: str) -> int:
    """The width of a text in terminal cells; a Chinese character is two cells wide."""
    from rich.cells import cell_len

    return cell_len(text)
