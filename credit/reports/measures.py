"""Measures (激励和惩戒措施): the consequences of a grade or a record, by department, with their dates. Data, not code.

The list is data/measures.toml, or the bureau's own. The table shows other departments which measures apply to whom on
a day (信息共享、联合惩戒).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.core.errors import Misuse
from double_random.core.periods import last_day_of_period
from double_random.core.translation import _, join_words
from double_random.credit.policy import loader
from double_random.credit.policy.model import Match, Policy
from double_random.credit.policy.record_classes import RecordClass, load_record_classes
from double_random.credit.policy.toml_entries import TomlEntry
from double_random.credit.scoring.kept_scores import last_run_number, load_scores
from double_random.credit.scoring.ranking import list_registered

if TYPE_CHECKING:
    import polars

    from double_random.store.home import Home
    from double_random.store.releases import Release


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One measure: the department that applies it, the institutions it applies to, its legal basis, its dates.

    It follows either from `grades` of a policy, or from records that fit `match`, for `months` months from their
    decision (None: as long as they count). The measure itself is in force from `start` to the day before `until`.
    """

    id: str
    title: str
    department: str
    policy: str | None
    grades: tuple[str, ...]
    match: Match | None
    months: int | None
    start: date
    until: date | None
    basis: str
    confirmed: bool


def load_measures(home: Home) -> list[Measure]:
    """Read the measures of a home; BadFile names file and line."""
    return read_measure_file(home.fact_file("measures.toml"))


def read_measure_file(path: Path) -> list[Measure]:
    """Read the measures of a file."""
    top = TomlEntry.read(path)
    classes = load_record_classes(path.resolve().parent)
    first: dict[str, int] = {}
    measure_list = []
    for entry in top.entries("measure"):
        measure = _read_measure(entry, classes)
        if measure.id in first:
            entry.refuse(
                _("{id} stands already in line {line}").format(
                    id=measure.id, line=first[measure.id]
                ),
                _("give it an id of its own"),
            )
        first[measure.id] = entry.line()
        measure_list.append(measure)
        entry.refuse_unknown_keys()
    top.refuse_unknown_keys()
    return measure_list


def _read_measure(entry: TomlEntry, classes: dict[str, RecordClass]) -> Measure:
    start = entry.day("from", needed=True)
    assert start is not None
    policy, grades = entry.text("policy", "") or None, entry.texts("grades", ())
    match = loader.read_match(entry, classes) if "class" in entry.values else None
    months = entry.integer("months")
    if bool(grades) == bool(match) or bool(grades) != bool(policy):
        entry.refuse(
            _("a measure follows either from grades of a policy or from records"),
            'policy = "risk-100", grades = ["D"] / class = "penalty", kinds = ["revocation"]',
        )
    if months is not None and (months < 1 or match is None):
        entry.refuse(_("months count from 1, and only records have them"), key="months")
    return Measure(
        id=entry.text("id"),
        title=entry.text("title"),
        department=entry.text("department"),
        policy=policy,
        grades=grades,
        match=match,
        months=months,
        start=start,
        until=entry.day("until"),
        basis=entry.text("basis"),
        confirmed=entry.boolean("confirmed", False),
    )


def list_applied_measures(
    home: Home, release: Release, as_of: date, policies: dict[str, Policy]
) -> polars.DataFrame:
    """Which measures apply to whom on a day: institution name kind district measure title department because document
    since until basis confirmed; sorted by department, measure and institution.

    A record that was repaired, corrected or revoked has no measures. Misuse if a measure names an unknown policy.
    """
    import polars

    frames = [polars.DataFrame(schema=_table_schema())]
    for measure in load_measures(home):
        if as_of < measure.start or (measure.until is not None and as_of >= measure.until):
            continue
        if measure.match is None:
            rows = _apply_by_grade(release, as_of, measure, policies)
        else:
            rows = _apply_by_record(release, as_of, measure)
        frames.append(
            rows.with_columns(
                measure=polars.lit(measure.id),
                title=polars.lit(measure.title),
                department=polars.lit(measure.department),
                basis=polars.lit(measure.basis),
                confirmed=polars.lit(measure.confirmed),
            ).select(polars.col(name).cast(kind) for name, kind in _table_schema().items())
        )
    table = polars.concat(frames).join(
        list_registered(release, as_of), on="institution", how="left"
    )
    order = ("institution", "name", "kind", "district", *list(_table_schema())[1:])
    return table.select(order).sort(
        "department", "measure", "institution", "since", nulls_last=True
    )


def _apply_by_grade(
    release: Release, as_of: date, measure: Measure, policies: dict[str, Policy]
) -> polars.DataFrame:
    import polars

    policy = policies.get(measure.policy or "")
    if policy is None:
        raise Misuse(
            _("the measure {id} names the policy {policy}, which is not here").format(
                id=measure.id, policy=measure.policy
            ),
            _("these are here: {names}").format(names=join_words(sorted(policies))),
        )
    graded = load_scores(release, as_of, policy).filter(polars.col("grade").is_in(measure.grades))
    return graded.select(
        "institution",
        because=polars.format("{} {}", polars.lit(policy.title), polars.col("grade")),
        document=polars.lit(None),
        since=polars.lit(None),
        until=polars.lit(None),
    )


def _apply_by_record(release: Release, as_of: date, measure: Measure) -> polars.DataFrame:
    """Measures by matching records that were not repaired, corrected or revoked. No policy is involved."""
    import polars

    assert measure.match is not None
    rows: list[tuple[object, ...]] = []
    for record in release.frame(STANDING, (as_of, last_run_number(release))).iter_rows(named=True):
        kinds = record["kinds"].split()
        fits = measure.match.fits(record["class"], kinds, record["state"], record["fine_fen"] or 0)
        until = (
            None
            if measure.months is None
            else last_day_of_period(record["decided"], measure.months)
        )
        if measure.months is None:
            until = record["ends"]
        if fits and (until is None or as_of <= until):
            because = " ".join([record["class"], *kinds])
            rows.append(
                (record["institution"], because, record["document"], record["decided"], until)
            )
    schema = {
        name: _table_schema()[name]
        for name in ("institution", "because", "document", "since", "until")
    }
    return polars.DataFrame(rows, schema=schema, orient="row")


def _table_schema() -> dict[str, Any]:
    import polars

    names = "institution measure title department because document since until basis confirmed"
    special = {"since": polars.Date, "until": polars.Date, "confirmed": polars.Boolean}
    return {name: special.get(name, polars.String) for name in names.split()}


# Decided records without a repair or correction.
STANDING = """
WITH known AS (
    SELECT l.institution, r.*
    FROM records AS r
    JOIN links AS l ON l.claim = r.record
    WHERE r.decided <= $1 AND r.known_from <= $2 AND (r.known_to IS NULL OR r.known_to > $2)
      AND l.known_from <= $2 AND (l.known_to IS NULL OR l.known_to > $2)
),
ruled AS (
    SELECT DISTINCT institution, related_key FROM known
    WHERE class IN ('repair', 'correction') OR (class = 'objection' AND state = 'corrected')
)
SELECT k.institution, k.class, k.kinds, k.state, k.fine_fen, k.document, k.decided, k.ends
FROM known AS k
LEFT JOIN ruled AS t ON t.institution = k.institution AND t.related_key = coalesce(k.document_key, k.record)
WHERE t.institution IS NULL
ORDER BY k.institution, k.decided, k.record
"""
