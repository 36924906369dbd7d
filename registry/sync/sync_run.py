"""`registry sync`: a drop's permits, suspensions, inspectors and recusals become the registers' next release."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.errors import DoubleRandomError
from double_random.core.translation import _
from double_random.intake.file_reading import FileReading
from double_random.intake.reasons import NO_SUCH_INSTITUTION
from double_random.registry.inspectors import person_recusals, recusals
from double_random.registry.inspectors import roster as inspectors
from double_random.registry.institutions import (
    confirmed_codes,
    decisions,
    linking,
    suspensions,
    versions,
)
from double_random.registry.institutions.districts import load_districts
from double_random.registry.institutions.kinds import (
    InstitutionKind,
    PermitEvent,
    load_events,
    load_kinds,
)
from double_random.registry.practitioners import penalties as practitioner_penalties
from double_random.registry.practitioners import permits as person_permits
from double_random.registry.practitioners.kinds import (
    PractitionerFacts,
    load_practitioner_facts,
    load_shipped_practitioner_facts,
)
from double_random.registry.practitioners.register import refresh_practitioners
from double_random.registry.practitioners.tables import ensure_practitioner_tables
from double_random.registry.quality import (
    file_report,
    manual_links,
    quarantine,
    quarantined_approvals,
    refused_files,
    resolutions,
)
from double_random.registry.quality.file_report import FileReport, RunReport
from double_random.registry.reasons import FOUNDED_TWICE, OTHER_PERSON
from double_random.registry.sync import guard_rails, processed_files, sources
from double_random.registry.sync.sources import LiveSource
from double_random.registry.tables import has_changed

if TYPE_CHECKING:
    import polars

    from double_random.intake.layouts import Layout
    from double_random.store.home import Home
    from double_random.store.releases import Draft

OWN = ("permits", "inspectors", "recusals")  # the nouns for whose rows sync is responsible


@dataclass(frozen=True)
class SyncFacts:
    """The facts for a sync: the bureau's kinds, events and districts, and those of practitioners."""

    kinds: tuple[InstitutionKind, ...]
    events: tuple[PermitEvent, ...]
    districts: dict[str, str]
    practitioners: PractitionerFacts = field(default_factory=load_shipped_practitioner_facts)


def load_sync_facts(home: Home) -> SyncFacts:
    """The facts of a home; Misuse or BadFile if one of its own files is wrong."""
    return SyncFacts(
        load_kinds(home), load_events(home), load_districts(home), load_practitioner_facts(home)
    )


def sync_registers(
    home: Home,
    paths: Sequence[Path],
    as_of: date,
    accept: bool = False,
    dry_run: bool = False,
    full: bool = False,
) -> RunReport:
    """Read files, folders and live sources (.toml) and merge them into the registers; the same drop again changes
    nothing.

    Of a live source only rows after its watermark are read; if `full`, all rows, and missing decisions end. Misuse if
    a source does not exist; Held if a guard rail (guard_rails.py) stops the run and it was not accepted. Files that
    intake refuses are in the report (`refused`); the others count. A dry run changes nothing; nor does a run that
    could read no file.
    """
    from double_random.intake.drop_reader import read_drop

    shapes = confirmed_codes.load_home_layouts(home)
    files_given = [path for path in paths if path.suffix != ".toml"]
    with (
        tempfile.TemporaryDirectory(prefix="double-random-") as folder,
        ThreadPoolExecutor(1) as beside,
    ):
        fetched = [
            sources.fetch_source(home, path, full, Path(folder))
            for path in paths
            if path.suffix == ".toml"
        ]
        written = [live.file for live in fetched if live.file is not None]
        readings = read_drop([*files_given, *written], as_of, shapes)
        for live in fetched:
            sources.check_layout(live, readings)
        inputs_future = None if dry_run else beside.submit(keep_inputs, home, readings)
        at = {reading.source: index for index, reading in enumerate(readings)}
        lives = [(at[live.file] if live.file else -1, live) for live in fetched]
        facts = load_sync_facts(home)
        with home.releases.write("sync", as_of) as release:
            release.made |= {"given": _list_given(files_given, readings), "live": bool(fetched)}
            manual_links.apply_manual_links(home, release.connection, release.run)
            if not dry_run:
                refused_files.recheck_refused(home, release, readings, as_of)
            resolutions.apply_resolutions(home, release.connection, release.run)
            rows = sum(reading.rows for reading in readings)
            files, issues = merge_readings(release, readings, facts, shapes, lives)
            all_complete = all(live.is_complete for live in fetched)
            run_effect = guard_rails.measure_effect(
                release.connection, release.run, as_of, files, rows, all_complete
            )
            held = bool(run_effect.doubts) and (not accept or file_report.has_no_table(files))
            if held or dry_run or _has_no_news(release, files):
                release.discard()
            else:
                _record_run(home, release, readings, files, issues, shapes)
            if inputs_future is not None:
                inputs_future.result()  # without its inputs no release is made
    if held and not dry_run:
        raise guard_rails.SyncBlocked(RunReport(release.name, files, run_effect), run_effect)
    return RunReport(release.name, files, run_effect if dry_run else None)


