"""The doors of the case file around a draw: year's plan, papers, results, deadlines, accounts, forms."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from doors import guide
from doors.answer import FormatOption, OutputOption, answer, for_people, say
from doors.drawing import DrawName
from doors.home import open_home
from doors.labels import chosen, headings, in_words, words
from doors.moments import At
from errors import Misuse
from language import N_, _

DAY = ["%Y-%m-%d"]
AsOf = Annotated[datetime, typer.Option("--as-of", formats=DAY, help=_("The day that is asked."))]
On = Annotated[datetime | None, typer.Option("--date", formats=DAY, help=_("The paper's day."))]
Number = Annotated[str, typer.Option("--number", help=_("The paper's number."))]
Why = Annotated[str, typer.Option("--reason", help=_("Why, in a sentence."))]
File = Annotated[Path | None, typer.Option("--output", help=_("Where to write it."))]


def year_plan(
    year: Annotated[int, typer.Argument(help=_("The year."))],
    blank: Annotated[
        Path | None, typer.Option("--blank", help=_("Write the empty sheet to fill in here."))
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option("--file", help=_("Take this filled sheet as the year's plan."))
    ] = None,
    approve: Annotated[
        bool, typer.Option("--approve", help=_("Write down the approval of the plan as it stands."))
    ] = False,
    number: Number = "",
    day: On = None,
    reason: Why = "",
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """File, approve, change or show a year's plan."""
    from inspection import acts
    from inspection.case import year_plan as plans

    home = open_home()
    moment = at or acts.now()
    date = day.date().isoformat() if day else moment[:10]
    if blank is not None:
        blank.write_bytes(plans.blank(home, year))
        say(
            _("Fill it in, then: double-random inspection year-plan {year} --file SHEET").format(
                year=year
            )
        )
        return
    if sheet is not None:
        found = plans.file(home, year, sheet, number, date, reason, moment)
    elif approve:
        found = plans.approve(home, year, number, date, moment)
    else:
        read = plans.read(home, year)
        if read is None:
            raise Misuse(
                _("there is no plan of {year}").format(year=year),
                _(
                    "write the empty sheet: double-random inspection year-plan {year} --blank FILE"
                ).format(year=year),
            )
        found = read
    directed, opened = plans.beside(home, year)
    answer(
        {
            "year": found.year,
            "number": found.number,
            "approved": " ".join(found.approved) if found.approved else "",
            "batches": [
                f"{b.id}: {b.item} {b.planned} {b.first_day}–{b.last_day} {b.frequency}"
                for b in found.batches
            ],
            "changes": [act["reason"] for act in found.history if act["kind"] == "changed"],
            "directed": list(directed),
            "case_checks": opened,
            "split": [
                _("{item}: {draws} draws, {batches} batches planned").format(
                    item=item, draws=draws, batches=batches
                )
                for item, (draws, batches) in plans.split(home, year).items()
            ],
        },
        form,
        output,
        _("The year's plan"),
    )


