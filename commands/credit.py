"""`double-random credit`: records, scores and their explanation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from double_random.commands import credit_analysis, credit_rulings, engines
from double_random.commands.credit_options import (
    DayOption,
    KnownOption,
    LastDayOption,
    PolicyOption,
    add_record_words,
    add_score,
    day_or_last,
    find_institution_id,
    find_known_run,
    replace_codes_for_people,
)
from double_random.commands.current_home import open_home
from double_random.commands.days import FutureOption, working_day
from double_random.commands.engines import EngineOption, RemoteOption, TablesOption
from double_random.commands.options import (
    DistrictOption,
    DropDayOption,
    InstitutionArgument,
    KindOption,
    ReleaseOption,
)
from double_random.commands.release_logging import log_new_release
from double_random.commands.render.answer import Answer
from double_random.commands.render.labels import (
    kinds_and_districts,
    replace_codes,
    resolve_code,
    translate_codes,
    translate_headings,
)
from double_random.commands.render.output import (
    FormatOption,
    OutputOption,
    is_for_people,
    show,
    show_answer,
)
from double_random.commands.render.sync_report import show_sync_report
from double_random.commands.render.terminal import print_message
from double_random.commands.times import At
from double_random.core.errors import Misuse, Stopped
from double_random.core.translation import C_, N_, _
from double_random.core.vocabulary import code_word

if TYPE_CHECKING:
    import polars

    from double_random.credit.policy.model import Policy
    from double_random.credit.scoring.scenarios import ScenarioOutcome
    from double_random.store.home import Home

app = typer.Typer(no_args_is_help=True)

COLUMNS = {
    "institution": N_("id"),
    "name": N_("name"),
    "kind": N_("kind"),
    "district": N_("district"),
    "score": N_("score"),
    "grade": N_("grade"),
}
RECORD_COLUMNS = {
    "what": N_("record"),
    "document": N_("document"),
    "decided": N_("decided"),
    "ends": N_("ends"),
    "score": N_("points"),
    "standing": N_("standing"),
    "shown_until": N_("shown until"),
}
CHANGE_COLUMNS = {
    "part": N_("part"),
    "title": N_("title"),
    "kinds": C_("records", "kinds"),
    "from": N_("from"),
    "until": C_("policy", "until"),
    "before": N_("before"),
    "after": N_("after"),
    "reference": N_("reference"),
}
POLICY_COLUMNS = {
    "id": N_("id"),
    "title": N_("title"),
    "purpose": N_("purpose"),
    "public": N_("public"),
    "from": N_("from"),
    "unconfirmed": N_("unconfirmed"),
}


@app.command("load", help=_("Read a drop's records, and link them to their institutions."))
def load_drop(
    sources: Annotated[
        list[Path], typer.Argument(help=_("Folders with the bureau's files, or files."))
    ],
    as_of: DropDayOption,
    future: FutureOption = False,
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.credit.records.load import load_records

    home = open_home()
    day = working_day(as_of, future)
    with log_new_release(home, "sync", at):
        report = load_records(home, sources, day)
    show_sync_report(report, form, output)


@app.command("score", help=_("Compute and keep the score and grade of every active institution."))
def score_on_day(
    as_of: DayOption,
    policy: PolicyOption = None,
    known: KnownOption = None,
    future: FutureOption = False,
    at: At = None,
    engine: EngineOption = None,
    remote: RemoteOption = None,
    tables: TablesOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.credit.policy.catalog import load_policy
    from double_random.credit.scoring import engine_runner, kept_scores, score_run

    home = open_home()
    if known is not None:  # a look back adds no knowledge: its scores are not stored
        rule = load_policy(home, policy)
        with (
            engines.open_engine(home, engine, remote, tables) as remote_engine,
            home.releases.read() as opened,
        ):
            scoring_args = (opened, as_of.date(), rule, find_known_run(opened, known))
            rows = (
                engine_runner.load_engine_scores(remote_engine, *scoring_args)
                if remote_engine
                else kept_scores.load_scores(*scoring_args)
            )
        title = _("{policy} as of {day}").format(policy=rule.title, day=as_of.date())
        rows = replace_codes_for_people(add_score(rows), home, form, output)
        show_answer(rows, form, output, title, translate_headings(COLUMNS))
        return
    with (
        engines.open_engine(home, engine, remote, tables) as remote_engine,
        log_new_release(home, "score", at),
    ):
        score_result = score_run.score_institutions(
            home, working_day(as_of, future), load_policy(home, policy), remote_engine
        )
    show_answer(
        score_result.json(), form, output, _("Scores as of {day}").format(day=score_result.as_of)
    )
    if not score_result.new:
        print_message(_("The same scores were kept already: no new release."))


@app.command("list", help=_("The graded institutions, the lowest scores first."))
def show_ranking(
    as_of: LastDayOption = None,
    policy: PolicyOption = None,
    grade: Annotated[str | None, typer.Option("--grade", help=_("Only this grade."))] = None,
    kind: KindOption = None,
    district: DistrictOption = None,
    release: ReleaseOption = None,
    known: KnownOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.credit.policy.catalog import load_policy
    from double_random.credit.scoring.ranking import rank_institutions

    home = open_home()
    rule = load_policy(home, policy)
    with home.releases.read(release) as opened:
        day = day_or_last(opened, as_of)
        rows = rank_institutions(opened, day, rule, find_known_run(opened, known))
    code_words = kinds_and_districts(home)
    only = {
        "grade": resolve_code(
            "--grade", grade, translate_codes(b.grade for b in rule.in_force_on(day).scale.bounds)
        ),
        "kind": resolve_code("--kind", kind, code_words["kind"]),
        "district": resolve_code("--district", district, code_words["district"]),
    }
    for column, code in only.items():
        if code is not None:
            rows = rows.filter(rows[column] == code)
    title = _("{policy} as of {day}").format(policy=rule.title, day=day)
    rows = replace_codes_for_people(add_score(rows), home, form, output)
    show_answer(rows, form, output, title, translate_headings(COLUMNS))


@app.command(
    "show", help=_("An institution's score, and all its records, also those that do not count.")
)
def show_credit_file(
    institution: InstitutionArgument,
    as_of: LastDayOption = None,
    policy: PolicyOption = None,
    release: ReleaseOption = None,
    known: KnownOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.commands.render.explanation_view import repair_sentences, score_heading
    from double_random.credit.policy.catalog import load_policy
    from double_random.credit.reports.credit_file import build_credit_file

    home = open_home()
    rule = load_policy(home, policy)
    with home.releases.read(release) as opened:
        day = day_or_last(opened, as_of)
        file = build_credit_file(
            opened,
            find_institution_id(opened, institution),
            day,
            rule,
            find_known_run(opened, known),
        )
    credit_answer = Answer(
        title=_("Records"),
        heading=lambda: score_heading(file.explanation),
        columns=translate_headings(RECORD_COLUMNS),
        data=file.json,
        rows=lambda: add_record_words(add_score(file.records)),
        notes=lambda: repair_sentences(file, rule.in_force_on(day)),
    )
    show(credit_answer, form, output)


@app.command(
    "explain", help=_("Which record cost what under which rule, from the base to the score.")
)
def show_explanation(
    institution: InstitutionArgument,
    as_of: LastDayOption = None,
    policy: PolicyOption = None,
    release: ReleaseOption = None,
    known: KnownOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.commands.render.explanation_view import render_waterfall, repair_sentences
    from double_random.credit.policy.catalog import load_policy
    from double_random.credit.reports.credit_file import build_credit_file

    home = open_home()
    rule = load_policy(home, policy)
    with home.releases.read(release) as opened:
        day = day_or_last(opened, as_of)
        file = build_credit_file(
            opened,
            find_institution_id(opened, institution),
            day,
            rule,
            find_known_run(opened, known),
        )
    explanation = file.explanation
    score_answer = Answer(
        data=explanation.json,
        rows=lambda: _explanation_lines(explanation.json()),
        people=lambda: render_waterfall(explanation),
        notes=lambda: repair_sentences(file, rule.in_force_on(day)),
        file_width=100,
    )
    show(score_answer, form, output)


@app.command(
    "policies", help=_("List the policies, check one, compare two; try the scenarios on them.")
)
def show_policies(
    name: Annotated[
        str | None,
        typer.Argument(help=_("Id or file of one policy: check it."), show_default=False),
    ] = None,
    scenarios: Annotated[
        list[Path] | None,
        typer.Option("--scenarios", help=_("Files of scenarios that the policies must answer.")),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            "--against", help=_("What this other policy says otherwise, clause by clause.")
        ),
    ] = None,
    changes: Annotated[
        bool,
        typer.Option("--changes", help=_("The policy's own change log: periods and kinds.")),
    ] = False,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    import polars

    from double_random.credit.policy import catalog, difference

    home = open_home()
    if against or changes:
        if name is None:
            raise Misuse(
                _("which policy is meant?"),
                _("type: {command}").format(
                    command="double-random credit policies risk-100 --changes"
                ),
            )
        first = catalog.load_policy(home, name)
        log = (
            difference.diff_policies(first, catalog.load_policy(home, against))
            if against
            else difference.list_policy_changes(first)
        )
        log_frame = difference.build_changes_table(log)
        if is_for_people(form, output):
            parts = [code_word(difference.PARTS, part) for part in log_frame["part"]]
            log_frame = log_frame.with_columns(part=polars.Series(parts, dtype=polars.String))
        show_answer(log_frame, form, output, first.title, translate_headings(CHANGE_COLUMNS))
        return
    selected = [catalog.load_policy(home, name)] if name else catalog.load_policies(home)
    rows = polars.DataFrame([_policy_row(p) for p in selected])
    if is_for_people(form, output):
        rows = replace_codes(rows, {"public": translate_codes(("no", "grade", "all"))})
    show_answer(rows, form, output, _("Policies"), translate_headings(POLICY_COLUMNS))
    if scenarios:
        _check_scenarios(home, selected, scenarios)


app.command("report", help=_("The credit report (信用报告), for print, as a workbook or as data."))(
    credit_analysis.show_credit_report
)
app.command("trend", help=_("How an institution's points and grade went."))(
    credit_analysis.show_trend
)
app.command("what-if", help=_("What would lift the grade: waiting, and until when; or repairs."))(
    credit_analysis.show_what_if
)
app.command("backtest", help=_("How well scores foretold: AUC, KS, Gini, rates, PSI."))(
    credit_analysis.show_backtest
)
app.command("compare", help=_("Two policies over everybody: who moves, by which rule."))(
    credit_analysis.show_comparison
)
app.command("measures", help=_("Which measures apply to whom on a day, for which department."))(
    credit_analysis.show_measures
)
app.command("notify", help=_("Who is to be told before a bad grade counts; the letters."))(
    credit_rulings.show_notices
)
app.command("objection", help=_("An objection (异议), step by step; without ID, all of them."))(
    credit_rulings.enter_objection
)
app.command("repair", help=_("A repair (信用修复), correction or revocation; one, or a file."))(
    credit_rulings.enter_repair
)


def _check_scenarios(home: Home, checked_policies: list[Policy], files: list[Path]) -> None:
    """Print for each scenario whether it holds; Stopped if one does not."""
    from double_random.credit.scoring import scenarios

    policies_by_id = {p.id: p for p in checked_policies}
    outcomes: list[ScenarioOutcome] = []
    for file in files:
        selected = [s for s in scenarios.read_scenarios(file) if s.policy in policies_by_id]
        outcomes += scenarios.run_scenarios(selected, policies_by_id)
    for outcome in outcomes:
        print_message(outcome.sentence())
    broken = sum(not outcome.holds for outcome in outcomes)
    if broken:
        raise Stopped(
            _("{broken} of {count} scenarios do not hold").format(
                broken=broken, count=len(outcomes)
            ),
            _("correct the policy, or what the scenarios expect"),
        )


def _policy_row(policy: Policy) -> dict[str, Any]:
    return {
        "id": policy.id,
        "title": policy.title,
        "purpose": policy.purpose,
        "public": policy.public,
        "from": policy.start,
        "until": policy.until,
        "edition": policy.edition,
        "rules": len(policy.rules),
        "unconfirmed": policy.unconfirmed_count,
        "example": policy.example,
        "file": str(policy.file),
    }


def _explanation_lines(explanation: dict[str, Any]) -> polars.DataFrame:
    import polars

    return polars.DataFrame(explanation["lines"])