def _has_no_news(release: Draft, files: tuple[FileReport, ...]) -> bool:
    """Whether a run could read no file, or has found nothing new for the release."""
    return refused_files.has_only_refusals(files) or (
        file_report.was_reported(release.connection, "sync", files)
        and not has_changed(release.connection, release.run)
    )


def _record_run(
    home: Home,
    release: Draft,
    readings: Sequence[FileReading],
    files: tuple[FileReport, ...],
    issues: polars.DataFrame,
    shapes: Sequence[Layout],
) -> None:
    """Write the run's report on its files into the release, and the rules by which it has read them."""
    file_report.insert_report(release.connection, release.run, files, issues)
    refused_files.remember_refused(home, release, readings)
    rules = processed_files.hash_reading_rules(shapes, home.fact_file)
    processed_files.record_reading_rules(release.connection, release.run, files, rules)


def _list_given(paths: Sequence[Path], readings: Sequence[FileReading]) -> list[tuple[str, str]]:
    """The input files of a run: the name of each in its drop, and its SHA-256."""
    from double_random.intake.drop_reader import list_files

    digests = {reading.source: reading.sha256 for reading in readings}
    return [(name, digests[path]) for name, path in list_files(paths) if digests.get(path)]


def keep_inputs(home: Home, readings: Sequence[FileReading]) -> None:
    """Store the raw input files of a run, so that its release can be rebuilt from them.

    DoubleRandomError if a file has changed since it was read.
    """
    digests = {reading.source: reading.sha256 for reading in readings if reading.sha256}
    for source, sha256 in digests.items():
        if home.inputs.keep(source) != sha256:
            raise DoubleRandomError(
                _("{file} was changed while it was being read").format(file=source.name),
                _("wait until it has been written to its end, then run the command again"),
            )


def merge_readings(
    release: Draft,
    readings: Sequence[FileReading],
    facts: SyncFacts,
    shapes: Sequence[Layout],
    lives: Sequence[tuple[int, LiveSource]] = (),
) -> tuple[tuple[FileReport, ...], polars.DataFrame]:
    """Merge readings into an open release: the report on each file, and all issues of sync's own files.

    `lives`: the live sources, each with the index of its reading (-1: nothing new).
    """
    import polars

    connection, run = release.connection, release.run
    batch = quarantine.QuarantineBatch(connection, run, readings)
    batch.add_readings(
        [(at, item) for at, item in enumerate(readings) if set(item.tables) & set(OWN)]
    )
    issue_frames = [_merge_permits(release, readings, facts, batch)]
    for index, item in lives:
        sources.end_missing_decisions(connection, item, index, run)
    homeless = decisions.assign_owners(connection, facts.kinds, run)
    decisions.record_arrivals(connection, run)
    for index, item in lives:
        sources.record_progress(connection, item, index, run)
    issue_frames.append(_ownerless_issues(homeless))
    batch.add_ownerless(homeless)
    penalties = _collect_rows(readings, "penalties")
    suspensions.insert_suspensions(connection, penalties, run)
    issue_frames.append(suspensions.find_differing_spans(penalties))
    versions.rebuild_versions(connection, facts.events, run, "decisions")
    suspensions.link_suspensions(connection, run)
    versions.rebuild_versions(connection, facts.events, run, "suspensions")
    linking.link_records(connection, run)
    practitioner_penalties.insert_penalties(
        connection, penalties, facts.practitioners, facts.kinds, run
    )
    from_persons, others = person_recusals.split_recusals(
        _collect_rows(readings, "recusals"), facts.practitioners, facts.kinds
    )
    person_recusals.insert_person_recusals(connection, _name_files(from_persons, readings), run)
    refresh_practitioners(connection, facts.practitioners, facts.districts, run)
    waiting = _list_held(release)
    issue_frames.append(_held_issues(waiting))
    batch.add_ownerless(waiting)
    issue_frames += _merge_inspectors(release, readings, facts, batch)
    recusals.insert_recusals(connection, _name_files(others, readings), run)
    recusals.link_recusals(connection, run)
    issue_frames.append(_quarantine_unclear(release, readings, from_persons, batch))
    batch.write()
    return _report_files(readings, polars.concat(issue_frames), shapes)


