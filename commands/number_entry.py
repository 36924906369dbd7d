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


def enter_twice(values: Mapping[str, str], confirm: Sequence[str] | None) -> None:
    """Misuse, with nothing recorded, unless each value is entered a second time, and the same."""
    confirmed = dict(text.partition("=")[::2] for text in confirm or ())
    for source in confirmed:
        if source not in values:
            raise Misuse(
                _("--confirm names {source}, and --entropy does not").format(source=source),
                _("write both alike"),
            )
    for source, value in values.items():
        if source in confirmed:
            second = confirmed[source].strip()
        elif sys.stdin.isatty():
            print_message(f"{source}: {' '.join(value.split('.'))}")
            question = _("A second person reads the notice and types the numbers of {source} again")
            second = typer.prompt(question.format(source=source), err=True).strip()
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
