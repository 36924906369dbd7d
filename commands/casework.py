"""Commands on the case file of a draw: papers, visits, results, deadlines, reconciliation."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from double_random.commands.current_home import open_home
from double_random.commands.days import DAY, day_or_today
from double_random.commands.draw import DrawName
from double_random.commands.draw_options import AsOf, File, On, Why
from double_random.commands.next_steps import say_next, say_next_of
from double_random.commands.render.estimated_days import dated, say_missing
from double_random.commands.render.labels import chosen, headings, in_words
from double_random.commands.render.output import (
    FormatOption,
    OutputOption,
    answer,
    for_people,
    on_terminal,
)
from double_random.commands.render.terminal import say, tell
from double_random.commands.times import At, day_of
from double_random.core.errors import Misuse
from double_random.core.translation import C_, N_, _
from double_random.core.vocabulary import CASE_ACT, DUE, RESULT, STEP, TYPE, word


def task(
    draw: DrawName,
    last_day: Annotated[
        datetime, typer.Option("--last-day", **DAY, help=_("The last day for visits."))
    ],
    first_day: Annotated[
        datetime, typer.Option("--first-day", **DAY, help=_("The first day for visits."))
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
    """Record the batch of the year's plan that a draw carries out, and the period of its visits."""
    from double_random.inspection.case import case_file
    from double_random.inspection.case.events import Task
    from double_random.inspection.casework import year_plan
    from double_random.inspection.casework.sanitise_text import plain
    from double_random.inspection.draw import lifecycle

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
        number=number,
        year_plan=filing,
        batch=name,
        type="directed" if directed else "undirected",
        first_day=first_day.date().isoformat(),
        last_day=last_day.date().isoformat(),
        reason=plain(directed),
    )
    case = case_file.write(home, draw, [content], at or lifecycle.now())
    told = {"draw": draw, **asdict(case.task)}
    if for_people(form, output):
        told["condition"] = told.pop("reason")
    answer(told, form, output, case.plan.title)
    say_next_of(case)


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
    """Add papers of one step to the case file."""
    from double_random.inspection.case import case_file
    from double_random.inspection.case.events import Paper
    from double_random.inspection.case.steps import PAPERS, Step
    from double_random.inspection.casework.sanitise_text import plain
    from double_random.inspection.draw import lifecycle, named_parties

    home = open_home()
    step = chosen("STEP", step, {str(name): word(STEP, name) for name in PAPERS}) or ""
    moment = at or lifecycle.now()
    date = day_of(day, moment)
    case = case_file.read(home, draw)
    names = {target.id: target.name for target in case.targets.values()}
    meant = [named_parties.institution(home, draw, text, names) for text in targets or ()]
    meant = meant or [target.id for target in case.standing]
    papers = [
        Paper(
            institution, Step(step), plain(number.replace("{n}", str(place))), date, plain(remark)
        )
        for place, institution in enumerate(meant, start=1)
    ]
    case = case_file.write(home, draw, papers, moment)
    show_targets(draw, form, output)
    say_next_of(case)


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
    """Combine several draws into one visit (综合查一次), recorded in the case file of each."""
    from double_random.inspection.casework import joint_visits
    from double_random.inspection.casework.sanitise_text import plain
    from double_random.inspection.draw import lifecycle

    moment = at or lifecycle.now()
    date = day_of(day, moment)
    made = joint_visits.join(
        open_home(), target, draws, number=plain(number), date=date, at=moment, remark=plain(remark)
    )
    answer(asdict(made), form, output, _("One visit (综合查一次)"))


