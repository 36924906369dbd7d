"""Quarantined rows (隔离行): listed until a later file contains them corrected or a person closes them.

A row is identified by its content, independent of its position: `content` is the SHA-256 over its noun, its columns
and the content of the faulty ones. `rest` leaves the faulty ones out: an accepted row of the same rest is the same
row, corrected. It must be in a file that was first read after the row was quarantined, and must identify an
institution or person: a row with a faulty name by its code, one with a faulty code by its name; one that has neither
can only be closed by a person. A row that waits for its institution has a `claim`: it is open until that is linked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from double_random.intake.record_types import NOUNS
from double_random.registry.tables import column_names, ensure_tables

if TYPE_CHECKING:
    import duckdb
    import polars

    from double_random.intake.file_reading import FileReading
    from double_random.store.releases import Draft, Release

# Corrected rows are searched by the first of these columns that the row has and that is not faulty.
ANCHORS = (
    "document",
    "number",
    "licence",
    "uscc",
    "id",
    "inspector",
    "person",
    "name",
    "related",
    "task",
)
NAMES = ("name", "institution", "person")  # the institution or person, by name
CODES = ("uscc", "licence", "id", "inspector")  # the institution or person, by number
PLACE = ("file", "sheet", "row")


class QuarantineBatch:
    """The rows that one run quarantines, and the quarantined rows that it has accepted: collected, then written.

    `file` is everywhere the index of the reading among the run's readings, as text: two sources may use one name.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, run: int, readings: Sequence[FileReading]
    ) -> None:
        ensure_tables(connection)
        self.connection = connection
        self.run = run
        self.aside: dict[str, polars.DataFrame] = {}
        self.mended: list[polars.DataFrame] = []
        self.beside: list[polars.DataFrame] = []
        self.waiting: polars.DataFrame | None = None
        self._register_files(readings)

    def add_readings(self, readings: Sequence[tuple[int, FileReading]]) -> None:
        """Add the rows that intake has quarantined in these readings, each with its index."""
        import polars

        for noun in NOUNS:
            for number, reading in readings:
                if noun in reading.aside and reading.aside[noun].height:
                    named = reading.aside[noun].with_columns(polars.lit(str(number)).alias("file"))
                    self.add(noun, named)

    def add(self, noun: str, rows: polars.DataFrame) -> None:
        """Add quarantined rows of a noun, with `faulty` and `raw` (intake/row_parser.py), some with a `claim`."""
        import polars

        prepared = prepare_rows(self.connection, noun, rows)
        earlier = self.aside.get(noun)
        self.aside[noun] = prepared if earlier is None else polars.concat([earlier, prepared])

    def mark_taken(self, noun: str, taken: polars.DataFrame) -> None:
        """Match the accepted rows of a noun; called after all its quarantined rows were added."""
        aside = self.aside.get(noun, _empty_rows(self.connection))
        self.mended.append(match_rows(self.connection, noun, MENDED, aside, taken))
        self.beside.append(match_rows(self.connection, noun, BESIDE, aside, taken))

    def add_permits(
        self, rows: polars.DataFrame, unread: polars.DataFrame, unsure: polars.DataFrame
    ) -> None:
        """All permits of a run; `unread`: the positions and the faulty `column` of those that could not be read,
        `unsure`: the positions of those that may have no owner.
        """
        strange = rows.join(unread, on=PLACE, how="semi")
        taken = rows.join(unread, on=PLACE, how="anti") if strange.height else rows
        for column in unread["column"].unique().sort():
            faulty = unread.filter(unread["column"] == column)
            self.add("permits", as_quarantined(rows.join(faulty, on=PLACE, how="semi"), column))
        self.waiting = taken.join(unsure, on=PLACE, how="semi") if unsure.height else taken.clear()
        self.mark_taken("permits", taken)

    def add_ownerless(self, rows: polars.DataFrame) -> None:
        """Handle the permits without an owner among those that might have none: file sheet row claim."""
        if self.waiting is None or not rows.height:
            return
        matched = self.waiting.join(rows.select(*PLACE, "claim"), on=PLACE, how="inner")
        if matched.height:
            self.add("permits", as_quarantined(matched, "name"))
        self.mended = [frame.join(rows, on=PLACE, how="anti") for frame in self.mended]

    def write(self) -> None:
        """Write it down."""
        for frame in self.aside.values():
            self._write(frame, ADD)
        for frame in self.mended:
            self._write(frame, SETTLE)
        for frame in self.beside:
            self._write(frame, KEEP_BESIDE)

    def _write(self, frame: polars.DataFrame, sql: str) -> None:
        self.connection.register("found_now", frame.to_arrow())
        self.connection.execute(sql, {"run": self.run})
        self.connection.unregister("found_now")

    def _register_files(self, readings: Sequence[FileReading]) -> None:
        """The run's files as a temporary table: number, name, SHA-256, the run that first read them."""
        self.connection.execute(FILES)
        for number, reading in enumerate(readings):
            self.connection.execute(
                FILE,
                {"file": str(number), "name": reading.file, "sha": reading.sha256, "run": self.run},
            )


