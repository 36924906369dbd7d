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
from double_random.commands.next_steps import print_next_command, print_next_step
from double_random.commands.render.answer import Answer, Table
from double_random.commands.render.estimated_days import days_as_text, print_missing_notices
from double_random.commands.render.labels import replace_codes, resolve_code, translate_headings
from double_random.commands.render.output import (
    FormatOption,
    OutputOption,
    is_for_people,
    show,
    show_answer,
)
from double_random.commands.render.terminal import print_line, print_message
from double_random.commands.times import At, paper_day
from double_random.core.errors import Misuse
from double_random.core.translation import C_, N_, _
from double_random.core.vocabulary import CASE_ACT, DUE, RESULT, STEP, TYPE, code_word


def set_task(
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
    from double_random.inspection.casework.sanitise_text import to_plain_text
    from double_random.inspection.draw import lifecycle

    home = open_home()
    filing, name = "", ""
    if batch:
        year, slash, name = batch.partition("/")
        if not slash or not year.isdecimal():
            raise Misuse(_("--batch is YEAR/BATCH: {given}").format(given=batch))
        plan = year_plan.read_year_plan(home, int(year))
        if plan is None:
            raise Misuse(_("there is no plan of {year}").format(year=year))
        filing = plan.number
        items = {item.id for item in case_file.read_case(home, draw).plan.items}
        if plan.batch(name).item not in items:
            raise Misuse(_("batch {batch} is of another item").format(batch=batch))
    content = Task(
        number=number,
        year_plan=filing,
        batch=name,
        type="directed" if directed else "undirected",
        first_day=first_day.date().isoformat(),
        last_day=last_day.date().isoformat(),
        reason=to_plain_text(directed),
    )
    case = case_file.append_acts(home, draw, [content], at or lifecycle.current_time())
    shown_task = {"draw": draw, **asdict(case.task)}
    if is_for_people(form, output):
        shown_task["condition"] = shown_task.pop("reason")
    show_answer(shown_task, form, output, case.plan.title)
    print_next_step(case)


def add_papers(
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
    from double_random.inspection.casework.sanitise_text import to_plain_text
    from double_random.inspection.draw import lifecycle, named_parties

    home = open_home()
    step = resolve_code("STEP", step, {str(name): code_word(STEP, name) for name in PAPERS}) or ""
    moment = at or lifecycle.current_time()
    date = paper_day(day, moment)
    case = case_file.read_case(home, draw)
    names = {target.id: target.name for target in case.targets.values()}
    institutions = [
        named_parties.find_institution(home, draw, text, names) for text in targets or ()
    ]
    institutions = institutions or [target.id for target in case.active_targets]
    papers = [
        Paper(
            institution,
            Step(step),
            to_plain_text(number.replace("{n}", str(position))),
            date,
            to_plain_text(remark),
        )
        for position, institution in enumerate(institutions, start=1)
    ]
    case = case_file.append_acts(home, draw, papers, moment)
    show_targets(draw, form, output)
    print_next_step(case)


def join_draws(
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
    from double_random.inspection.casework.sanitise_text import to_plain_text
    from double_random.inspection.draw import lifecycle

    moment = at or lifecycle.current_time()
    date = paper_day(day, moment)
    joint_visit = joint_visits.decide_joint_visit(
        open_home(),
        target,
        draws,
        number=to_plain_text(number),
        date=date,
        at=moment,
        remark=to_plain_text(remark),
    )
    show_answer(asdict(joint_visit), form, output, _("One visit (综合查一次)"))


def take_back_act(
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

    case_file.append_acts(
        open_home(), draw, [Withdrawal(act, reason)], at or lifecycle.current_time()
    )
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

    case, people = case_file.read_case(open_home(), draw), is_for_people(form, output)
    if acts:
        rows = [
            {
                "number": act.seq,
                "at": act.at,
                "counts": act.seq not in case.withdrawn,
                "act": type(act.content).__name__.lower(),
                "content": " ".join(
                    _format_value(value, people) for value in asdict(act.content).values() if value
                ),
            }
            for act in case.acts
        ]
        frame = polars.DataFrame(rows)
        if people:
            frame = replace_codes(
                frame, {"act": {code: code_word(CASE_ACT, code) for code in CASE_ACT}}
            )
        show_answer(frame, form, output, draw, translate_headings(ACT_COLUMNS))
        return
    rows = [
        {
            "id": target.id,
            "name": target.name,
            "step": code_word(STEP, target.step) if people else str(target.step),
            "visited": target.visited,
            "results": [
                code_word(RESULT, code) if people else code
                for code in sorted({code for f in target.findings.values() for code in f.codes})
            ],
            "reason": _(target.reason),
            "instead_of": target.instead_of,
            "successor": target.successor,
            "papers": [
                f"{code_word(STEP, s)} {p.date} {p.number}".strip()
                for s, p in target.papers.items()
            ],
            "missing": [
                code_word(STEP, step) if people else str(step)
                for step in target.missing_papers(code_binds=False)
            ],
        }
        for target in case.targets.values()
    ]
    schema = {"results": polars.List(polars.String), "papers": polars.List(polars.String)}
    frame = polars.DataFrame(
        rows, schema_overrides={**schema, "missing": polars.List(polars.String)}
    )
    show_answer(frame, form, output, draw, translate_headings(TARGET_COLUMNS))


def write_result_form(draw: DrawName, output: File = None) -> None:
    """Write the empty record sheet."""
    from double_random.inspection.casework import result_sheet
    from double_random.store import output_files

    target = output or Path(f"{draw}-双随机抽查记录表.xlsx")
    output_files.write_output(target, result_sheet.render_result_sheet(open_home(), draw))
    print_line(str(target))
    print_message(
        _("Fill it in, then: double-random inspection record {draw} {path}").format(
            draw=draw, path=target
        )
    )


def record_results(
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
    outcome = result_sheet.record_results(home, draw, sheet, at or lifecycle.current_time())
    show_answer(asdict(outcome), form, output, draw)
    if outcome.open or outcome.absent:
        print_message(
            _("without a result still: {count}").format(count=outcome.open + outcome.absent)
        )
        print_next_command("inspection", "record", draw, str(sheet))
    else:
        print_next_step(case_file.read_case(home, draw))


DUE_COLUMNS = {
    "by": N_("by"),
    "what": N_("what is due"),
    "draw": N_("draw"),
    "id": N_("code"),
    "name": N_("name"),
    "overdue": N_("overdue"),
    "basis": N_("basis"),
}


def show_deadlines(
    as_of: AsOf = None, form: FormatOption = None, output: OutputOption = None
) -> None:
    """Show the deadlines."""
    import polars

    from double_random.inspection.casework.deadlines import list_duties

    people = is_for_people(form, output)
    rows = [
        {
            "by": deadline.by,
            "what": code_word(DUE, deadline.kind) if people else str(deadline.kind),
            "draw": deadline.draw,
            "id": deadline.target,
            "name": deadline.name,
            "overdue": deadline.overdue,
            "basis": deadline.basis,
            "waits_for": deadline.waits_for or None,
        }
        for deadline in list_duties(open_home(), day_or_today(as_of))
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
    shown_frame = days_as_text(frame, "by") if people else frame
    columns = translate_headings(DUE_COLUMNS)
    narrow = {name: columns[name] for name in DUE_COLUMNS if name not in ("id", "basis")}
    due_answer = Answer(
        title=_("Due"),
        columns=columns,
        rows=lambda: shown_frame,
        people=lambda: [Table(shown_frame, _("Due"), narrow)],  # one line each
    )
    show(due_answer, form, output)
    print_missing_notices(frame["waits_for"].drop_nulls())


def show_reconciliation(
    draw: DrawName, as_of: AsOf = None, form: FormatOption = None, output: OutputOption = None
) -> None:
    """Show the reconciliation of a draw: counts at each step, and differences."""
    from double_random.inspection.case.steps import Step
    from double_random.inspection.casework.reconciliation import reconcile_draw

    report = reconcile_draw(open_home(), draw, day_or_today(as_of))
    people = is_for_people(form, output)
    step_names = {step: code_word(STEP, step) if people else str(step) for step in Step}
    show_answer(
        {
            "draw": draw,
            "drawn by lot": report.drawn,
            "came in": report.came_in,
            **{step_names[step]: count for step, count in report.reached.items()},
            **{step_names[step]: count for step, count in report.ended.items()},
            "differences": [
                {"id": difference.target, "name": difference.name, "what": difference.what}
                for difference in report.differences
            ],
        },
        form,
        output,
        report.case.plan.title,
    )
    if not report.differences:
        print_message(_("everything agrees"))


def _format_value(value: Any, people: bool) -> str:
    """One field of an act as text; for people, codes in words."""
    if isinstance(value, tuple | list):
        return "、".join(_format_value(part, people) for part in value)
    for table in (STEP, RESULT, TYPE) if people else ():
        if value in table:
            return code_word(table, value)
    return str(value)


COMMANDS = (
    (
        "task",
        _("Which batch of the year's plan a draw carries out, and its days for visits."),
        set_task,
    ),
    (
        "paper",
        _("Put papers on file: approval, notice, check code, visit, result told, published."),
        add_papers,
    ),
    (
        "targets",
        _("Where each drawn institution stands, from the draw to the published result."),
        show_targets,
    ),
    ("join", _("One visit for an institution that several draws chose (综合查一次)."), join_draws),
    ("take-back", _("Take back an act of the case file that was a mistake."), take_back_act),
    ("results", _("Write the record sheet (XLSX) to fill in."), write_result_form),
    ("record", _("Take a filled record sheet, whole or not at all."), record_results),
    ("due", _("What must be done by when, in working days."), show_deadlines),
    (
        "reconcile",
        _("A draw's account: drawn, approved, notified, visited, published, and differences."),
        show_reconciliation,
    ),
)
