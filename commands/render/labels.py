"""Labels of fields and words for codes in the user's language; JSON keeps the English names and codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from double_random.core import translation, vocabulary
from double_random.core.errors import Misuse
from double_random.core.translation import N_, _, append_note
from double_random.intake.reasons import translate_reason

if TYPE_CHECKING:
    import polars

    from double_random.store.home import Home

LABELS = {
    "absent": N_("rows missing in the sheet"),
    "approved": N_("approved by"),
    "as_of": N_("as of"),
    "attested": N_("attested"),
    "back_to": N_("back to"),
    "auditor_bundle": N_("auditor's bundle"),
    "batch": N_("batch"),
    "batches": N_("batches"),
    "base": N_("made again from"),
    "bits": N_("bits"),
    "blind": N_("blind spots"),
    "by hand": N_("checked by hand"),
    "bytes": N_("bytes"),
    "came in": N_("came in as reserves"),
    "case_checks": N_("case checks opened"),
    "chance": N_("chance"),
    "changed": N_("changed of late"),
    "changes": N_("changes"),
    "class": N_("class"),
    "closed": N_("done with"),
    "code": N_("方案校验码"),
    "condition": N_("condition of the directed draw"),
    "commitment": N_("commitment"),
    "cost": N_("cost"),
    "counts": N_("drawn of each group"),
    "cutoff": N_("last ticket drawn"),
    "cutoff_salt": N_("salt of the last ticket drawn"),
    "day": N_("day"),
    "decided": N_("decided"),
    "differences": N_("differences"),
    "done": N_("steps done"),
    "directed": N_("directed draws"),
    "draw": N_("draw"),
    "drawn by lot": N_("drawn by lot"),
    "draws": N_("draws"),
    "drawn_list": N_("drawn, in the order of visits"),
    "drawn_rows": N_("rows drawn"),
    "drop": N_("files read from"),
    "to_be_drawn": N_("to be drawn"),
    "edition": N_("edition"),
    "end": N_("end"),
    "entries": N_("log entries"),
    "entropy": N_("numbers"),
    "entry": N_("entry of the log"),
    "event": N_("event"),
    "expected_so_lucky": N_("institutions expected to have the same luck"),
    "files": N_("files"),
    "first_day": N_("first day of visits"),
    "folder": N_("folder"),
    "forced": N_("only one team possible"),
    "format": N_("format"),
    "forms": N_("forms written"),
    "grades": N_("institutions by grade"),
    "group": N_("group"),
    "groups": N_("groups"),
    "hash": N_("hash"),
    "hint": N_("hint"),
    "home": N_("home folder"),
    "home_named_by": N_("home named by"),
    "id": N_("code"),
    "in_practice": N_("institutions in practice"),
    "in_pool": N_("in the pool"),
    "index": N_("place in the pool"),
    "frame.csv": N_("institutions in scope"),
    "pool.csv": N_("in the pool"),
    "left_out.csv": N_("left out"),
    "inspectors.csv": N_("inspectors"),
    "inspectors_left_out.csv": N_("inspectors left out"),
    "recusals.csv": N_("pairs kept apart"),
    "inspectors": N_("inspectors"),
    "inspectors_left_out": N_("inspectors left out"),
    "institution": N_("institution"),
    "institutions": N_("institutions"),
    "intact": N_("intact"),
    "joint_chance": N_("chance of at least so many"),
    "keys": N_("changes of key"),
    "kind": N_("act"),
    "known_files": N_("files known already"),
    "known_rows": N_("rows known already"),
    "last_day": N_("last day of visits"),
    "last_published": N_("last night published"),
    "last_runs": N_("data as of"),
    "left_out": N_("left out"),
    "links": N_("links"),
    "listing": N_("hash of SHA256SUMS"),
    "load": N_("most visits of one inspector"),
    "log": N_("log entries"),
    "log_entries": N_("log entries"),
    "ms": N_("milliseconds"),
    "name": N_("name"),
    "nearly_forced": N_("nearly always the same inspector"),
    "new": N_("new"),
    "new_notes": N_("new notes on institutions"),
    "newest_decision": N_("newest decision"),
    "nights": N_("nights"),
    "not_before": N_("not before"),
    "notes": N_("notes on institutions"),
    "number": N_("document"),
    "old": N_("gave up its place"),
    "open": N_("without a result still"),
    "open_draws": N_("open draws"),
    "overdue": N_("overdue"),
    "due": N_("to be done"),
    "unbound": N_("recusals that bind nobody"),
    "wait_for_notice": N_("wait for the holiday notice"),
    "same": N_("recorded before"),
    "misdated": N_("dated before an earlier entry"),
    "ahead": N_("dated in the future"),
    "clock": N_("times set right"),
    "origin": N_("log of"),
    "outside": N_("kept from outside"),
    "pages": N_("pages"),
    "pairs": N_("who came together how often"),
    "path": N_("path in the tree"),
    "place": N_("place"),
    "planned_not_committed": N_("planned, not committed"),
    "plans": N_("draws"),
    "policy": N_("policy"),
    "population": N_("of these kinds in all"),
    "possible": N_("can be planned"),
    "public_bundle": N_("public bundle"),
    "publish_by": N_("publish by"),
    "quarantined": N_("quarantined rows"),
    "reason": N_("reason"),
    "record": N_("record"),
    "records": N_("credit records"),
    "records_without_institution": N_("records without an institution"),
    "recusals": N_("pairs kept apart"),
    "release": N_("release"),
    "reserve_rows": N_("reserves drawn"),
    "root": N_("root of the tree"),
    "run": N_("run"),
    "row": N_("row of the pool"),
    "row_notes": N_("notes on files and rows"),
    "rows": N_("rows"),
    "runs": N_("runs done again"),
    "salt": N_("salt"),
    "score": N_("score"),
    "seed": N_("seed"),
    "sha256": N_("hash of the signed record"),
    "signed": N_("signed by the log"),
    "size": N_("log entries"),
    "sources": N_("sources of the numbers"),
    "split": N_("split against the plan"),
    "stage": N_("stage"),
    "stages": N_("stages"),
    "state": N_("state"),
    "stopped_since": N_("nights stopped since"),
    "strata": N_("groups and ratios"),
    "sync": N_("sync"),
    "target": N_("institution"),
    "targets": N_("drawn, by their place in the pool"),
    "teams": N_("teams"),
    "ticket": N_("ticket"),
    "tight": N_("tight spots"),
    "time": N_("time"),
    "times_drawn": N_("times drawn"),
    "chosen": N_("drawn by lot?"),
    "title": N_("title"),
    "to_draw": N_("wait for their draw"),
    "to_publish": N_("wait for publication"),
    "together": N_("waits for another draw's visit too"),
    "trials": N_("trial draws"),
    "type": N_("type"),
    "unchecked": N_("not checked"),
    "visits": N_("order of visits"),
    "visits_each": N_("visits of each person"),
    "voids": N_("draws made void"),
    "waiting": N_("waits for publication"),
    "what": N_("what does not agree"),
    "why": N_("why"),
    "witness": N_("witness"),
    "witnesses": N_("witnesses"),
    "year": N_("year"),
    "year_plan": N_("year plan's number"),
}
CODED = ("class", "end", "kind", "left_out", "reason", "stage", "state", "type")
WORDS = (N_("directed"), N_("undirected"), N_("stopped"), N_("finished"))
TABLES = {"kind": vocabulary.ACT, "class": vocabulary.RECORD, "state": vocabulary.RECORD}


def field_label(field: str) -> str:
    """A field's label; the name itself if it has no label, as for the name of a step or group."""
    return _(LABELS.get(field, field))


