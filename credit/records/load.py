"""`credit load`: turns a drop's penalties, complaints and others into records and links them to institutions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.credit.records import conflicts, early_repairs, rulings
from double_random.credit.records.columns import COLUMNS, NOUNS, rows
from double_random.credit.schema import apply_schema
from double_random.intake import reasons
from double_random.registry.institutions import confirmed_codes, linking
from double_random.registry.quality import file_report, quarantine, refused_files, resolutions
from double_random.registry.quality.file_report import File, Report
from double_random.registry.sync import processed_files

if TYPE_CHECKING:
    import duckdb
    import polars

    from double_random.intake.file_reading import Reading
    from double_random.intake.layouts import Layout
    from double_random.store.home import Home
    from double_random.store.releases import Draft


def load(home: Home, sources: Sequence[Path], as_of: date) -> Report:
    """Read drops, store their rows about institutions (credit/records/columns.py) as records, link them.

    A record of an unknown institution is kept, and its row is counted as quarantined ("no such institution"); the
    first sync or load after the institution is known links it. The same drop again makes no new release, nor does a
    drop in which no file could be read or is a table. Misuse if a source does not exist; refused files are in the
    report, the others count.
    """
    from double_random.intake.drop_reader import files, read_drop

    shapes = confirmed_codes.shapes(home)
    readings = read_drop(sources, as_of, shapes)
    given = [(name, home.inputs.keep(path)) for name, path in files(sources)]
    with home.releases.write("load", as_of) as release:
        apply_schema(release.connection)
        refused_files.look_again(home, release, readings, as_of)
        resolutions.apply(home, release.connection, release.run)
        release.made["given"] = given
        counted, issues = merge(home, release, readings, shapes)
        rulings.fold(home, release)
        nothing_new = file_report.seen(release.connection, "load", counted) and not _changed(
            release
        )
        nothing_read = refused_files.failed(counted) or file_report.without_table(counted)
        if nothing_new or nothing_read:
            release.discard()
        else:
            file_report.keep(release.connection, release.run, counted, issues)
            refused_files.note(home, release, readings)
            processed_files.note(
                release.connection, release.run, counted, processed_files.rules(shapes, home.fact)
            )
    return Report(release.name, counted)


def merge(
    home: Home, release: Draft, readings: Sequence[Reading], shapes: Sequence[Layout]
) -> tuple[tuple[File, ...], polars.DataFrame]:
    """Merge readings into an open release; returns the files with their counts, and all issues of load's files."""
    import polars

    connection = release.connection
    _incoming(connection, readings)
    contradicting = conflicts.set_aside(connection)
    connection.execute(ADD_RECORDS, [release.run])
    connection.execute(ADD_CLAIMS, [release.run])
    connection.execute(ADD_CHECKED_BY, {"run": release.run})
    linking.resolve(connection, release.run)
    early = early_repairs.set_aside(home, release)
    early_repairs.end(home, release)
    connection.execute(UNLINKED)
    copies = dict(connection.execute(COPIES).fetchall())
    apart = Counter(dict(connection.execute(WAITING).fetchall()))
    apart.update(contradicting)
    apart.update(early)
    counted = tuple(
        File.of(
            reading,
            NOUNS,
            copies=copies.get(place, 0),
            waiting=apart[place],
            tell_other=False,  # sync reports it
        )
        for place, reading in enumerate(readings)
    )
    _set_aside(release, readings)
    own = [reading.issues for reading in readings if set(reading.tables) & set(NOUNS)]
    found = [one(release, readings, shapes) for one in (conflicts.issues, early_repairs.issues)]
    return counted, polars.concat([*own, *found, _waiting(release, readings, shapes)])


def _incoming(connection: duckdb.DuckDBPyConnection, readings: Sequence[Reading]) -> None:
    """Create the temporary table `incoming`: rows with the record's id and the copy number of the row.

    A record's id is the SHA-256 of its content, and of its licence number if it has one. A record that an older
    version read and linked without its licence number keeps its id.
    """
    content = ", ".join(f"{name} := {name}" for name in COLUMNS)
    connection.register("credit_rows", rows(readings))
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE incoming AS
        WITH hashed AS (
            SELECT *, sha256(CAST(to_json(struct_pack({content})) AS TEXT)) AS content_hash FROM credit_rows
        ), known AS (
            SELECT l.claim FROM links l JOIN claims c ON c.claim = l.claim
            WHERE l.known_to IS NULL AND c.licence IS NULL
        ), named AS (
            SELECT * EXCLUDE (content_hash), CASE
                WHEN licence IS NULL THEN content_hash
                WHEN content_hash IN (SELECT claim FROM known)
                    AND licence = min(licence) OVER (PARTITION BY content_hash) THEN content_hash
                ELSE sha256(content_hash || chr(31) || licence) END AS record
            FROM hashed
        )
        SELECT *, row_number() OVER (PARTITION BY record ORDER BY reading, sheet, row) AS copy FROM named
        """
    )
    connection.unregister("credit_rows")


# Anti joins instead of NOT IN: they keep the incoming rows in memory, not all known ones.
ADD_RECORDS = f"""
INSERT INTO records (record, number, {", ".join(COLUMNS)}, known_from, known_to)
SELECT record,
    (SELECT coalesce(max(number), 0) FROM records) + row_number() OVER (ORDER BY record),
    {", ".join("coalesce(basis, ordered)" if name == "basis" else name for name in COLUMNS)}, ?, NULL
