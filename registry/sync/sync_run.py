"""`registry sync`: a drop's permits, suspensions, inspectors and recusals become the registers' next release."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.errors import DoubleRandomError
from double_random.core.translation import _
from double_random.intake.file_reading import Reading
from double_random.intake.reasons import NO_SUCH_INSTITUTION
from double_random.registry.inspectors import recusals
from double_random.registry.inspectors import roster as inspectors
from double_random.registry.institutions import (
    confirmed_codes,
    decisions,
    linking,
    suspensions,
    versions,
)
from double_random.registry.institutions.districts import districts
from double_random.registry.institutions.kinds import Event, Kind, events, kinds
from double_random.registry.quality import (
    file_report,
    manual_links,
    quarantine,
    quarantined_approvals,
    refused_files,
    resolutions,
)
from double_random.registry.quality.file_report import File, Report
from double_random.registry.reasons import FOUNDED_TWICE
from double_random.registry.sync import guard_rails, processed_files, sources
from double_random.registry.sync.sources import Live
from double_random.registry.tables import changed

if TYPE_CHECKING:
    import polars

    from double_random.intake.layouts import Layout
    from double_random.store.home import Home
    from double_random.store.releases import Draft

OWN = ("permits", "inspectors", "recusals")  # the nouns for whose rows sync is responsible


@dataclass(frozen=True)
class Facts:
    """The facts for a sync: the bureau's kinds, events and districts."""

    kinds: tuple[Kind, ...]
    events: tuple[Event, ...]
    districts: dict[str, str]


def sync(
    home: Home,
    given: Sequence[Path],
    as_of: date,
    accept: bool = False,
    dry_run: bool = False,
    full: bool = False,
) -> Report:
    """Read files, folders and live sources (.toml) and merge them into the registers; the same drop again changes
    nothing.

    Of a live source only rows after its watermark are read; if `full`, all rows, and missing decisions end. Misuse if
    a source does not exist; Held if a guard rail (guard_rails.py) stops the run and it was not accepted. Files that
    intake refuses are in the report (`refused`); the others count. A dry run changes nothing; nor does a run that
    could read no file.
    """
    from double_random.intake.drop_reader import read_drop

    shapes = confirmed_codes.shapes(home)
    files_given = [path for path in given if path.suffix != ".toml"]
    with (
        tempfile.TemporaryDirectory(prefix="double-random-") as folder,
        ThreadPoolExecutor(1) as beside,
    ):
        fetched = [
            sources.read(home, path, full, Path(folder)) for path in given if path.suffix == ".toml"
        ]
        written = [live.file for live in fetched if live.file is not None]
        readings = read_drop([*files_given, *written], as_of, shapes)
        for live in fetched:
            sources.check(live, readings)
        kept = None if dry_run else beside.submit(keep_inputs, home, readings)
        at = {reading.source: place for place, reading in enumerate(readings)}
        lives = [(at[live.file] if live.file else -1, live) for live in fetched]
        facts = Facts(kinds(home), events(home), districts(home))
        with home.releases.write("sync", as_of) as release:
            release.made |= {"given": _given(files_given, readings), "live": bool(fetched)}
            manual_links.apply(home, release.connection, release.run)
            if not dry_run:
                refused_files.look_again(home, release, readings, as_of)
            resolutions.apply(home, release.connection, release.run)
            rows = sum(reading.rows for reading in readings)
            files, issues = merge(release, readings, facts, shapes, lives)
            whole = all(live.whole for live in fetched)
            found = guard_rails.effect(release.connection, release.run, as_of, files, rows, whole)
            held = bool(found.doubts) and (not accept or file_report.without_table(files))
            if held or dry_run or _no_news(release, files):
                release.discard()
            else:
                _keep_run(home, release, readings, files, issues, shapes)
            if kept is not None:
                kept.result()  # without its inputs no release is made
    if held and not dry_run:
        raise guard_rails.Held(Report(release.name, files, found), found)
    return Report(release.name, files, found if dry_run else None)


def _no_news(release: Draft, files: tuple[File, ...]) -> bool:
    """Whether a run could read no file, or has found nothing new for the release."""
    return refused_files.failed(files) or (
        file_report.seen(release.connection, "sync", files)
        and not changed(release.connection, release.run)
    )


def _keep_run(
    home: Home,
    release: Draft,
    readings: Sequence[Reading],
    files: tuple[File, ...],
    issues: polars.DataFrame,
    shapes: Sequence[Layout],
) -> None:
    """Write the run's report on its files into the release, and the rules by which it has read them."""
    file_report.keep(release.connection, release.run, files, issues)
    refused_files.note(home, release, readings)
    rules = processed_files.rules(shapes, home.fact)
    processed_files.note(release.connection, release.run, files, rules)


def _given(given: Sequence[Path], readings: Sequence[Reading]) -> list[tuple[str, str]]:
    """The input files of a run: the name of each in its drop, and its SHA-256."""
    from double_random.intake.drop_reader import files

    digests = {reading.source: reading.sha256 for reading in readings}
    return [(name, digests[path]) for name, path in files(given) if digests.get(path)]


def keep_inputs(home: Home, readings: Sequence[Reading]) -> None:
    """Store the raw input files of a run, so that its release can be rebuilt from them.

    DoubleRandomError if a file has changed since it was read.
    """
    wanted = {reading.source: reading.sha256 for reading in readings if reading.sha256}
    for source, sha256 in wanted.items():
        if home.inputs.keep(source) != sha256:
            raise DoubleRandomError(
                _("{file} was changed while it was being read").format(file=source.name),
                _("wait until it has been written to its end, then run the command again"),
            )


