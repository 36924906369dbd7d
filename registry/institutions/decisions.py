"""Permit decisions (行政许可): their kind, event and owner. Columns, no loop over rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from double_random.registry import reasons
from double_random.registry.institutions.districts import address_expression, district_expression
from double_random.registry.institutions.identity import OWNER, place_decisions
from double_random.registry.institutions.names import normalize_names
from double_random.store.frames import frame_to_arrow
from double_random.store.tables import end_rows

if TYPE_CHECKING:
    import duckdb
    import polars

    from double_random.registry.institutions.kinds import InstitutionKind, PermitEvent

FIRST_CLAUSE = r"^([^;；\r\n]*)"


def classify_permits(
    permits: polars.DataFrame,
    kinds: Sequence[InstitutionKind],
    events: Sequence[PermitEvent],
    districts: dict[str, str],
) -> polars.DataFrame:
    """Permits of intake with kind, event, folded name, district, address, head office; kind is null if unknown.

    An event is null if neither title nor content names one; `stage_decisions` treats such a row as a change.
    """
    import polars

    frame = permits.with_columns(
        normalize_names(permits["name"]).alias("folded"), normalize_names(permits["licence"])
    )
    frame = _classify_column(frame, "certificate", _certificate_words(kinds), "kind")
    frame = _classify_column(frame, "title", _kind_words(kinds), "by_title")
    frame = _classify_column(frame, "title", [(e.words, e.code) for e in events], "event")
    clause = polars.col("content").str.extract(FIRST_CLAUSE)
    # 准予某某在某律师事务所执业: a person's permit contains a kind too, but the person's name does not.
    institution = polars.col("name").str.contains_any([w for kind in kinds for w in kind.words])
    by_words = polars.when(institution).then(
        polars.coalesce("by_title", _first_match(clause, _kind_words(kinds)))
    )
    frame = _fill_nulls(frame, "kind", by_words)
    frame = _fill_nulls(frame, "event", _first_match(clause, [(e.words, e.code) for e in events]))
    frame = _fill_nulls(frame, "address", address_expression("content"))
    frame = frame.with_columns(district_expression("address", districts).alias("district"))
    frame = _fill_nulls(frame, "district", district_expression("authority", districts))
    frame = frame.with_columns(
        _event_expression(kinds, events), polars.lit(None, polars.String).alias("head_office")
    )
    branches = [kind.code for kind in kinds if kind.head_office]
    return _fill_nulls(
        frame, "head_office", _head_office_expression(kinds), polars.col("kind").is_in(branches)
    )


def _fill_nulls(
    frame: polars.DataFrame, column: str, value: polars.Expr, where: polars.Expr | None = None
) -> polars.DataFrame:
    """Fill a column's nulls (only those `where`) by an expression evaluated on these rows alone: most rows have a
    value.
    """
    import polars

    empty = polars.col(column).is_null()
    selected = frame.select(empty if where is None else empty & where.fill_null(False)).to_series()
    if not selected.any():
        return frame
    values = frame.filter(selected).select(value.alias(column)).to_series().cast(polars.String)
    return frame.with_columns(
        frame[column].cast(polars.String).scatter(selected.arg_true(), values)
    )


def find_unclassified(frame: polars.DataFrame) -> polars.DataFrame:
    """Issues: rows of an unknown kind (quarantined), of an unknown event or of an address in no district (noted).

    Columns: file sheet row column value reason name severity; `column` is the meaning, not yet the file's spelling.
    """
    import polars

    kinds = frame.filter(polars.col("kind").is_null()).select(
        "file", "sheet", "row",
        polars.lit("certificate").alias("column"),
        polars.coalesce("certificate", "title", polars.lit("")).alias("value"),
        polars.lit(reasons.UNKNOWN_KIND).alias("reason"),
        "name",
        polars.lit("quarantined").alias("severity"),
    )  # fmt: skip
    events = frame.filter(polars.col("kind").is_not_null(), polars.col("event").is_null()).select(
        "file", "sheet", "row",
        polars.lit("title").alias("column"),
        polars.coalesce("title", polars.lit("")).alias("value"),
        polars.lit(reasons.UNKNOWN_EVENT).alias("reason"),
        "name",
        polars.lit("noted").alias("severity"),
    )  # fmt: skip
    unplaced = frame.filter(
        polars.col("kind").is_not_null(),
        polars.col("address").is_not_null(),
        polars.col("district").is_null(),
    ).select(
        "file", "sheet", "row",
        polars.lit("content").alias("column"),
        polars.col("address").alias("value"),
        polars.lit(reasons.NO_DISTRICT).alias("reason"),
        "name",
        polars.lit("noted").alias("severity"),
    )  # fmt: skip
    return polars.concat([kinds, events, unplaced])


def find_unnumbered(frame: polars.DataFrame, kinds: Sequence[InstitutionKind]) -> polars.DataFrame:
    """The positions (file sheet row) of decisions without an own code or number that gives an owner (identity.py)."""
    import polars

    by_code = [kind.code for kind in kinds if "uscc" in kind.id]
    by_licence = [kind.code for kind in kinds if "licence" in kind.id]
    own = sorted({prefix for kind in kinds for prefix in kind.uscc})
    kind = polars.col("kind")
    numbered = kind.is_in(by_licence) & polars.col("licence").is_not_null()
    coded = kind.is_in(by_code) & polars.col("uscc").str.slice(0, 2).is_in(own).fill_null(False)
    return frame.filter(kind.is_not_null(), ~numbered, ~coded).select("file", "sheet", "row")


def find_contested(
    connection: duckdb.DuckDBPyConnection, frame: polars.DataFrame
) -> polars.DataFrame:
    """The positions (file sheet row) of decisions under a code or number under which several names were founded."""
    import polars

    columns = ("file", "sheet", "row", "uscc", "licence", "folded", "event")
    connection.register("permits_read", frame_to_arrow(frame.select(columns)))
    answer = polars.from_arrow(connection.sql(CONTESTED).to_arrow_table())
    connection.unregister("permits_read")
    assert isinstance(answer, polars.DataFrame)
    return answer


def fill_missing_days(
    connection: duckdb.DuckDBPyConnection, frame: polars.DataFrame, run: int
) -> polars.DataFrame:
    """Give decisions without a day, of a layout that permits them, the day on which they were first read.

    So a list without days gives nothing new when it is read again.
    """
    import polars

    if not frame["decided"].null_count():
        return frame
    connection.register("permits_read", frame_to_arrow(frame.select(KEY)))
    days = _query_column(connection, FIRST_READ, {"run": run})
    connection.unregister("permits_read")
    return frame.with_columns(polars.coalesce("decided", days))


def stage_decisions(
    connection: duckdb.DuckDBPyConnection, frame: polars.DataFrame, run: int
) -> None:
    """Stage decisions of known kind: table `came` (decision and position) has all, `incoming` the new ones.

    A known decision is new too if the facts (kinds, events, districts) now classify it otherwise: its earlier
    classification ends with this run.
    """
    import polars

    classified = (
        frame.filter(polars.col("kind").is_not_null()) if frame["kind"].null_count() else frame
    )
    classified = classified.with_columns(polars.col("event").fill_null("changed"))
    connection.register("permits_read", frame_to_arrow(classified.select(KEY)))
    classified = classified.with_columns(_query_column(connection, KEYS))
    connection.register(
        "permits_read",
        frame_to_arrow(
            classified.select("decision", "file", "sheet", "row", "authority_code", *JUDGED)
        ),
    )
    connection.execute(CAME)
    first = classified["decision"].is_first_distinct()
    if not first.all():  # a filter that keeps everything would still copy it
        classified = classified.filter(first)
    if connection.execute("SELECT 1 FROM decisions LIMIT 1").fetchall():
        connection.execute(NEWS)
        news = _query_column(connection, "SELECT decision FROM brought").to_frame()
        classified = classified.join(news, on="decision", how="semi", maintain_order="left")
        end_rows(connection, "decisions", JUDGED_OTHERWISE, run)
    connection.unregister("permits_read")
    connection.register("incoming", frame_to_arrow(classified))


def assign_owners(
    connection: duckdb.DuckDBPyConnection, kinds: Sequence[InstitutionKind], run: int
) -> polars.DataFrame:
    """Insert the `incoming` decisions, and reassign every decision whose owner is now known better.

    Returns the rows of this run (file sheet row name claim: the decision; held) without an owner: neither code nor
    licence number, and not exactly one institution of that name, or a number that first belonged to another one
    (`held`: that one's id). They are kept, and assigned once the institution is known.
    """
    import polars

    place_decisions(connection, kinds, run)
    answer = polars.from_arrow(connection.sql(HOMELESS).to_arrow_table())
    assert isinstance(answer, polars.DataFrame)
    connection.unregister("incoming")
    return answer


def record_arrivals(connection: duckdb.DuckDBPyConnection, run: int) -> None:
    """Store how many new decisions each file of this run contained, and their delay."""
    connection.execute(ARRIVED, {"run": run})


def _query_column(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, int] | None = None
) -> polars.Series:
    """The one column of an answer, in its order."""
    import polars

    frame = polars.from_arrow(connection.sql(sql, params=parameters).to_arrow_table())
    assert isinstance(frame, polars.DataFrame)
    return frame.to_series()


def _classify_column(
    frame: polars.DataFrame, column: str, words: Sequence[tuple[Sequence[str], str]], name: str
) -> polars.DataFrame:
    """Add the classification by a column's words; each distinct text is evaluated once."""
    import polars

    texts = (
        frame.select(column)
        .unique()
        .with_columns(_first_match(polars.col(column), words).alias(name))
    )
    return frame.join(texts, on=column, how="left", maintain_order="left")


def _first_match(text: polars.Expr, words: Sequence[tuple[Sequence[str], str]]) -> polars.Expr:
    """The code of the first entry with a word that the text contains; null if there is none."""
    import polars

    return polars.coalesce(
        polars.when(text.str.contains_any(list(some))).then(polars.lit(code))
        for some, code in words
    )


def _certificate_words(kinds: Sequence[InstitutionKind]) -> list[tuple[list[str], str]]:
    return _sort_longest_first([(word, kind.code) for kind in kinds for word in kind.certificates])


def _kind_words(kinds: Sequence[InstitutionKind]) -> list[tuple[list[str], str]]:
    return _sort_longest_first([(word, kind.code) for kind in kinds for word in kind.words])


def _sort_longest_first(pairs: list[tuple[str, str]]) -> list[tuple[list[str], str]]:
    """律师事务所分所 before 律师事务所."""
    return [([word], code) for word, code in sorted(pairs, key=lambda pair: (-len(pair[0]), pair))]


def _event_expression(
    kinds: Sequence[InstitutionKind], events: Sequence[PermitEvent]
) -> polars.Expr:
    """A permit to open a branch founds the branch if it is its own row; on the head office's row it changes nothing."""
    import polars

    branches = [kind.code for kind in kinds if kind.branch_of]
    openings = [event.code for event in events if event.branch]
    founding = polars.col("event").is_in(openings) & polars.col("kind").is_in(branches)
    return (
        polars.when(founding)
        .then(polars.lit("founded"))
        .otherwise(polars.col("event"))
        .alias("event")
    )


def _head_office_expression(kinds: Sequence[InstitutionKind]) -> polars.Expr:
    """A branch's head office by the branch's name: the groups of the first pattern that fits."""
    import polars

    name = polars.col("name")
    candidates = [
        polars.when(polars.col("kind") == kind.code, name.str.contains(pattern)).then(
            name.str.replace(pattern, "${1}${2}")
        )
        for kind in kinds
        for pattern in kind.head_office
    ]
    return polars.coalesce(*candidates, polars.lit(None, dtype=polars.String)).alias("head_office")


KEY = (
    "name", "uscc", "licence", "certificate", "document", "title", "content", "decided", "licence_from", "licence_to",
    "authority", "head", "address", "state",
)  # fmt: skip

KEYS = """
SELECT sha256(concat_ws(chr(31), name, coalesce(uscc, ''), coalesce(licence, ''), coalesce(certificate, ''),
        coalesce(document, ''), coalesce(title, ''), coalesce(content, ''), CAST(decided AS TEXT),
        coalesce(CAST(licence_from AS TEXT), ''), coalesce(CAST(licence_to AS TEXT), ''),
        coalesce(authority, ''), coalesce(head, ''), coalesce(address, '')))
    || CASE WHEN state = 'invalid' THEN '!' ELSE '' END AS decision
FROM permits_read
"""

_SAID = ", ".join(  # all stored columns of a decision but its day
    f"coalesce(CAST({name} AS TEXT), '')" for name in KEY if name not in ("decided", "certificate")
)

FIRST_READ = f"""
SELECT coalesce(p.decided, d.decided, (SELECT as_of FROM runs WHERE run = $run)) AS decided
FROM (SELECT row_number() OVER () AS place, decided, concat_ws(chr(31), {_SAID}) AS said FROM permits_read) p
LEFT JOIN (
    SELECT concat_ws(chr(31), {_SAID}) AS said, min(decided) AS decided
    FROM decisions WHERE known_to IS NULL GROUP BY ALL
) d ON d.said = p.said
ORDER BY p.place
"""

CAME = "CREATE OR REPLACE TEMP TABLE came AS SELECT decision, file, sheet, row FROM permits_read"

ARRIVED = """
INSERT INTO added.arrivals
WITH new AS (
    SELECT f.name AS file, d.decision, date_diff('day', any_value(d.decided), any_value(r.as_of)) AS days
    FROM decisions d
    JOIN came c ON c.decision = d.decision
    JOIN files_now f ON f.file = c.file
    JOIN runs r ON r.run = $run
    WHERE d.arrived = $run AND d.known_from = $run
    GROUP BY f.name, d.decision
)
SELECT file, count(*), CAST(ceil(median(days)) AS BIGINT), max(days), $run, NULL FROM new
GROUP BY file ORDER BY file
"""

JUDGED = ("kind", "event", "district", "head_office")  # a decision's values by the facts

# Known decisions are skipped, and so are further rows that differ only in columns outside a decision
# (remarks); intake has taken out exact duplicates.
NEWS = f"""
CREATE OR REPLACE TEMP TABLE brought AS
SELECT p.decision, min(d.place) AS place
FROM permits_read p
LEFT JOIN placed.decisions d ON d.decision = p.decision AND d.known_to IS NULL
WHERE d.decision IS NULL OR {" OR ".join(f"d.{name} IS DISTINCT FROM p.{name}" for name in JUDGED)}
    OR p.authority_code IS NOT NULL AND d.authority_code IS DISTINCT FROM p.authority_code
GROUP BY p.decision
"""

JUDGED_OTHERWISE = "SELECT place FROM brought WHERE place IS NOT NULL"

CONTESTED = """
WITH said AS (
    SELECT uscc, licence, folded, event FROM permits_read
    UNION ALL
    SELECT uscc, licence, folded, event FROM decisions WHERE known_to IS NULL
), codes AS (
    SELECT uscc FROM said WHERE event = 'founded' AND uscc IS NOT NULL
    GROUP BY uscc HAVING count(DISTINCT folded) > 1
), numbers AS (
    SELECT licence FROM said WHERE event = 'founded' AND licence IS NOT NULL
    GROUP BY licence HAVING count(DISTINCT folded) > 1
)
SELECT file, sheet, row FROM permits_read
WHERE uscc IN (SELECT uscc FROM codes) OR licence IN (SELECT licence FROM numbers)
"""

HOMELESS = f"""
SELECT c.file, c.sheet, c.row, d.name, d.decision AS claim, o.held
FROM came c JOIN decisions d ON d.decision = c.decision {OWNER}
WHERE d.known_to IS NULL AND d.institution IS NULL
ORDER BY ALL
"""
