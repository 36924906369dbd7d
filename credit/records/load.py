"""`credit load`: turns a drop's penalties, complaints and others into records, and links them to institutions and
practitioners.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.credit.records import conflicts, early_repairs, rulings
from double_random.credit.records.columns import COLUMNS, NOUNS, collect_records
from double_random.credit.schema import apply_schema
from double_random.intake import reasons
from double_random.registry.institutions import confirmed_codes, linking
from double_random.registry.institutions.districts import load_districts
from double_random.registry.institutions.kinds import load_kinds
from double_random.registry.practitioners.claims import link_person_claims, list_waiting
from double_random.registry.practitioners.kinds import load_practitioner_facts
from double_random.registry.practitioners.parties import has_mixed_parties
from double_random.registry.practitioners.register import PractitionerRegister
from double_random.registry.practitioners.tables import ensure_practitioner_tables, list_numbers
from double_random.registry.quality import file_report, quarantine, refused_files, resolutions
from double_random.registry.quality.file_report import FileReport, RunReport
from double_random.registry.reasons import NO_SUCH_LICENCE, OTHER_PERSON
from double_random.registry.sync import processed_files
from double_random.store.tables import find_rows

if TYPE_CHECKING:
    import duckdb
    import polars

    from double_random.intake.file_reading import FileReading
    from double_random.intake.layouts import Layout
    from double_random.registry.institutions.kinds import InstitutionKind
    from double_random.registry.practitioners.kinds import PractitionerFacts
    from double_random.store.home import Home
    from double_random.store.releases import Draft


def load_records(home: Home, sources: Sequence[Path], as_of: date) -> RunReport:
    """Read drops, store their rows (credit/records/columns.py) as records, link them.

    A record of an unknown institution or person is kept, and its row is counted as quarantined; the first sync or load
    after it is known links it. The same drop again makes no new release, nor does a
    drop in which no file could be read or is a table. Misuse if a source does not exist; refused files are in the
    report, the others count.
    """
    from double_random.intake.drop_reader import list_files, read_drop

    shapes = confirmed_codes.load_home_layouts(home)
    readings = read_drop(sources, as_of, shapes)
    kept_inputs = [(name, home.inputs.keep(path)) for name, path in list_files(sources)]
    with home.releases.write("load", as_of) as release:
        apply_schema(release.connection)
        refused_files.recheck_refused(home, release, readings, as_of)
        resolutions.apply_resolutions(home, release.connection, release.run)
        release.made["given"] = kept_inputs
        counted, issues = merge_readings(home, release, readings, shapes)
        rulings.fold_rulings(home, release)
        nothing_new = file_report.was_reported(
            release.connection, "load", counted
        ) and not _has_changes(release)
        nothing_read = refused_files.has_only_refusals(counted) or file_report.has_no_table(counted)
        if nothing_new or nothing_read:
            release.discard()
        else:
            file_report.insert_report(release.connection, release.run, counted, issues)
            refused_files.remember_refused(home, release, readings)
            processed_files.record_reading_rules(
                release.connection,
                release.run,
                counted,
                processed_files.hash_reading_rules(shapes, home.fact_file),
            )
    return RunReport(release.name, counted)


def merge_readings(
    home: Home, release: Draft, readings: Sequence[FileReading], shapes: Sequence[Layout]
) -> tuple[tuple[FileReport, ...], polars.DataFrame]:
    """Merge readings into an open release; returns the files with their counts, and all issues of load's files."""
    import polars

    connection = release.connection
    facts = load_practitioner_facts(home)
    _create_incoming(connection, readings, facts, load_kinds(home))
    given = "SELECT record FROM incoming WHERE copy = 1"
    find_rows(connection, "records", given, "known_records")
    find_rows(connection, "claims", f"SELECT record AS claim FROM ({given})", "known_claims")
    contradicting = conflicts.set_aside_conflicts(connection)
    kept = home.releases.segments.find_greatest(release.manifest, "records", "number")
    connection.execute(ADD_RECORDS, {"run": release.run, "kept": kept})
    connection.execute(ADD_CLAIMS, {"run": release.run})
    if connection.execute(ANY_INSPECTOR).fetchall():
        connection.execute(ADD_CHECKED_BY, {"run": release.run})
    _link_claims(home, release, facts)
    early = early_repairs.set_aside_early_repairs(home, release)
    early_repairs.end_early_repairs(home, release)
    connection.execute(UNLINKED)
    if connection.execute(ANY_PERSON).fetchall():
        connection.execute(UNLINKED_PERSONS)
    copies = dict(connection.execute(COPIES).fetchall())
    apart = Counter(dict(connection.execute(WAITING).fetchall()))
    apart.update(contradicting)
    apart.update(early)
    counted = tuple(
        FileReport.from_reading(
            reading,
            NOUNS,
            copies=copies.get(position, 0),
            waiting=apart[position],
            tell_other=False,  # sync reports it
        )
        for position, reading in enumerate(readings)
    )
    _quarantine_rows(release, readings)
    own = [reading.issues for reading in readings if set(reading.tables) & set(NOUNS)]
    issue_frames = [
        build(release, readings, shapes)
        for build in (conflicts.build_conflict_issues, early_repairs.build_early_repair_issues)
    ]
    issues = polars.concat([*own, *issue_frames, _build_unlinked_issues(release, readings, shapes)])
    connection.execute(
        "DROP TABLE incoming"
    )  # large, as the tables are; writing the release needs the room
    for reading in readings:
        reading.tables.clear()
    return counted, issues


