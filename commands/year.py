"""Commands for the bureau's year: the year plan, case checks, the quarterly report, results to credit."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from double_random.commands.current_home import open_home
from double_random.commands.days import DAY, day_or_today
from double_random.commands.draw_options import AsOf, Number, On, Why
from double_random.commands.next_steps import print_next_command
from double_random.commands.release_logging import log_new_release
from double_random.commands.render.labels import (
    replace_codes,
    resolve_code,
    translate_codes,
    translate_headings,
    translate_table,
)
from double_random.commands.render.output import (
    FormatOption,
    OutputOption,
    is_for_people,
    show_answer,
)
from double_random.commands.render.output_target import write_file
from double_random.commands.render.terminal import print_message
from double_random.commands.times import At, paper_day
from double_random.core.clock import refuse_later_day
from double_random.core.errors import Misuse
from double_random.core.translation import C_, N_, _
from double_random.core.vocabulary import RESULT, code_word


def manage_year_plan(
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
    from double_random.inspection.casework import year_plan as plans
    from double_random.inspection.draw import lifecycle
    from double_random.inspection.planning.items import load_items

    home = open_home()
    moment = at or lifecycle.current_time()
    date = paper_day(day, moment)
    if blank is not None:
        write_file(blank, plans.render_year_sheet(home, year))
        print_message(
            _("Fill it in, then: double-random inspection year-plan {year} --file SHEET").format(
                year=year
            )
        )
        return
    if sheet is not None:
        plan = plans.file_year_plan(
            home, year, sheet, number=number, day=date, reason=reason, at=moment
        )
    elif approve:
        plan = plans.approve_year_plan(home, year, number, date, moment)
    else:
        filed = plans.read_year_plan(home, year)
        if filed is None:
            raise Misuse(
                _("there is no plan of {year}").format(year=year),
                _(
                    "write the empty sheet: double-random inspection year-plan {year} --blank FILE"
                ).format(year=year),
            )
        plan = filed
    directed, opened = plans.find_other_checks(home, year)
    titles = (
        {entry.id: entry.title for entry in load_items(home)} if is_for_people(form, output) else {}
    )
    show_answer(
        {
            "year": plan.year,
            "number": plan.number,
            "approved": " ".join(plan.approved) if plan.approved else "",
            "batches": [
                f"{b.id}: {titles.get(b.item, b.item)} {b.planned} {b.first_day}–{b.last_day} {b.frequency}"
                for b in plan.batches
            ],
            "changes": [act["reason"] for act in plan.history if act["kind"] == "changed"],
            "directed": list(directed),
            "case_checks": opened,
            "split": [
                _("{item}: {draws} draws, {batches} batches planned").format(
                    item=item, draws=draws, batches=batches
                )
                for item, (draws, batches) in plans.find_split_items(home, year).items()
            ],
        },
        form,
        output,
        _("The year's plan"),
    )


REPORT_COLUMNS = {
    "title": N_("item"),
    "planned": N_("planned"),
    "drawn": C_("count", "drawn"),
    "directed": N_("of these directed"),
    "done": N_("done"),
    "problems": N_("problems"),
    "corrected": N_("ordered to correct"),
    "filed": N_("cases filed"),
    "transferred": N_("transferred"),
    "published": C_("count", "published"),
    "overdue": N_("overdue"),
}


def show_quarter_report(
    quarter: Annotated[str, typer.Option("--quarter", help=_("As 2026Q1."))],
    as_of: AsOf = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show the quarter's report by item."""
    import polars

    from double_random.inspection.casework import quarterly_report as quarters

    quarter_asked, day = quarters.Quarter.read(quarter), day_or_today(as_of)
    lines = quarters.report_quarter(open_home(), quarter_asked, day)
    frame = polars.DataFrame([asdict(line) for line in lines])
    show_answer(frame, form, output, quarter, translate_headings(REPORT_COLUMNS))
    if day <= quarter_asked.last_day:
        print_message(_("the quarter is not over: overdue as of {day}").format(day=day))
    sums = quarters.sum_reports(lines)
    print_message(
        _("{drawn} of {items} items were drawn").format(
            drawn=sums["items_drawn"], items=sums["items"]
        )
    )


def hand_over_results(
    as_of: AsOf = None, at: At = None, form: FormatOption = None, output: OutputOption = None
) -> None:
    """Export published results to the credit records."""
    from double_random.commands.render.sync_report import show_sync_report
    from double_random.inspection.casework.credit_export import export_to_credit

    home, day = open_home(), day_or_today(as_of)
    refuse_later_day(day)
    with log_new_release(home, "sync", at):
        report = export_to_credit(home, day)
    show_sync_report(report, form, output)
    print_next_command("credit", "score", "--as-of", day.isoformat())


CHECK_COLUMNS = {
    "number": C_("approval", "number"),
    "target": N_("code"),
    "name": N_("name"),
    "ground": N_("ground"),
    "item": N_("item"),
    "approved": N_("approved on"),
    "visited": N_("visited"),
    "codes": N_("results"),
}


def manage_case_checks(
    institution: Annotated[str, typer.Argument(help=_("The institution."))] = "",
    ground: Annotated[
        str, typer.Option("--ground", help=_("Why; a wrong one shows the list."))
    ] = "",
    item: Annotated[str, typer.Option("--item", help=_("The item of the list."))] = "",
    number: Annotated[str, typer.Option("--number", help=_("The approval's number."))] = "",
    day: Annotated[
        datetime | None,
        typer.Option("--date", **DAY, help=_("The approval's day; with --result the visit's.")),
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

    from double_random.inspection.casework import case_checks as checks
    from double_random.inspection.draw import lifecycle
    from double_random.inspection.planning.items import load_items

    home, moment = open_home(), at or lifecycle.current_time()
    date = paper_day(day, moment)
    if result:
        codes = (resolve_code("--result", text, translate_table(RESULT)) or "" for text in result)
        checks.close_case_check(home, number, date, tuple(codes), moment)
    elif institution:
        ground = resolve_code("--ground", ground, translate_codes(checks.GROUNDS)) or ""
        checks.open_case_check(
            home, institution, ground, item=item, number=number, day=date, at=moment
        )
    rows = [asdict(check) for check in checks.read_case_checks(home).values()]
    schema = dict.fromkeys(
        ("number", "target", "name", "ground", "item", "approved", "visited"), polars.String()
    )
    frame = polars.DataFrame(rows, schema={**schema, "codes": polars.List(polars.String())})
    if is_for_people(form, output):
        titles = {entry.id: entry.title for entry in load_items(home)}
        frame = replace_codes(frame, {"ground": translate_codes(checks.GROUNDS), "item": titles})
        result_names = [[code_word(RESULT, code) for code in row["codes"]] for row in rows]
        frame = frame.with_columns(polars.Series("codes", result_names, polars.List(polars.String)))
    show_answer(frame, form, output, _("Case checks"), translate_headings(CHECK_COLUMNS))


COMMANDS = (
    (
        "year-plan",
        _("A year's plan: empty sheet, filing, approval, change, and how it stands."),
        manage_year_plan,
    ),
    ("report", _("The quarter's report by item."), show_quarter_report),
    ("to-credit", _("Hand published results over to the credit records."), hand_over_results),
    (
        "triggered",
        _("Case checks after a complaint, a transfer or a clue: open, close, list."),
        manage_case_checks,
    ),
)
