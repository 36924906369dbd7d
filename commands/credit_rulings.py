"""`double-random credit repair | objection | notify`: rulings on records and notices before a bad grade."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from double_random.commands.credit_options import (
    DayOption,
    PolicyOption,
    add_score,
    find_institution_id,
    replace_codes_for_people,
)
from double_random.commands.current_home import open_home
from double_random.commands.days import DAY
from double_random.commands.options import ReleaseOption
from double_random.commands.release_logging import log_new_release
from double_random.commands.render.estimated_days import days_as_text, print_missing_notices
from double_random.commands.render.format_writers import Format
from double_random.commands.render.labels import (
    replace_codes,
    resolve_code,
    translate_codes,
    translate_headings,
)
from double_random.commands.render.output import (
    FormatOption,
    OutputOption,
    is_for_people,
    show_answer,
)
from double_random.commands.render.terminal import print_message
from double_random.core.clock import china_today
from double_random.core.errors import Misuse
from double_random.core.translation import N_, _, join_words
from double_random.core.vocabulary import RECORD, code_word

if TYPE_CHECKING:
    import polars

    from double_random.credit.records.rulings import Ruling
    from double_random.store.home import Home

RecordOption = Annotated[
    str | None,
    typer.Option("--record", help=_("The record: its document's number, or its id's beginning.")),
]
DecidedOption = Annotated[
    datetime | None,
    typer.Option("--decided", **DAY, help=_("The day on which it was decided.")),
]
NumberOption = Annotated[
    str, typer.Option("--number", help=_("The number of the decision, or of the objection."))
]
ByOption = Annotated[str, typer.Option("--by", help=_("The authority that decided."))]
NoteOption = Annotated[str, typer.Option("--remark", help=_("A remark for the file."))]

OBJECTION_STEPS = ("accepted", "checking", "kept", "corrected")
OBJECTION_COLUMNS = {
    "number": N_("objection"),
    "document": N_("document"),
    "name": N_("name"),
    "state": N_("state"),
    "since": N_("in this state since"),
    "accepted": N_("accepted on"),
    "until": N_("to be looked into by"),
}
NOTICE_COLUMNS = {
    "institution": N_("id"),
    "name": N_("name"),
    "kind": N_("kind"),
    "district": N_("district"),
    "was": N_("grade before"),
    "score": N_("score"),
    "grade": N_("grade"),
}


def enter_repair(
    institution: Annotated[
        str | None,
        typer.Argument(help=_("Id, code, licence number or name."), show_default=False),
    ] = None,
    record: RecordOption = None,
    decided: DecidedOption = None,
    number: NumberOption = "",
    by: ByOption = "",
    note: NoteOption = "",
    correction: Annotated[
        str | None,
        typer.Option("--as", help=_("Not a repair: the decision was `revoked` or `corrected`.")),
    ] = None,
    ordered_by: Annotated[
        str,
        typer.Option(
            "--ordered-by",
            help=_(
                "Before the shortest term: the court or authority that ordered it; with --order."
            ),
        ),
    ] = "",
    order: Annotated[str, typer.Option("--order", help=_("The number of that order."))] = "",
    source: Annotated[
        Path | None,
        typer.Option("--from", help=_("A file of many repairs; then --as-of is needed.")),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", **DAY, help=_("The day, for --from.")),
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.credit.records import rulings

    home = open_home()
    if source is not None:
        if as_of is None or institution is not None:
            raise Misuse(
                _("--from takes many repairs from a file as of a day"),
                _("type: {command}").format(
                    command="double-random credit repair --from {file} --as-of {day}".format(
                        file=_("FILE"), day=_("DATE")
                    )
                ),
            )
        from double_random.commands.render.sync_report import show_sync_report
        from double_random.credit.records.load import load_records

        with log_new_release(home, "sync"):
            report = load_records(home, [source], as_of.date())
        show_sync_report(report, form, output)
        return
    correction = resolve_code("--as", correction, translate_codes(rulings.CORRECTIONS))
    if bool(ordered_by.strip()) != bool(order.strip()):
        raise Misuse(
            _("--ordered-by and --order go together"),
            _("type: {command}").format(command="--ordered-by WHO --order NUMBER"),
        )
    about, day = _find_record(home, institution, record, decided)
    kind = "repair" if correction is None else "correction"
    ruling = rulings.Ruling(
        record_class=kind,
        kind=correction or "",
        state="decided",
        about=about,
        document=number,
        decided=day,
        authority=by,
        note=note,
        ordered_by=ordered_by,
        order=order,
    )
    _enter_ruling(home, ruling, form, output)


def enter_objection(
    institution: Annotated[
        str | None,
        typer.Argument(help=_("Id, code, licence number or name."), show_default=False),
    ] = None,
    record: RecordOption = None,
    step: Annotated[
        str | None,
        typer.Option("--step", help=_("accepted, checking, kept or corrected.")),
    ] = None,
    decided: DecidedOption = None,
    number: NumberOption = "",
    by: ByOption = "",
    note: NoteOption = "",
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.credit.records import rulings

    home = open_home()
    steps = {name: code_word(RECORD, f"objection:{name}") for name in OBJECTION_STEPS}
    if institution is None:
        rows, waits_for = _objection_rows(home)
        if is_for_people(form, output):
            rows = replace_codes(days_as_text(rows, "until"), {"state": steps})
        show_answer(rows, form, output, _("Objections"), translate_headings(OBJECTION_COLUMNS))
        print_missing_notices(waits_for)
        return
    step = resolve_code("--step", step or "", steps) or ""
    about, day = _find_record(home, institution, record, decided)
    rulings_kept = rulings.read_rulings(home)
    number = (
        number
        or rulings.find_open_objection(rulings_kept, about)
        or rulings.next_objection_number(rulings_kept, about)
    )
    _enter_ruling(
        home,
        rulings.Ruling(
            record_class="objection",
            kind="",
            state=step,
            about=about,
            document=number,
            decided=day,
            authority=by,
            note=note,
        ),
        form,
        output,
    )


def _objection_rows(home: Home) -> tuple[polars.DataFrame, list[int]]:
    """The objections of a home as rows, with the day by which each open one must be examined.

    Also returns the years whose missing holiday notice makes such a day an estimate.
    """
    import polars

    from double_random.credit.reports.objections import list_objections

    schema = dict.fromkeys(("number", "record", "document", "name", "state"), polars.String) | {
        "since": polars.Date,
        "accepted": polars.Date,
        "until": polars.Date,
        "waits_for": polars.Int64,
    }
    home_objections = list_objections(home)
    rows = [
        (
            *(entry.number, entry.record, entry.document, entry.name, entry.state),
            *(entry.since, entry.accepted),
            entry.until.day if entry.until else None,
            entry.until.waits_for or None if entry.until else None,
        )
        for entry in home_objections
    ]
    waits_for = sorted(
        {
            entry.until.waits_for
            for entry in home_objections
            if entry.until and entry.until.waits_for
        }
    )
    return polars.DataFrame(rows, schema=schema, orient="row"), waits_for


def _find_record(
    home: Home, institution: str | None, record: str | None, decided: datetime | None
) -> tuple[str, date]:
    """Find the record's id and check the day of the decision."""
    from double_random.credit.records import rulings

    if institution is None or record is None or decided is None:
        raise Misuse(
            _("which record of whom, and decided when?"),
            _("say ID --record DOCUMENT --decided DATE"),
        )
    day = decided.date()
    if day > china_today():
        raise Misuse(
            _("{day} is still to come: today is {today}").format(day=day, today=china_today()),
            _("correct --decided"),
        )
    with home.releases.read() as opened:
        about, happened = rulings.find_record(
            opened, find_institution_id(opened, institution), record
        )
    if day < happened:
        raise Misuse(
            _("nothing can be ruled on {day} about a record of {happened}").format(
                day=day, happened=happened
            ),
            _("correct --decided"),
        )
    return about, day


