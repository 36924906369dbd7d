"""`double-random credit`: records, scores and their explanation."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from doors.answer import Format, FormatOption, OutputOption, answer, say
from doors.home import open_home
from doors.report import show_report
from errors import Misuse, Stopped
from language import N_, _

if TYPE_CHECKING:
    import polars

    from credit.policy import Policy
    from credit.scenarios import Outcome
    from store.home import Home
    from store.releases import Release

app = typer.Typer(no_args_is_help=True)

DayOption = Annotated[
    datetime,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help=_("The day that is asked about.")),
]
LastDayOption = Annotated[
    datetime | None,
    typer.Option(
        "--as-of", formats=["%Y-%m-%d"], help=_("The day; else that of the newest scores.")
    ),
]
PolicyOption = Annotated[
    str | None,
    typer.Option(
        "--policy", help=_("Id or file of a policy; else the settings' one, else risk-100.")
    ),
]
ReleaseOption = Annotated[
    str | None, typer.Option("--release", help=_("The release to ask; else the current one."))
]
InstitutionArgument = Annotated[
    str, typer.Argument(help=_("Id, code, licence number or name."), show_default=False)
]

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
}
POLICY_COLUMNS = {
    "id": N_("id"),
    "title": N_("title"),
    "purpose": N_("purpose"),
    "public": N_("public"),
    "from": N_("from"),
    "unconfirmed": N_("unconfirmed"),
}


@app.command()
def load(
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
    """Read penalties and complaints into the records, and link them to their institutions."""
    from credit.load import load as run

    show_report(run(open_home(), sources, as_of.date()), form, output)


@app.command()
def score(
    as_of: DayOption,
    policy: PolicyOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Compute and keep the score and grade of every active institution."""
    from credit import scoring
    from credit.policy import policy as chosen

    home = open_home()
    done = scoring.score(home, as_of.date(), chosen(home, policy))
    answer(done.json(), form, output, _("Scores as of {day}").format(day=done.as_of))
    if not done.new:
        say(_("The same scores were kept already: no new release."))


@app.command("list")
def list_(
    as_of: LastDayOption = None,
    policy: PolicyOption = None,
    grade: Annotated[str | None, typer.Option("--grade", help=_("Only this grade."))] = None,
    kind: Annotated[str | None, typer.Option("--kind", help=_("Only this kind."))] = None,
    district: Annotated[
        str | None, typer.Option("--district", help=_("Only this district, six digits."))
    ] = None,
    release: ReleaseOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """The graded institutions, the lowest scores first."""
    from credit.policy import policy as chosen
    from credit.ranking import ranking

    home = open_home()
    rule = chosen(home, policy)
    with home.releases.read(release) as opened:
        day = _day(opened, rule, as_of)
        rows = ranking(opened, day, rule)
    for column, wanted in {"grade": grade, "kind": kind, "district": district}.items():
        if wanted is not None:
            rows = rows.filter(rows[column] == wanted)
    title = _("{policy} as of {day}").format(policy=rule.title, day=day)
    answer(_decimal(rows), form, output, title, _headings(COLUMNS))


@app.command()
def show(
    institution: InstitutionArgument,
    as_of: LastDayOption = None,
    policy: PolicyOption = None,
    release: ReleaseOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """An institution's score and grade, and all its records, also those that do not count (any more)."""
    import sys

    from credit.credit_file import credit_file
    from credit.policy import policy as chosen

    home = open_home()
    rule = chosen(home, policy)
    with home.releases.read(release) as opened:
        day = _day(opened, rule, as_of)
        found = credit_file(opened, _id(opened, institution), day, rule)
    shown = form or (Format.table if sys.stdout.isatty() else Format.json)
    if shown is Format.json:
        answer(found.json(), Format.json, output)
        return
    from doors.waterfall import heading

    say(heading(found.explanation))
    rows = _worded(_decimal(found.records))
    answer(rows, form, output, _("Records"), _headings(RECORD_COLUMNS))


@app.command()
def explain(
    institution: InstitutionArgument,
    as_of: LastDayOption = None,
    policy: PolicyOption = None,
    release: ReleaseOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Which record cost what under which rule, from the base to the score."""
    import sys

    from credit.explanation import explain as run
    from credit.policy import policy as chosen

    home = open_home()
    rule = chosen(home, policy)
    with home.releases.read(release) as opened:
        day = _day(opened, rule, as_of)
        found = run(opened, _id(opened, institution), day, rule)
    shown = form or (Format.table if sys.stdout.isatty() and output is None else Format.json)
    if shown is not Format.table:
        answer(found.json() if shown is Format.json else _lines(found.json()), shown, output)
        return
    from doors.waterfall import waterfall

    waterfall(found, output)


@app.command()
def policies(
    name: Annotated[
        str | None,
        typer.Argument(help=_("Id or file of one policy: check it."), show_default=False),
    ] = None,
    scenarios: Annotated[
        list[Path] | None,
        typer.Option("--scenarios", help=_("Files of scenarios that the policies must answer.")),
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """List the policies, or check one; every file is read whole, and a slip is named with its line."""
    import polars

    from credit import policy

    home = open_home()
    found = [policy.policy(home, name)] if name else policy.policies(home)
    answer(
        polars.DataFrame([_policy(p) for p in found]), form, output, "", _headings(POLICY_COLUMNS)
    )
    if scenarios:
        _try(home, found, scenarios)


def _try(home: Home, found: list[Policy], files: list[Path]) -> None:
    """Say of every scenario whether it holds; Stopped where one does not."""
    from credit import scenarios

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


def _day(release: Release, policy: Policy, asked: datetime | None) -> date:
    """The day asked for, else that of the newest scores by this policy."""
    from credit.scoring import last_day

    found = asked.date() if asked else last_day(release, policy)
    if found is None:
        raise Misuse(
            _("no scores by {policy} are kept yet").format(policy=policy.id),
            _("say the day with --as-of, or run: double-random credit score --as-of DATE"),
        )
    return found


def _id(release: Release, asked: str) -> str:
    from registry.institutions import identify

    return identify(release, asked)


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


def _decimal(rows: polars.DataFrame) -> polars.DataFrame:
    """With `score`: points as people write them, 92.50."""
    import polars

    from doors.waterfall import decimal

    text = polars.col("points").map_elements(decimal, return_dtype=polars.String)
    return rows.with_columns(score=text)


def _worded(records: polars.DataFrame) -> polars.DataFrame:
    """With `what`: class, kinds and state in the user's words."""
    import polars

    from doors.waterfall import words

    what = [
        words(row["class"], (row["kinds"] or "").split(), row["state"])
        for row in records.iter_rows(named=True)
    ]
    return records.with_columns(what=polars.Series(what, dtype=polars.String))


def _lines(explanation: dict[str, Any]) -> polars.DataFrame:
    import polars

    return polars.DataFrame(explanation["lines"])


def _headings(columns: dict[str, str]) -> dict[str, str]:
    return {name: _(heading) for name, heading in columns.items()}