def _link_claims(home: Home, release: Draft, facts: PractitionerFacts) -> None:
    """Link the records to institutions and practitioners, with the new claims about practitioners."""
    connection, run = release.connection, release.run
    if connection.execute(ANY_PERSON).fetchall():
        ensure_practitioner_tables(connection)
        connection.execute(ADD_PERSON_CLAIMS, {"run": run})
    linking.link_records(connection, run)
    register = PractitionerRegister(connection, facts, load_districts(home), run)
    link_person_claims(connection, register.derive_decided_posts, run)


def _create_incoming(
    connection: duckdb.DuckDBPyConnection,
    readings: Sequence[FileReading],
    facts: PractitionerFacts,
    kinds: Sequence[InstitutionKind],
) -> None:
    """Create the temporary table `incoming`: rows with the record's id and the copy number of the row.

    A record's id is the SHA-256 of its content, and of its licence number if it has one; a practitioner's also of the
    institution and the day of conduct. A record that an older version read and linked without its licence number keeps
    its id.
    """
    content = ", ".join(f"{name} := {name}" for name in COLUMNS)
    mixed = any(
        has_mixed_parties(table) for reading in readings for table in reading.tables.values()
    )
    known = list_numbers(connection) if mixed else ()
    connection.register("credit_rows", collect_records(readings, facts, kinds, known))
    connection.execute(INCOMING.format(content=content))
    connection.unregister("credit_rows")
    if connection.execute("SELECT 1 FROM incoming WHERE licence IS NOT NULL LIMIT 1").fetchall():
        licensed = "SELECT DISTINCT record AS claim FROM incoming WHERE licence IS NOT NULL"
        find_rows(connection, "claims", licensed, "read_before")
        unlicensed = "SELECT claim FROM read_before WHERE licence IS NULL"
        find_rows(connection, "links", unlicensed, "linked_before")
        connection.execute(NAMED_BEFORE)
        connection.execute(NUMBERED)
    connection.execute(PLACED)
    connection.execute(COPIED)


NUMBER_REASONS = (NO_SUCH_LICENCE, OTHER_PERSON)

INCOMING = """
CREATE OR REPLACE TEMP TABLE incoming AS
SELECT *, sha256(CAST(to_json(struct_pack({content})) AS TEXT)) AS record, CAST(1 AS BIGINT) AS copy
FROM credit_rows
"""

