"""Commands that build, check and serve the public site and export files."""

from __future__ import annotations

import enum
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from double_random.commands.current_home import open_home
from double_random.commands.days import DAY, FutureOption, working_day
from double_random.commands.render.format_writers import Format
from double_random.commands.render.output import FormatOption, OutputOption, show_answer
from double_random.commands.render.terminal import print_message
from double_random.core.translation import N_, _, join_words

if TYPE_CHECKING:
    from double_random.publish.exports.delivery import Delivery

TEXT_COLUMNS = {
    "record": N_("record"),
    "name": N_("name"),
    "doubts": N_("in doubt"),
    "text": N_("text"),
}

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


class SiteShape(enum.StrEnum):
    """What is built: a site, or notices for a portal run by another body."""

    site = "site"
    portal = "portal"


@app.command(
    "build",
    help=_("Build the public site; the old one stays until the new one has passed every check."),
)
def build_public_site(
    as_of: Annotated[
        datetime,
        typer.Option("--as-of", **DAY, help=_("The day as of which the site is made.")),
    ],
    lang: Annotated[
        str | None,
        typer.Option("--lang", help=_("The site's language, zh_CN or en; else the settings'.")),
    ] = None,
    shape: Annotated[
        SiteShape,
        typer.Option("--as", help=_("A site, or notices to paste into somebody else's portal.")),
    ] = SiteShape.site,
    folder: Annotated[
        Path | None,
        typer.Option("--output", help=_("With --as portal: the folder to write; needed.")),
    ] = None,
    future: FutureOption = False,
    form: FormatOption = None,
) -> None:
    from double_random.core.errors import Misuse
    from double_random.publish.site.build import build_site

    if (shape is SiteShape.portal) != (folder is not None):
        raise Misuse(
            _("--as portal and --output FOLDER go together"),
            _("the site itself always lies at HOME/public"),
        )
    day = working_day(as_of, future)
    if folder is not None:
        from double_random.publish.site import portal

        written = portal.build_portal_notices(open_home(), day, folder, _check_language(lang))
        _show_handout(written, form, _("Notices to paste"))
        return
    path = build_site(open_home(), day, _check_language(lang))
    print_message(_("The site lies at {path}").format(path=path / "index.html"))


@app.command(
    "upload-files",
    help=_(
        "Write permits, penalties and inspection results as the city's credit platform takes them; "
        "rows that it would refuse are listed with the reason."
    ),
)
def write_upload_files(
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
    from double_random.publish.exports.upload_files import LEFT_OUT, build_upload_files

    start = since.date() if since else None
    written, counts = build_upload_files(open_home(), working_day(as_of, future), folder, start)
    _show_handout(written, form, _("Upload files"), counts)
    if counts["left_out"]:
        print_message(_("not uploaded, with the reasons: {file}").format(file=folder / LEFT_OUT))


@app.command(
    "check",
    help=_(
        "Check the site that is shown: hashes, links, no foreign script, no personal number; "
        "or list the texts that wait for a look."
    ),
)
def check_shown_site(
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

    from double_random.publish.disclosure.review import list_waiting_texts
    from double_random.publish.site.build import check_site

    home = open_home()
    if texts:
        rows = list_waiting_texts(home, _require_day(as_of))
        headings = {name: _(heading) for name, heading in TEXT_COLUMNS.items()}
        show_answer(rows, form, output, _("Texts that wait for a look"), headings)
        return
    show_answer(asdict(check_site(home)), form, output, _("The site has passed"))


@app.command(
    "clear", help=_("Let a text that waited go out, or hold it back for good; say who looked.")
)
def clear_text(
    record: Annotated[str, typer.Argument(help=_("The record, or the beginning of its id."))],
    by: Annotated[str, typer.Option("--by", help=_("Who has looked at the text."))],
    as_of: Annotated[
        datetime,
        typer.Option("--as-of", **DAY, help=_("The day on which it would be shown.")),
    ],
    hold: Annotated[bool, typer.Option("--hold", help=_("Hold it back instead."))] = False,
) -> None:
    from double_random.publish.disclosure.review import list_waiting_texts, record_decision

    home = open_home()
    text = record_decision(
        home, list_waiting_texts(home, as_of.date()), record, "hold" if hold else "show", by
    )
    print_message(_("held back:") if hold else _("goes out with the next build:"))
    print_message(text)


@app.command(
    "pack", help=_("Put the site that is shown into one sealed file, for the machine outside.")
)
def pack_shown_site(
    target: Annotated[Path, typer.Argument(help=_("The file to write, such as site.zip."))],
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from dataclasses import asdict

    from double_random.publish.site.signed_package import pack_edition

    show_answer(asdict(pack_edition(open_home(), target)), form, output, _("Sealed"))


@app.command(
    "apply", help=_("On the machine outside: check a sealed file, then show it in one step.")
)
def apply_package(
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
    from double_random.commands.log import read_key_text
    from double_random.core.errors import Misuse
    from double_random.publish.site import signed_package

    if undo:
        print_message(
            _("shown again: {edition}").format(edition=signed_package.restore_previous(to))
        )
    elif package is None:
        raise Misuse(_("which file?"), _("name the sealed file, or say --undo"))
    else:
        trusted_key = key and read_key_text(key)
        print_message(
            _("shown now: {edition}").format(
                edition=signed_package.apply_package(package, to, trusted_key).name
            )
        )


@app.command("serve", help=_("Look at the site on this machine; ends with Ctrl-C."))
def serve_shown_site(
    port: Annotated[int, typer.Option("--port", help=_("The port to listen on; 0: any."))] = 8000,
    host: Annotated[
        str, typer.Option("--host", help=_("The address to listen on; else this machine alone."))
    ] = "127.0.0.1",
) -> None:
    from double_random.publish.site.preview_server import serve_site

    serve_site(
        open_home().public,
        host,
        port,
        lambda address: print_message(_("The site is at {address}").format(address=address)),
    )


def _show_handout(
    written: Delivery,
    form: Format | None,
    title: str,
    counts: dict[str, int] | None = None,
) -> None:
    """Show which files are new, changed or gone since the folder was last written."""
    from dataclasses import asdict

    changes = asdict(written) | {"same": len(written.same)}
    if counts:
        changes["rows"] = counts
    show_answer(changes, form, title=title)
    if written.gone:
        print_message(_("gone: take these down where they were published"))


def _require_day(as_of: datetime | None) -> date:
    from double_random.core.errors import Misuse

    if as_of is None:
        raise Misuse(_("--as-of is missing"), _("say the day: --as-of YYYY-MM-DD"))
    return as_of.date()


def _check_language(language: str | None) -> str | None:
    """Check that a language is one of the site's languages; Misuse if not."""
    from double_random.core.errors import Misuse
    from double_random.core.translation import LANGUAGES

    if language is not None and language not in LANGUAGES:
        raise Misuse(
            _("no such language: {lang}").format(lang=language),
            _("take one of these: {languages}").format(languages=join_words(LANGUAGES)),
        )
    return language