def take_back(
    draw: DrawName,
    act: Annotated[int, typer.Argument(help=_("The act's number, as `targets --acts` shows it."))],
    reason: Why,
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Withdraw one act of the case file; it stays on file but no longer counts."""
    from double_random.inspection.case import case_file
    from double_random.inspection.case.events import Withdrawal
    from double_random.inspection.draw import lifecycle

    case_file.write(open_home(), draw, [Withdrawal(act, reason)], at or lifecycle.now())
    show_targets(draw, form, output)


ACT_COLUMNS = {
    "number": C_("act", "number"),
    "at": N_("time"),
    "counts": C_("act", "counts"),
    "act": N_("act"),
    "content": N_("content"),
}


TARGET_COLUMNS = {
    "id": N_("code"),
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
    """Show the step of each drawn institution, including replaced ones."""
    import polars

    from double_random.inspection.case import case_file

    case, people = case_file.read(open_home(), draw), for_people(form, output)
    if acts:
        rows = [
            {
                "number": act.seq,
                "at": act.at,
                "counts": act.seq not in case.withdrawn,
                "act": type(act.content).__name__.lower(),
                "content": " ".join(
                    _text(value, people) for value in asdict(act.content).values() if value
                ),
            }
            for act in case.acts
        ]
        frame = polars.DataFrame(rows)
        if people:
            frame = in_words(frame, {"act": {code: word(CASE_ACT, code) for code in CASE_ACT}})
        answer(frame, form, output, draw, headings(ACT_COLUMNS))
        return
    rows = [
        {
            "id": one.id,
            "name": one.name,
            "step": word(STEP, one.step) if people else str(one.step),
            "visited": one.visited,
            "results": [
                word(RESULT, code) if people else code
                for code in sorted({code for f in one.findings.values() for code in f.codes})
            ],
            "reason": _(one.reason),
            "instead_of": one.instead_of,
            "successor": one.successor,
            "papers": [
                f"{word(STEP, s)} {p.date} {p.number}".strip() for s, p in one.papers.items()
            ],
            "missing": [
                word(STEP, step) if people else str(step) for step in one.missing(code_binds=False)
            ],
        }
        for one in case.targets.values()
    ]
    schema = {"results": polars.List(polars.String), "papers": polars.List(polars.String)}
    frame = polars.DataFrame(
        rows, schema_overrides={**schema, "missing": polars.List(polars.String)}
    )
    answer(frame, form, output, draw, headings(TARGET_COLUMNS))


def results(draw: DrawName, output: File = None) -> None:
    """Write the empty record sheet."""
    from double_random.inspection.casework import result_sheet
    from double_random.store import output_files

    target = output or Path(f"{draw}-双随机抽查记录表.xlsx")
    output_files.write(target, result_sheet.write(open_home(), draw))
    tell(str(target))
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
    """Import a filled record sheet, all rows or none."""
    from double_random.inspection.case import case_file
    from double_random.inspection.casework import result_sheet
    from double_random.inspection.draw import lifecycle

    home = open_home()
    taken = result_sheet.record(home, draw, sheet, at or lifecycle.now())
    answer(asdict(taken), form, output, draw)
    if taken.open or taken.absent:
        say(_("without a result still: {count}").format(count=taken.open + taken.absent))
        say_next("inspection", "record", draw, str(sheet))
    else:
        say_next_of(case_file.read(home, draw))


DUE_COLUMNS = {
    "by": N_("by"),
    "what": N_("what is due"),
    "draw": N_("draw"),
    "id": N_("code"),
    "name": N_("name"),
    "overdue": N_("overdue"),
    "basis": N_("basis"),
}


def due(as_of: AsOf = None, form: FormatOption = None, output: OutputOption = None) -> None:
    """Show the deadlines."""
    import polars

    from double_random.inspection.casework.deadlines import due as listed

    people = for_people(form, output)
    rows = [
        {
            "by": one.by,
            "what": word(DUE, one.kind) if people else str(one.kind),
            "draw": one.draw,
            "id": one.target,
            "name": one.name,
            "overdue": one.overdue,
            "basis": one.basis,
            "waits_for": one.waits_for or None,
        }
        for one in listed(open_home(), day_or_today(as_of))
    ]
    schema = {
        "by": polars.Date,
        "what": polars.String,
        "draw": polars.String,
        "id": polars.String,
        "name": polars.String,
        "overdue": polars.Boolean,
        "basis": polars.String,
        "waits_for": polars.Int64,
    }
    frame = polars.DataFrame(rows, schema=schema)
    shown = dated(frame, "by") if people else frame
    columns = headings(DUE_COLUMNS)
    if on_terminal(form, output):  # one line each; a file has the codes and bases too
        columns = {name: columns[name] for name in DUE_COLUMNS if name not in ("id", "basis")}
    answer(shown, form, output, _("Due"), columns)
    say_missing(frame["waits_for"].drop_nulls())


def reconcile(
    draw: DrawName, as_of: AsOf = None, form: FormatOption = None, output: OutputOption = None
) -> None:
    """Show the reconciliation of a draw: counts at each step, and differences."""
    from double_random.inspection.case.steps import Step
    from double_random.inspection.casework.reconciliation import reconcile as account

    found = account(open_home(), draw, day_or_today(as_of))
    people = for_people(form, output)
    named = {step: word(STEP, step) if people else str(step) for step in Step}
    answer(
        {
            "draw": draw,
            "drawn by lot": found.drawn,
            "came in": found.came_in,
            **{named[step]: count for step, count in found.reached.items()},
            **{named[step]: count for step, count in found.ended.items()},
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


def _text(value: Any, people: bool) -> str:
    """One field of an act as text; for people, codes in words."""
    if isinstance(value, tuple | list):
        return "、".join(_text(one, people) for one in value)
    for table in (STEP, RESULT, TYPE) if people else ():
        if value in table:
            return word(table, value)
    return str(value)


COMMANDS = (
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
)
