"""Persons' permits: told from those of institutions, classified, and what their content says. Columns, no loop over
rows.

Of the content only what the statements of data/practitioners.toml name is kept: addresses, telephone and ID numbers
that stand beside it are never stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from double_random.intake import reasons as intake_reasons
from double_random.registry import reasons
from double_random.registry.institutions.names import normalize_names
from double_random.registry.practitioners.tables import list_ids
from double_random.store.frames import frame_to_arrow, query_frame
from double_random.store.tables import end_rows

if TYPE_CHECKING:
    import duckdb
    import polars

    from double_random.registry.institutions.kinds import InstitutionKind
    from double_random.registry.practitioners.kinds import PractitionerFacts

FIRST_CLAUSE = r"^([^;；\r\n]*)"
# Eighteen characters with a day in the middle: an ID number, whatever its area and check character are.
PERSONAL = r"^[0-9]{6}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]$"


def split_permits(
    permits: polars.DataFrame, facts: PractitionerFacts, kinds: Sequence[InstitutionKind]
) -> tuple[polars.DataFrame, polars.DataFrame]:
    """Permits of intake as persons' (with `kind`) and institutions'.

    The certificate's name decides it, without one the decision's title. A row with an organisation code, or whose
    name has a word of an institution's kind, is no person's.
    """
    import polars

    words = [(word, kind.code) for kind in facts.kinds for word in kind.certificates]
    titles = [(word, kind.code) for kind in facts.kinds for word in kind.words]
    institution = polars.col("name").str.contains_any([w for kind in kinds for w in kind.words])
    certificate = _fold_brackets(polars.col("certificate"))
    texts = permits.select("certificate", "title").unique()
    texts = texts.with_columns(
        polars.when(polars.col("certificate").is_not_null())
        .then(_first_code(certificate, words))
        .otherwise(_first_code(polars.col("title"), titles))
        .alias("kind")
    )
    read = permits.join(
        texts, on=["certificate", "title"], how="left", nulls_equal=True, maintain_order="left"
    )
    person = polars.col("kind").is_not_null() & polars.col("uscc").is_null() & ~institution
    found = read.select(person.fill_null(False)).to_series()
    if not found.any():
        return read.clear(), permits
    return read.filter(found), permits.filter(~found)


def classify_persons(persons: polars.DataFrame, facts: PractitionerFacts) -> polars.DataFrame:
    """Persons' permits with folded name, event, category, and what their content states."""
    import polars

    frame = persons.with_columns(
        normalize_names(persons["name"]).alias("folded"),
        normalize_names(persons["licence"]).alias("licence"),
        # A name that holds such a word must not be taken for the event.
        polars.col("title").str.split(polars.col("name")).list.join("").alias("heading"),
        polars.col("content").str.extract(FIRST_CLAUSE).alias("clause"),
    )
    events = [(event.words, event.code) for event in facts.events]
    frame = frame.with_columns(
        polars.coalesce(
            _first_match(polars.col("heading"), events), _first_match(polars.col("clause"), events)
        ).alias("event"),
        *(
            _stated(facts.statements.get(name, ())).alias(name)
            for name in (*STATED, "new_name", "new_licence")
        ),
        _first_match(
            _stated(facts.statements.get("category", ())),
            [(words, code) for code, words in facts.categories],
        ).alias("category"),
        _concurrent_expression(facts).alias("concurrent"),
    )
    frame = frame.with_columns(
        polars.coalesce("institution", "practice").alias("practice"),
        polars.when(polars.col("kind").is_in([k.code for k in facts.kinds if not k.institutions]))
        .then("employer")
        .alias("employer"),
    )
    folded = {
        "practice": "practice",
        "former_institution": "former_practice",
        "former_name": "former_name",
        "former_licence": "former_licence",
    }
    frame = frame.with_columns(
        normalize_names(frame[name]).alias(to) for name, to in folded.items()
    )
    new = frame.with_columns(  # a row under the old name or number that states the new one
        _replaced("name", "folded", "former_name", "new_name"),
        _replaced("licence", "licence", "former_licence", "new_licence"),
    )
    return new.with_columns(normalize_names(new["name"]).alias("folded")).with_columns(
        _unless_same("former_name", "folded"), _unless_same("former_licence", "licence")
    )