def value_in_words(field: str, value: Any) -> Any:
    """A field's value for people: codes in words, booleans as yes and no."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and value in TABLES.get(field, ()):
        return vocabulary.code_word(TABLES[field], value)
    return _(value) if field in CODED and isinstance(value, str) else value


def translate_headings(columns: Mapping[str, str]) -> dict[str, str]:
    """Columns with their headings in the user's language."""
    return {name: _(heading) for name, heading in columns.items()}


def translate_codes(codes: Iterable[str]) -> dict[str, str]:
    """Codes with their words in the user's language."""
    return {code: _(code) for code in codes}


def translate_table(table: Mapping[str, str]) -> dict[str, str]:
    """Codes with their words from a table of core/vocabulary.py."""
    return {code: vocabulary.code_word(table, code) for code in table}


def kinds_and_districts(home: Home) -> dict[str, dict[str, str]]:
    """The words for a home's own codes, by column: kinds of institutions and districts."""
    from double_random.registry.institutions.districts import load_district_names
    from double_random.registry.institutions.kinds import load_kinds

    kind_names = {row.code: row.name(translation.current_language()) for row in load_kinds(home)}
    return {"kind": kind_names, "district": load_district_names(home)}


def practitioner_words(home: Home) -> dict[str, dict[str, str]]:
    """The words for a home's own codes of practitioners, by column: kind, category, event."""
    from double_random.core.vocabulary import PRACTITIONER_CATEGORY
    from double_random.registry.practitioners.kinds import load_practitioner_facts

    facts = load_practitioner_facts(home)
    language = translation.current_language()
    return {
        "kind": {kind.code: kind.name(language) for kind in facts.kinds},
        "category": translate_table(PRACTITIONER_CATEGORY),
        "event": {
            event.code: event.zh if language == "zh_CN" else event.code for event in facts.events
        },
    }


