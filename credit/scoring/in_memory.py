"""An in-memory database of institutions and records, invented or copied, to try a policy, a day or a repair."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING

from double_random.credit.records import ledger
from double_random.credit.schema import ReadableRelease, create_plain_tables
from double_random.registry.institutions.names import normalize_expression, normalize_name
from double_random.store.database import open_database
from double_random.store.frames import has_table

if TYPE_CHECKING:
    import duckdb
    import polars


@dataclass(frozen=True, kw_only=True)
class MadeUpRecord:
    """One made-up record of an institution."""

    institution: str
    record_class: str
    decided: date | None
    kinds: tuple[str, ...] = ()
    state: str = "decided"
    ends: date | None = None
    document: str | None = None
    related: str | None = None
    night: int = 1  # the run that loaded it
    fine: int | None = None  # fen

    @property
    def id(self) -> str:
        """SHA-256 of its content without `night`."""
        content = (
            self.institution,
            self.record_class,
            self.decided,
            self.kinds,
            self.state,
            self.ends,
            self.document,
            self.related,
            self.fine,
        )
        return hashlib.sha256(repr(content).encode()).hexdigest()


@dataclass
class Casebook:
    """Institutions and records in memory, in the tables that scoring reads. Close it after use."""

    connection: duckdb.DuckDBPyConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = open_database(config={"threads": 1})
        create_plain_tables(self.connection)
        self.connection.execute("CREATE TABLE runs (run INTEGER, kind TEXT, as_of DATE)")

    @classmethod
    def copy_from(cls, release: ReadableRelease, institution: str) -> Casebook:
        """Copy one institution with its branches, and all their records in a release."""
        ledger.require_records(release.connection)
        book = cls()
        institutions = [institution, *_find_branch_ids(release, institution)]
        for table, condition in COPIED.items():
            rows = release.frame(f"SELECT * FROM {table} WHERE {condition}", (institutions,))
            book.connection.register("copied", rows)
            book.connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM copied")
            book.connection.unregister("copied")
        book._copy_persons(release, institutions)
        runs = release.frame("SELECT run, kind, as_of FROM runs")
        book.connection.register("copied", runs)
        book.connection.execute("INSERT INTO runs SELECT * FROM copied")
        book.connection.unregister("copied")
        return book

    def _copy_persons(self, release: ReadableRelease, parties: list[str]) -> None:
        """Copy the practitioners among the parties, those who ever were in one of them, and what they share."""
        if not has_table(release.connection, "employment"):
            return
        schema = files("double_random.registry.practitioners").joinpath("schema.sql")
        self.connection.execute(schema.read_text("utf-8"))
        release.connection.execute("CREATE OR REPLACE TEMP TABLE book_parties (id TEXT)")
        release.connection.executemany(
            "INSERT INTO book_parties VALUES (?)", [[p] for p in parties]
        )
        release.connection.execute(BOOK_PERSONS)
        for table, condition in COPIED_PERSONS.items():
            if has_table(release.connection, table):
                rows = release.frame(f"SELECT * FROM {table} WHERE {condition}")
                self.connection.register("copied", rows)
                self.connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM copied")
                self.connection.unregister("copied")

    def frame(self, sql: str, parameters: Sequence[object] = ()) -> polars.DataFrame:
        """Run a query and return its result."""
        from double_random.store.frames import query_frame

        return query_frame(self.connection, sql, list(parameters))

    def add_institution(self, institution: str, kind: str = "law_firm") -> None:
        """Add an institution that has always been active."""
        self.add_institutions([institution], kind)

    def add_institutions(self, institutions: Sequence[str], kind: str) -> None:
        """Add institutions of one kind."""
        import polars

        rows = [(institution, normalize_name(institution)) for institution in institutions]
        names = polars.DataFrame(rows, schema=["id", "folded"], orient="row")
        self.connection.register("founded", names)
        self.connection.execute(
            """INSERT INTO institutions (id, kind, name, folded, status, valid_from, known_from)
               SELECT id, ?, id, folded, 'active', DATE '1900-01-01', 0 FROM founded""",
            [kind],
        )
        self.connection.unregister("founded")

    def add_cases(self, cases: Sequence[MadeUpRecord]) -> None:
        """Add records, each linked to its institution."""
        import polars

        schema = {name: getattr(polars, kind) for name, kind in ROW.items()}
        self.add_records(
            polars.DataFrame([_build_row(case) for case in cases], schema=schema, orient="row")
        )

    def add_records(self, rows: polars.DataFrame) -> None:
        """Add records from a table with at least record, name (the institution), class, kinds, state, decided."""
        import polars

        missing = [
            polars.lit(None, dtype=getattr(polars, kind)).alias(name)
            for name, kind in ROW.items()
            if name not in rows.columns and name != "known_from"
        ]
        night = [] if "known_from" in rows.columns else [polars.lit(1).alias("known_from")]
        rows = rows.with_columns(*missing, *night)
        self.connection.register("cases", rows.with_row_index("place"))
        names = ", ".join(ROW)
        self.connection.execute(
            f"""INSERT INTO records (number, {names})
                SELECT (SELECT count(*) FROM records) + place + 1, {names} FROM cases"""
        )
        self.connection.execute(
            "INSERT INTO links SELECT record, name, 'code', known_from, NULL FROM cases"
        )
        self.connection.unregister("cases")
        self.connection.execute(
            """INSERT INTO runs SELECT DISTINCT known_from, 'load', DATE '2000-01-01' FROM records
               WHERE known_from NOT IN (SELECT run FROM runs)"""
        )

    def __enter__(self) -> Casebook:
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()


COPIED = {
    "institutions": "id IN (SELECT unnest($1))",
    "links": "institution IN (SELECT unnest($1))",
    "records": "record IN (SELECT claim FROM links WHERE institution IN (SELECT unnest($1)))",
}


# The practitioners, and the institutions where they were, that may share records with the parties.
BOOK_PERSONS = """
CREATE OR REPLACE TEMP TABLE book_others AS
SELECT practitioner AS id FROM employment
WHERE practitioner IN (FROM book_parties) OR institution IN (FROM book_parties)
UNION
SELECT institution FROM employment WHERE practitioner IN (FROM book_parties)
"""

COPIED_PERSONS = {
    "institutions": "id IN (FROM book_others) AND id NOT IN (FROM book_parties)",
    "practitioners": "id IN (FROM book_others) OR id IN (FROM book_parties)",
    "employment": "practitioner IN (FROM book_others)",
    "links": "institution IN (FROM book_others) AND institution NOT IN (FROM book_parties)",
    "records": """record IN (SELECT claim FROM links WHERE institution IN (FROM book_others))
        AND record NOT IN (SELECT claim FROM links WHERE institution IN (FROM book_parties))""",
    "person_claims": """claim IN (SELECT claim FROM links
        WHERE institution IN (FROM book_others) OR institution IN (FROM book_parties))""",
}


def _find_branch_ids(release: ReadableRelease, institution: str) -> list[str]:
    """The institutions that name this one as their head office, under any name it ever had."""
    import polars

    names = release.frame("SELECT folded FROM institutions WHERE id = $1", (institution,))
    others = release.frame(
        "SELECT id, head_office FROM institutions WHERE head_office IS NOT NULL", ()
    )
    heads = others.select("id", folded=normalize_expression("head_office"))
    return (
        heads.filter(polars.col("folded").is_in(names["folded"].to_list()))["id"].unique().to_list()
    )


ROW = {
    "record": "String",
    "class": "String",
    "kinds": "String",
    "state": "String",
    "document": "String",
    "document_key": "String",
    "related": "String",
    "related_key": "String",
    "decided": "Date",
    "ends": "Date",
    "fine_fen": "Int64",
    "name": "String",
    "known_from": "Int32",
}


def _build_row(case: MadeUpRecord) -> tuple[object, ...]:
    return (
        case.id,
        case.record_class,
        " ".join(sorted(case.kinds)),
        case.state,
        case.document,
        normalize_name(case.document) if case.document else None,
        case.related,
        normalize_name(case.related) if case.related else None,
        case.decided,
        case.ends,
        case.fine,
        case.institution,
        case.night,
    )