def find_faulty(frame: polars.DataFrame, facts: PractitionerFacts) -> polars.DataFrame:
    """Issues: persons' permits with an impossible licence number (quarantined), or of an unknown event (noted).

    Columns: file sheet row column value reason name severity; an ID number is not shown.
    """
    import polars

    licence = polars.col("licence")
    fits = polars.any_horizontal(
        (polars.col("kind") == kind.code)
        & licence.str.contains(f"(?:{')|(?:'.join(kind.numbers)})")
        for kind in facts.kinds
    )
    personal = licence.str.contains(PERSONAL).fill_null(False)
    reason = (
        polars.when(licence.is_null())
        .then(polars.lit(reasons.LICENCE_MISSING))
        .when(personal)
        .then(polars.lit(intake_reasons.PERSONAL_NUMBER))
        .when(~fits)
        .then(polars.lit(intake_reasons.NOT_OF_THE_FORM))
    )
    shown = polars.when(~personal).then(licence).fill_null("")
    faulty = frame.with_columns(reason.alias("reason"), shown.alias("value"))
    place = ("file", "sheet", "row")
    numbers = faulty.filter(polars.col("reason").is_not_null()).select(
        *place, polars.lit("licence").alias("column"), "value", "reason", "name",
        polars.lit("quarantined").alias("severity"),
    )  # fmt: skip
    events = faulty.filter(polars.col("reason").is_null(), polars.col("event").is_null()).select(
        *place, polars.lit("title").alias("column"),
        polars.coalesce("title", polars.lit("")).alias("value"),
        polars.lit(reasons.UNKNOWN_EVENT).alias("reason"), "name",
        polars.lit("noted").alias("severity"),
    )  # fmt: skip
    return polars.concat([numbers, events])


def find_unsure(
    connection: duckdb.DuckDBPyConnection, frame: polars.DataFrame, others: polars.DataFrame
) -> polars.DataFrame:
    """The positions (file sheet row) of persons' permits that may have to wait: of a number with several names, of a
    changed number, or that name an institution of which neither the register nor `others`, this run's permits, has
    the name.
    """
    import polars

    known = list_ids(connection, "SELECT DISTINCT folded FROM institutions WHERE known_to IS NULL")
    known |= set(normalize_names(others["name"]).drop_nulls())
    connection.register("persons_read", frame_to_arrow(frame.select("licence", "folded")))
    shared = query_frame(connection, SHARED)["licence"].implode()
    connection.unregister("persons_read")
    unsure = (
        polars.col("licence").is_in(shared)
        | polars.col("former_licence").is_not_null()
        | ~polars.col("practice").is_in(list(known)).fill_null(False)
    )
    return frame.filter(unsure).select(*PLACE)


def stage_persons(connection: duckdb.DuckDBPyConnection, frame: polars.DataFrame, run: int) -> None:
    """Insert the new ones of these permits, whose licence number is possible, and add all of them to `came`.

    A known decision that the facts now read otherwise ends with this run, and comes anew.
    """
    import polars

    frame = frame.with_columns(polars.col("event").fill_null("renewed"))
    connection.register(
        "persons_read", frame_to_arrow(frame.select(*COLUMNS, "certificate", *PLACE))
    )
    keys = query_frame(connection, KEYS)
    connection.unregister("persons_read")
    frame = frame.with_columns(keys["decision"])
    connection.register("persons_read", frame_to_arrow(frame.select("decision", *COLUMNS, *PLACE)))
    connection.execute("INSERT INTO came SELECT decision, file, sheet, row FROM persons_read")
    end_rows(connection, "practitioner_decisions", JUDGED_OTHERWISE, run)
    connection.execute(NEWS)
    ((news,),) = connection.execute("SELECT count(*) FROM persons_new").fetchall()
    if news:
        connection.execute(NEW, {"run": run})
    connection.unregister("persons_read")


def _fold_brackets(text: polars.Expr) -> polars.Expr:
    return text.str.normalize("NFKC").str.replace_all(r"\s", "")


def _first_code(text: polars.Expr, words: Sequence[tuple[str, str]]) -> polars.Expr:
    """The code of the longest word that the text contains; of words of one length the first."""
    longest = sorted(words, key=lambda pair: -len(pair[0]))
    return _first_match(text, [((word,), code) for word, code in longest])


