"""`double-random registry`: the registers of institutions and inspectors."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from double_random.commands import engines
from double_random.commands.current_home import open_home
from double_random.commands.days import DAY, FutureOption, decision_day, working_day
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
from double_random.commands.render.format_writers import Format
from double_random.commands.render.labels import (
    describe_reason,
    event_names,
    kinds_and_districts,
    practitioner_words,
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
    show,
    show_answer,
)
from double_random.commands.render.sync_report import show_sync_report
from double_random.commands.render.terminal import print_message
from double_random.commands.times import At
from double_random.core.translation import C_, N_, _, join_clauses, join_words
from double_random.core.vocabulary import STATUS, code_word
from double_random.store.output_files import write_output

if TYPE_CHECKING:
    import polars

    from double_random.registry.quality.coverage import Coverage
    from double_random.store.home import Home
    from double_random.store.releases import Release

app = typer.Typer(no_args_is_help=True)

COLUMNS = {
    "name": N_("name"),
    "kind": N_("kind"),
    "status": N_("status"),
    "district": N_("district"),
    "id": N_("id"),
}
FILE_COLUMNS = COLUMNS | {  # a file has room for more columns than a terminal
    "licence": N_("licence number"),
    "head": N_("head"),
    "address": N_("address"),
    "authority": N_("authority"),
    "head_office": N_("head office"),
    "district_kept": N_("district kept"),
    "founded": N_("founded"),
    "licence_from": N_("licence from"),
    "licence_to": N_("licence to"),
    "former": N_("former names"),
}
HISTORY_COLUMNS = {
    "learnt": N_("known from"),
    "given_up": N_("known until"),
    "valid_from": N_("valid from"),
    "valid_to": N_("valid until"),
    "name": N_("name"),
    "status": N_("status"),
    "district": N_("district"),
    "address": N_("address"),
    "head": N_("head"),
    "licence": N_("licence number"),
    "licence_from": N_("licence from"),
    "licence_to": N_("licence to"),
}
ISSUE_COLUMNS = {
    "file": N_("file"),
    "sheet": N_("sheet"),
    "row": N_("row"),
    "column": N_("column"),
    "value": N_("value"),
    "reason": N_("reason"),
    "name": N_("name"),
    "severity": N_("severity"),
    "candidates": N_("may be"),
    "id": N_("number"),
    "files": N_("seen in"),
}
PRACTITIONER_COLUMNS = {
    "name": C_("person", "name"),
    "kind": C_("person", "kind"),
    "status": N_("status"),
    "institution": N_("institution"),
    "id": N_("id"),
}
PRACTITIONER_FILE_COLUMNS = PRACTITIONER_COLUMNS | {
    "category": N_("category"),
    "licence": C_("person", "licence number"),
    "district": N_("district"),
    "employer": N_("employer"),
    "authority": N_("authority"),
    "first_decided": N_("first decided"),
    "licence_from": N_("licence from"),
    "licence_to": N_("licence to"),
}
CLOSED_COLUMNS = {
    "id": N_("number"),
    "closed_by": N_("closed by"),
    "closed_why": N_("why closed"),
    "closed_on": N_("closed on"),
}
FIELDS = {  # of a row joined from several sheets, which has no heading of a file
    "inspector": N_("certificate number"),
    "certificate": N_("licence number"),
    "id": N_("certificate number"),
    "kinds": N_("kinds"),
    "name": N_("name"),
    "title": N_("title"),
    "content": N_("content"),
}
COVERAGE_COLUMNS = {
    "kind": N_("kind"),
    "district": N_("district"),
    "approvals": N_("approvals in force"),
    "covered": N_("in the register"),
}
DIFFERENCE_COLUMNS = {
    "name": N_("name"),
    "code": N_("code"),
    "licence": N_("licence number"),
    "kind": N_("kind"),
    "row": N_("row"),
    "cause": N_("cause"),
}
ROSTER_COLUMNS = {
    "id": N_("certificate number"),
    "name": C_("person", "name"),
    "unit": N_("unit"),
    "district": N_("district"),
    "lead": N_("lead"),
    "kinds": N_("kinds"),
    "status": N_("status"),
    "certificate_to": N_("certificate valid to"),
}

RECUSAL_COLUMNS = {
    "inspector": N_("certificate number"),
    "person": C_("person", "name"),
    "target": N_("code"),
    "name": N_("institution"),
    "reason": C_("recusal", "reason"),
    "since": N_("valid from"),
    "until": N_("valid until"),
}

DayOption = Annotated[
    datetime | None,
    typer.Option("--as-of", **DAY, help=_("The day; else the newest day of the data.")),
]
KnownOption = Annotated[
    str | None,
    typer.Option("--known-at", help=_("As it was known then: a day, or a run's number; else now.")),
]


@app.command(
    "sync", help=_("Read permits, suspensions, inspectors and recusals into the registers.")
)
def sync_drop(
    sources: Annotated[
        list[Path],
        typer.Argument(help=_("Folders with the bureau's files, files, or live sources (.toml).")),
    ],
    as_of: DropDayOption,
    accept: Annotated[
        bool, typer.Option("--accept", help=_("Go on although a guard rail would stop it."))
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Change nothing; show what would be done."))
    ] = False,
    full: Annotated[
        bool,
        typer.Option("--full", help=_("Read live sources whole; what they no longer have ends.")),
    ] = False,
    future: FutureOption = False,
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.registry.sync.guard_rails import SyncBlocked
    from double_random.registry.sync.sync_run import sync_registers

    home = open_home()
    day = working_day(as_of, future)
    try:
        with log_new_release(home, "sync", at):
            report = sync_registers(home, sources, day, accept, dry_run, full)
    except SyncBlocked as held:
        show_sync_report(held.report, form, output)
        raise
    show_sync_report(report, form, output)


@app.command(
    "list",
    help=_(
        "All institutions, as they were on a day; with the kind of a practitioner (lawyer, notary …) all of that kind."
    ),
)
def show_institutions(
    as_of: DayOption = None,
    kind: KindOption = None,
    district: DistrictOption = None,
    status: Annotated[str | None, typer.Option("--status", help=_("Only this status."))] = None,
    known_at: KnownOption = None,
    release: ReleaseOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.registry.institutions.queries import (
        institutions_as_json,
        institutions_as_of,
        latest_data_day,
        resolve_run,
    )
    from double_random.registry.practitioners.queries import practitioners_as_of

    home = open_home()
    code_words = kinds_and_districts(home) | {"status": translate_table(STATUS)}
    persons = practitioner_words(home)
    filters = {
        "kind": resolve_code("--kind", kind, code_words["kind"] | persons["kind"]),
        "district": resolve_code("--district", district, code_words["district"]),
        "status": resolve_code("--status", status, code_words["status"]),
    }
    only = {column: code for column, code in filters.items() if code is not None}
    with home.releases.read(release) as opened:
        day = as_of.date() if as_of else latest_data_day(opened)
        run = resolve_run(opened, known_at) if known_at else None
        if only.get("kind") in persons["kind"]:
            everybody = practitioners_as_of(opened, day, run)
            _show_practitioners(
                everybody, only, day, code_words | persons, form=form, output=output
            )
            return

        def select_rows() -> polars.DataFrame:
            rows = institutions_as_of(opened, day, run)
            for column, code in only.items():
                rows = rows.filter(rows[column] == code)
            return replace_codes(rows, code_words) if is_for_people(form, output) else rows

        list_answer = Answer(
            title=_("Institutions as of {day}").format(day=day),
            columns=translate_headings(FILE_COLUMNS if output else COLUMNS),
            rows=select_rows,
            json_rows=lambda between: institutions_as_json(opened, day, run, only, between),
        )
        show(list_answer, form, output)


@app.command(
    "show",
    help=_(
        "One institution or practitioner: its fields, its names with their time, who practises there or where the "
        "person practised, the decisions behind them, and its issues."
    ),
)
def show_one_institution(
    institution: InstitutionArgument,
    as_of: DayOption = None,
    known_at: KnownOption = None,
    release: ReleaseOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.registry.institutions.queries import (
        describe_institution,
        identify_institution,
        latest_data_day,
        resolve_run,
    )
    from double_random.registry.practitioners.queries import (
        describe_practitioner,
        find_practitioner,
        list_members,
    )

    home = open_home()
    with home.releases.read(release) as opened:
        day = as_of.date() if as_of else latest_data_day(opened)
        run = resolve_run(opened, known_at) if known_at else None
        practitioner = find_practitioner(opened, institution)
        if practitioner:
            person = describe_practitioner(opened, practitioner, day, run)
            words = kinds_and_districts(home) | practitioner_words(home)
            shown = _practitioner_in_words(person, words) if is_for_people(form, output) else person
            show_answer(shown, form, output, person["name"])
            return
        data = describe_institution(opened, identify_institution(opened, institution), day, run)
        members = list_members(opened, data["id"], day, run)
        if members:
            data["practitioners"] = members
        if not known_at:  # issues belong to what is known now
            data["issues"] = _issues_of_institution(home, opened, data["id"])
    title = data["name"]
    if is_for_people(form, output):
        words = kinds_and_districts(home) | {"event": event_names(home)}
        words["practitioner"] = practitioner_words(home)["kind"]
        data = _institution_in_words(data, words)
    show_answer(data, form, output, title)


@app.command(
    "history",
    help=_(
        "All that was ever known of one institution: what was so when, and known from when to when."
    ),
)
def show_history(
    institution: InstitutionArgument,
    release: ReleaseOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    import polars

    from double_random.registry.institutions.queries import (
        identify_institution,
        institution_history,
    )

    home = open_home()
    with home.releases.read(release) as opened:
        id = identify_institution(opened, institution)
        rows = polars.DataFrame(institution_history(opened, id), infer_schema_length=None)
    known_now = rows.filter(polars.col("given_up").is_null()).sort("valid_from")
    title = " ".join([*known_now["name"].tail(1), id])
    if is_for_people(form, output):
        code_words = kinds_and_districts(home) | {"status": translate_table(STATUS)}
        rows = replace_codes(rows.cast(dict.fromkeys(code_words, polars.String)), code_words)
    columns = HISTORY_COLUMNS if output else dict(list(HISTORY_COLUMNS.items())[:6])
    show_answer(rows, form, output, title, translate_headings(columns))


@app.command(
    "issues",
    help=_(
        "What was quarantined, noted or refused: file, sheet, row, column, value, reason, name."
    ),
)
def show_issues(
    done: Annotated[
        bool,
        typer.Option("--closed", help=_("Those that a person has closed: who, why and when.")),
    ] = False,
    release: ReleaseOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.registry.quality.issues import SEVERITIES, list_issues
    from double_random.registry.quality.resolutions import list_closed_issues

    home = open_home()
    with home.releases.read(release) as opened:
        rows = list_closed_issues(home, opened) if done else list_issues(opened)
    if is_for_people(form, output):
        reasons = {reason: describe_reason(reason) for reason in rows["reason"].unique()}
        rows = replace_codes(
            rows,
            {
                "reason": reasons,
                "severity": translate_codes(SEVERITIES),
                "column": translate_table(FIELDS),
            },
        )
    title, columns = _("Issues"), ISSUE_COLUMNS
    if done:
        title, columns = _("Closed issues"), CLOSED_COLUMNS | ISSUE_COLUMNS
    show_answer(rows, form, output, title, translate_headings(columns))


@app.command(
    "recusals", help=_("Who does not inspect whom, why, and from when to when; as of a day.")
)
def show_recusals(
    as_of: DayOption = None,
    known_at: KnownOption = None,
    everything: Annotated[
        bool, typer.Option("--all", help=_("Also those that are over or have not begun."))
    ] = False,
    release: ReleaseOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.registry.inspectors.recusals import list_recusals
    from double_random.registry.inspectors.roster import load_roster
    from double_random.registry.institutions.queries import latest_data_day, resolve_run

    with open_home().releases.read(release) as opened:
        day = as_of.date() if as_of else latest_data_day(opened)
        run = resolve_run(opened, known_at) if known_at else None
        rows = list_recusals(opened, run, None if everything else day)
        if is_for_people(form, output):
            people = load_roster(opened, run, day).select(inspector="id", person="name")
            rows = rows.join(people, on="inspector", how="left", maintain_order="left")
    title = _("Recusals as of {day}").format(day=day)
    columns = {name: heading for name, heading in RECUSAL_COLUMNS.items() if name in rows.columns}
    show_answer(rows, form, output, title, translate_headings(columns))


@app.command("inspectors", help=_("The roster of inspectors."))
def show_inspectors(
    as_of: DayOption = None,
    release: ReleaseOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.registry.inspectors.roster import STATUSES, load_roster
    from double_random.registry.institutions.queries import latest_data_day

    home = open_home()
    with home.releases.read(release) as opened:
        rows = load_roster(opened, day=as_of.date() if as_of else latest_data_day(opened))
    if is_for_people(form, output):
        code_words = kinds_and_districts(home) | {"status": translate_codes(STATUSES)}
        kind_names = code_words["kind"]
        sets = rows["kinds"].unique().to_list()
        code_words["kinds"] = {
            codes: "、".join(kind_names.get(code, code) for code in codes.split()) for codes in sets
        }
        rows = replace_codes(rows, code_words)
    show_answer(rows, form, output, _("Inspectors"), translate_headings(ROSTER_COLUMNS))


def _issues_of_institution(home: Home, release: Release, institution: str) -> list[dict[str, Any]]:
    """The issues of an institution: the open ones, then the closed ones with person and reason."""
    from double_random.registry.quality.resolutions import list_institution_issues

    columns = ("id", "severity", "reason", "value", "name", "file", "sheet", "row")
    closing = ("closed_by", "closed_why", "closed_on")
    return [
        {name: issue[name] for name in (*columns, *closing)}
        for issue in list_institution_issues(home, release, institution)
    ]


def _institution_in_words(
    data: dict[str, Any], code_words: dict[str, dict[str, str]]
) -> dict[str, str]:
    """One institution for people: its fields, then one line per version, decision and suspension."""
    fields = {_(FILE_COLUMNS[name]): data[name] for name in FILE_COLUMNS}
    fields[_("kind")] = code_words["kind"].get(data["kind"], data["kind"])
    fields[_("status")] = code_word(STATUS, data["status"])
    fields[_("district")] = code_words["district"].get(data["district"], data["district"])
    fields[_("former names")] = join_words(data["former"])
    for row in data["versions"]:
        time = _("{start} to {end}").format(start=row["valid_from"], end=row["valid_to"] or "…")
        fields[time] = (
            f"{row['name']} · {code_word(STATUS, row['status'])} · {row['address'] or ''}"
        )
    for row in [*data["decisions"], *data["suspensions"]]:
        what = row.get("title") or code_words["event"].get(row["event"], row["event"])
        invalid = " · " + _("withdrawn") if row.get("state") == "invalid" else ""
        paper = f"{row['decided']} {row['document'] or ''}"
        fields[paper] = join_clauses(filter(None, [fields.get(paper, ""), f"{what}{invalid}"]))
    for row in data.get("practitioners", ()):
        kind = code_words["practitioner"].get(row["kind"], row["kind"])
        since = row["since"] or _("before the data")
        told = _("{kind} here since {day}").format(kind=kind, day=since)
        fields[f"{row['name']} {row['id']}"] = f"{told} · {code_word(STATUS, row['status'])}"
    fields[_("district kept")] = _("yes") if data["district_kept"] else _("no")
    for row in data.get("issues", ()):
        origin = " ".join(filter(None, (row["file"], row["sheet"], str(row["row"] or ""))))
        parts = [describe_reason(row["reason"]), row["value"], origin]
        if row["closed_by"]:
            closing = _("closed by {who} on {day}: {why}")
            parts.append(
                closing.format(who=row["closed_by"], day=row["closed_on"], why=row["closed_why"])
            )
        number = _("issue {number}").format(number=row["id"])
        fields[number] = "\n".join(
            filter(None, [fields.get(number, ""), " · ".join(filter(None, parts))])
        )
    return {name: "" if value is None else str(value) for name, value in fields.items()}


def _show_practitioners(
    rows: polars.DataFrame,
    only: dict[str, str],
    day: date,
    code_words: dict[str, dict[str, str]],
    *,
    form: Format | None,
    output: Path | None,
) -> None:
    """The practitioners of a day, of one kind, and where asked of one district or status."""
    for column, code in only.items():
        rows = rows.filter(rows[column] == code)
    if is_for_people(form, output):
        rows = replace_codes(
            rows.with_columns(institution="institution_name"),
            {name: words for name, words in code_words.items() if name in rows.columns},
        )
    title = _("Practitioners as of {day}").format(day=day)
    columns = PRACTITIONER_FILE_COLUMNS if output else PRACTITIONER_COLUMNS
    show_answer(rows, form, output, title, translate_headings(columns))


def _practitioner_in_words(
    data: dict[str, Any], code_words: dict[str, dict[str, str]]
) -> dict[str, str]:
    """One practitioner for people: the fields, then one line per post, decision, penalty and note."""
    fields: dict[str, Any] = {
        _(heading): data[name] for name, heading in PRACTITIONER_FILE_COLUMNS.items()
    }
    fields[_("institution")] = " ".join(
        filter(None, (data["institution_name"], data["institution"]))
    )
    for name in ("kind", "category", "district"):
        fields[_(PRACTITIONER_FILE_COLUMNS[name])] = code_words[name].get(data[name], data[name])
    fields[_("status")] = code_word(STATUS, data["status"])
    fields[_("former names")] = join_words(data["former"])
    fields[_("licence numbers")] = join_words(row["licence"] for row in data["licences"])
    for row in data["employment"]:
        start = row["from"] or _("before the data")
        time = _("{start} to {end}").format(start=start, end=row["to"] or "…")
        fields[time] = f"{row['name']} · {row['institution']}"
    for row in [*data["decisions"], *data["penalties"]]:
        what = row.get("title") or code_words["event"].get(row["event"], row["event"])
        invalid = " · " + _("withdrawn") if row.get("state") == "invalid" else ""
        paper = f"{row['decided']} {row['document'] or ''}"
        fields[paper] = join_clauses(filter(None, [fields.get(paper, ""), f"{what}{invalid}"]))
    for row in data["notes"]:
        fields[f"{row['day']} {row['value']}"] = describe_reason(row["reason"])
    return {name: "" if value is None else str(value) for name, value in fields.items()}


@app.command(
    "coverage",
    help=_(
        "Approvals in force against the register, by kind and district; each difference with its cause."
    ),
)
def show_coverage(
    as_of: DayOption = None,
    list_from_outside: Annotated[
        Path | None,
        typer.Option(
            "--against", help=_("Compare with this list instead: any file with names or codes.")
        ),
    ] = None,
    release: ReleaseOption = None,
    engine: EngineOption = None,
    remote: RemoteOption = None,
    tables: TablesOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.registry.institutions.queries import latest_data_day
    from double_random.registry.quality.coverage import compare_with_list, compute_coverage

    home = open_home()
    code_words = kinds_and_districts(home)
    with (
        engines.open_engine(home, engine, remote, tables) as remote_engine,
        home.releases.read(release) as opened,
    ):
        day = as_of.date() if as_of else latest_data_day(opened)
        if list_from_outside:
            rows = compare_with_list(home, opened, list_from_outside, day)
            if is_for_people(form, output):
                rows = replace_codes(
                    rows, code_words | {"cause": translate_codes(rows["cause"].unique())}
                )
            show_answer(
                rows, form, output, _("Differences"), translate_headings(DIFFERENCE_COLUMNS)
            )
            return
        result = compute_coverage(opened, day, remote_engine)
    coverage_answer = Answer(
        title=_("Coverage as of {day}").format(day=day),
        columns=translate_headings(COVERAGE_COLUMNS),
        data=result.json,
        rows=lambda: (
            replace_codes(result.counts, code_words)
            if is_for_people(form, output)
            else result.counts
        ),
        notes=lambda: _coverage_sentences(result),
    )
    show(coverage_answer, form, output)


def _coverage_sentences(result: Coverage) -> list[str]:
    """The share of approvals in the register, each difference, and the age of each source."""
    from double_random.registry.quality.coverage import UNKNOWN

    counted = result.json()
    sentence = (
        _("{covered} of {approvals} approvals in force are in the register: {percent} %")
        if counted["approvals"]
        else _(UNKNOWN)
    )
    sentences = [sentence.format(**counted)]
    for row in result.differences.iter_rows(named=True):
        causes = " · ".join(_(part) for part in row["cause"].split(": "))
        sentences.append(f"{row['name']}: {causes}")
    for row in result.sources.iter_rows(named=True):
        sentences.append(_("{file}: last read {last_read}, {age_days} days old").format(**row))
        if row["lag_days"] is not None:
            sentences.append(
                _(
                    "{file}: {brought} new decisions came {lag_days} days after they were made (median), "
                    "the latest after {longest_lag_days}"
                ).format(**row)
            )
    return sentences


@app.command(
    "proof",
    help=_("The proof of one's own row in the register, for its owner; any bundle checks it."),
)
def prove_row(
    party: Annotated[
        str, typer.Argument(help=_("An institution or practitioner: id, code, number or name."))
    ],
    draw: Annotated[
        str | None,
        typer.Option("--draw", help=_("As the register was for this draw; else the newest.")),
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show, or write to a file, the proof that a row stands under the root in the log."""
    from double_random.inspection.verification.register_proof import prove_register_row

    proof = prove_register_row(open_home(), party, draw)
    if output is not None:
        write_output(output, proof.dump())
        return
    show_answer(
        {
            "tree": proof.tree,
            "leaf": proof.leaf,
            "index": proof.index,
            "size": proof.size,
            "path": list(proof.path),
        },
        form,
        output,
        _("Proof"),
    )