def merge(
    release: Draft,
    readings: Sequence[Reading],
    facts: Facts,
    shapes: Sequence[Layout],
    lives: Sequence[tuple[int, Live]] = (),
) -> tuple[tuple[File, ...], polars.DataFrame]:
    """Merge readings into an open release: the report on each file, and all issues of sync's own files.

    `lives`: the live sources, each with the index of its reading (-1: nothing new).
    """
    import polars

    connection, run = release.connection, release.run
    batch = quarantine.Night(connection, run, readings)
    batch.own([(at, one) for at, one in enumerate(readings) if set(one.tables) & set(OWN)])
    found = [_merge_permits(release, readings, facts, batch)]
    for place, one in lives:
        sources.gone(connection, one, place, run)
    homeless = decisions.settle(connection, facts.kinds, run)
    decisions.arrived(connection, run)
    for place, one in lives:
        sources.keep(connection, one, place, run)
    found.append(_homeless(homeless))
    batch.homeless(homeless)
    penalties = _table(readings, "penalties")
    suspensions.take(connection, penalties, run)
    found.append(suspensions.differing(penalties))
    versions.derive(connection, facts.events, run, "decisions")
    suspensions.link(connection, run)
    versions.derive(connection, facts.events, run, "suspensions")
    linking.resolve(connection, run)
    found += _merge_inspectors(release, readings, facts, batch)
    batch.keep()
    own = [reading for reading in readings if set(reading.tables) & set(OWN)]
    told = polars.concat(found)
    issues = polars.concat([reading.issues for reading in own] + [_placed(told, readings, shapes)])
    lost = dict(
        told.filter(polars.col("severity") == "quarantined")
        .unique(["file", "sheet", "row"])
        .group_by("file")
        .len()
        .iter_rows()
    )
    files = (File.of(one, OWN, waiting=lost.get(str(at), 0)) for at, one in enumerate(readings))
    return tuple(files), issues


def _merge_permits(
    release: Draft, readings: Sequence[Reading], facts: Facts, batch: quarantine.Night
) -> polars.DataFrame:
    """Stage the permits of a run as decisions; returns the issues of those that could not be read."""
    import polars

    connection, run = release.connection, release.run
    permits = _table(readings, "permits")
    read = decisions.read(permits, facts.kinds, facts.events, facts.districts)
    read = decisions.dated(connection, read, run)
    issues = decisions.unread(read)
    unread = issues.filter(polars.col("severity") == "quarantined")
    unsure = [decisions.unsure(read, facts.kinds), decisions.contested(connection, read)]
    batch.permits(permits, unread, polars.concat(unsure).unique())
    if "permits" in batch.aside:
        strange = permits.join(unread, on=quarantine.PLACE, how="semi")
        apart = polars.concat([_table(readings, "permits", aside=True), strange])
        said = decisions.read(apart, facts.kinds, facts.events, facts.districts)
        quarantined_approvals.keep(connection, said, batch.aside["permits"], facts.kinds, run)
    for reading in readings:  # large tables are released as soon as they are stored
        if "permits" in reading.tables:
            reading.tables["permits"] = permits.clear()
    decisions.bring(connection, read, run)
    return issues


def _merge_inspectors(
    release: Draft, readings: Sequence[Reading], facts: Facts, batch: quarantine.Night
) -> list[polars.DataFrame]:
    """Insert a run's inspectors and recusals; the issues of those that could not be read, or differ."""
    import polars

    connection, run = release.connection, release.run
    people = _table(readings, "inspectors")
    roster = inspectors.read(people, facts.kinds, facts.districts)
    inspectors.take(connection, roster, run)
    apart = _table(readings, "recusals")
    named = {str(at): reading.file for at, reading in enumerate(readings)}
    file = polars.col("file").replace_strict(named, return_dtype=polars.String)
    recusals.take(connection, apart.with_columns(file), run)
    recusals.link(connection, run)
    batch.take("inspectors", people)
    batch.take("recusals", apart)
    return [inspectors.unread(people, facts.kinds), inspectors.differing(roster)]


def _table(readings: Sequence[Reading], noun: str, aside: bool = False) -> polars.DataFrame:
    """All rows of a noun, of all files; `file` is the reading's index here: two sources may use one name.

    `aside`: the rows that intake has quarantined.
    """
    import polars

    from double_random.intake.record_types import schema

    columns = schema(noun)
    tables = [
        rows[noun].select(*columns).with_columns(polars.lit(str(at)).alias("file"))
        for at, reading in enumerate(readings)
        if noun in (rows := reading.aside if aside else reading.tables)
    ]
    return polars.concat([polars.DataFrame(schema=columns), *tables])


def _homeless(rows: polars.DataFrame) -> polars.DataFrame:
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


def _placed(
    found: polars.DataFrame, readings: Sequence[Reading], shapes: Sequence[Layout]
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
    return found.join(spelling, on=["file", "column"], how="left", maintain_order="left").select(
        number.replace_strict(names, return_dtype=text),
        number.replace_strict(digests, return_dtype=text).alias("sha256"), "sheet", "row",
        polars.coalesce("header", "column").alias("column"), "value", "reason", "name", "severity",
    )  # fmt: skip
