"""`double-random credit report | trend | what-if | compare | measures | backtest`: analyses of scores."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from double_random.commands.credit_options import (
    DayOption,
    KnownOption,
    LastDayOption,
    PolicyOption,
    as_data,
    day_of,
    for_whom,
    id_of,
    known_at,
    with_score,
    worded,
)
from double_random.commands.current_home import open_home
from double_random.commands.days import DAY
from double_random.commands.options import InstitutionArgument, ReleaseOption
from double_random.commands.render.labels import headings
from double_random.commands.render.output import (
    Format,
    FormatOption,
    OutputOption,
    answer,
    for_people,
    write_file,
)
from double_random.commands.render.terminal import say, say_folded, tell_folded
from double_random.core.errors import Misuse
from double_random.core.translation import C_, N_, _, gap, listed
from double_random.core.vocabulary import RECORD, word

if TYPE_CHECKING:
    import polars

    from double_random.credit.backtest.result import Result
    from double_random.credit.reports.comparison import Comparison
    from double_random.credit.reports.credit_report import Report
    from double_random.credit.reports.what_if import WhatIf
    from double_random.store.home import Home

REPORT_COLUMNS = {
    "what": N_("record"),
    "document": N_("document"),
    "decided": N_("decided"),
    "ends": N_("ends"),
    "authority": N_("deciding authority"),
    "basis": N_("basis"),
    "clause": N_("clause"),
    "score": N_("points"),
    "counts_until": N_("counts until"),
    "shown_until": N_("shown until"),
    "standing": N_("standing"),
    "ways": N_("what can be done"),
}
TREND_COLUMNS = {
    "day": N_("day"),
    "score": N_("score"),
    "grade": N_("grade"),
    "reason": N_("why not graded"),
    "bar": " ",
}
MEASURE_COLUMNS = {
    "institution": N_("id"),
    "name": N_("name"),
    "title": N_("measure"),
    "department": N_("department"),
    "because": N_("because of"),
    "document": N_("document"),
    "since": C_("measure", "from"),
    "until": C_("measure", "until"),
    "basis": N_("basis"),
}
GROUPED_COLUMNS = {
    "title": N_("measure"),
    "department": N_("department"),
    "because": N_("because of"),
    "institutions": N_("institutions"),
    "basis": N_("basis"),
}
MOVER_COLUMNS = {
    "institution": N_("id"),
    "name": N_("name"),
    "kind": N_("kind"),
    "score_a": N_("score before"),
    "grade_a": N_("grade before"),
    "score_b": N_("score after"),
    "grade_b": N_("grade after"),
    "why": N_("why"),
}


def report(
    institution: InstitutionArgument,
    as_of: LastDayOption = None,
    policy: PolicyOption = None,
    release: ReleaseOption = None,
    form: FormatOption = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", help=_("A file: .html for print, .xlsx, .json, .csv.")),
    ] = None,
) -> None:
    from double_random.credit.policy.catalog import policy as chosen
    from double_random.credit.reports.credit_report import report as make

    home = open_home()
    rule = chosen(home, policy)
    with home.releases.read(release) as opened:
        day = day_of(opened, as_of)
        found = make(home, opened, id_of(opened, institution), day, rule)
    if output is not None and form is None and output.suffix in (".html", ".htm"):
        write_file(output, _page(found).encode())
        if found.draft:
            say(
                _("It is a draft: it rests on rules that nobody has confirmed (confirmed = false).")
            )
        return
    by_name = output is not None and output.suffix.lstrip(".") in Format.__members__
    shown = form or (Format(output.suffix[1:]) if output and by_name else as_data(None, output))
    if shown is Format.json:
        answer(found.json(), shown, output)
        return
    from double_random.commands.render.explanation_view import heading, told_of_repairs

    said = heading(found.file.explanation)
    if shown is Format.table:
        say_folded(said)
    answer(
        _rows(found), shown, output, said if shown is Format.xlsx else "", headings(REPORT_COLUMNS)
    )
    for sentence in told_of_repairs(found.file, rule.on(day)):
        say(sentence)


def _rows(found: Report) -> polars.DataFrame:
    import polars

    rows = worded(with_score(found.rows))
    ways = [
        listed([*([_("objection")] if objects else []), *([_repair(since)] if repairs else [])])
        for objects, repairs, since in rows.select(
            "can_object", "can_repair", "repair_from"
        ).iter_rows()
    ]
    return rows.with_columns(ways=polars.Series(ways, dtype=polars.String))


def _repair(since: date | None) -> str:
    """Repair as a remedy, with the day from which it is possible."""
    if since is None:
        return _("repair")
    return _("repair") + _(" from {day} on").format(day=since)


def _page(found: Report) -> str:
    from double_random.commands.render.explanation_view import scale, why
    from double_random.core.translation import current
    from double_random.credit.reports.print_pages import render

    rows = worded(found.rows).to_dicts()
    lines = found.file.explanation.lines
    return render(
        "report.html",
        language=current().replace("_", "-"),
        title=_("Credit report"),
        explanation=found.file.explanation,
        whys=[why(line, document=False) for line in lines],
        rows=rows,
        terms=found.terms,
        authority=found.authority,
        release=found.release,
        draft=found.draft,
        scale=scale(found.file.explanation.grades),
        lifted=found.lifted,
        repairs=[],
    )


def trend(
    institution: InstitutionArgument,
    since: Annotated[
        datetime,
        typer.Option("--from", **DAY, help=_("The first day.")),
    ],
    until: Annotated[datetime, typer.Option("--until", **DAY, help=_("The last day."))],
    every: Annotated[int, typer.Option("--every", min=1, help=_("So many months apart."))] = 1,
    policy: PolicyOption = None,
    release: ReleaseOption = None,
    known: KnownOption = None,
    form: FormatOption = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", help=_("A file: .svg for a picture, or data.")),
    ] = None,
) -> None:
    import polars

    from double_random.credit.policy.catalog import policy as chosen
    from double_random.credit.scoring.trend import trend as run

    home = open_home()
    rule = chosen(home, policy)
    with home.releases.read(release) as opened:
        who = id_of(opened, institution)
        found = run(
            opened,
            who,
            rule,
            since.date(),
            until.date(),
            every,
            known_at=known_at(opened, known),
        )
    if output is not None and form is None and output.suffix == ".svg":
        from double_random.credit.reports.charts import steps

        curve = [(point.day, point.points) for point in found]
        write_file(output, steps(curve, f"{who} {rule.title}").encode())
        return
    schema = {
        "day": polars.Date,
        "points": polars.Int64,
        "grade": polars.String,
        "reason": polars.String,
    }
    people = for_people(form, output)
    rows = polars.DataFrame(
        [
            (p.day, p.points, p.grade, _(p.reason) if people and p.reason else p.reason)
            for p in found
        ],
        schema=schema,
        orient="row",
    )
    rows = with_score(rows)
    if as_data(form, output) is Format.table:
        top = max((p.points for p in found if p.points is not None), default=0)
        bars = ["█" * (max(p.points or 0, 0) * 30 // top if top > 0 else 0) for p in found]
        rows = rows.with_columns(bar=polars.Series(bars, dtype=polars.String))
    answer(rows, form, output, rule.title, headings(TREND_COLUMNS))


def what_if(
    institution: InstitutionArgument,
    as_of: LastDayOption = None,
    policy: PolicyOption = None,
    release: ReleaseOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.credit.policy.catalog import policy as chosen
    from double_random.credit.policy.publication_terms import PublicationTerms
    from double_random.credit.reports.what_if import what_if as run

    home = open_home()
    rule = chosen(home, policy)
    with home.releases.read(release) as opened:
        day = day_of(opened, as_of)
        terms = PublicationTerms.of(home)
        found = run(opened, id_of(opened, institution), day, rule, terms)
    if as_data(form, output) is not Format.table:
        answer(found.json(), form, output)
        return
    for sentence in _sentences(found):
        tell_folded(sentence)


def _sentences(found: WhatIf) -> list[str]:
    """What would raise the grade, in sentences."""
    from double_random.commands.render.explanation_view import heading
    from double_random.core.points import decimal

    said = [heading(found.now)]
    if found.now.grade == found.now.grades[0][0]:
        said.append(_("This is the best grade."))
    elif found.lifted is None:
        said.append(_("Waiting alone does not lift the grade within twelve years."))
    else:
        said.append(_("Waiting alone lifts the grade on {day}.").format(day=found.lifted))
    said += [
        _("{day}: {score} points, grade {grade}").format(
            day=point.day, score=decimal(point.points or 0), grade=point.grade
        )
        for point in found.waiting
    ]
    said += [
        _("If {document} were repaired: {score} points, grade {grade}.").format(
            document=one.documents[0] or one.records[0][:12],
            score=decimal(one.points),
            grade=one.grade,
        )
        + _possible(one.since)
        for one in found.repairs
    ]
    if found.fewest is not None and len(found.fewest.records) > 1:
        said.append(
            _("Repair of these together lifts the grade to {grade}: {documents}").format(
                grade=found.fewest.grade,
                documents="; ".join(
                    document or record[:12]
                    for document, record in zip(
                        found.fewest.documents, found.fewest.records, strict=True
                    )
                ),
            )
            + _possible(found.fewest.since)
        )
    return said


def _possible(since: date | None) -> str:
    """The day from which a repair is possible, if the law sets a waiting time."""
    return "" if since is None else gap() + _("Possible from {day} on.").format(day=since)


def measures(
    as_of: DayOption,
    department: Annotated[
        str | None, typer.Option("--department", help=_("Only what this department applies."))
    ] = None,
    institution: Annotated[
        str | None, typer.Option("--institution", help=_("Only this institution."))
    ] = None,
    each: Annotated[
        bool, typer.Option("--each", help=_("A row for every institution, not one a measure."))
    ] = False,
    release: ReleaseOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    import polars

    from double_random.credit.policy.catalog import policies
    from double_random.credit.reports.measures import applied

    home = open_home()
    known = {one.id: one for one in policies(home)}
    with home.releases.read(release) as opened:
        rows = applied(home, opened, as_of.date(), known)
        if institution is not None:
            rows = rows.filter(polars.col("institution") == id_of(opened, institution))
    if department is not None:
        rows = rows.filter(polars.col("department").str.contains(department, literal=True))
    if for_people(form, output):
        rows = rows.with_columns(
            because=polars.Series(
                [_because(*row) for row in rows.select("because", "document").rows()]
            )
        )
    title = _("Measures as of {day}").format(day=as_of.date())
    if institution is None and not each and as_data(form, output) is Format.table:
        groups = ["title", "department", "because", "basis"]
        counted = rows.group_by(groups, maintain_order=True).agg(
            polars.col("institution").n_unique().alias("institutions").cast(polars.Int64)
        )
        answer(counted, form, output, title, headings(GROUPED_COLUMNS))
        say(_("every institution: --each, or --institution ID, or --format csv"))
        return
    answer(rows, form, output, title, headings(MEASURE_COLUMNS))


def _because(because: str, document: str | None) -> str:
    """Why a measure applies: a record's class and kinds in words; a policy and its grade unchanged."""
    from double_random.commands.render.explanation_view import words

    record_class, *kinds = because.split(" ")
    return because if document is None else words(record_class, kinds, "decided")