def task(
    draw: DrawName,
    last_day: Annotated[
        datetime, typer.Option("--last-day", formats=DAY, help=_("The last day for visits."))
    ],
    first_day: Annotated[
        datetime, typer.Option("--first-day", formats=DAY, help=_("The first day for visits."))
    ],
    number: Annotated[str, typer.Option("--number", help=_("The task's number."))] = "",
    batch: Annotated[
        str, typer.Option("--batch", help=_("YEAR/BATCH of the year's plan that it carries out."))
    ] = "",
    directed: Annotated[
        str,
        typer.Option(
            "--directed",
            help=_("A directed draw (定向), not from everybody: the condition it follows."),
        ),
    ] = "",
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Say which batch of the year's plan a draw carries out, and between which days it is visited."""
    from inspection import acts
    from inspection.case import case_file, year_plan
    from inspection.case.acts import Task
    from inspection.case.plain import plain

    home = open_home()
    filing, name = "", ""
    if batch:
        year, slash, name = batch.partition("/")
        if not slash or not year.isdecimal():
            raise Misuse(_("--batch is YEAR/BATCH: {given}").format(given=batch))
        plan = year_plan.read(home, int(year))
        if plan is None:
            raise Misuse(_("there is no plan of {year}").format(year=year))
        filing = plan.number
        items = {item.id for item in case_file.read(home, draw).plan.items}
        if plan.batch(name).item not in items:
            raise Misuse(_("batch {batch} is of another item").format(batch=batch))
    content = Task(
        number,
        filing,
        name,
        "directed" if directed else "undirected",
        first_day.date().isoformat(),
        last_day.date().isoformat(),
        plain(directed),
    )
    case = case_file.write(home, draw, [content], at or acts.now())
    answer({"draw": draw, **asdict(case.task)}, form, output, case.plan.title)


def paper(
    draw: DrawName,
    step: Annotated[
        str, typer.Argument(help=_("approved, notified, coded, inspected, told or published"))
    ],
    targets: Annotated[
        list[str] | None,
        typer.Argument(help=_("Institutions; without any, all that are to be visited.")),
    ] = None,
    number: Annotated[
        str,
        typer.Option("--number", help=_("The paper's number; {n} in it counts the institutions.")),
    ] = "",
    day: On = None,
    remark: Annotated[str, typer.Option("--remark", help=_("A remark; it stays inside."))] = "",
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Put papers of one step on file."""
    from inspection import acts
    from inspection.case import case_file
    from inspection.case.acts import Paper
    from inspection.case.plain import plain
    from inspection.case.steps import PAPERS, Step

    home = open_home()
    step = chosen("STEP", step, words(map(str, PAPERS))) or ""
    moment = at or acts.now()
    date = day.date().isoformat() if day else moment[:10]
    meant = targets or [one.id for one in case_file.read(home, draw).standing]
    papers = [
        Paper(one, Step(step), plain(number.replace("{n}", str(place))), date, plain(remark))
        for place, one in enumerate(meant, start=1)
    ]
    case_file.write(home, draw, papers, moment)
    show_targets(draw, form, output)


def join(
    target: Annotated[str, typer.Argument(help=_("The institution, as `targets` shows its id."))],
    draws: Annotated[list[str], typer.Argument(help=_("The draws that chose it, two or more."))],
    number: Annotated[str, typer.Option("--number", help=_("The decision's number."))] = "",
    day: On = None,
    remark: Annotated[str, typer.Option("--remark", help=_("A remark; it stays inside."))] = "",
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """One visit for several draws (综合查一次); it stands in the file of each."""
    from inspection import acts
    from inspection.case import joint
    from inspection.case.plain import plain

    moment = at or acts.now()
    date = day.date().isoformat() if day else moment[:10]
    made = joint.join(open_home(), target, draws, plain(number), date, moment, plain(remark))
    answer(asdict(made), form, output, _("One visit (综合查一次)"))


def take_back(
    draw: DrawName,
    act: Annotated[int, typer.Argument(help=_("The act's number, as `targets --acts` shows it."))],
    reason: Why,
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Take one act of the case file back; it stays there, and counts no more."""
    from inspection import acts
    from inspection.case import case_file
    from inspection.case.acts import Withdrawal

    case_file.write(open_home(), draw, [Withdrawal(act, reason)], at or acts.now())
    show_targets(draw, form, output)


ACT_COLUMNS = {
    "number": N_("number"),
    "at": N_("time"),
    "counts": N_("counts"),
    "act": N_("act"),
    "content": N_("content"),
}
TARGET_COLUMNS = {
    "name": N_("name"),
    "step": N_("step"),
    "visited": N_("visited"),
    "results": N_("results"),
    "reason": N_("reason"),
    "missing": N_("missing papers"),
}


def show_targets(
    draw: DrawName,
    form: FormatOption = None,
    output: OutputOption = None,
    acts: Annotated[bool, typer.Option("--acts", help=_("The acts, with their numbers."))] = False,
) -> None:
    """Where each drawn institution stands, those that were replaced too."""
    import polars

    from inspection.case import case_file

    case = case_file.read(open_home(), draw)
    if acts:
        rows = [
            {
                "number": act.seq,
                "at": act.at,
                "counts": act.seq not in case.withdrawn,
                "act": type(act.content).__name__.lower(),
                "content": " ".join(
                    _text(value) for value in asdict(act.content).values() if value
                ),
            }
            for act in case.acts
        ]
        answer(polars.DataFrame(rows), form, output, draw, headings(ACT_COLUMNS))
        return
    rows = [
        {
            "id": one.id,
            "name": one.name,
            "step": _(one.step),
            "visited": one.visited,
            "results": sorted({code for f in one.findings.values() for code in f.codes}),
            "reason": _(one.reason),
            "instead_of": one.instead_of,
            "successor": one.successor,
            "papers": [f"{_(s)} {p.date} {p.number}".strip() for s, p in one.papers.items()],
            "missing": [_(step) for step in one.missing(code_binds=False)],
        }
        for one in case.targets.values()
    ]
    schema = {"results": polars.List(polars.String), "papers": polars.List(polars.String)}
    frame = polars.DataFrame(
        rows, schema_overrides={**schema, "missing": polars.List(polars.String)}
    )
    answer(frame, form, output, draw, headings(TARGET_COLUMNS))


def results(draw: DrawName, output: File = None) -> None:
    """Write the record sheet to fill in."""
    from inspection.case import result_sheet

    target = output or Path(f"{draw}-双随机抽查记录表.xlsx")
    target.write_bytes(result_sheet.write(open_home(), draw))
    sys.stdout.write(f"{target}\n")
    say(
        _("Fill it in, then: double-random inspection record {draw} {path}").format(
            draw=draw, path=target
        )
    )


def record(
    draw: DrawName,
    sheet: Annotated[Path, typer.Argument(help=_("The filled record sheet."))],
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Take a filled record sheet, whole or not at all."""
    from inspection import acts
    from inspection.case import result_sheet

    taken = result_sheet.record(open_home(), draw, sheet, at or acts.now())
    answer(asdict(taken), form, output, draw)
    if taken.open or taken.absent:
        say(_("without a result still: {count}").format(count=taken.open + taken.absent))


DUE_COLUMNS = {
    "by": N_("by"),
    "what": N_("what"),
    "draw": N_("draw"),
    "name": N_("name"),
    "overdue": N_("overdue"),
    "basis": N_("basis"),
}


def due(as_of: AsOf, form: FormatOption = None, output: OutputOption = None) -> None:
    """What must be done by when."""
    import polars

    from inspection.case.due import due as listed

    rows = [
        {
            "by": one.by,
            "what": _(one.kind),
            "draw": one.draw,
            "id": one.target,
            "name": one.name,
            "overdue": one.overdue,
            "basis": one.basis,
        }
        for one in listed(open_home(), as_of.date())
    ]
    schema = {
        "by": polars.Date,
        "what": polars.String,
        "draw": polars.String,
        "id": polars.String,
        "name": polars.String,
        "overdue": polars.Boolean,
        "basis": polars.String,
    }
    answer(polars.DataFrame(rows, schema=schema), form, output, _("Due"), headings(DUE_COLUMNS))


def reconcile(
    draw: DrawName, as_of: AsOf, form: FormatOption = None, output: OutputOption = None
) -> None:
    """A draw's account: what is on file at each step, and what does not agree."""
    from inspection.case.reconcile import reconcile as account

    found = account(open_home(), draw, as_of.date())
    answer(
        {
            "draw": draw,
            "drawn by lot": found.drawn,
            "came in": found.came_in,
            **{str(step): count for step, count in found.reached.items()},
            **{str(step): count for step, count in found.ended.items()},
            "differences": [
                {"id": one.target, "name": one.name, "what": one.what} for one in found.differences
            ],
        },
        form,
        output,
        found.case.plan.title,
    )
    if not found.differences:
        say(_("everything agrees"))


REPORT_COLUMNS = {
    "title": N_("item"),
    "planned": N_("planned"),
    "drawn": N_("drawn"),
    "directed": N_("of these directed"),
    "done": N_("done"),
    "problems": N_("problems"),
    "corrected": N_("ordered to correct"),
    "filed": N_("cases filed"),
    "transferred": N_("transferred"),
    "published": N_("published"),
    "overdue": N_("overdue"),
}


def report(
    quarter: Annotated[str, typer.Option("--quarter", help=_("As 2026Q1."))],
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """The quarter's report, by item."""
    import polars

    from inspection.case import quarter as quarters

    lines = quarters.report(open_home(), quarters.Quarter.read(quarter))
    frame = polars.DataFrame([asdict(line) for line in lines])
    answer(frame, form, output, quarter, headings(REPORT_COLUMNS))
    sums = quarters.total(lines)
    say(
        _("{drawn} of {items} items were drawn").format(
            drawn=sums["items_drawn"], items=sums["items"]
        )
    )


def to_credit(as_of: AsOf, form: FormatOption = None, output: OutputOption = None) -> None:
    """Hand published results over to the credit records."""
    from doors.report import show_report
    from inspection.case.to_credit import hand_over

    show_report(hand_over(open_home(), as_of.date()), form, output)


CHECK_COLUMNS = {
    "number": N_("number"),
    "name": N_("name"),
    "ground": N_("ground"),
    "item": N_("item"),
    "approved": N_("approved on"),
    "visited": N_("visited"),
    "codes": N_("results"),
}


def triggered(
    institution: Annotated[str, typer.Argument(help=_("The institution."))] = "",
    ground: Annotated[
        str, typer.Option("--ground", help=_("Why; a wrong one shows the list."))
    ] = "",
    item: Annotated[str, typer.Option("--item", help=_("The item of the list."))] = "",
    number: Annotated[str, typer.Option("--number", help=_("The approval's number."))] = "",
    day: Annotated[
        datetime | None,
        typer.Option(
            "--date", formats=DAY, help=_("The approval's day; with --result the visit's.")
        ),
    ] = None,
    result: Annotated[
        list[str] | None,
        typer.Option("--result", help=_("Close it: a result's code; may be repeated.")),
    ] = None,
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Open or close a case check; without an institution or number, list them."""
    import polars

    from inspection import acts
    from inspection.case import triggered as checks

    home, moment = open_home(), at or acts.now()
    date = day.date().isoformat() if day else moment[:10]
    if result:
        checks.close(home, number, date, tuple(result), moment)
    elif institution:
        ground = chosen("--ground", ground, words(checks.GROUNDS)) or ""
        checks.open_check(home, institution, ground, item, number, date, moment)
    rows = [asdict(one) for one in checks.checks(home).values()]
    schema = dict.fromkeys(
        ("number", "target", "name", "ground", "item", "approved", "visited"), polars.String()
    )
    frame = polars.DataFrame(rows, schema={**schema, "codes": polars.List(polars.String())})
    if for_people(form, output):
        frame = in_words(frame, {"ground": words(checks.GROUNDS)})
    answer(frame, form, output, _("Case checks"), headings(CHECK_COLUMNS))


def forms(
    draw: Annotated[
        str, typer.Argument(help=_("The draw; or a year as 2026, or a quarter as 2026Q1."))
    ],
    as_of: AsOf,
    only: Annotated[
        str, typer.Option("--only", help=_("Only the forms whose name begins so."))
    ] = "",
    output: File = None,
) -> None:
    """Fill forms into a new folder."""
    import re

    from inspection.case import forms as desk
    from inspection.case import returns
    from inspection.case.quarter import Quarter

    home = open_home()
    if re.fullmatch(r"[0-9]{4}", draw):
        made = returns.of_year(home, int(draw))
    elif re.fullmatch(r"[0-9]{4}Q[1-4]", draw):
        made = returns.of_quarter(home, Quarter.read(draw))
    else:
        made = desk.of_draw(home, draw, as_of.date(), only)
    folder = output or Path(f"{draw}-文书")
    for path in desk.write(folder, made):
        sys.stdout.write(f"{path}\n")
    unconfirmed = [form.file for form in desk.forms(home) if not form.confirmed]
    if unconfirmed:
        say(
            _("not compared with the forms in force yet: {files}").format(
                files="、".join(unconfirmed)
            )
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
    """Check one notice offline: needs no home and no network."""
    from doors.log import key_text
    from inspection.case.notice_code import check
    from store.checkpoint import PublicKey

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
    as_of: AsOf,
    team_size: Annotated[int, typer.Option("--team-size", help=_("Inspectors a team."))] = 2,
    leads: Annotated[int, typer.Option("--leads", help=_("Leads among them, at least."))] = 1,
    groups: Annotated[int | None, typer.Option("--groups", help=_("Fixed groups."))] = None,
    district: Annotated[
        list[str] | None, typer.Option("--districts", help=_("A district's code; may be repeated."))
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """What a plan would draw from; nothing is written."""
    from inspection.case.preview import preview as look
    from inspection.planning import Wish
    from inspection.protocol.plan import Team

    day = as_of.date()
    wish = Wish(
        "preview",
        tuple(items),
        day,
        ("local",),
        f"{day}T00:00:00Z",
        day,
        Team(team_size, leads, groups, False, False),
        districts=tuple(district or ()),
    )
    found = look(open_home(), wish)
    told = asdict(found)
    told["groups"] = [
        f"{one.stratum}: {one.population} → {one.least}"
        + (f"–{one.most}" if one.most > one.least else "")
        for one in found.groups
    ]
    told["left_out"] = {_(reason): count for reason, count in found.left_out.items()}
    told["inspectors_left_out"] = {
        _(reason): count for reason, count in found.inspectors_left_out.items()
    }
    told["load"] = found.load[1]
    told["changed"] = [f"{name}: {what}" for name, what in found.changed]
    told["together"] = {name: list(draws) for name, draws in found.together.items()}
    answer({"drawn": found.drawn[1], **told}, form, output, _("Preview"))


def do(
    sheet: Annotated[Path | None, typer.Argument(help=_("The filled 任务书."))] = None,
    blank: Annotated[
        Path | None, typer.Option("--blank", help=_("Write the empty sheet to fill in here."))
    ] = None,
    at: At = None,
    form: FormatOption = None,
    output: File = None,
) -> None:
    """Do the next step of a draw as a filled sheet says, and write the forms that belong to it."""
    from datetime import date

    from inspection import acts
    from inspection.case import forms as desk
    from inspection.case import task_sheet

    if blank is not None:
        blank.write_bytes(task_sheet.blank())
        say(_("Fill it in, then: double-random inspection do {path}").format(path=blank))
        return
    if sheet is None:
        raise Misuse(_("which sheet?"), _("an empty one: double-random inspection do --blank FILE"))
    home, moment = open_home(), at or acts.now()
    done = task_sheet.do(home, sheet, moment)
    folder = output or Path(f"{done.draw}-{done.stage}")
    made = task_sheet.papers(home, done, date.fromisoformat(moment[:10]))
    written = desk.write(folder, made)
    answer(
        {
            "draw": done.draw,
            "done": list(done.steps),
            "stage": str(done.stage),
            "code": done.code,
            "folder": str(folder),
            "forms": len(written),
        },
        form,
        None,
        _("The sheet was carried out"),
    )


def _text(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


COMMANDS = (
    (
        "do",
        _("Do the next step of a draw as a filled sheet (任务书.xlsx) says; writes the forms."),
        do,
    ),
    ("new", _("Lead through plan, commit and draw by questions: no flag, no manual."), guide.new),
    (
        "preview",
        _("What a plan would draw: numbers, left out, load, tight and blind spots."),
        preview,
    ),
    ("forms", _("Fill the forms (文书) of a draw, a year or a quarter into a folder."), forms),
    ("check-notice", _("Check a notice by its 抽取核验码, offline."), check_notice),
    (
        "year-plan",
        _("A year's plan: empty sheet, filing, approval, change, and how it stands."),
        year_plan,
    ),
    (
        "task",
        _("Which batch of the year's plan a draw carries out, and its days for visits."),
        task,
    ),
    (
        "paper",
        _("Put papers on file: approval, notice, check code, visit, result told, published."),
        paper,
    ),
    (
        "targets",
        _("Where each drawn institution stands, from the draw to the published result."),
        show_targets,
    ),
    ("join", _("One visit for an institution that several draws chose (综合查一次)."), join),
    ("take-back", _("Take back an act of the case file that was a mistake."), take_back),
    ("results", _("Write the record sheet (XLSX) to fill in."), results),
    ("record", _("Take a filled record sheet, whole or not at all."), record),
    ("due", _("What must be done by when, in working days."), due),
    (
        "reconcile",
        _("A draw's account: drawn, approved, notified, visited, published, and differences."),
        reconcile,
    ),
    ("report", _("The quarter's report by item."), report),
    ("to-credit", _("Hand published results over to the credit records."), to_credit),
    (
        "triggered",
        _("Case checks after a complaint, a transfer or a clue: open, close, list."),
        triggered,
    ),
)


def register(app: typer.Typer) -> None:
    """Add these commands to `double-random inspection`."""
    for name, told, door in COMMANDS:
        app.command(name, help=told)(door)