FROM incoming ANTI JOIN (SELECT record FROM records WHERE known_to IS NULL) USING (record)
WHERE copy = 1
ORDER BY record
"""

ADD_CLAIMS = """
INSERT INTO claims (claim, code, licence, name, folded, day, known_from)
SELECT record, code, licence, name, folded, day, ?
FROM incoming ANTI JOIN claims ON claim = record
WHERE copy = 1
ORDER BY record
"""

ADD_CHECKED_BY = """
INSERT INTO checked_by
SELECT DISTINCT record, unnest(string_split(inspectors, '、')) AS inspector, $run, NULL
FROM incoming WHERE inspectors <> ''
EXCEPT SELECT record, inspector, $run, NULL FROM checked_by WHERE known_to IS NULL
ORDER BY ALL
"""

UNLINKED = """
CREATE OR REPLACE TEMP TABLE unlinked AS
SELECT i.*
FROM incoming AS i
LEFT JOIN links AS l ON l.claim = i.record AND l.known_to IS NULL
WHERE i.copy = 1 AND l.claim IS NULL
"""

COPIES = "SELECT reading, count(*) FROM incoming WHERE copy > 1 GROUP BY reading"
WAITING = "SELECT reading, count(*) FROM unlinked GROUP BY reading"


def _set_aside(release: Draft, readings: Sequence[Reading]) -> None:
    """Store the quarantined rows, and settle those of earlier runs that are now corrected."""
    import polars

    waiting = release.frame("SELECT reading, sheet, row, record AS claim FROM unlinked")
    apart = release.frame("SELECT reading, sheet, row FROM contradicting")
    early = release.frame("SELECT reading, sheet, row FROM too_early")
    night = quarantine.Night(release.connection, release.run, readings)
    own = [(at, one) for at, one in enumerate(readings) if set(one.tables) & set(NOUNS)]
    night.own(own)
    taken: dict[str, list[polars.DataFrame]] = {}
    place = ("sheet", "row")
    for at, reading in own:
        alone = waiting.filter(polars.col("reading") == at).drop("reading")
        differing = apart.filter(polars.col("reading") == at).drop("reading")
        untimely = early.filter(polars.col("reading") == at).drop("reading")
        for noun, whole in reading.tables.items():
            if noun not in NOUNS:
                continue
            table = whole.with_columns(polars.lit(str(at)).alias("file"))
            if alone.height:
                unknown = table.join(alone, on=place, how="inner")
                night.add(noun, quarantine.untaken(unknown, "name"))
                table = table.join(alone, on=place, how="anti")
            if differing.height:
                column = "document" if "document" in table.columns else "name"
                twice = table.join(differing, on=place, how="semi")
                night.add(noun, quarantine.untaken(twice, column))
                table = table.join(differing, on=place, how="anti")
            if untimely.height and noun == "repairs":
                refused_rows = table.join(untimely, on=place, how="semi")
                night.add(
                    noun,
                    quarantine.untaken(refused_rows, "decided", "ordered_by", "order_number"),
                )
                table = table.join(untimely, on=place, how="anti")
            taken.setdefault(noun, []).append(table)
    for noun, tables in taken.items():
        night.take(noun, polars.concat(tables))
    night.keep()


def _changed(release: Draft) -> bool:
    """Whether this run has a new record, inspector or quarantined row, or a link that began or ended."""
    ((new,),) = release.connection.execute(
        """SELECT (SELECT count(*) FROM records WHERE known_from = $run OR known_to = $run)
                + (SELECT count(*) FROM checked_by WHERE known_from = $run)
                + (SELECT count(*) FROM set_aside WHERE known_from = $run)
                + (SELECT count(*) FROM settled WHERE known_from = $run OR known_to = $run)
                + (SELECT count(*) FROM beside WHERE known_from = $run)
                + (SELECT count(*) FROM links WHERE known_from = $run OR known_to = $run)""",
        {"run": release.run},
    ).fetchall()
    return bool(new)


def _waiting(
    release: Draft, readings: Sequence[Reading], shapes: Sequence[Layout]
) -> polars.DataFrame:
    """The issues of rows whose institution is unknown, in the columns of intake's issues."""
    import polars

    from double_random.intake.file_reading import issue_schema
    from double_random.intake.layouts import heading

    found = release.frame("SELECT * FROM unlinked ORDER BY reading, sheet, row")
    issues = []
    for row in found.select("reading", "sheet", "row", "name").iter_rows():
        reading = readings[row[0]]
        column = heading(shapes, reading.layout, "name")
        place = (reading.file, reading.sha256, row[1], row[2], column)
        issues.append((*place, row[3], reasons.NO_SUCH_INSTITUTION, row[3], "quarantined"))
    return polars.DataFrame(issues, schema=issue_schema(), orient="row")