@app.command(
    "link",
    help=_("Say whom a name or a record means; it is kept for ever, with who said it and why."),
)
def link_by_hand(
    asked: Annotated[
        str,
        typer.Argument(help=_("The name as the issue has it, or a record's id.")),
    ],
    institution: InstitutionArgument,
    who: Annotated[str, typer.Option("--by", help=_("Who decides it."))],
    why: Annotated[str, typer.Option("--reason", help=_("The reason."))],
    as_of: Annotated[datetime, typer.Option("--as-of", **DAY, help=_("The day of the decision."))],
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.inspection.draw.lifecycle import current_time
    from double_random.registry.quality.manual_links import decide_link

    home = open_home()
    with log_new_release(home, "sync", at):
        name = decide_link(
            home,
            asked,
            institution,
            who=who,
            why=why,
            as_of=decision_day(as_of),
            at=at or current_time(),
        )
    print_message(_("The release is now {name}").format(name=name))
    show_answer({"release": name, "name": asked, "institution": institution}, form, output)


@app.command(
    "close",
    help=_(
        "Say that an issue is done with: a row, a file or a note; it is kept for ever, with who said it and why."
    ),
)
def close_by_hand(
    number: Annotated[
        str, typer.Argument(help=_("The issue's number, as `registry issues` has it."))
    ],
    who: Annotated[str, typer.Option("--by", help=_("Who decides it."))],
    why: Annotated[str, typer.Option("--reason", help=_("The reason."))],
    as_of: Annotated[datetime, typer.Option("--as-of", **DAY, help=_("The day of the decision."))],
    reopen: Annotated[
        bool, typer.Option("--reopen", help=_("Say the contrary: the issue is open again."))
    ] = False,
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.inspection.draw.lifecycle import current_time
    from double_random.registry.quality.resolutions import close_issue

    home = open_home()
    with log_new_release(home, "sync", at):
        name = close_issue(
            home,
            number,
            who,
            why=why,
            as_of=decision_day(as_of),
            at=at or current_time(),
            closed=not reopen,
        )
    print_message(_("The release is now {name}").format(name=name))
    show_answer({"release": name, "number": number, "closed": not reopen}, form, output)


@app.command(
    "confirm-code",
    help=_(
        "Say that an official code is right although its check character is wrong; later syncs and loads take it."
    ),
)
def confirm_code_by_hand(
    code: Annotated[str, typer.Argument(help=_("The code as its certificate has it."))],
    who: Annotated[str, typer.Option("--by", help=_("Who decides it."))],
    why: Annotated[str, typer.Option("--reason", help=_("The reason."))],
    as_of: Annotated[datetime, typer.Option("--as-of", **DAY, help=_("The day of the decision."))],
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help=_("Say the contrary: the code is not confirmed."))
    ] = False,
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.inspection.draw.lifecycle import current_time
    from double_random.registry.institutions.confirmed_codes import confirm_check_character

    confirmed_code = confirm_check_character(
        open_home(),
        code,
        who,
        why=why,
        as_of=decision_day(as_of),
        at=at or current_time(),
        confirmed=not withdraw,
    )
    print_message(
        _("Now run registry sync or credit load once more with the files that hold this code")
    )
    show_answer({"code": confirmed_code, "confirmed": not withdraw}, form, output)


@app.command(
    "undo",
    help=_(
        "Go back to what an earlier release knew: a new release and a new entry of the log; nothing is erased."
    ),
)
def undo_to_release(
    release: Annotated[
        str, typer.Argument(help=_("The release to go back to, by its name or its number."))
    ],
    as_of: Annotated[datetime, typer.Option("--as-of", **DAY, help=_("The day of going back."))],
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.store.undo import restore_release

    home = open_home()
    with log_new_release(home, "undo", at):
        name = restore_release(home, release, decision_day(as_of)).name
    print_message(_("The release is now {name}").format(name=name))
    show_answer({"release": name, "back_to": release}, form, output)
