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
    lang: Annotated[
        str | None,
        typer.Option("--lang", help=_("The site's language, zh_CN or en; else the settings'.")),
    ] = None,
) -> None:
    from publish.site import build

    path = build(open_home(), as_of.date(), _language(lang))
    say(_("The site lies at {path}").format(path=path / "index.html"))


@app.command(
    "check",
    help=_("Check the site that is shown: hashes, links, no scripts, no personal numbers."),
)
def check(form: FormatOption = None, output: OutputOption = None) -> None:
    from dataclasses import asdict

    from publish.site import check

    answer(asdict(check(open_home())), form, output, _("The site has passed"))


def _language(wanted: str | None) -> str | None:
    """One of the site's languages."""
    from errors import Misuse
    from language import LANGUAGES

    if wanted is not None and wanted not in LANGUAGES:
        raise Misuse(
            _("no such language: {lang}").format(lang=wanted),
            _("take one of these: {languages}").format(languages=", ".join(LANGUAGES)),
        )
    return wanted