# Of the rows with one content and several licence numbers the first keeps the id that is known.
NAMED_BEFORE = """
CREATE OR REPLACE TEMP TABLE named_before AS
SELECT a.record, a.licence
FROM (
    SELECT record, min(licence) AS licence FROM incoming WHERE licence IS NOT NULL GROUP BY record
) AS a
SEMI JOIN (SELECT claim FROM linked_before WHERE known_to IS NULL) AS l ON l.claim = a.record
"""

NUMBERED = """
UPDATE incoming SET record = sha256(record || chr(31) || licence)
WHERE licence IS NOT NULL AND (record, licence) NOT IN (SELECT (record, licence) FROM named_before)
"""

PLACED = """
UPDATE incoming SET record = sha256(concat_ws(chr(31), record, 'person', practice, practice_code, conducted))
WHERE personal
"""

# Few records stand twice: only their rows are put in order.
COPIED = """
UPDATE incoming SET copy = c.copy
FROM (
    SELECT i.rowid AS place, row_number() OVER (PARTITION BY record ORDER BY reading, sheet, row) AS copy
    FROM incoming AS i
    SEMI JOIN (SELECT record FROM incoming GROUP BY record HAVING count(*) > 1) AS t ON t.record = i.record
) AS c
WHERE c.place = incoming.rowid AND c.copy > 1
"""

# Known rows are those that `find_rows` has found by the digests of the incoming ones. The numbers alone are put in
# order here; the rows are where they are written (store/segments.py).
ADD_RECORDS = f"""
INSERT INTO added.records (record, number, {", ".join(COLUMNS)}, known_from, known_to)
SELECT i.record, n.number,
    {", ".join("coalesce(i.basis, i.ordered)" if name == "basis" else f"i.{name}" for name in COLUMNS)}, $run, NULL
FROM incoming AS i
JOIN (
    SELECT record, row_number() OVER (ORDER BY record) + (
        SELECT greatest($kept, coalesce(max(number), 0)) FROM added.records
    ) AS number
    FROM (SELECT record FROM incoming WHERE copy = 1)
    ANTI JOIN (SELECT record FROM known_records WHERE known_to IS NULL) USING (record)
) AS n ON n.record = i.record
WHERE i.copy = 1
"""

ADD_CLAIMS = """
INSERT INTO added.claims (claim, code, licence, name, folded, day, known_from)
SELECT record, code, licence, name, folded, day, $run
FROM incoming ANTI JOIN known_claims ON claim = record
WHERE copy = 1 AND NOT personal
"""

ADD_PERSON_CLAIMS = """
INSERT INTO added.person_claims
    (claim, name, folded, licence, practice, practice_code, conducted, day, known_from)
SELECT record, name, folded, licence, practice, practice_code, conducted, day, $run
FROM incoming ANTI JOIN person_claims ON claim = record
WHERE copy = 1 AND personal
"""

ANY_PERSON = "SELECT 1 FROM incoming WHERE personal LIMIT 1"
ANY_INSPECTOR = "SELECT 1 FROM incoming WHERE inspectors <> '' LIMIT 1"

ADD_CHECKED_BY = """
INSERT INTO added.checked_by
SELECT DISTINCT record, unnest(string_split(inspectors, '、')) AS inspector, $run, NULL
FROM incoming WHERE inspectors <> ''
EXCEPT SELECT record, inspector, $run, NULL FROM checked_by WHERE known_to IS NULL
ORDER BY ALL
"""

UNLINKED = """
CREATE OR REPLACE TEMP TABLE unlinked AS
SELECT i.*
FROM incoming AS i
SEMI JOIN (SELECT claim FROM waiting_claims WHERE known_to IS NULL AND how IS NULL) AS w ON w.claim = i.record
WHERE i.copy = 1 AND NOT i.personal
"""

