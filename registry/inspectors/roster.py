"""执法检查人员名录库: the inspectors with their kinds and district, on duty or on leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from double_random.core.translation import N_
from double_random.registry import reasons
from double_random.registry.institutions.districts import district_expression
from double_random.store.bitemporal import knowledge_condition
from double_random.store.tables import end_where

if TYPE_CHECKING:
    import duckdb
    import polars

    from double_random.registry.institutions.kinds import InstitutionKind
    from double_random.store.releases import Draft, Release

STATUSES = (N_("on duty"), N_("on leave"), N_("certificate expired"))
FIELDS = (
    "id", "name", "unit", "district", "lead", "kinds", "status", "certificate_to", "leave_from", "leave_to"
)  # fmt: skip


def load_roster(
    release: Release | Draft, known_at: int | None = None, day: date | None = None
) -> polars.DataFrame:
    """All inspectors: id name unit district lead (Boolean) kinds (codes, sorted, joined by a blank) status …; by id.

    `known_at`: as known at the run of that number; None: as known now. `day`: the status on that day, by leave and
    the certificate's validity; None: the status in the roster.
    """
    parameters: list[object] = [] if known_at is None else [known_at]
    status = "status"
    if day is not None:
        parameters.append(day)
        status = ON_A_DAY.format(day=f"CAST(${len(parameters)} AS DATE)")
    columns = ", ".join(status if name == "status" else name for name in FIELDS)
    return release.frame(
        f"SELECT {columns} FROM inspectors WHERE {knowledge_condition('$1', known_at)} ORDER BY id",
        parameters,
    )


ON_A_DAY = """
CASE WHEN certificate_to < {day} THEN 'certificate expired'
     WHEN leave_from <= {day} AND coalesce(leave_to, {day}) >= {day} THEN 'on leave'
     WHEN status = 'on leave' AND leave_from IS NULL AND coalesce(leave_to, {day}) >= {day} THEN 'on leave'
     ELSE 'on duty' END AS status
"""


def parse_roster(
    rows: polars.DataFrame, kinds: Sequence[InstitutionKind], districts: dict[str, str]
) -> polars.DataFrame:
    """Rows of intake with kinds as codes and the unit's district: FIELDS, then file, sheet, row.

    Of several rows of one id the first one counts. The order follows from their content, not from their position, so
    the order of files does not matter.
    """
    import polars

    words = polars.DataFrame(
        {"word": [k.speciality for k in kinds], "code": [k.code for k in kinds]},
        schema={"word": polars.String, "code": polars.String},
    )
    coded = (
        rows.with_row_index("place")
        .select("place", polars.col("kinds").alias("word"))
        .explode("word")
        .join(words, on="word")
        .group_by("place")
        .agg(polars.col("code").unique().sort().str.join(" ").alias("codes"))
    )
    return (
        rows.with_row_index("place")
        .join(coded, on="place", how="left")
        .with_columns(
            polars.col("codes").fill_null("").alias("kinds"),
            district_expression("unit", districts).alias("district"),
            polars.col("lead").fill_null(False),
            polars.col("status").fill_null("on duty"),
        )
        .select(*FIELDS, "file", "sheet", "row")
        .sort(*FIELDS, nulls_last=True)
    )


def find_unknown_specialities(
    rows: polars.DataFrame, kinds: Sequence[InstitutionKind]
) -> polars.DataFrame:
    """Noted issues: a speciality that no kind of institution has. file sheet row column value reason name severity."""
    import polars

    known_words = [kind.speciality for kind in kinds]
    return (
        rows.select("file", "sheet", "row", polars.col("kinds").alias("value"), "name")
        .explode("value")
        .filter(polars.col("value").is_not_null(), ~polars.col("value").is_in(known_words))
        .select(
            "file", "sheet", "row", polars.lit("kinds").alias("column"), "value",
            polars.lit(reasons.UNKNOWN_SPECIALITY).alias("reason"), "name",
            polars.lit("noted").alias("severity"),
        )
    )  # fmt: skip


def find_differing_rows(rows: polars.DataFrame) -> polars.DataFrame:
    """Noted issues: a further row of an inspector (of `parse_roster`) that differs from the one that counts."""
    import polars

    standing = rows.unique("id", keep="first", maintain_order=True)
    return (
        rows.join(standing.select(FIELDS), on=FIELDS, how="anti", nulls_equal=True)
        .select(
            "file", "sheet", "row", polars.lit("id").alias("column"), polars.col("id").alias("value"),
            polars.lit(reasons.TWO_ROWS).alias("reason"), "name",
            polars.lit("noted").alias("severity"),
        )
    )  # fmt: skip


def insert_inspectors(
    connection: duckdb.DuckDBPyConnection, rows: polars.DataFrame, run: int
) -> None:
    """Insert what is new about inspectors (rows of `parse_roster`); inspectors without a row stay unchanged."""
    standing = rows.unique("id", keep="first", maintain_order=True).select(FIELDS)
    connection.register("roster_read", standing.to_arrow())
    connection.execute(CHANGED)
    connection.unregister("roster_read")
    end_where(connection, "inspectors", "id IN (SELECT id FROM roster_changed)", run)
    connection.execute(
        "INSERT INTO added.inspectors SELECT *, $run, NULL FROM roster_changed ORDER BY id",
        {"run": run},
    )


CHANGED = f"""
CREATE OR REPLACE TEMP TABLE roster_changed AS
SELECT {", ".join(FIELDS)} FROM roster_read
EXCEPT
SELECT {", ".join(FIELDS)} FROM inspectors WHERE known_to IS NULL
"""
