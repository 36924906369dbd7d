"""隔离行: rows that were quarantined stay listed until they come mended, or a person closes them (`registry close`).

A row is known by its content, wherever it stands: `content` is the SHA-256 over its noun, its columns and what its
faulty ones hold. `rest` leaves the faulty ones out: a row of the same rest that is taken is the same row, mended.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from intake.nouns import NOUNS
from registry.tables import ensure

if TYPE_CHECKING:
    import duckdb
    import polars

    from intake.reading import Reading

# By the first of these that a row has, and that is not faulty, mended rows are looked for.
ANCHORS = ("document", "number", "licence", "uscc", "id", "inspector", "name", "related", "task")
PLACE = ("file", "sheet", "row")


class Night:
    """What one run sets aside, and which of the rows that are set aside it has taken: gathered, then kept."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, readings: Sequence[Reading]) -> None:
        ensure(connection)
        self.connection = connection
        self.aside: dict[str, polars.DataFrame] = {}
        self.mended: list[polars.DataFrame] = []
        self.waiting: polars.DataFrame | None = None
        for noun in NOUNS:
            for one in readings:
                if noun in one.aside and one.aside[noun].height:
                    self.add(noun, one.aside[noun])

    def add(self, noun: str, rows: polars.DataFrame) -> None:
        """Rows of a noun that are set aside, with `faulty` and `raw` (intake/rows.py), under their files' names."""
        import polars

        found = read(self.connection, noun, rows)
        known = self.aside.get(noun)
        self.aside[noun] = found if known is None else polars.concat([known, found])

    def take(self, noun: str, taken: polars.DataFrame) -> None:
        """The rows of a noun that this run has taken."""
        self.mended.append(
            mended(self.connection, noun, self.aside.get(noun, _none(self.connection)), taken)
        )

    def permits(
        self, rows: polars.DataFrame, unread: polars.DataFrame, files: dict[str, str]
    ) -> None:
        """All permits of a run, by the numbers of their files; `unread`: the places of those of an unknown kind."""
        import polars

        strange = rows.join(unread, on=PLACE, how="semi")
        taken = rows.join(unread, on=PLACE, how="anti") if strange.height else rows
        named = polars.col("file").replace_strict(files, return_dtype=polars.String)
        if strange.height:
            self.add("permits", untaken(strange, "certificate").with_columns(named))
        nobody = taken.filter(polars.col("uscc").is_null(), polars.col("licence").is_null())
        self.waiting = untaken(nobody, "name")
        self.files = files
        now = [self.aside.get("permits", _none(self.connection))]
        if nobody.height:
            now.append(read(self.connection, "permits", self.waiting))
        self.mended.append(mended(self.connection, "permits", polars.concat(now), taken))

    def homeless(self, rows: polars.DataFrame) -> None:
        """Of the permits with neither code nor licence number those that found nobody: file sheet row."""
        import polars

        if self.waiting is None or not rows.height:
            return
        found = self.waiting.join(rows, on=PLACE, how="semi")
        named = polars.col("file").replace_strict(self.files, return_dtype=polars.String)
        if found.height:
            self.add("permits", found.with_columns(named))
        self.mended = [one.join(rows, on=PLACE, how="anti") for one in self.mended]

    def keep(self, run: int) -> None:
        """Write it down."""
        for frame in self.aside.values():
            self.connection.register("aside_now", frame.to_arrow())
            self.connection.execute(ADD, {"run": run})
            self.connection.unregister("aside_now")
        for frame in self.mended:
            self.connection.register("mended_now", frame.to_arrow())
            self.connection.execute(SETTLE, {"run": run})
            self.connection.unregister("mended_now")


def untaken(rows: polars.DataFrame, column: str) -> polars.DataFrame:
    """Rows of a noun's table that the register could not take, all for the same column, in the form of intake's."""
    import polars

    return rows.with_columns(
        polars.lit([column], polars.List(polars.String)).alias("faulty"),
        polars.concat_list(polars.col(column).fill_null("")).alias("raw"),
    )


def _none(connection: duckdb.DuckDBPyConnection) -> polars.DataFrame:
    """No rows, in the form of `read`."""
    import polars

    columns = "content, noun, rest, faulty, anchor, anchored, file, sheet, row"
    answer = polars.from_arrow(
        connection.sql(f"SELECT {columns} FROM set_aside LIMIT 0").to_arrow_table()
    )
    assert isinstance(answer, polars.DataFrame)
    return answer


