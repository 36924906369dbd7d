"""`nightly`: runs sync, load, score and publish, from a timer or by hand."""

from __future__ import annotations

import os
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from double_random.commands.current_home import open_home
from double_random.commands.days import DAY, FutureOption, working_day
from double_random.commands.render.output import FormatOption, OutputOption, show_answer
from double_random.commands.render.progress import Event, show_progress
from double_random.commands.render.terminal import print_message
from double_random.core.clock import china_today
from double_random.core.errors import DoubleRandomError
from double_random.core.translation import _


def start_nightly(
    drop: Annotated[
        list[Path], typer.Argument(help=_("Folders with the bureau's files, or files."))
    ],
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", **DAY, help=_("The day; else today in China.")),
    ] = None,
    on_finish: Annotated[
        str | None,
        typer.Option(
            "--on-finish",
            help=_("A command for the shell at the end; DOUBLE_RANDOM_END and _REPORT tell it."),
        ),
    ] = None,
    future: FutureOption = False,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.pipeline.nightly import STAGES, run_nightly

    home = open_home()
    day = working_day(as_of, future) if as_of else china_today()
    ended: Event = {"end": "stopped", "why": ""}
    with show_progress(STAGES) as report_event:
        try:
            ended = run_nightly(home, drop, day, report_event)
        except DoubleRandomError as error:
            ended["why"] = error.message
            raise
        finally:
            if on_finish:
                _run_on_finish(on_finish, home.path / "nights", ended)
    coverage = ended.get("coverage", {})
    if coverage.get("fell"):
        print_message(
            _("The coverage of the register fell from {before} % to {now} %").format(
                before=coverage["before"]["percent"], now=coverage["percent"]
            )
        )
    if ended.get("new_notes"):
        print_message(
            _("New notes on institutions: {count}; see them with: {command}").format(
                count=ended["new_notes"], command="double-random registry issues"
            )
        )
    show_answer(ended, form, output, _("The night of {day} is published").format(day=day))


def _run_on_finish(command: str, nights: Path, ended: Event) -> None:
    """Run the operator's own command; its failure does not change the result of the nightly run."""
    newest = max(nights.glob("[0-9]*"), default=nights)
    variables = {
        "DOUBLE_RANDOM_END": str(ended["end"]),
        "DOUBLE_RANDOM_WHY": str(ended["why"]),
        "DOUBLE_RANDOM_REPORT": str(newest / "report.json"),
    }
    completed = subprocess.run(command, shell=True, env=os.environ | variables, check=False)
    if completed.returncode:
        print_message(
            _("the command of --on-finish ended with {code}: {command}").format(
                code=completed.returncode, command=command
            )
        )
