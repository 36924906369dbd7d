"""`double-random credit repair | objection | notify`: rulings on records and notices before a bad grade."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from double_random.commands.credit_options import (
    DayOption,
    PolicyOption,
    for_whom,
    id_of,
    with_score,
)
from double_random.commands.current_home import open_home
from double_random.commands.days import DAY
from double_random.commands.options import ReleaseOption
from double_random.commands.release_logging import logged
from double_random.commands.render.estimated_days import dated, say_missing
from double_random.commands.render.labels import chosen as one_of
from double_random.commands.render.labels import headings, in_words, words
from double_random.commands.render.output import (
    Format,
    FormatOption,
    OutputOption,
    answer,
    for_people,
)
from double_random.commands.render.terminal import say
from double_random.core.clock import today
from double_random.core.errors import Misuse
from double_random.core.translation import N_, _, listed
from double_random.core.vocabulary import RECORD, word

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


def repair(
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
        from double_random.commands.render.sync_report import show_report
        from double_random.credit.records.load import load

        with logged(home, "sync"):
            report = load(home, [source], as_of.date())
        show_report(report, form, output)
        return
    correction = one_of("--as", correction, words(rulings.CORRECTIONS))
    if bool(ordered_by.strip()) != bool(order.strip()):
        raise Misuse(
            _("--ordered-by and --order go together"),
            _("type: {command}").format(command="--ordered-by WHO --order NUMBER"),
        )
    about, day = _meant(home, institution, record, decided)
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
    _enter(home, ruling, form, output)


def objection(
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
    steps = {name: word(RECORD, f"objection:{name}") for name in OBJECTION_STEPS}
    if institution is None:
        rows, waits_for = _open(home)
        if for_people(form, output):
            rows = in_words(dated(rows, "until"), {"state": steps})
        answer(rows, form, output, _("Objections"), headings(OBJECTION_COLUMNS))
        say_missing(waits_for)
        return
    step = one_of("--step", step or "", steps) or ""
    about, day = _meant(home, institution, record, decided)
    known = rulings.kept(home)
    number = number or rulings.open_objection(known, about) or rulings.next_number(known, about)
    _enter(
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


def _open(home: Home) -> tuple[polars.DataFrame, list[int]]:
    """The objections of a home as rows, with the day by which each open one must be examined.

    Also returns the years whose missing holiday notice makes such a day an estimate.
    """
    import polars

    from double_random.credit.reports.objections import objections

    schema = dict.fromkeys(("number", "record", "document", "name", "state"), polars.String) | {
        "since": polars.Date,
        "accepted": polars.Date,
        "until": polars.Date,
        "waits_for": polars.Int64,
    }
    found = objections(home)
    rows = [
        (
            *(one.number, one.record, one.document, one.name, one.state),
            *(one.since, one.accepted),
            one.until.day if one.until else None,
            one.until.waits_for or None if one.until else None,
        )
        for one in found
    ]
    waits_for = sorted({one.until.waits_for for one in found if one.until and one.until.waits_for})
    return polars.DataFrame(rows, schema=schema, orient="row"), waits_for


def _meant(
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
    if day > today():
        raise Misuse(
            _("{day} is still to come: today is {today}").format(day=day, today=today()),
            _("correct --decided"),
        )
    with home.releases.read() as opened:
        about, happened = rulings.record(opened, id_of(opened, institution), record)
    if day < happened:
        raise Misuse(
            _("nothing can be ruled on {day} about a record of {happened}").format(
                day=day, happened=happened
            ),
            _("correct --decided"),
        )
    return about, day


def _enter(home: Home, ruling: Ruling, form: Format | None, output: Path | None) -> None:
    from double_random.credit.records import rulings
    from double_random.inspection.draw.lifecycle import now

    with logged(home, "sync"):
        release = rulings.enter(home, ruling, now())
    if release is None:
        say(_("Kept. Another run is writing; it counts from the next load or score on."))
    title = _("Kept for ever")
    if for_people(form, output):
        answer(_in_words(home, ruling, release), form, output, title)
        return
    answer(
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


def _in_words(home: Home, ruling: Ruling, release: str | None) -> dict[str, str | None]:
    """A ruling in words: the record, its institution, the decision and its day."""
    with home.releases.read() as opened:
        name, document = opened.connection.execute(
            "SELECT name, coalesce(document, record) FROM records WHERE record = ? AND known_to IS NULL",
            [ruling.about],
        ).fetchone() or ("", ruling.about)
    kind, detail = ruling.record_class, ruling.kind or ruling.state
    said = word(RECORD, kind)
    if f"{kind}:{detail}" in RECORD:
        said = f"{said} · {word(RECORD, f'{kind}:{detail}')}"
    own = _("number of the objection") if kind == "objection" else _("number of the decision")
    return {
        _("name"): name,
        _("record"): document,
        _("decision on a record"): said,
        own: ruling.document or None,
        _("decided"): str(ruling.decided),
        _("release"): release,
    }


def notify(
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
    from double_random.credit.policy.catalog import policy as chosen
    from double_random.credit.policy.publication_terms import PublicationTerms
    from double_random.credit.reports import notices

    home = open_home()
    rule = chosen(home, policy)
    day = as_of.date()
    bad = grade or [rule.on(day).scale.bounds[-1].grade]
    with home.releases.read(release) as opened:
        told = notices.to_be_told(opened, day, rule, bad, before.date() if before else None)
        found = notices.letters(opened, told, day, rule) if letters else []
        public = PublicationTerms.of(home)
        repairs = [notices.repairs(opened, one, public) for one in found]
    if letters:
        from double_random.commands.render.explanation_view import why
        from double_random.core.translation import current
        from double_random.credit.reports.print_pages import render
        from double_random.store import output_files

        letters.mkdir(parents=True, exist_ok=True)
        terms, drafts = notices.terms(home, day), 0
        for explanation, repairable in zip(found, repairs, strict=True):
            draft = notices.is_draft(explanation, terms)
            drafts += draft
            name = "".join(c if c.isalnum() else "-" for c in explanation.institution)
            page = render(
                "notice.html",
                language=current().replace("_", "-"),
                title=_("Notice of a credit evaluation"),
                explanation=explanation,
                whys=[why(line, document=False) for line in explanation.lines],
                terms=terms,
                draft=draft,
                repairs=repairable,
                authority=str(home.settings.get("authority", {}).get("name", "")),
            )
            output_files.write(letters / f"{name}.html", page.encode())
        say(_("{count} letters written into {folder}").format(count=len(found), folder=letters))
        if drafts:
            say(
                _(
                    "{count} of them are drafts: they rest on rules that nobody has confirmed"
                ).format(count=drafts)
            )
    title = _("To be told before {grades} counts").format(grades=listed(bad))
    told = for_whom(with_score(told), home, form, output)
    answer(told, form, output, title, headings(NOTICE_COLUMNS))