def read(
    connection: duckdb.DuckDBPyConnection, noun: str, rows: polars.DataFrame
) -> polars.DataFrame:
    """Rows as they are remembered: content noun rest faulty anchor anchored file sheet row."""
    import polars

    shown = ", ".join(f"{name} := {_unless_faulty(name)}" for name in NOUNS[noun])
    anchors = [name for name in ANCHORS if name in NOUNS[noun]]
    usable = " ".join(
        f"WHEN coalesce({name}, '') <> '' AND NOT list_contains(faulty, '{name}') THEN '{name}'"
        for name in anchors
    )
    values = " ".join(f"WHEN '{name}' THEN {name}" for name in anchors)
    connection.register("rows_aside", rows.to_arrow())
    found = connection.sql(
        READ.format(noun=noun, shown=shown, usable=usable, values=values)
    ).to_arrow_table()
    connection.unregister("rows_aside")
    frame = polars.from_arrow(found)
    assert isinstance(frame, polars.DataFrame)
    return frame


def mended(
    connection: duckdb.DuckDBPyConnection,
    noun: str,
    aside: polars.DataFrame,
    taken: polars.DataFrame,
) -> polars.DataFrame:
    """Which of the rows of a noun that are set aside, now (`aside`) or before, are among the taken: content, file,
    sheet, row of the taken one."""
    import polars

    connection.register("aside_now", aside.to_arrow())
    waiting = connection.execute(WAITING, [noun]).fetchall()
    schema = polars.Schema(dict.fromkeys(("content", "file", "sheet"), polars.String()))
    schema["row"] = polars.Int64()
    parts = [polars.DataFrame(schema=schema)]
    for faulty, anchor in waiting if taken.height else ():
        shown = ", ".join(
            f"{name} := {'NULL' if name in faulty.split() else f't.{name}'}" for name in NOUNS[noun]
        )
        connection.register("rows_taken", taken.select(*NOUNS[noun], *PLACE).to_arrow())
        same = SAME.format(noun=noun, shown=shown, anchor=anchor, now=OPEN)
        found = connection.sql(same, params=[noun, faulty, anchor]).to_arrow_table()
        parts.append(polars.DataFrame(found, schema=schema))
        connection.unregister("rows_taken")
    connection.unregister("aside_now")
    return polars.concat(parts)


def _unless_faulty(name: str) -> str:
    return f"CASE WHEN list_contains(faulty, '{name}') THEN NULL ELSE {name} END"


READ = """
WITH told AS (
    SELECT *, CAST(to_json(struct_pack({shown})) AS TEXT) AS said,
        CASE {usable} ELSE '' END AS anchor
    FROM rows_aside
)
SELECT
    sha256(concat_ws(chr(31), '{noun}', said, array_to_string(faulty, ' '), array_to_string(raw, chr(30)))) AS content,
    '{noun}' AS noun, sha256(concat_ws(chr(31), '{noun}', said)) AS rest, array_to_string(faulty, ' ') AS faulty,
    anchor, coalesce(CASE anchor {values} END, '') AS anchored, file, coalesce(sheet, '') AS sheet, row
FROM told
"""

OPEN = """
SELECT content, noun, rest, faulty, anchor, anchored FROM set_aside
WHERE known_to IS NULL AND content NOT IN (SELECT content FROM settled WHERE known_to IS NULL)
UNION
SELECT content, noun, rest, faulty, anchor, anchored FROM aside_now
"""

WAITING = (
    f"SELECT DISTINCT faulty, anchor FROM ({OPEN}) WHERE noun = ? AND anchor <> '' ORDER BY ALL"
)

SAME = """
SELECT DISTINCT o.content, t.file, t.sheet, t.row
FROM ({now}) o
JOIN rows_taken t ON t.{anchor} = o.anchored
WHERE o.noun = ? AND o.faulty = ? AND o.anchor = ?
    AND o.rest = sha256(concat_ws(chr(31), '{noun}', CAST(to_json(struct_pack({shown})) AS TEXT)))
"""

ADD = """
INSERT INTO set_aside
SELECT DISTINCT content, noun, rest, faulty, anchor, anchored, file, sheet, row, $run, $run, NULL FROM aside_now
WHERE (content, file, sheet, row) NOT IN (SELECT (content, file, sheet, row) FROM set_aside WHERE known_to IS NULL)
ORDER BY ALL
"""

SETTLE = """
INSERT INTO settled
SELECT DISTINCT content, 'mended', $run, NULL FROM mended_now
WHERE content IN (SELECT content FROM set_aside WHERE known_to IS NULL)
    AND content NOT IN (SELECT content FROM settled WHERE known_to IS NULL)
ORDER BY ALL
"""
