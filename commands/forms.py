"""Commands for paper: preview, forms, the filled task sheet (任务书), notice codes, and the wizard."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from double_random.commands import wizard
from double_random.commands.current_home import open_home
from double_random.commands.days import day_or_today
from double_random.commands.draw_options import AsOf, File, UnboundOption
from double_random.commands.render.labels import kinds_and_districts
from double_random.commands.render.output import (
    FormatOption,
    OutputOption,
    answer,
    for_people,
    write_file,
)
from double_random.commands.render.terminal import say, tell
from double_random.commands.times import At
from double_random.core.errors import Misuse
from double_random.core.translation import _, listed
from double_random.core.vocabulary import SHEET_STEP, STAGE, STAGE_PAPERS, word
from double_random.inspection.planning.wording import group_named


def forms(
    draw: Annotated[
        str, typer.Argument(help=_("The draw; or a year as 2026, or a quarter as 2026Q1."))
    ],
    as_of: AsOf = None,
    only: Annotated[
        str, typer.Option("--only", help=_("Only the forms whose name begins so."))
    ] = "",
    output: File = None,
) -> None:
    """Fill forms into a new folder."""
    import re

    from double_random.inspection.casework import form_returns
    from double_random.inspection.casework import forms as desk
    from double_random.inspection.casework.draw_forms import papers
    from double_random.inspection.casework.quarterly_report import Quarter

    home = open_home()
    if re.fullmatch(r"[0-9]{4}", draw):
        made = form_returns.of_year(home, int(draw))
    elif re.fullmatch(r"[0-9]{4}Q[1-4]", draw):
        made = form_returns.of_quarter(home, Quarter.read(draw), day_or_today(as_of))
    else:
        made = papers(home, draw, day_or_today(as_of), only)
    folder = output or Path(f"{draw}-文书")
    written = desk.write(folder, made)
    for path in written:
        tell(str(path))
    unconfirmed = desk.unconfirmed(home, (path.relative_to(folder) for path in written))
    if unconfirmed:
        say(
            _("not compared with the forms in force yet: {files}").format(files=listed(unconfirmed))
        )
    say(_("internal until signed: they name inspectors, groups and grades"))


def check_notice(
    code: Annotated[
        str, typer.Argument(help=_("What the QR code of a notice says, DR1:…; or a file with it."))
    ],
    key: Annotated[
        str, typer.Option("--key", help=_("The log's public key: a file or the text."))
    ] = "",
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Check one notice offline, without home and network."""
    from double_random.commands.log import key_text
    from double_random.inspection.casework.notice_code import check
    from double_random.store.log.checkpoint import PublicKey

    file = Path(code) if len(code) < 255 else None
    text = file.read_text(encoding="utf-8").strip() if file and file.is_file() else code
    told = check(text, PublicKey.parse(key_text(key)) if key else None)
    answer(
        {**asdict(told), "inspectors": list(told.inspectors)}, form, output, _("The notice holds")
    )
    if told.signed is None:
        say(_("the log's signature was not checked: no key was given"))


def preview(
    items: Annotated[list[str], typer.Argument(help=_("Items of the list."))],
    as_of: AsOf = None,
    team_size: Annotated[int, typer.Option("--team-size", help=_("Inspectors a team."))] = 2,
    leads: Annotated[int, typer.Option("--leads", help=_("Leads among them, at least."))] = 1,
    groups: Annotated[int | None, typer.Option("--groups", help=_("Fixed groups."))] = None,
    district: Annotated[
        list[str] | None,
        typer.Option("--district", help=_("District codes; may be repeated; else all.")),
    ] = None,
    unit: Annotated[
        list[str] | None,
        typer.Option("--unit", help=_("Only inspectors of this unit; may be repeated.")),
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show what a plan would draw from; nothing is written."""
    from double_random.inspection.casework.preview import preview as look
    from double_random.inspection.planning.plan_builder import Wish
    from double_random.inspection.protocol.plan import Team

    day = day_or_today(as_of)
    wish = Wish(
        draw="preview",
        items=tuple(items),
        as_of=day,
        sources=("local",),
        not_before=f"{day}T00:00:00Z",
        publish_by=day,
        team=Team(team_size, leads, groups, False, False),
        districts=tuple(district or ()),
        units=tuple(unit or ()),
    )
    home, people = open_home(), for_people(form, output)
    found = look(home, wish)
    named = kinds_and_districts(home)["kind"] if people else {}
    told = asdict(found)
    told["groups"] = [
        _("{name}: {what}").format(
            name=group_named(one.stratum, named),
            what=f"{one.population} → {one.least}"
            + (f"–{one.most}" if one.most > one.least else ""),
        )
        for one in found.groups
    ]
    told["left_out"] = {_(reason): count for reason, count in found.left_out.items()}
    told["inspectors_left_out"] = {
        _(reason): count for reason, count in found.inspectors_left_out.items()
    }
    told["recusals"] = {_(why): count for why, count in found.recusals.items()}
    told["load"] = found.load[1]
    told["changed"] = [
        _("{name}: {what}").format(name=name, what=what) for name, what in found.changed
    ]
    told["together"] = {name: list(draws) for name, draws in found.together.items()}
    heading = "to_be_drawn" if people else "drawn"
    answer({heading: found.drawn[1], **told}, form, output, _("Preview"))


def do(
    sheet: Annotated[Path | None, typer.Argument(help=_("The filled 任务书."))] = None,
    blank: Annotated[
        Path | None, typer.Option("--blank", help=_("Write the empty sheet to fill in here."))
    ] = None,
    at: At = None,
    accept_unbound: UnboundOption = False,
    form: FormatOption = None,
    output: File = None,
) -> None:
    """Do the next step of a draw from a filled task sheet, and write its forms."""
    from datetime import date

    from double_random.core.china_time import day_there
    from double_random.inspection.casework import forms as desk
    from double_random.inspection.casework import task_sheet
    from double_random.inspection.casework.draw_forms import papers
    from double_random.inspection.draw import lifecycle

    if blank is not None:
        write_file(blank, task_sheet.blank())
        say(_("Fill it in, then: double-random inspection do {path}").format(path=blank))
        return
    if sheet is None:
        raise Misuse(_("which sheet?"), _("an empty one: double-random inspection do --blank FILE"))
    home, moment = open_home(), at or lifecycle.now()
    done = task_sheet.do(home, sheet, moment, accept_unbound)
    folder = output or Path(f"{done.draw}-{word(STAGE_PAPERS, done.stage)}")
    made = papers(home, done.draw, date.fromisoformat(day_there(moment)))
    written = desk.write(folder, made)
    people = for_people(form, None)
    answer(
        {
            "draw": done.draw,
            "done": [word(SHEET_STEP, one) if people else one for one in done.steps],
            "stage": word(STAGE, done.stage) if people else str(done.stage),
            "code": done.code,
            "folder": str(folder),
            "forms": len(written),
        },
        form,
        None,
        _("The sheet was carried out"),
    )


COMMANDS = (
    (
        "do",
        _("Do the next step of a draw as a filled sheet (任务书.xlsx) says; writes the forms."),
        do,
    ),
    ("new", _("Lead through plan, commit and draw by questions: no flag, no manual."), wizard.new),
    (
        "preview",
        _("What a plan would draw: numbers, left out, load, tight and blind spots."),
        preview,
    ),
    ("forms", _("Fill the forms (文书) of a draw, a year or a quarter into a folder."), forms),
    ("check-notice", _("Check a notice by its 抽取核验码, offline."), check_notice),
)