def compare(
    first: Annotated[str, typer.Argument(help=_("Id or file of a policy."))],
    second: Annotated[str, typer.Argument(help=_("Id or file of another one."))],
    as_of: DayOption,
    release: ReleaseOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.credit.policy.catalog import policy as chosen
    from double_random.credit.reports.comparison import compare as run

    home = open_home()
    a, b = chosen(home, first), chosen(home, second)
    with home.releases.read(release) as opened:
        found = run(opened, a, b, as_of.date())
    suffix = output.suffix if output else ""
    if (form is None and suffix == ".xlsx") or form is Format.xlsx:
        if output is None:
            raise Misuse(
                _("a workbook needs a file"),
                _("type: {command}").format(command="--output compare.xlsx"),
            )
        from double_random.publish.content.workbook import sheets

        write_file(output, sheets(_sheets(found, home)))
        return
    if as_data(form, output) is not Format.table:
        answer(found.json(), form, output)
        return
    answer(
        found.matrix,
        Format.table,
        output,
        _("{a} (rows) and {b} (columns) as of {day}").format(a=a.id, b=b.id, day=found.as_of),
        {"grade_a": _corner(found), **{grade: grade for grade in found.matrix.columns[1:]}},
    )
    say(
        _(
            "{graded} are graded by both; {movers} change their grade, {others} their score alone; "
            "tied: {tied_a} before, {tied_b} after"
        ).format(
            graded=found.graded,
            movers=found.graded_otherwise,
            others=found.movers.height - found.graded_otherwise,
            tied_a=found.tied_a,
            tied_b=found.tied_b,
        )
    )
    movers = for_whom(_movers(found), home, Format.table, None)
    answer(movers, Format.table, None, _("Who moves"), headings(MOVER_COLUMNS))


def _movers(found: Comparison) -> polars.DataFrame:
    """The institutions whose grade or score changes, each with the rules that cause the change."""
    import polars

    why: dict[str, list[str]] = {}
    for row in found.reasons.iter_rows(named=True):
        said = f"{_reason(found, row['part'], row['rule'])} {_change(found, row)}"
        why.setdefault(row["institution"], []).append(said)
    reasons = ["; ".join(why.get(who, [])) for who in found.movers["institution"]]
    rows = with_score(with_score(found.movers, "points_a", "score_a"), "points_b", "score_b")
    return rows.with_columns(why=polars.Series(reasons, dtype=polars.String))


def _change(found: Comparison, row: dict[str, Any]) -> str:
    """The effect of a rule in points; for scales of different length, as percentages of each scale."""
    from double_random.core.points import decimal, signed

    if found.top_a == found.top_b:
        return signed(row["points_b"] - row["points_a"])
    shares = [
        (abs(points) * 10_000 // top) * (-1 if points < 0 else 1)
        for points, top in ((row["points_a"], found.top_a), (row["points_b"], found.top_b))
    ]
    return " → ".join(f"{decimal(share)} %" for share in shares)


def _reason(found: Comparison, part: str, rule: str) -> str:
    """The title of a rule, group or veto, with the part of the calculation that it belongs to."""
    from double_random.commands.render.explanation_view import PARTS

    of: dict[str, str] = {}
    for policy in (found.a, found.b):
        of |= {one.id: one.title for one in policy.rules}
        of |= {one.id: one.title for one in policy.groups}
        of |= {one.id: one.title for one in policy.vetoes}
    word = _(PARTS.get(part, part))
    return " · ".join(text for text in (of.get(rule, ""), word) if text)


def _corner(found: Comparison) -> str:
    return _("{a} \\ {b}").format(a=found.a.id, b=found.b.id)


def _sheets(found: Comparison, home: Home) -> list[tuple[str, Any, list[str]]]:
    """The sheets of the comparison workbook: matrix, changed institutions and rules, all in words."""
    import polars

    movers = for_whom(_movers(found), home, Format.xlsx, None).select(list(MOVER_COLUMNS))
    rules = with_score(with_score(found.rules, "points_a", "before"), "points_b", "after")
    titles = [_reason(found, part, rule) for part, rule in rules.select("part", "rule").rows()]
    rules = rules.with_columns(rule=polars.Series(titles, dtype=polars.String))
    rules = rules.select("rule", "movers", "before", "after", "reference_a", "reference_b")
    rule_headings = [
        _("rule"), _("who moves"), _("before"), _("after"),
        _("clause before"), _("clause after"),
    ]  # fmt: skip
    return [
        (
            _("Who goes where"),
            found.matrix,
            [_corner(found), *found.matrix.columns[1:]],
        ),
        (_("Who moves"), movers, [_(heading) for heading in MOVER_COLUMNS.values()]),
        (_("By which rule"), rules, rule_headings),
    ]


def backtest(
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", help=_("Data from elsewhere: a mapping file; see --data.")),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--data", help=_("The folder with the mapping's files."))
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", **DAY, help=_("Own data: the day of the scores.")),
    ] = None,
    months: Annotated[
        int, typer.Option("--months", min=1, help=_("How long the outcome is waited for."))
    ] = 12,
    outcome: Annotated[
        str, typer.Option("--outcome", help=_("class, or class:kind, of the record that counts."))
    ] = "penalty",
    against: Annotated[
        datetime | None,
        typer.Option("--against", **DAY, help=_("Another day, for the shift (PSI).")),
    ] = None,
    policy: PolicyOption = None,
    release: ReleaseOption = None,
    known: KnownOption = None,
    form: FormatOption = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", help=_("A file: .svg for a picture, else JSON.")),
    ] = None,
) -> None:
    if (mapping is None) == (as_of is None):
        raise Misuse(
            _("say either --as-of (own data) or --mapping (data from elsewhere)"),
            _("type: {command}").format(
                command="double-random credit backtest --as-of 2015-12-31 --months 12"
            ),
        )
    if mapping is not None:
        from double_random.credit.backtest.external_data import Mapping
        from double_random.credit.backtest.external_data import backtest as elsewhere

        found = elsewhere(Mapping.read(mapping), folder or mapping.parent)
    else:
        from double_random.credit.backtest.own_data import backtest as own
        from double_random.credit.policy.catalog import policy as chosen
        from double_random.credit.policy.model import Match
        from double_random.credit.policy.record_classes import record_classes

        assert as_of is not None
        name, _colon, kind = outcome.partition(":")
        classes = record_classes(open_home().path / "facts")
        if name not in classes or (kind and kind not in classes[name].kinds):
            raise Misuse(
                _("{word} is not known").format(word=outcome),
                _("known here: {keys}").format(keys=listed(classes)),
            )
        meant = Match(name, (kind,) if kind else (), classes[name].states)
        home = open_home()
        with home.releases.read(release) as opened:
            found = own(
                opened,
                chosen(home, policy),
                as_of.date(),
                months=months,
                outcome=meant,
                known_at=known_at(opened, known),
                against=against.date() if against else None,
            )
    if output is not None and form is None and output.suffix == ".svg":
        write_file(output, found.svg().encode())
        return
    if as_data(form, output) is not Format.table:
        answer(found.json(), form, output)
        return
    for sentence in _measured(found):
        tell_folded(sentence)


