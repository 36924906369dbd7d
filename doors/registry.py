"""`double-random registry`: the registers of institutions and inspectors."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from doors.answer import FormatOption, OutputOption, answer
from doors.home import open_home
from doors.report import show_report
from language import N_, _

app = typer.Typer(no_args_is_help=True)

COLUMNS = {
    "id": N_("id"),
    "kind": N_("kind"),
    "name": N_("name"),
    "status": N_("status"),
    "district": N_("district"),
    "licence": N_("licence number"),
    "head": N_("head"),
    "founded": N_("founded"),
    "former": N_("former names"),
}
ISSUE_COLUMNS = {
    "file": N_("file"),
    "sheet": N_("sheet"),
    "row": N_("row"),
    "column": N_("column"),
    "value": N_("value"),
    "reason": N_("reason"),
    "name": N_("name"),
    "severity": N_("severity"),
}
ROSTER_COLUMNS = {
    "id": N_("certificate number"),
    "name": N_("name"),
    "unit": N_("unit"),
    "district": N_("district"),
    "lead": N_("lead"),
    "kinds": N_("kinds"),
    "status": N_("status"),
}

DayOption = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help=_("The day; else that of the newest sync.")),
]
ReleaseOption = Annotated[
    str | None, typer.Option("--release", help=_("The release to ask; else the current one."))
]


@app.command()
def sync(
    sources: Annotated[
        list[Path], typer.Argument(help=_("Folders with the bureau's files, or files."))
    ],
    as_of: Annotated[
        datetime,
        typer.Option(
            "--as-of", formats=["%Y-%m-%d"], help=_("The day; what is decided later is refused.")
        ),
    ],
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Read permits, suspensions, inspectors and recusals into the registers."""
    from registry.sync import sync as run

    show_report(run(open_home(), sources, as_of.date()), form, output)


@app.command("list")
def list_(
    as_of: DayOption = None,
    kind: Annotated[str | None, typer.Option("--kind", help=_("Only this kind."))] = None,
    district: Annotated[
        str | None, typer.Option("--district", help=_("Only this district, six digits."))
    ] = None,
    status: Annotated[str | None, typer.Option("--status", help=_("Only this status."))] = None,
    release: ReleaseOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """All institutions, as they were on a day."""
    from registry.institutions import as_of as institutions
    from registry.institutions import last_day

    with open_home().releases.read(release) as opened:
        day = as_of.date() if as_of else last_day(opened)
        rows = institutions(opened, day)
    for column, wanted in {"kind": kind, "district": district, "status": status}.items():
        if wanted is not None:
            rows = rows.filter(rows[column] == wanted)
    title = _("Institutions as of {day}").format(day=day)
    answer(rows, form, output, title, _headings(COLUMNS))


@app.command()
def show(
    institution: Annotated[str, typer.Argument(help=_("Id, code, licence number or name."))],
    as_of: DayOption = None,
    release: ReleaseOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """One institution: its fields, its names with their time, and the decisions behind them."""
    from registry.institutions import identify, last_day
    from registry.institutions import show as shown

    with open_home().releases.read(release) as opened:
        day = as_of.date() if as_of else last_day(opened)
        data = shown(opened, identify(opened, institution), day)
    answer(data, form, output, data["name"])


@app.command()
def issues(
    release: ReleaseOption = None, form: FormatOption = None, output: OutputOption = None
) -> None:
    """What was quarantined, noted or refused: file, sheet, row, column, value, reason, name."""
    from registry.issues import issues as found

    with open_home().releases.read(release) as opened:
        rows = found(opened)
    answer(rows, form, output, _("Issues"), _headings(ISSUE_COLUMNS))


@app.command()
def inspectors(
    release: ReleaseOption = None, form: FormatOption = None, output: OutputOption = None
) -> None:
    """The roster of inspectors."""
    from registry.inspectors import roster

    with open_home().releases.read(release) as opened:
        rows = roster(opened)
    answer(rows, form, output, _("Inspectors"), _headings(ROSTER_COLUMNS))


def _headings(columns: dict[str, str]) -> dict[str, str]:
    return {name: _(heading) for name, heading in columns.items()}