def _report_files(
    readings: Sequence[FileReading], own_issues: polars.DataFrame, shapes: Sequence[Layout]
) -> tuple[tuple[FileReport, ...], polars.DataFrame]:
    """The report on each file, and all issues of sync's own files; `own_issues`: the register's."""
    import polars

    own = [reading for reading in readings if set(reading.tables) & set(OWN)]
    issues = polars.concat(
        [reading.issues for reading in own] + [_locate_issues(own_issues, readings, shapes)]
    )
    lost = dict(
        own_issues.filter(polars.col("severity") == "quarantined")
        .unique(["file", "sheet", "row"])
        .group_by("file")
        .len()
        .iter_rows()
    )
    files = (
        FileReport.from_reading(item, OWN, waiting=lost.get(str(at), 0))
        for at, item in enumerate(readings)
    )
    return tuple(files), issues


def _merge_permits(
    release: Draft,
    readings: Sequence[FileReading],
    facts: SyncFacts,
    batch: quarantine.QuarantineBatch,
) -> polars.DataFrame:
    """Stage the permits of a run as decisions; returns the issues of those that could not be read."""
    import polars

    connection, run = release.connection, release.run
    permits = _collect_rows(readings, "permits")
    persons, others = person_permits.split_permits(permits, facts.practitioners, facts.kinds)
    read = decisions.classify_permits(others, facts.kinds, facts.events, facts.districts)
    read = decisions.fill_missing_days(connection, read, run)
    issues = decisions.find_unclassified(read)
    if persons.height:
        persons = person_permits.classify_persons(persons, facts.practitioners)
        issues = polars.concat([issues, person_permits.find_faulty(persons, facts.practitioners)])
    unread = issues.filter(polars.col("severity") == "quarantined")
    unsure = [
        decisions.find_unnumbered(read, facts.kinds),
        decisions.find_contested(connection, read),
    ]
    if persons.height:
        persons = persons.join(unread, on=quarantine.PLACE, how="anti", maintain_order="left")
        ensure_practitioner_tables(connection)
        unsure.append(person_permits.find_unsure(connection, persons, others))
    batch.add_permits(permits, unread, polars.concat(unsure).unique())
    if "permits" in batch.aside:
        strange = permits.join(unread, on=quarantine.PLACE, how="semi")
        apart = polars.concat([_collect_rows(readings, "permits", aside=True), strange])
        classified = decisions.classify_permits(apart, facts.kinds, facts.events, facts.districts)
        quarantined_approvals.insert_approvals(
            connection, classified, batch.aside["permits"], facts.kinds, run
        )
    for reading in readings:  # large tables are released as soon as they are stored
        if "permits" in reading.tables:
            reading.tables["permits"] = permits.clear()
    decisions.stage_decisions(connection, read, run)
    if persons.height:
        person_permits.stage_persons(connection, persons, run)
    return issues


def _list_held(release: Draft) -> polars.DataFrame:
    """This run's permits of persons that wait: file sheet row name claim held practice."""
    import polars

    if release.has("practitioner_decisions"):
        return release.frame(HELD)
    names = ("file", "sheet", "row", "name", "claim", "held", "practice")
    schema = dict.fromkeys(names, polars.String())
    return polars.DataFrame(schema=schema | {"row": polars.Int64()})


def _merge_inspectors(
    release: Draft,
    readings: Sequence[FileReading],
    facts: SyncFacts,
    batch: quarantine.QuarantineBatch,
) -> list[polars.DataFrame]:
    """Insert a run's inspectors; the issues of those that could not be read, or differ."""
    connection, run = release.connection, release.run
    people = _collect_rows(readings, "inspectors")
    roster = inspectors.parse_roster(people, facts.kinds, facts.districts)
    inspectors.insert_inspectors(connection, roster, run)
    batch.mark_taken("inspectors", people)
    return [
        inspectors.find_unknown_specialities(people, facts.kinds),
        inspectors.find_differing_rows(roster),
    ]


