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
    add_record_words,
    add_score,
    day_or_last,
    find_institution_id,
    find_known_run,
    replace_codes_for_people,
)
from double_random.commands.current_home import open_home
from double_random.commands.days import DAY
from double_random.commands.options import InstitutionArgument, ReleaseOption
from double_random.commands.render.answer import Answer, Page, Sheet, Table
from double_random.commands.render.labels import translate_headings
from double_random.commands.render.output import (
    FormatOption,
    OutputOption,
    is_for_people,
    show,
)
from double_random.core.errors import Misuse
from double_random.core.translation import C_, N_, _, join_words, sentence_gap
from double_random.core.vocabulary import RECORD, code_word

if TYPE_CHECKING:
    import polars

    from double_random.credit.backtest.result import BacktestResult
    from double_random.credit.reports.comparison import Comparison
    from double_random.credit.reports.credit_report import CreditReport
    from double_random.credit.reports.what_if import WhatIf

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


def show_credit_report(
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
    from double_random.commands.render.explanation_view import repair_sentences, score_heading
    from double_random.credit.policy.catalog import load_policy
    from double_random.credit.reports.credit_report import build_credit_report

    home = open_home()
    rule = load_policy(home, policy)
    with home.releases.read(release) as opened:
        day = day_or_last(opened, as_of)
        credit_report = build_credit_report(
            home, opened, find_institution_id(opened, institution), day, rule
        )
    title = score_heading(credit_report.file.explanation)
    report_answer = Answer(
        title=title,
        heading=lambda: title,
        columns=translate_headings(REPORT_COLUMNS),
        data=credit_report.json,
        rows=lambda: _report_rows(credit_report),
        page=lambda: _report_page(credit_report),
        people=lambda: [
            Table(_report_rows(credit_report), columns=translate_headings(REPORT_COLUMNS))
        ],
        notes=lambda: repair_sentences(credit_report.file, rule.in_force_on(day)),
    )
    show(report_answer, form, output)


def _report_rows(credit_report: CreditReport) -> polars.DataFrame:
    import polars

    rows = add_record_words(add_score(credit_report.rows))
    ways = [
        join_words(
            [*([_("objection")] if objects else []), *([_repair_from(since)] if repairs else [])]
        )
        for objects, repairs, since in rows.select(
            "can_object", "can_repair", "repair_from"
        ).iter_rows()
    ]
    return rows.with_columns(ways=polars.Series(ways, dtype=polars.String))


def _repair_from(since: date | None) -> str:
    """Repair as a remedy, with the day from which it is possible."""
    if since is None:
        return _("repair")
    return _("repair") + _(" from {day} on").format(day=since)


def _report_page(credit_report: CreditReport) -> Page:
    from double_random.commands.render.explanation_view import describe_line, scale_in_words
    from double_random.core.translation import current_language
    from double_random.credit.reports.print_pages import render_print_page

    rows = add_record_words(credit_report.rows).to_dicts()
    lines = credit_report.file.explanation.lines
    content = render_print_page(
        "report.html",
        language=current_language().replace("_", "-"),
        title=_("Credit report"),
        explanation=credit_report.file.explanation,
        whys=[describe_line(line, document=False) for line in lines],
        rows=rows,
        terms=credit_report.terms,
        authority=credit_report.authority,
        release=credit_report.release,
        draft=credit_report.draft,
        scale=scale_in_words(credit_report.file.explanation.grades),
        lifted=credit_report.lifted,
        repairs=[],
    )
    note = _("It is a draft: it rests on rules that nobody has confirmed (confirmed = false).")
    return Page(content, note if credit_report.draft else "")


def show_trend(
    institution: InstitutionArgument,
    since: Annotated[
        datetime,
        typer.Option("--from", **DAY, help=_("The first day.")),
    ],
    until: Annotated[datetime, typer.Option("--until", **DAY, help=_("The last day."))],
    every: Annotated[int, typer.Option("--every", min=1, help=_("So many months apart."))] = 1,
    policy: PolicyOption = None,
    release: ReleaseOption = None,
    known_run: KnownOption = None,
    form: FormatOption = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", help=_("A file: .svg for a picture, or data.")),
    ] = None,
) -> None:
    import polars

    from double_random.credit.policy.catalog import load_policy
    from double_random.credit.reports.charts import draw_step_chart
    from double_random.credit.scoring.trend import compute_trend

    home = open_home()
    rule = load_policy(home, policy)
    with home.releases.read(release) as opened:
        institution_id = find_institution_id(opened, institution)
        points = compute_trend(
            opened,
            institution_id,
            rule,
            since.date(),
            until.date(),
            every,
            known_at=find_known_run(opened, known_run),
        )
    schema = {
        "day": polars.Date,
        "points": polars.Int64,
        "grade": polars.String,
        "reason": polars.String,
    }
    people = is_for_people(form, output)
    rows = polars.DataFrame(
        [
            (p.day, p.points, p.grade, _(p.reason) if people and p.reason else p.reason)
            for p in points
        ],
        schema=schema,
        orient="row",
    )
    rows = add_score(rows)
    columns = translate_headings(TREND_COLUMNS)
    trend_answer = Answer(
        title=rule.title,
        columns=columns,
        rows=lambda: rows,
        people=lambda: [Table(_add_bars(rows), rule.title, columns)],
        picture=lambda: draw_step_chart(
            [(point.day, point.points) for point in points], f"{institution_id} {rule.title}"
        ),
    )
    show(trend_answer, form, output)