BAR = 30  # width of a full bar in cells, so that a line with its figures stays below 80


def _outcome(code: str) -> str:
    """A class of records in words, with its kind; an outcome of external data as its mapping names it."""
    return " · ".join(word(RECORD, part) for part in code.split(":"))


def _measured(found: Result) -> list[str]:
    """The figures of a backtest as lines of text with bars."""
    s = found.separation
    said = [
        found.title,
        _("{count} observations, to {happened} of them it happened ({outcome})").format(
            count=found.observations, happened=s.positives, outcome=_outcome(found.outcome)
        ),
    ]
    for name, value, interval in (
        ("AUC", s.auc, s.auc_interval),
        ("KS", s.ks, s.ks_interval),
        ("Gini", s.gini, s.gini_interval),
    ):
        said.append(f"{name:5} {float(value):.4f}  [{interval.low:.4f}, {interval.high:.4f}]")
    if found.shift is not None:
        psi = found.shift
        said.append(f"{'PSI':5} {psi.psi:.4f}  [{psi.interval.low:.4f}, {psi.interval.high:.4f}]")
    for rate in found.rates:
        if rate.rate is not None and rate.interval is not None:
            bar = "█" * round(rate.rate * BAR)
            said.append(
                f"{rate.grade:6} {rate.happened:6}/{rate.count:<6} {rate.rate:6.1%} "
                f"[{rate.interval.low:.1%}, {rate.interval.high:.1%}] {bar}"
            )
        else:
            said.append(f"{rate.grade:6} {rate.happened:6}/{rate.count:<6}")
    return said