def open_places_query(release: Release | Draft, which: str = "") -> str:
    """The query for every position of the open rows, for the tables that this release has.

    `listed` is the run that listed the row with its issues there, null if it was only a duplicate. `which`: STANDING
    (default), or the condition for the closed ones, or for both.
    """
    has_claims = {"claim", "sha256"} <= column_names(release.connection, "set_aside")
    linked = PERSONS_LINKED if release.has("practitioner_decisions") else ""
    asked = (OPEN if has_claims else OPEN_BEFORE).replace(STANDING, which or STANDING)
    asked = asked.replace("{persons}", linked)
    return PLACES.format(open=asked)


def as_quarantined(rows: polars.DataFrame, *columns: str) -> polars.DataFrame:
    """Rows of a noun's table that could not be accepted, all for the same columns, in intake's form."""
    import polars

    return rows.with_columns(
        polars.lit([*columns], polars.List(polars.String)).alias("faulty"),
        polars.concat_list(polars.col(*columns).cast(polars.String).fill_null("")).alias("raw"),
    )


def _empty_rows(connection: duckdb.DuckDBPyConnection) -> polars.DataFrame:
    """No rows, in the form of `prepare_rows`."""
    import polars

    answer = polars.from_arrow(
        connection.sql(f"SELECT {', '.join(COLUMNS)} FROM set_aside LIMIT 0").to_arrow_table()
    )
    assert isinstance(answer, polars.DataFrame)
    return answer


def prepare_rows(
    connection: duckdb.DuckDBPyConnection, noun: str, rows: polars.DataFrame
) -> polars.DataFrame:
    """Rows in the form in which they are stored: COLUMNS."""
    import polars

    shown = ", ".join(f"{name} := {_unless_faulty(name)}" for name in NOUNS[noun])
    anchors = [name for name in ANCHORS if name in NOUNS[noun]]
    usable = " ".join(f"WHEN {_sound_condition(name)} THEN '{name}'" for name in anchors)
    values = " ".join(f"WHEN '{name}' THEN {name}" for name in anchors)
    nothing = {"claim": polars.lit(None, polars.String), "beyond": polars.lit(False)}
    rows = rows.with_columns(
        value.alias(name) for name, value in nothing.items() if name not in rows.columns
    )
    connection.register("rows_aside", rows.to_arrow())
    row_text = _row_text(noun, shown)
    sql = READ.format(
        noun=noun, said=row_text, usable=usable, values=values, nobody=_nobody_condition(noun)
    )
    arrow_table = connection.sql(sql).to_arrow_table()
    connection.unregister("rows_aside")
    frame = polars.from_arrow(arrow_table)
    assert isinstance(frame, polars.DataFrame)
    return frame


def match_rows(
    connection: duckdb.DuckDBPyConnection,
    noun: str,
    which: str,
    aside: polars.DataFrame,
    taken: polars.DataFrame,
) -> polars.DataFrame:
    """The pairs of a quarantined row and an accepted one that differ only in the faulty columns: content, file,
    sheet, row and `taken` (the SHA-256) of the accepted one. `which`: MENDED or BESIDE.
    """
    import polars

    schema = polars.Schema(dict.fromkeys(("content", "file", "sheet"), polars.String()))
    schema["row"] = polars.Int64()
    schema["taken"] = polars.String()
    parts = [polars.DataFrame(schema=schema)]
    if not taken.height:
        return parts[0]
    connection.register("aside_now", aside.to_arrow())
    connection.register("rows_taken", taken.select(*NOUNS[noun], *PLACE).to_arrow())
    all_columns = ", ".join(f"{name} := t.{name}" for name in NOUNS[noun])
    digest = f"sha256({_row_text(noun, all_columns)})"
    for faulty, anchor in connection.execute(WAITING.format(which=which), [noun]).fetchall():
        shown = ", ".join(
            f"{name} := {'NULL' if name in faulty.split() else f't.{name}'}" for name in NOUNS[noun]
        )
        sql = f"{SAME} AND {LATER_FILE if which is MENDED else SAME_FILE}"
        row_text = _row_text(noun, shown)
        sql = sql.format(noun=noun, said=row_text, anchor=anchor, which=which, taken=digest)
        matches = connection.sql(sql, params=[noun, faulty, anchor])
        parts.append(polars.DataFrame(matches.to_arrow_table(), schema=schema))
    connection.unregister("rows_taken")
    connection.unregister("aside_now")
    return polars.concat(parts)