def _name_files(rows: polars.DataFrame, readings: Sequence[FileReading]) -> polars.DataFrame:
    """Rows with the names of their files instead of the readings' indexes."""
    import polars

    named = {str(at): reading.file for at, reading in enumerate(readings)}
    return rows.with_columns(polars.col("file").replace_strict(named, return_dtype=polars.String))


def _quarantine_unclear(
    release: Draft,
    readings: Sequence[FileReading],
    persons: polars.DataFrame,
    batch: quarantine.QuarantineBatch,
) -> polars.DataFrame:
    """Quarantine the recusals of which it is not clear whom they mean: they hold against all who may be meant."""
    import polars

    rows = person_recusals.find_waiting(release, persons)
    batch.add("recusals", quarantine.as_quarantined(rows, "person"))
    given = _collect_rows(readings, "recusals")
    batch.mark_taken("recusals", given.join(rows, on=quarantine.PLACE, how="anti"))
    return rows.select(
        "file", "sheet", "row",
        polars.lit("person").alias("column"), polars.col("name").alias("value"), polars.col("why").alias("reason"),
        "name", polars.lit("quarantined").alias("severity"),
    )  # fmt: skip


def _collect_rows(
    readings: Sequence[FileReading], noun: str, aside: bool = False
) -> polars.DataFrame:
    """All rows of a noun, of all files; `file` is the reading's index here: two sources may use one name.

    `aside`: the rows that intake has quarantined.
    """
    import polars

    from double_random.intake.record_types import table_schema

    columns = table_schema(noun)
    tables = [
        rows[noun].select(*columns).with_columns(polars.lit(str(at)).alias("file"))
        for at, reading in enumerate(readings)
        if noun in (rows := reading.aside if aside else reading.tables)
    ]
    return polars.concat([polars.DataFrame(schema=columns), *tables])


def _ownerless_issues(rows: polars.DataFrame) -> polars.DataFrame:
    """Permits without a known owner, or under a number of another institution: they wait, and are reported."""
    import polars

    held = polars.col("held").is_not_null()
    reason = (
        polars.when(held).then(polars.lit(FOUNDED_TWICE)).otherwise(polars.lit(NO_SUCH_INSTITUTION))
    )
    return rows.select(
        "file", "sheet", "row",
        polars.lit("name").alias("column"), polars.col("name").alias("value"), reason.alias("reason"), "name",
        polars.lit("quarantined").alias("severity"),
    )  # fmt: skip


def _held_issues(rows: polars.DataFrame) -> polars.DataFrame:
    """Persons' permits that wait: the number is another person's, or the institution is not known."""
    import polars

    other = polars.col("held") == OTHER_PERSON
    return rows.select(
        "file", "sheet", "row",
        polars.when(other).then(polars.lit("licence")).otherwise(polars.lit("content")).alias("column"),
        polars.when(~other).then("practice").fill_null("").alias("value"),
        polars.col("held").alias("reason"), "name",
        polars.lit("quarantined").alias("severity"),
    )  # fmt: skip


def _locate_issues(
    issues: polars.DataFrame, readings: Sequence[FileReading], shapes: Sequence[Layout]
) -> polars.DataFrame:
    """The register's own issues in intake's form: with the file, its SHA-256 and the header of the column."""
    import polars

    headers = [
        (str(at), column.to, column.headers[0])
        for at, reading in enumerate(readings)
        for shape in shapes
        if shape.id in reading.layout.split(", ")
        for column in shape.columns
    ]
    text = polars.String
    spelling = polars.DataFrame(
        headers, schema={"file": text, "column": text, "header": text}, orient="row"
    ).unique(["file", "column"], keep="first", maintain_order=True)
    names = {str(at): reading.file for at, reading in enumerate(readings)}
    digests = {str(at): reading.sha256 for at, reading in enumerate(readings)}
    number = polars.col("file")
    return issues.join(spelling, on=["file", "column"], how="left", maintain_order="left").select(
        number.replace_strict(names, return_dtype=text),
        number.replace_strict(digests, return_dtype=text).alias("sha256"), "sheet", "row",
        polars.coalesce("header", "column").alias("column"), "value", "reason", "name", "severity",
    )  # fmt: skip


HELD = """
SELECT c.file, c.sheet, c.row, d.name, d.decision AS claim, d.held, d.practice
FROM came c JOIN practitioner_decisions d ON d.decision = c.decision
WHERE d.known_to IS NULL AND d.practitioner IS NULL
ORDER BY ALL
"""
