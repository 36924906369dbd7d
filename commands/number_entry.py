"""Public numbers are entered twice: by a second person on a terminal, with `--confirm` in scripts."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from double_random.commands.render.terminal import print_message
from double_random.core.errors import Misuse
from double_random.core.translation import _

ConfirmOption = Annotated[
    list[str] | None,
    typer.Option(
        "--confirm",
        help=_("The numbers once more, as SOURCE=VALUE; on a terminal they are asked for."),
    ),
]


def enter_twice(
    values: Mapping[str, str], confirm: Sequence[str] | None, required: bool = True
) -> list[str]:
    """Misuse, with nothing recorded, unless each value is entered a second time, and the same.

    Where it is not required: the sources that a script has entered once, for `remind_of_second_entry`.
    """
    once: list[str] = []
    confirmed = dict(text.partition("=")[::2] for text in confirm or ())
    for source in confirmed:
        if source not in values:
            raise Misuse(
                _("--confirm names {source}, and no number of it was given").format(source=source),
                _("write both alike"),
            )
    for source, value in values.items():
        if source in confirmed:
            second = confirmed[source].strip()
        elif sys.stdin.isatty():
            second = typer.prompt(second_question(source), err=True).strip()
        elif not required:
            once.append(source)
            continue
        else:
            raise Misuse(
                _("the numbers of {source} were entered once").format(source=source),
                _("enter them twice: --confirm '{source}={value}'").format(
                    source=source, value=value
                ),
            )
        if second != value:
            raise Misuse(
                _("the two entries of {source} differ; nothing was recorded").format(source=source),
                _("compare both with the notice: {first} and {second}").format(
                    first=value, second=second
                ),
            )
        print_message(read_back(source, value))
    return once


def remind_of_second_entry(source: str, value: str) -> None:
    """Say how a script enters numbers twice."""
    print_message(
        _("the numbers of {source} were entered once; twice with: {option}").format(
            source=source, option=f"--confirm '{source}={value}'"
        )
    )


def second_question(source: str) -> str:
    """The question for the second entry; it does not show the first one."""
    return _("A second person reads the notice and types the numbers of {source} again").format(
        source=source
    )


def read_back(source: str, value: str) -> str:
    """The numbers that were entered twice alike, one by one."""
    return _("entered twice alike, {source}: {value}").format(
        source=source, value=" ".join(value.split("."))
    )