def _row_text(noun: str, values: str) -> str:
    """SQL for the text of a row of a noun: its columns as JSON.

    Only permits have had a licence number from the beginning: in other rows it counts only if it is present, so that
    rows keep their number after an update. The same holds for the columns that came later.
    """
    text = f"CAST(to_json(struct_pack({values})) AS TEXT)"
    later = {
        "permits": ("practice", "practice_code"),
        "penalties": ("licence", "practice", "conducted", "certificate", "party"),
        "repairs": ("licence", "ordered_by", "order_number", "person"),
        **dict.fromkeys(("complaints", "sanctions"), ("licence", "person", "conducted")),
        **dict.fromkeys(("commendations", "inspections", "recusals"), ("licence", "person")),
    }
    for name in later.get(noun, ("licence",)):
        text = f"""replace({text}, ',"{name}":null', '')"""
    return text


def _unless_faulty(name: str) -> str:
    return f"CASE WHEN list_contains(faulty, '{name}') THEN NULL ELSE {name} END"


def _sound_condition(name: str) -> str:
    return f"(coalesce(CAST({name} AS TEXT), '') <> '' AND NOT list_contains(faulty, '{name}'))"


def _nobody_condition(noun: str) -> str:
    """The condition that only faulty columns identify the institution or person of the row."""
    here = [name for name in (*NAMES, *CODES) if name in NOUNS[noun]]
    if not here:
        return "false"
    spoilt = " OR ".join(f"list_contains(faulty, '{name}')" for name in here)
    is_stated = " OR ".join(_sound_condition(name) for name in here)
    return f"(({spoilt}) AND NOT ({is_stated}))"


COLUMNS = (
    "content", "noun", "rest", "faulty", "anchor", "anchored", "file", "sheet", "row", "claim"
)  # fmt: skip

# Only the position distinguishes rows with a cell too many (`beyond`).
READ = """
WITH told AS (
    SELECT *, {said} AS said,
        CASE WHEN {nobody} OR claim IS NOT NULL THEN '' {usable} ELSE '' END AS anchor
    FROM rows_aside
)
SELECT
    sha256(concat_ws(chr(31), '{noun}', said, array_to_string(faulty, ' '), array_to_string(raw, chr(30)),
        CASE WHEN beyond OR len(faulty) = 0 THEN concat_ws(chr(31), sheet, row) END)) AS content,
    '{noun}' AS noun, sha256(concat_ws(chr(31), '{noun}', said)) AS rest, array_to_string(faulty, ' ') AS faulty,
    anchor, coalesce(CASE anchor {values} END, '') AS anchored, file, coalesce(sheet, '') AS sheet, row, claim
FROM told
"""

FILES = """
CREATE OR REPLACE TEMP TABLE files_now (file TEXT, name TEXT, sha256 TEXT, first INTEGER)
"""

FILE = """
INSERT INTO files_now
SELECT $file, $name, $sha, coalesce(min(run), $run) FROM files
WHERE file = $name AND sha256 = $sha AND run NOT IN (SELECT run FROM undone)
"""

# The rows that waited before this run, and since when.
MENDED = """
SELECT content, noun, rest, faulty, anchor, anchored, min(arrived) AS arrived FROM set_aside
WHERE known_to IS NULL AND content NOT IN (SELECT content FROM settled WHERE known_to IS NULL)
GROUP BY ALL
"""

# The rows that this run quarantines.
BESIDE = (
    "SELECT DISTINCT content, noun, rest, faulty, anchor, anchored, 0 AS arrived FROM aside_now"
)

WAITING = (
    "SELECT DISTINCT faulty, anchor FROM ({which}) WHERE noun = ? AND anchor <> '' ORDER BY ALL"
)

