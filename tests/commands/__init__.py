"""Writes docs/reference/commands.md, every command's help as `double-random … --help` prints it.

Run as `python -m tests.commands`.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent.parent.parent / "docs" / "reference" / "commands.md"
HEAD = """\
# Commands

Written by `python -m tests.commands` from the program's own help; a test holds that it is up to date.
Data goes to stdout, everything else to stderr. `--format table|json|jsonl|csv|parquet|xlsx` and `--output FILE` say how
an answer leaves: a table on a terminal, JSON when piped.

A day is written as in the bureau's files: 2026-10-31, 2026-1-4, 2026/10/31, 2026.10.31, 2026年10月31日 or 20261031; a
time as `2026-11-22 16:00` (Beijing time) or 2026-11-22T08:00:00Z. Where `--as-of` may be left away, a command
that shows what is known takes the newest day of the data (of a sync, load or score), and a command that counts
deadlines, or the nightly run, takes today in China. What makes or publishes something needs its day.

No command replaces a file or a filled folder that is there already; with `--force` it does. Each file that is written
is named. The folders of `publish upload-files` and `publish build --as portal` may be written again each night, as long
as nobody has changed a file in them.

`double-random --version` tells which program and which Python these are; `-h` is `--help`, after every command. The Tab
key completes commands and options after `double-random --install-completion` in bash, zsh or fish, in PowerShell after
`double-random --show-completion | Out-File -Append $PROFILE`, from the next shell on.

`--home`, `--lang`, `--memory`, `--labels` and `--format` are taken anywhere on the line. The home is that of `--home`,
else DOUBLE_RANDOM_HOME, else ./bureau, else the one in which the current folder lies; `status` says which it is. The
language is that of `--lang`, else `lang` in the home's settings.toml, else LC_ALL, LC_MESSAGES or LANG, else that of
Windows, else English.

JSON, JSON Lines, CSV, Parquet and XLSX have the same columns, English names and codes in every language; numbers are
numbers (JSON: whole ones up to 2^53, larger ones are texts). CSV is UTF-8 without a byte order mark; a text that a
spreadsheet could take for a formula begins with an apostrophe. With `--labels` CSV and XLSX are for people: the table's
columns and words in the language in use, and a byte order mark before the CSV, as Chinese Excel wants it. No text in
JSON holds a raw control character or hidden mark: these are written \\uXXXX.

An unforeseen error ends with 1 and one sentence; its details are in a private file below HOME/errors/ (without a home:
in the folder for temporary files).

Exit codes: 0 done · 1 failed · 2 wrong use · 3 ran, but a check stopped it before anything was published · 4 another
run holds the lock.
"""


def commands() -> dict[str, Any]:
    """Every command by its full name, `registry sync` for one in a group."""
    found: dict[str, Any] = {}
    for name, command in _built().commands.items():
        if hasattr(command, "commands"):
            found |= {f"{name} {inner}": one for inner, one in command.commands.items()}
        else:
            found[name] = command
    return found


@cache
def _built() -> Any:
    """The program's command, in English; Typer takes a second of work for it, so it is built once."""
    from typer.main import get_command

    from double_random.cli import build_application
    from double_random.core import translation

    translation.choose_language("en")
    return get_command(build_application())


def help_of(name: str) -> str:
    """What `double-random NAME --help` prints on a terminal of 80 columns, in English."""
    from typer.testing import CliRunner

    width = {"COLUMNS": "80", "TERMINAL_WIDTH": "80", "NO_COLOR": "1"}
    words = [*name.split(), "--help"]
    with CliRunner().isolation(env=width) as (out, _err, _both):
        assert not _built().main(args=words, prog_name="double-random", standalone_mode=False)
        sys.stdout.flush()
        text = out.getvalue().decode()
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    group = ""
    for name in sorted(commands(), key=lambda name: (" " in name, name)):
        first = name.partition(" ")[0] if " " in name else ""
        if first != group:
            group = first
            parts.append(f"## {group}\n")
        parts.append(f"### double-random {name}\n\n```text\n{help_of(name)}\n```\n")
    return "\n".join(parts)