def event_names(home: Home) -> dict[str, str]:
    """The words for a home's own permit events; in English the codes themselves."""
    from double_random.registry.institutions.kinds import load_events

    chinese = translation.current_language() == "zh_CN"
    return {event.code: event.zh if chinese else event.code for event in load_events(home)}


def replace_codes(
    rows: polars.DataFrame, words_by_column: Mapping[str, Mapping[str, str]]
) -> polars.DataFrame:
    """Replace the codes of some columns by words."""
    import polars

    return rows.with_columns(
        polars.col(name).replace(dict(code_words))
        for name, code_words in words_by_column.items()
        if name in rows.columns
    )


def describe_reason(reason: str) -> str:
    """A reason in the user's language; the part after ": " is unchanged."""
    return translate_reason(reason)


def resolve_code(option: str, text: str | None, words_by_code: Mapping[str, str]) -> str | None:
    """Resolve a code or its word to the code; Misuse, which lists both, if it is unknown.

    A code's Chinese word is accepted in every language; case and surrounding blanks are ignored.
    """
    if text is None or text in words_by_code:
        return text
    plain, chinese = text.strip().casefold(), translation.load_catalogue("zh_CN")
    codes = [
        code
        for code, word in words_by_code.items()
        if plain in {code.casefold(), word.casefold(), translation.translate_with(chinese, code)}
        or text.strip() in _word_spellings(word, code)
    ]
    exact = [code for code in codes if text.strip() in (words_by_code[code], _(code))]
    if len(exact) == 1 or len(codes) == 1:
        return (exact or codes)[0]
    raise Misuse(
        _("{option}: {value} is not known").format(option=option, value=text)
        if text.strip()
        else _("{what} is missing").format(what=option),
        _("one of: {known}").format(
            known=" · ".join(
                code if word == code else append_note(word, code)
                for code, word in words_by_code.items()
            )
        ),
    )


def _word_spellings(word: str, code: str) -> set[str]:
    """How people write a code's word: as it is listed, or its bare verb (受理 of 已受理, 核查 of 核查中)."""
    full_words = {word, _(code)}
    bare = {part for spelling in full_words for part in spelling.split("或")}
    return full_words | {spelling.removeprefix("已").removesuffix("中") for spelling in bare}