def _first_match(text: polars.Expr, words: Sequence[tuple[Sequence[str], str]]) -> polars.Expr:
    """The code of the first entry with a word that the text contains; null if there is none."""
    import polars

    return polars.coalesce(
        *(
            polars.when(text.str.contains_any(list(some))).then(polars.lit(code))
            for some, code in words
        ),
        polars.lit(None, polars.String),
    )


def _stated(patterns: Sequence[str]) -> polars.Expr:
    """The group of the first pattern that fits the content; null if none does."""
    import polars

    content = polars.col("content")
    found = [content.str.extract(pattern).str.strip_chars() for pattern in patterns]
    return polars.coalesce(*found, polars.lit(None, polars.String))


def _unless_same(column: str, other: str) -> polars.Expr:
    import polars

    return polars.when(polars.col(column).ne_missing(polars.col(other))).then(column).alias(column)


def _replaced(column: str, compared: str, former: str, new: str) -> polars.Expr:
    import polars

    old = polars.col(compared) == polars.col(former)
    return (
        polars.when(old & polars.col(new).is_not_null()).then(new).otherwise(column).alias(column)
    )


def _concurrent_expression(facts: PractitionerFacts) -> polars.Expr:
    """Whether a decision allows a second post: its title or content has a word of its kind's `concurrent`."""
    import polars

    said = polars.concat_str("title", "content", ignore_nulls=True)
    return polars.any_horizontal(
        polars.lit(False),
        *(
            (polars.col("kind") == kind.code) & said.str.contains_any(list(kind.concurrent))
            for kind in facts.kinds
            if kind.concurrent
        ),
    ).fill_null(False)


PLACE = ("file", "sheet", "row")
STATED = ("institution", "former_institution", "employer", "former_name", "former_licence")
COLUMNS = (
    "kind", "event", "category", "concurrent", "name", "folded", "licence", "former_name", "former_licence",
    "practice", "practice_code", "former_practice", "employer", "document", "title", "decided", "licence_from",
    "licence_to", "authority", "state",
)  # fmt: skip
# What a decision is known by; kind, event, category and concurrent follow from the facts and may change with them.
KEY = (
    "folded", "licence", "certificate", "former_name", "former_licence", "practice", "practice_code",
    "former_practice", "employer", "document", "title", "decided", "licence_from", "licence_to", "authority",
)  # fmt: skip

SHARED = """
SELECT licence FROM (
    SELECT licence, folded FROM persons_read
    UNION ALL
    SELECT licence, folded FROM practitioner_decisions WHERE known_to IS NULL
) GROUP BY licence HAVING count(DISTINCT folded) > 1
"""

KEYS = f"""
SELECT sha256(concat_ws(chr(31), 'person', {", ".join(f"coalesce(CAST({name} AS TEXT), '')" for name in KEY)}))
    || CASE WHEN state = 'invalid' THEN '!' ELSE '' END AS decision
FROM persons_read
"""

JUDGED = ("kind", "event", "category", "concurrent")

JUDGED_OTHERWISE = f"""
SELECT d.place FROM placed.practitioner_decisions d JOIN persons_read p ON p.decision = d.decision
WHERE d.known_to IS NULL
    AND ({" OR ".join(f"d.{name} IS DISTINCT FROM p.{name}" for name in JUDGED)})
"""

NEWS = f"""
CREATE OR REPLACE TEMP TABLE persons_new AS
SELECT decision, {", ".join(COLUMNS)} FROM persons_read
WHERE decision NOT IN (SELECT decision FROM practitioner_decisions WHERE known_to IS NULL)
QUALIFY row_number() OVER (PARTITION BY decision ORDER BY name, kind, event, state) = 1
"""

NEW = f"""
INSERT INTO added.practitioner_decisions BY NAME
WITH earlier AS (
    SELECT decision, min(arrived) AS arrived FROM practitioner_decisions
    WHERE known_to IS NOT NULL GROUP BY decision
)
SELECT n.decision, CAST(NULL AS TEXT) AS practitioner, CAST(NULL AS TEXT) AS held,
    {", ".join(f"n.{name}" for name in COLUMNS)},
    coalesce(e.arrived, $run) AS arrived, CAST($run AS INTEGER) AS known_from, CAST(NULL AS INTEGER) AS known_to
FROM persons_new n LEFT JOIN earlier e ON e.decision = n.decision
ORDER BY n.decision
"""