def _enter_ruling(home: Home, ruling: Ruling, form: Format | None, output: Path | None) -> None:
    from double_random.credit.records import rulings
    from double_random.inspection.draw.lifecycle import current_time

    with log_new_release(home, "sync"):
        release = rulings.enter_ruling(home, ruling, current_time())
    if release is None:
        print_message(_("Kept. Another run is writing; it counts from the next load or score on."))
    title = _("Kept for ever")
    if is_for_people(form, output):
        show_answer(_ruling_in_words(home, ruling, release), form, output, title)
        return
    show_answer(
        {
            "class": ruling.record_class,
            "kind": ruling.kind,
            "state": ruling.state,
            "record": ruling.about,
            "number": ruling.document,
            "decided": str(ruling.decided),
            "release": release,
        },
        form,
        output,
        title,
    )


def _ruling_in_words(home: Home, ruling: Ruling, release: str | None) -> dict[str, str | None]:
    """A ruling in words: the record, its institution, the decision and its day."""
    with home.releases.read() as opened:
        name, document = opened.connection.execute(
            "SELECT name, coalesce(document, record) FROM records WHERE record = ? AND known_to IS NULL",
            [ruling.about],
        ).fetchone() or ("", ruling.about)
    kind, detail = ruling.record_class, ruling.kind or ruling.state
    ruling_words = code_word(RECORD, kind)
    if f"{kind}:{detail}" in RECORD:
        ruling_words = f"{ruling_words} · {code_word(RECORD, f'{kind}:{detail}')}"
    number_label = (
        _("number of the objection") if kind == "objection" else _("number of the decision")
    )
    return {
        _("name"): name,
        _("record"): document,
        _("decision on a record"): ruling_words,
        number_label: ruling.document or None,
        _("decided"): str(ruling.decided),
        _("release"): release,
    }


