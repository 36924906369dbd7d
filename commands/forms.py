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
    is_for_people,
    show_answer,
)
from double_random.commands.render.output_target import write_file
from double_random.commands.render.terminal import print_line, print_message
from double_random.commands.times import At
from double_random.core.errors import Misuse
from double_random.core.translation import _, join_words
from double_random.core.vocabulary import SHEET_STEP, STAGE, STAGE_PAPERS, code_word
from double_random.inspection.planning.wording import format_group


def fill_forms(
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
    from double_random.inspection.casework.draw_forms import fill_draw_forms
    from double_random.inspection.casework.quarterly_report import Quarter

    home = open_home()
    if re.fullmatch(r"[0-9]{4}", draw):
        filled = form_returns.fill_year_forms(home, int(draw))
    elif re.fullmatch(r"[0-9]{4}Q[1-4]", draw):
        filled = form_returns.fill_quarter_forms(home, Quarter.read(draw), day_or_today(as_of))
    else:
        filled = fill_draw_forms(home, draw, day_or_today(as_of), only)
    folder = output or Path(f"{draw}-文书")
    written = desk.write_forms(folder, filled)
    for path in written:
        print_line(str(path))
    unconfirmed = desk.list_unconfirmed(home, (path.relative_to(folder) for path in written))
    if unconfirmed:
        print_message(
            _("not compared with the forms in force yet: {files}").format(
                files=join_words(unconfirmed)
            )
        )
    print_message(_("internal until signed: they name inspectors, groups and grades"))


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
    from double_random.commands.log import read_key_text
    from double_random.inspection.casework.notice_code import check_notice_code
    from double_random.store.log.checkpoint import PublicKey

    file = Path(code) if len(code) < 255 else None
    text = file.read_text(encoding="utf-8").strip() if file and file.is_file() else code
    notice = check_notice_code(text, PublicKey.parse(read_key_text(key)) if key else None)
    show_answer(
        {**asdict(notice), "inspectors": list(notice.inspectors)},
        form,
        output,
        _("The notice holds"),
    )
    if notice.signed is None:
        print_message(_("the log's signature was not checked: no key was given"))


def show_preview(
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
    from double_random.inspection.casework.preview import preview_plan
    from double_random.inspection.planning.plan_fields import DrawRequest
    from double_random.inspection.protocol.plan import TeamRule

    day = day_or_today(as_of)
    wish = DrawRequest(
        draw="preview",
        items=tuple(items),
        as_of=day,
        sources=("local",),
        not_before=f"{day}T00:00:00Z",
        publish_by=day,
        team=TeamRule(team_size, leads, groups, False, False),
        districts=tuple(district or ()),
        units=tuple(unit or ()),
    )
    home, people = open_home(), is_for_people(form, output)
    plan_preview = preview_plan(home, wish)
    kind_names = kinds_and_districts(home)["kind"] if people else {}
    preview_data = asdict(plan_preview)
    preview_data["groups"] = [
        _("{name}: {what}").format(
            name=format_group(group.stratum, kind_names),
            what=f"{group.population} → {group.least}"
            + (f"–{group.most}" if group.most > group.least else ""),
        )
        for group in plan_preview.groups
    ]
    preview_data["left_out"] = {_(reason): count for reason, count in plan_preview.left_out.items()}
    preview_data["inspectors_left_out"] = {
        _(reason): count for reason, count in plan_preview.inspectors_left_out.items()
    }
    preview_data["recusals"] = {_(why): count for why, count in plan_preview.recusals.items()}
    preview_data["load"] = plan_preview.load[1]
    preview_data["changed"] = [
        _("{name}: {what}").format(name=name, what=change) for name, change in plan_preview.changed
    ]
    preview_data["together"] = {name: list(draws) for name, draws in plan_preview.together.items()}
    heading = "to_be_drawn" if people else "drawn"
    show_answer({heading: plan_preview.drawn[1], **preview_data}, form, output, _("Preview"))


def do_next_step(
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

    from double_random.core.china_time import china_day
    from double_random.inspection.casework import forms as desk
    from double_random.inspection.casework import task_sheet
    from double_random.inspection.casework.draw_forms import fill_draw_forms
    from double_random.inspection.draw import lifecycle

    if blank is not None:
        write_file(blank, task_sheet.render_task_sheet())
        print_message(_("Fill it in, then: double-random inspection do {path}").format(path=blank))
        return
    if sheet is None:
        raise Misuse(_("which sheet?"), _("an empty one: double-random inspection do --blank FILE"))
    home, moment = open_home(), at or lifecycle.current_time()
    sheet_result = task_sheet.run_task_sheet(home, sheet, moment, accept_unbound)
    folder = output or Path(f"{sheet_result.draw}-{code_word(STAGE_PAPERS, sheet_result.stage)}")
    filled = fill_draw_forms(home, sheet_result.draw, date.fromisoformat(china_day(moment)))
    written = desk.write_forms(folder, filled)
    people = is_for_people(form, None)
    show_answer(
        {
            "draw": sheet_result.draw,
            "done": [
                code_word(SHEET_STEP, sheet_step) if people else sheet_step
                for sheet_step in sheet_result.steps
            ],
            "stage": code_word(STAGE, sheet_result.stage) if people else str(sheet_result.stage),
            "code": sheet_result.code,
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
        do_next_step,
    ),
    (
        "new",
        _("Lead through plan, commit and draw by questions: no flag, no manual."),
        wizard.run_wizard,
    ),
    (
        "preview",
        _("What a plan would draw: numbers, left out, load, tight and blind spots."),
        show_preview,
    ),
    ("forms", _("Fill the forms (文书) of a draw, a year or a quarter into a folder."), fill_forms),
    ("check-notice", _("Check a notice by its 抽取核验码, offline."), check_notice),
)