SAME = """
SELECT DISTINCT o.content, t.file, t.sheet, t.row, {taken} AS taken
FROM ({which}) o
JOIN rows_taken t ON t.{anchor} = o.anchored
JOIN files_now f ON f.file = t.file
WHERE o.noun = ? AND o.faulty = ? AND o.anchor = ?
    AND o.rest = sha256(concat_ws(chr(31), '{noun}', {said}))
"""

# The row itself, now read differently; or another one, in a later file that does not also contain the faulty one.
LATER_FILE = """(
    EXISTS (
        SELECT 1 FROM set_aside s
        WHERE s.known_to IS NULL AND s.content = o.content AND s.sha256 = f.sha256 AND s.file = f.name
            AND s.sheet = coalesce(t.sheet, '') AND s.row = t.row
    )
    OR f.first > o.arrived
        AND NOT EXISTS (SELECT 1 FROM aside_now a WHERE a.content = o.content AND a.file = t.file)
        AND NOT EXISTS (
            SELECT 1 FROM beside b WHERE b.known_to IS NULL AND b.content = o.content AND b.taken = {taken}
        )
)"""

SAME_FILE = "EXISTS (SELECT 1 FROM aside_now a WHERE a.content = o.content AND a.file = t.file)"

ADD = """
INSERT INTO added.set_aside BY NAME
SELECT DISTINCT n.content, n.noun, n.rest, n.faulty, n.anchor, n.anchored, f.name AS file, n.sheet, n.row,
    $run AS arrived, $run AS known_from, CAST(NULL AS INTEGER) AS known_to, n.claim, f.sha256
FROM found_now n JOIN files_now f ON f.file = n.file
WHERE (n.content, f.name, n.sheet, n.row) NOT IN (
    SELECT (content, file, sheet, row) FROM set_aside WHERE known_to IS NULL)
ORDER BY ALL
"""

SETTLE = """
INSERT INTO added.settled
SELECT DISTINCT content, 'mended', $run, NULL FROM found_now
WHERE content IN (SELECT content FROM set_aside WHERE known_to IS NULL)
    AND content NOT IN (SELECT content FROM settled WHERE known_to IS NULL)
ORDER BY ALL
"""

KEEP_BESIDE = """
INSERT INTO added.beside
SELECT DISTINCT content, taken, $run, NULL FROM found_now
WHERE (content, taken) NOT IN (SELECT (content, taken) FROM beside WHERE known_to IS NULL)
ORDER BY ALL
"""

SETTLED = "SELECT content FROM settled WHERE known_to IS NULL"
CLOSED_NUMBERS = f"{SETTLED} AND how = 'closed'"
# Conditions on a number: it is open; a person has closed it; it is known.
STANDING = f"NOT IN ({SETTLED})"
CLOSED = f"IN ({CLOSED_NUMBERS})"
EVERY = "IS NOT NULL"

# Every position of the open rows: not settled, and not waiting for an institution that is linked now.
OPEN = f"""
SELECT s.content, s.noun, s.file, s.sheet, s.row, s.arrived, s.claim, s.sha256 FROM set_aside s
WHERE s.known_to IS NULL AND s.content {STANDING}
    AND (s.claim IS NULL OR s.claim NOT IN (
        SELECT l.claim FROM links l SEMI JOIN set_aside a ON a.claim = l.claim WHERE l.known_to IS NULL
        UNION ALL
        SELECT d.decision FROM decisions d SEMI JOIN set_aside a ON a.claim = d.decision
        WHERE d.known_to IS NULL AND d.institution IS NOT NULL {{persons}}))
"""

PERSONS_LINKED = """
        UNION ALL
        SELECT p.decision FROM practitioner_decisions p SEMI JOIN set_aside a ON a.claim = p.decision
        WHERE p.known_to IS NULL AND p.practitioner IS NOT NULL"""

# For a release of an older version.
OPEN_BEFORE = f"""
SELECT content, noun, file, sheet, row, arrived, CAST(NULL AS TEXT) AS claim, CAST(NULL AS TEXT) AS sha256
FROM set_aside WHERE known_to IS NULL AND content {STANDING}
"""

PLACES = """
SELECT p.content, p.noun, p.file, p.sheet, p.row, p.arrived, p.claim, p.sha256,
    arg_max(i.run, (i.run = p.arrived, i.run)) AS listed
FROM ({open}) p
LEFT JOIN issues i ON i.file = p.file AND i.sheet = p.sheet AND i.row = p.row AND i.severity = 'quarantined'
    AND (i.sha256 = p.sha256 OR p.sha256 IS NULL AND i.run = p.arrived)
GROUP BY ALL
"""