def show_notices(
    as_of: DayOption,
    grade: Annotated[
        list[str] | None,
        typer.Option("--grade", help=_("A bad grade; may be said again. Else the worst one.")),
    ] = None,
    before: Annotated[
        datetime | None,
        typer.Option(
            "--before",
            **DAY,
            help=_("An earlier day: only who had none of these grades on it."),
        ),
    ] = None,
    letters: Annotated[
        Path | None,
        typer.Option("--letters", help=_("A folder for the letters, one HTML page each.")),
    ] = None,
    policy: PolicyOption = None,
    release: ReleaseOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.credit.policy.catalog import load_policy
    from double_random.credit.policy.publication_terms import PublicationTerms
    from double_random.credit.reports import notices

    home = open_home()
    rule = load_policy(home, policy)
    day = as_of.date()
    bad = grade or [rule.in_force_on(day).scale.bounds[-1].grade]
    with home.releases.read(release) as opened:
        notice_rows = notices.institutions_to_notify(
            opened, day, rule, bad, before.date() if before else None
        )
        letter_texts = notices.explain_letters(opened, notice_rows, day, rule) if letters else []
        public = PublicationTerms.from_home(home)
        repairs = [notices.list_blocked_repairs(opened, letter, public) for letter in letter_texts]
    if letters:
        from double_random.commands.render.explanation_view import describe_line
        from double_random.core.translation import current_language
        from double_random.credit.reports.print_pages import render_print_page
        from double_random.store import output_files

        letters.mkdir(parents=True, exist_ok=True)
        terms, drafts = notices.load_terms(home, day), 0
        for explanation, repairable in zip(letter_texts, repairs, strict=True):
            draft = notices.is_draft(explanation, terms)
            drafts += draft
            name = "".join(c if c.isalnum() else "-" for c in explanation.institution)
            page = render_print_page(
                "notice.html",
                language=current_language().replace("_", "-"),
                title=_("Notice of a credit evaluation"),
                explanation=explanation,
                whys=[describe_line(line, document=False) for line in explanation.lines],
                terms=terms,
                draft=draft,
                repairs=repairable,
                authority=str(home.settings.get("authority", {}).get("name", "")),
            )
            output_files.write_output(letters / f"{name}.html", page.encode())
        print_message(
            _("{count} letters written into {folder}").format(
                count=len(letter_texts), folder=letters
            )
        )
        if drafts:
            print_message(
                _(
                    "{count} of them are drafts: they rest on rules that nobody has confirmed"
                ).format(count=drafts)
            )
    title = _("To be told before {grades} counts").format(grades=join_words(bad))
    notice_rows = replace_codes_for_people(add_score(notice_rows), home, form, output)
    show_answer(notice_rows, form, output, title, translate_headings(NOTICE_COLUMNS))