def _add_bars(rows: polars.DataFrame) -> polars.DataFrame:
    """Add the column `bar`: the points as blocks, 30 for the most."""
    import polars

    top = max(rows["points"].drop_nulls(), default=0)
    bars = ["█" * (max(points or 0, 0) * 30 // top if top > 0 else 0) for points in rows["points"]]
    return rows.with_columns(bar=polars.Series(bars, dtype=polars.String))


def show_what_if(
    institution: InstitutionArgument,
    as_of: LastDayOption = None,
    policy: PolicyOption = None,
    release: ReleaseOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.credit.policy.catalog import load_policy
    from double_random.credit.policy.publication_terms import PublicationTerms
    from double_random.credit.reports.what_if import compute_what_if

    home = open_home()
    rule = load_policy(home, policy)
    with home.releases.read(release) as opened:
        day = day_or_last(opened, as_of)
        terms = PublicationTerms.from_home(home)
        result = compute_what_if(opened, find_institution_id(opened, institution), day, rule, terms)
    show(Answer(data=result.json, people=lambda: _what_if_sentences(result)), form, output)


def _what_if_sentences(result: WhatIf) -> list[str]:
    """What would raise the grade, in sentences."""
    from double_random.commands.render.explanation_view import score_heading
    from double_random.core.points import format_points

    sentences = [score_heading(result.now)]
    if result.now.grade == result.now.grades[0][0]:
        sentences.append(_("This is the best grade."))
    elif result.lifted is None:
        sentences.append(_("Waiting alone does not lift the grade within twelve years."))
    else:
        sentences.append(_("Waiting alone lifts the grade on {day}.").format(day=result.lifted))
    sentences += [
        _("{day}: {score} points, grade {grade}").format(
            day=point.day, score=format_points(point.points or 0), grade=point.grade
        )
        for point in result.waiting
    ]
    sentences += [
        _("If {document} were repaired: {score} points, grade {grade}.").format(
            document=repair.documents[0] or repair.records[0][:12],
            score=format_points(repair.points),
            grade=repair.grade,
        )
        + _possible_from(repair.since)
        for repair in result.repairs
    ]
    if result.fewest is not None and len(result.fewest.records) > 1:
        sentences.append(
            _("Repair of these together lifts the grade to {grade}: {documents}").format(
                grade=result.fewest.grade,
                documents="; ".join(
                    document or record[:12]
                    for document, record in zip(
                        result.fewest.documents, result.fewest.records, strict=True
                    )
                ),
            )
            + _possible_from(result.fewest.since)
        )
    return sentences


def _possible_from(since: date | None) -> str:
    """The day from which a repair is possible, if the law sets a waiting time."""
    return "" if since is None else sentence_gap() + _("Possible from {day} on.").format(day=since)


def show_measures(
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

    from double_random.credit.policy.catalog import load_policies
    from double_random.credit.reports.measures import list_applied_measures

    home = open_home()
    policies_by_id = {policy.id: policy for policy in load_policies(home)}
    with home.releases.read(release) as opened:
        rows = list_applied_measures(home, opened, as_of.date(), policies_by_id)
        if institution is not None:
            rows = rows.filter(
                polars.col("institution") == find_institution_id(opened, institution)
            )
    if department is not None:
        rows = rows.filter(polars.col("department").str.contains(department, literal=True))
    if is_for_people(form, output):
        rows = rows.with_columns(
            because=polars.Series(
                [_measure_cause(*row) for row in rows.select("because", "document").rows()]
            )
        )
    title = _("Measures as of {day}").format(day=as_of.date())
    columns = translate_headings(MEASURE_COLUMNS)
    grouped = institution is None and not each
    measures_answer = Answer(
        title=title,
        columns=columns,
        rows=lambda: rows,
        people=lambda: [_group_measures(rows, title) if grouped else Table(rows, title, columns)],
    )
    show(measures_answer, form, output)


def _group_measures(rows: polars.DataFrame, title: str) -> Table:
    """A row per measure, with the number of its institutions."""
    import polars

    groups = ["title", "department", "because", "basis"]
    counted = rows.group_by(groups, maintain_order=True).agg(
        polars.col("institution").n_unique().alias("institutions").cast(polars.Int64)
    )
    hint = _("every institution: --each, or --institution ID, or --format csv")
    return Table(counted, title, translate_headings(GROUPED_COLUMNS), [hint])


def _measure_cause(because: str, document: str | None) -> str:
    """Why a measure applies: a record's class and kinds in words; a policy and its grade unchanged."""
    from double_random.commands.render.explanation_view import record_words

    record_class, *kinds = because.split(" ")
    return because if document is None else record_words(record_class, kinds, "decided")


def show_comparison(
    first: Annotated[str, typer.Argument(help=_("Id or file of a policy."))],
    second: Annotated[str, typer.Argument(help=_("Id or file of another one."))],
    as_of: DayOption,
    release: ReleaseOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.credit.policy.catalog import load_policy
    from double_random.credit.reports.comparison import compare_policies

    home = open_home()
    a, b = load_policy(home, first), load_policy(home, second)
    with home.releases.read(release) as opened:
        comparison = compare_policies(opened, a, b, as_of.date())
    movers = replace_codes_for_people(_mover_rows(comparison), home, form, output)
    comparison_answer = Answer(
        data=comparison.json,
        people=lambda: _comparison_tables(comparison, movers),
        sheets=lambda: _comparison_sheets(comparison, movers),
    )
    show(comparison_answer, form, output)


def _comparison_tables(comparison: Comparison, movers: polars.DataFrame) -> list[Table]:
    """The matrix of grades with its counts, and the institutions that move."""
    matrix, a, b = comparison.matrix, comparison.a.id, comparison.b.id
    counts = _(
        "{graded} are graded by both; {movers} change their grade, {others} their score alone; "
        "tied: {tied_a} before, {tied_b} after"
    ).format(
        graded=comparison.graded,
        movers=comparison.regraded_count,
        others=comparison.movers.height - comparison.regraded_count,
        tied_a=comparison.tied_a,
        tied_b=comparison.tied_b,
    )
    grades = {grade: grade for grade in matrix.columns[1:]}
    return [
        Table(
            matrix,
            _("{a} (rows) and {b} (columns) as of {day}").format(a=a, b=b, day=comparison.as_of),
            {"grade_a": _matrix_corner(comparison), **grades},
            [counts],
        ),
        Table(movers, _("Who moves"), translate_headings(MOVER_COLUMNS)),
    ]


def _mover_rows(comparison: Comparison) -> polars.DataFrame:
    """The institutions whose grade or score changes, each with the rules that cause the change."""
    import polars

    why: dict[str, list[str]] = {}
    for row in comparison.reasons.iter_rows(named=True):
        reason = (
            f"{_rule_title(comparison, row['part'], row['rule'])} {_rule_change(comparison, row)}"
        )
        why.setdefault(row["institution"], []).append(reason)
    reasons = [
        "; ".join(why.get(institution, [])) for institution in comparison.movers["institution"]
    ]
    rows = add_score(add_score(comparison.movers, "points_a", "score_a"), "points_b", "score_b")
    return rows.with_columns(why=polars.Series(reasons, dtype=polars.String))


def _rule_change(comparison: Comparison, row: dict[str, Any]) -> str:
    """The effect of a rule in points; for scales of different length, as percentages of each scale."""
    from double_random.core.points import format_points, format_signed_points

    if comparison.top_a == comparison.top_b:
        return format_signed_points(row["points_b"] - row["points_a"])
    shares = [
        (abs(points) * 10_000 // top) * (-1 if points < 0 else 1)
        for points, top in (
            (row["points_a"], comparison.top_a),
            (row["points_b"], comparison.top_b),
        )
    ]
    return " → ".join(f"{format_points(share)} %" for share in shares)


def _rule_title(comparison: Comparison, part: str, rule: str) -> str:
    """The title of a rule, group or veto, with the part of the calculation that it belongs to."""
    from double_random.commands.render.explanation_view import PARTS

    titles: dict[str, str] = {}
    for policy in (comparison.a, comparison.b):
        titles |= {clause.id: clause.title for clause in policy.rules}
        titles |= {clause.id: clause.title for clause in policy.groups}
        titles |= {clause.id: clause.title for clause in policy.vetoes}
    word = _(PARTS.get(part, part))
    return " · ".join(text for text in (titles.get(rule, ""), word) if text)


def _matrix_corner(comparison: Comparison) -> str:
    return _("{a} \\ {b}").format(a=comparison.a.id, b=comparison.b.id)


def _comparison_sheets(comparison: Comparison, movers: polars.DataFrame) -> list[Sheet]:
    """The sheets of the comparison workbook: matrix, changed institutions and rules."""
    import polars

    rules = add_score(add_score(comparison.rules, "points_a", "before"), "points_b", "after")
    titles = [
        _rule_title(comparison, part, rule) for part, rule in rules.select("part", "rule").rows()
    ]
    rules = rules.with_columns(rule=polars.Series(titles, dtype=polars.String))
    rules = rules.select("rule", "movers", "before", "after", "reference_a", "reference_b")
    rule_headings = [
        _("rule"), _("who moves"), _("before"), _("after"),
        _("clause before"), _("clause after"),
    ]  # fmt: skip
    return [
        (
            _("Who goes where"),
            comparison.matrix,
            [_matrix_corner(comparison), *comparison.matrix.columns[1:]],
        ),
        (
            _("Who moves"),
            movers.select(list(MOVER_COLUMNS)),
            [_(heading) for heading in MOVER_COLUMNS.values()],
        ),
        (_("By which rule"), rules, rule_headings),
    ]


def show_backtest(
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
    known_run: KnownOption = None,
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
        from double_random.credit.backtest.external_data import MappingFile, backtest_external_data

        result = backtest_external_data(MappingFile.read(mapping), folder or mapping.parent)
    else:
        from double_random.credit.backtest.own_data import backtest_own_data
        from double_random.credit.policy.catalog import load_policy
        from double_random.credit.policy.model import Match
        from double_random.credit.policy.record_classes import load_record_classes

        assert as_of is not None
        name, _colon, kind = outcome.partition(":")
        classes = load_record_classes(open_home().path / "facts")
        if name not in classes or (kind and kind not in classes[name].kinds):
            raise Misuse(
                _("{word} is not known").format(word=outcome),
                _("known here: {keys}").format(keys=join_words(classes)),
            )
        match = Match(name, (kind,) if kind else (), classes[name].states)
        home = open_home()
        with home.releases.read(release) as opened:
            result = backtest_own_data(
                opened,
                load_policy(home, policy),
                as_of.date(),
                months=months,
                outcome=match,
                known_at=find_known_run(opened, known_run),
                against=against.date() if against else None,
            )
    backtest_answer = Answer(
        data=result.json, people=lambda: _backtest_lines(result), picture=result.svg
    )
    show(backtest_answer, form, output)


BAR = 30  # width of a full bar in cells, so that a line with its figures stays below 80


def _outcome_in_words(code: str) -> str:
    """A class of records in words, with its kind; an outcome of external data as its mapping names it."""
    return " · ".join(code_word(RECORD, part) for part in code.split(":"))


def _backtest_lines(result: BacktestResult) -> list[str]:
    """The figures of a backtest as lines of text with bars."""
    separation = result.separation
    lines = [
        result.title,
        _("{count} observations, to {happened} of them it happened ({outcome})").format(
            count=result.observations,
            happened=separation.positives,
            outcome=_outcome_in_words(result.outcome),
        ),
    ]
    for name, value, interval in (
        ("AUC", separation.auc, separation.auc_interval),
        ("KS", separation.ks, separation.ks_interval),
        ("Gini", separation.gini, separation.gini_interval),
    ):
        lines.append(f"{name:5} {float(value):.4f}  [{interval.low:.4f}, {interval.high:.4f}]")
    if result.shift is not None:
        psi = result.shift
        lines.append(f"{'PSI':5} {psi.psi:.4f}  [{psi.interval.low:.4f}, {psi.interval.high:.4f}]")
    for rate in result.rates:
        if rate.rate is not None and rate.interval is not None:
            bar = "█" * round(rate.rate * BAR)
            lines.append(
                f"{rate.grade:6} {rate.happened:6}/{rate.count:<6} {rate.rate:6.1%} "
                f"[{rate.interval.low:.1%}, {rate.interval.high:.1%}] {bar}"
            )
        else:
            lines.append(f"{rate.grade:6} {rate.happened:6}/{rate.count:<6}")
    return lines