UNLINKED_PERSONS = """
INSERT INTO unlinked
SELECT i.*
FROM incoming AS i ANTI JOIN (SELECT claim FROM links WHERE known_to IS NULL) AS l ON l.claim = i.record
WHERE i.copy = 1 AND i.personal
"""

COPIES = "SELECT reading, count(*) FROM incoming WHERE copy > 1 GROUP BY reading"
WAITING = "SELECT reading, count(*) FROM unlinked GROUP BY reading"


def _quarantine_rows(release: Draft, readings: Sequence[FileReading]) -> None:
    """Store the quarantined rows, and settle those of earlier runs that are now corrected."""
    import polars

    waiting = release.frame("SELECT reading, sheet, row, record AS claim FROM unlinked")
    apart = release.frame("SELECT reading, sheet, row FROM contradicting")
    early = release.frame("SELECT reading, sheet, row FROM too_early")
    night = quarantine.QuarantineBatch(release.connection, release.run, readings)
    own = [
        (reading_no, file_reading)
        for reading_no, file_reading in enumerate(readings)
        if set(file_reading.tables) & set(NOUNS)
    ]
    night.add_readings(own)
    taken: dict[str, list[polars.DataFrame]] = {}
    row_key = ("sheet", "row")
    for reading_no, reading in own:
        alone = waiting.filter(polars.col("reading") == reading_no).drop("reading")
        differing = apart.filter(polars.col("reading") == reading_no).drop("reading")
        untimely = early.filter(polars.col("reading") == reading_no).drop("reading")
        for noun, full_table in reading.tables.items():
            if noun not in NOUNS:
                continue
            table = full_table.with_columns(polars.lit(str(reading_no)).alias("file"))
            if alone.height:
                unknown = table.join(alone, on=row_key, how="inner")
                night.add(noun, quarantine.as_quarantined(unknown, "name"))
                table = table.join(alone, on=row_key, how="anti")
            if differing.height:
                column = "document" if "document" in table.columns else "name"
                twice = table.join(differing, on=row_key, how="semi")
                night.add(noun, quarantine.as_quarantined(twice, column))
                table = table.join(differing, on=row_key, how="anti")
            if untimely.height and noun == "repairs":
                refused_rows = table.join(untimely, on=row_key, how="semi")
                night.add(
                    noun,
                    quarantine.as_quarantined(
                        refused_rows, "decided", "ordered_by", "order_number"
                    ),
                )
                table = table.join(untimely, on=row_key, how="anti")
            taken.setdefault(noun, []).append(table)
    for noun, tables in taken.items():
        night.mark_taken(noun, polars.concat(tables))
    night.write()


def _has_changes(release: Draft) -> bool:
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


def _build_unlinked_issues(
    release: Draft, readings: Sequence[FileReading], shapes: Sequence[Layout]
) -> polars.DataFrame:
    """The issues of rows whose institution or person is not known, in the columns of intake's issues."""
    import polars

    from double_random.intake.file_reading import issue_schema
    from double_random.intake.layouts import find_heading

    unlinked = release.frame("SELECT * FROM unlinked ORDER BY reading, sheet, row")
    persons = list_waiting(release) if unlinked["personal"].any() else {}
    issues = []
    shown = ("reading", "sheet", "row", "name", "licence", "record")
    for index, sheet, row, name, licence, record in unlinked.select(shown).iter_rows():
        reading = readings[index]
        why, _candidates = persons.get(record, (reasons.NO_SUCH_INSTITUTION, []))
        to = "licence" if why in NUMBER_REASONS else "person" if record in persons else "name"
        column = find_heading(shapes, reading.layout, to) or find_heading(
            shapes, reading.layout, "name"
        )
        value = licence if to == "licence" else name
        origin = (reading.file, reading.sha256, sheet, row, column)
        issues.append((*origin, value, why, name, "quarantined"))
    return polars.DataFrame(issues, schema=issue_schema(), orient="row")
