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
    day_of,
    for_whom,
    id_of,
    known_at,
    with_score,
    worded,
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
from double_random.commands.release_logging import logged
from double_random.commands.render.labels import chosen as one_of
from double_random.commands.render.labels import headings, in_words, kinds_and_districts, words
from double_random.commands.render.output import (
    Format,
    FormatOption,
    OutputOption,
    answer,
    for_people,
)
from double_random.commands.render.sync_report import show_report
from double_random.commands.render.terminal import say, say_folded
from double_random.commands.times import At
from double_random.core.errors import Misuse, Stopped
from double_random.core.translation import C_, N_, _
from double_random.core.vocabulary import word

if TYPE_CHECKING:
    import polars

    from double_random.credit.policy.model import Policy
    from double_random.credit.scoring.scenarios import Outcome
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
def load(
    sources: Annotated[
        list[Path], typer.Argument(help=_("Folders with the bureau's files, or files."))
    ],
    as_of: DropDayOption,
    future: FutureOption = False,
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.credit.records.load import load as run

    home = open_home()
    day = working_day(as_of, future)
    with logged(home, "sync", at):
        report = run(home, sources, day)
    show_report(report, form, output)


@app.command("score", help=_("Compute and keep the score and grade of every active institution."))
def score(
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
    from double_random.credit.policy.catalog import policy as chosen
    from double_random.credit.scoring import engine_runner, kept_scores, score_run

    home = open_home()
    if known is not None:  # a look back adds no knowledge: its scores are not stored
        rule = chosen(home, policy)
        with engines.engine(home, engine, remote, tables) as there, home.releases.read() as opened:
            asked = (opened, as_of.date(), rule, known_at(opened, known))
            rows = engine_runner.scores(there, *asked) if there else kept_scores.scores(*asked)
        title = _("{policy} as of {day}").format(policy=rule.title, day=as_of.date())
        rows = for_whom(with_score(rows), home, form, output)
        answer(rows, form, output, title, headings(COLUMNS))
        return
    with engines.engine(home, engine, remote, tables) as there, logged(home, "score", at):
        done = score_run.score(home, working_day(as_of, future), chosen(home, policy), there)
    answer(done.json(), form, output, _("Scores as of {day}").format(day=done.as_of))
    if not done.new:
        say(_("The same scores were kept already: no new release."))


@app.command("list", help=_("The graded institutions, the lowest scores first."))
def list_(
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
    from double_random.credit.policy.catalog import policy as chosen
    from double_random.credit.scoring.ranking import ranking

    home = open_home()
    rule = chosen(home, policy)
    with home.releases.read(release) as opened:
        day = day_of(opened, as_of)
        rows = ranking(opened, day, rule, known_at(opened, known))
    said = kinds_and_districts(home)
    only = {
        "grade": one_of("--grade", grade, words(b.grade for b in rule.on(day).scale.bounds)),
        "kind": one_of("--kind", kind, said["kind"]),
        "district": one_of("--district", district, said["district"]),
    }
    for column, wanted in only.items():
        if wanted is not None:
            rows = rows.filter(rows[column] == wanted)
    title = _("{policy} as of {day}").format(policy=rule.title, day=day)
    rows = for_whom(with_score(rows), home, form, output)
    answer(rows, form, output, title, headings(COLUMNS))


@app.command(
    "show", help=_("An institution's score, and all its records, also those that do not count.")
)
def show(
    institution: InstitutionArgument,
    as_of: LastDayOption = None,
    policy: PolicyOption = None,
    release: ReleaseOption = None,
    known: KnownOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    import sys

    from double_random.credit.policy.catalog import policy as chosen
    from double_random.credit.reports.credit_file import credit_file

    home = open_home()
    rule = chosen(home, policy)
    with home.releases.read(release) as opened:
        day = day_of(opened, as_of)
        found = credit_file(opened, id_of(opened, institution), day, rule, known_at(opened, known))
    shown = form or (Format.table if sys.stdout.isatty() else Format.json)
    if shown is Format.json:
        answer(found.json(), Format.json, output)
        return
    from double_random.commands.render.explanation_view import heading, told_of_repairs

    say_folded(heading(found.explanation))
    rows = worded(with_score(found.records))
    answer(rows, form, output, _("Records"), headings(RECORD_COLUMNS))
    for sentence in told_of_repairs(found, rule.on(day)):
        say(sentence)


@app.command(
    "explain", help=_("Which record cost what under which rule, from the base to the score.")
)
def explain(
    institution: InstitutionArgument,
    as_of: LastDayOption = None,
    policy: PolicyOption = None,
    release: ReleaseOption = None,
    known: KnownOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    import sys

    from double_random.credit.policy.catalog import policy as chosen
    from double_random.credit.reports.credit_file import credit_file

    home = open_home()
    rule = chosen(home, policy)
    with home.releases.read(release) as opened:
        day = day_of(opened, as_of)
        file = credit_file(opened, id_of(opened, institution), day, rule, known_at(opened, known))
    found = file.explanation
    shown = form or (Format.table if sys.stdout.isatty() and output is None else Format.json)
    if shown is not Format.table:
        answer(found.json() if shown is Format.json else _lines(found.json()), shown, output)
        return
    from double_random.commands.render.explanation_view import told_of_repairs, waterfall

    waterfall(found, output)
    for sentence in told_of_repairs(file, rule.on(day)):
        say(sentence)


@app.command(
    "policies", help=_("List the policies, check one, compare two; try the scenarios on them.")
)
def policies(
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
    import sys

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
        first = catalog.policy(home, name)
        log = (
            difference.difference(first, catalog.policy(home, against))
            if against
            else difference.changes(first)
        )
        shown = difference.frame(log)
        parts = polars.Series(
            [word(difference.PARTS, part) for part in shown["part"]], dtype=polars.String
        )
        standing = form or (Format.table if sys.stdout.isatty() else Format.json)
        if standing in (Format.table, Format.csv, Format.xlsx):
            shown = shown.with_columns(part=parts)
        answer(shown, form, output, first.title, headings(CHANGE_COLUMNS))
        return
    found = [catalog.policy(home, name)] if name else catalog.policies(home)
    rows = polars.DataFrame([_policy(p) for p in found])
    if for_people(form, output):
        rows = in_words(rows, {"public": words(("no", "grade", "all"))})
    answer(rows, form, output, _("Policies"), headings(POLICY_COLUMNS))
    if scenarios:
        _try(home, found, scenarios)


app.command("report", help=_("The credit report (信用报告), for print, as a workbook or as data."))(
    credit_analysis.report
)
app.command("trend", help=_("How an institution's points and grade went."))(credit_analysis.trend)
app.command("what-if", help=_("What would lift the grade: waiting, and until when; or repairs."))(
    credit_analysis.what_if
)
app.command("backtest", help=_("How well scores foretold: AUC, KS, Gini, rates, PSI."))(
    credit_analysis.backtest
)
app.command("compare", help=_("Two policies over everybody: who moves, by which rule."))(
    credit_analysis.compare
)
app.command("measures", help=_("Which measures apply to whom on a day, for which department."))(
    credit_analysis.measures
)
app.command("notify", help=_("Who is to be told before a bad grade counts; the letters."))(
    credit_rulings.notify
)
app.command("objection", help=_("An objection (异议), step by step; without ID, all of them."))(
    credit_rulings.objection
)
app.command("repair", help=_("A repair (信用修复), correction or revocation; one, or a file."))(
    credit_rulings.repair
)


def _try(home: Home, found: list[Policy], files: list[Path]) -> None:
    """Print for each scenario whether it holds; Stopped if one does not."""
    from double_random.credit.scoring import scenarios

    known = {p.id: p for p in found}
    outcomes: list[Outcome] = []
    for file in files:
        wanted = [s for s in scenarios.read(file) if s.policy in known]
        outcomes += scenarios.run(wanted, known)
    for outcome in outcomes:
        say(outcome.sentence())
    broken = sum(not outcome.holds for outcome in outcomes)
    if broken:
        raise Stopped(
            _("{broken} of {count} scenarios do not hold").format(
                broken=broken, count=len(outcomes)
            ),
            _("correct the policy, or what the scenarios expect"),
        )


def _policy(policy: Policy) -> dict[str, Any]:
    return {
        "id": policy.id,
        "title": policy.title,
        "purpose": policy.purpose,
        "public": policy.public,
        "from": policy.start,
        "until": policy.until,
        "edition": policy.edition,
        "rules": len(policy.rules),
        "unconfirmed": policy.unconfirmed,
        "example": policy.example,
        "file": str(policy.file),
    }


def _lines(explanation: dict[str, Any]) -> polars.DataFrame:
    import polars

    return polars.DataFrame(explanation["lines"])
