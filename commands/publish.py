"""Commands that build, check and serve the public site and export files."""

from __future__ import annotations

import enum
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from double_random.commands.current_home import open_home
from double_random.commands.days import DAY, FutureOption, working_day
from double_random.commands.render.output import Format, FormatOption, OutputOption, answer
from double_random.commands.render.terminal import say
from double_random.core.translation import N_, _, listed

if TYPE_CHECKING:
    from double_random.publish.exports.delivery import Handout

TEXT_COLUMNS = {
    "record": N_("record"),
    "name": N_("name"),
    "doubts": N_("in doubt"),
    "text": N_("text"),
}

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


class Shape(enum.StrEnum):
    """What is built: a site, or notices for a portal run by another body."""

    site = "site"
    portal = "portal"


@app.command(
    "build",
    help=_("Build the public site; the old one stays until the new one has passed every check."),
)
def build(
    as_of: Annotated[
        datetime,
        typer.Option("--as-of", **DAY, help=_("The day as of which the site is made.")),
    ],
    lang: Annotated[
        str | None,
        typer.Option("--lang", help=_("The site's language, zh_CN or en; else the settings'.")),
    ] = None,
    shape: Annotated[
        Shape,
        typer.Option("--as", help=_("A site, or notices to paste into somebody else's portal.")),
    ] = Shape.site,
    folder: Annotated[
        Path | None,
        typer.Option("--output", help=_("With --as portal: the folder to write; needed.")),
    ] = None,
    future: FutureOption = False,
    form: FormatOption = None,
) -> None:
    from double_random.core.errors import Misuse
    from double_random.publish.site.build import build

    if (shape is Shape.portal) != (folder is not None):
        raise Misuse(
            _("--as portal and --output FOLDER go together"),
            _("the site itself always lies at HOME/public"),
        )
    day = working_day(as_of, future)
    if folder is not None:
        from double_random.publish.site import portal

        written = portal.build(open_home(), day, folder, _language(lang))
        _tell(written, form, _("Notices to paste"))
        return
    path = build(open_home(), day, _language(lang))
    say(_("The site lies at {path}").format(path=path / "index.html"))


@app.command(
    "upload-files",
    help=_(
        "Write permits, penalties and inspection results as the city's credit platform takes them; "
        "rows that it would refuse are listed with the reason."
    ),
)
def upload_files(
    as_of: Annotated[
        datetime,
        typer.Option("--as-of", **DAY, help=_("The day as of which the files are made.")),
    ],
    folder: Annotated[Path, typer.Option("--output", help=_("The folder to write."))],
    since: Annotated[
        datetime | None,
        typer.Option("--since", **DAY, help=_("Only what was decided on this day or later.")),
    ] = None,
    future: FutureOption = False,
    form: FormatOption = None,
) -> None:
    from double_random.publish.exports.upload_files import LEFT_OUT, build

    start = since.date() if since else None
    written, counts = build(open_home(), working_day(as_of, future), folder, start)
    _tell(written, form, _("Upload files"), counts)
    if counts["left_out"]:
        say(_("not uploaded, with the reasons: {file}").format(file=folder / LEFT_OUT))


@app.command(
    "check",
    help=_(
        "Check the site that is shown: hashes, links, no foreign script, no personal number; "
        "or list the texts that wait for a look."
    ),
)
def check(
    texts: Annotated[
        bool, typer.Option("--texts", help=_("The facts of penalties that wait for a look."))
    ] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", **DAY, help=_("With --texts: shown on this day; needed.")),
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from dataclasses import asdict

    from double_random.publish.disclosure.review import waiting
    from double_random.publish.site.build import check

    home = open_home()
    if texts:
        rows = waiting(home, _needed(as_of))
        headings = {name: _(heading) for name, heading in TEXT_COLUMNS.items()}
        answer(rows, form, output, _("Texts that wait for a look"), headings)
        return
    answer(asdict(check(home)), form, output, _("The site has passed"))


@app.command(
    "clear", help=_("Let a text that waited go out, or hold it back for good; say who looked.")
)
def clear(
    record: Annotated[str, typer.Argument(help=_("The record, or the beginning of its id."))],
    by: Annotated[str, typer.Option("--by", help=_("Who has looked at the text."))],
    as_of: Annotated[
        datetime,
        typer.Option("--as-of", **DAY, help=_("The day on which it would be shown.")),
    ],
    hold: Annotated[bool, typer.Option("--hold", help=_("Hold it back instead."))] = False,
) -> None:
    from double_random.publish.disclosure.review import clear, waiting

    home = open_home()
    text = clear(home, waiting(home, as_of.date()), record, "hold" if hold else "show", by)
    say(_("held back:") if hold else _("goes out with the next build:"))
    say(text)


@app.command(
    "pack", help=_("Put the site that is shown into one sealed file, for the machine outside.")
)
def pack(
    target: Annotated[Path, typer.Argument(help=_("The file to write, such as site.zip."))],
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from dataclasses import asdict

    from double_random.publish.site.signed_package import pack

    answer(asdict(pack(open_home(), target)), form, output, _("Sealed"))


@app.command(
    "apply", help=_("On the machine outside: check a sealed file, then show it in one step.")
)
def apply(
    to: Annotated[
        Path, typer.Option("--to", help=_("The folder on this machine; the site is its public/."))
    ],
    package: Annotated[Path | None, typer.Argument(help=_("The sealed file."))] = None,
    key: Annotated[
        str | None,
        typer.Option(
            "--key", help=_("The log's public key: a file or the text; needed the first time.")
        ),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help=_("Show the edition before again."))] = False,
) -> None:
    from double_random.commands.log import key_text
    from double_random.core.errors import Misuse
    from double_random.publish.site import signed_package

    if undo:
        say(_("shown again: {edition}").format(edition=signed_package.undo(to)))
    elif package is None:
        raise Misuse(_("which file?"), _("name the sealed file, or say --undo"))
    else:
        given = key and key_text(key)
        say(_("shown now: {edition}").format(edition=signed_package.apply(package, to, given).name))


@app.command("serve", help=_("Look at the site on this machine; ends with Ctrl-C."))
def serve(
    port: Annotated[int, typer.Option("--port", help=_("The port to listen on; 0: any."))] = 8000,
    host: Annotated[
        str, typer.Option("--host", help=_("The address to listen on; else this machine alone."))
    ] = "127.0.0.1",
) -> None:
    from double_random.publish.site.preview_server import serve

    serve(
        open_home().public,
        host,
        port,
        lambda address: say(_("The site is at {address}").format(address=address)),
    )


def _tell(
    written: Handout,
    form: Format | None,
    title: str,
    counts: dict[str, int] | None = None,
) -> None:
    """Show which files are new, changed or gone since the folder was last written."""
    from dataclasses import asdict

    told = asdict(written) | {"same": len(written.same)}
    if counts:
        told["rows"] = counts
    answer(told, form, title=title)
    if written.gone:
        say(_("gone: take these down where they were published"))


def _needed(as_of: datetime | None) -> date:
    from double_random.core.errors import Misuse

    if as_of is None:
        raise Misuse(_("--as-of is missing"), _("say the day: --as-of YYYY-MM-DD"))
    return as_of.date()


def _language(wanted: str | None) -> str | None:
    """Check that a language is one of the site's languages; Misuse if not."""
    from double_random.core.errors import Misuse
    from double_random.core.translation import LANGUAGES

    if wanted is not None and wanted not in LANGUAGES:
        raise Misuse(
            _("no such language: {lang}").format(lang=wanted),
            _("take one of these: {languages}").format(languages=listed(LANGUAGES)),
        )
    return wanted
