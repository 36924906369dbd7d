"""The doors to publishing: build the public site, check it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from doors.answer import FormatOption, OutputOption, answer, say
from doors.home import open_home
from language import _

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command(
    "build",
    help=_("Build the public site; the old one stays until the new one has passed every check."),
)
def build(
    as_of: Annotated[
        datetime,
        typer.Option(formats=["%Y-%m-%d"], help=_("The day as of which the site is made.")),
    ],
) -> None:
    from publish.site import build

    path = build(open_home(), as_of.date())
    say(_("The site lies at {path}").format(path=path / "index.html"))


@app.command(
    "check",
    help=_("Check the site that is shown: hashes, links, no scripts, no personal numbers."),
)
def check(form: FormatOption = None, output: OutputOption = None) -> None:
    from dataclasses import asdict

    from publish.site import check

    answer(asdict(check(open_home())), form, output, _("The site has passed"))
