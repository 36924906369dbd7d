"""Issues: faults and remarks, with file, sheet, row, column and value, as published data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from double_random.intake import reasons
from double_random.intake.credit_codes import fold_code
from double_random.intake.error_cells import UNCOMPUTED
from double_random.intake.file_reading import issue_schema

if TYPE_CHECKING:
    import polars as pl

SHOWN = 200  # characters of a faulty value
_ID = r"([0-9]{6})(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"
_PHONE = r"(^|[^0-9])(1[3-9][0-9])[0-9]{8}([^0-9]|$)"


@dataclass(frozen=True)
class Origin:
    """The origin of rows: a file and a sheet of it."""

    file: str
    sheet: str

    def issue(self, row: int | None, column: str, value: str, reason: str) -> pl.DataFrame:
        """One remark on a column or a sheet as a whole."""
        import polars as pl

        column, value = (text.replace(UNCOMPUTED, "") for text in (column, value))
        entry = (self.file, self.sheet, row, column, value[:SHOWN], reason, "", "noted")
        schema = issue_schema()
        del schema["sha256"]
        frame = pl.DataFrame([entry], schema=schema, orient="row")
        return frame.with_columns(mask_value(pl.col("value")))

    def issues(self, faults: pl.DataFrame, column: str, severity: str) -> pl.DataFrame:
        """Issues of one column, from a frame of row, value, reason, name."""
        import polars as pl

        return faults.select(
            pl.lit(self.file).alias("file"),
            pl.lit(self.sheet).alias("sheet"),
            pl.col("row").cast(pl.Int64),
            pl.lit(column.replace(UNCOMPUTED, "")).alias("column"),
            pl.when(pl.col("reason") == reasons.PERSONAL_NUMBER)
            .then(_mask_personal_number(pl.col("value")))
            .otherwise(mask_value(pl.col("value")))
            .fill_null("")
            .alias("value"),
            pl.col("reason"),
            pl.when(~pl.col("name").str.starts_with(UNCOMPUTED))
            .then(mask_value(pl.col("name")))
            .fill_null("")
            .alias("name"),
            pl.lit(severity).alias("severity"),
        )


def mask_value(value: pl.Expr) -> pl.Expr:
    """A faulty value for display: shortened, ID and mobile numbers masked (people type them into any column)."""
    short = value.str.slice(0, SHOWN)
    return short.str.replace_all(_ID, "${1}************").str.replace_all(
        _PHONE, "${1}${2}********${3}"
    )


def _mask_personal_number(value: pl.Expr) -> pl.Expr:
    """Only the first six digits of a personal number, in any spelling."""
    return fold_code(value).str.extract("([0-9]{6})") + "************"


def combine_issues(frames: list[pl.DataFrame], sha256: str) -> pl.DataFrame:
    """All issues of a file in order of position, with the hash of the delivered file; may be empty."""
    import polars as pl

    schema = issue_schema()
    empty = pl.DataFrame(schema=schema).drop("sha256")
    issues = pl.concat([empty, *frames]).with_columns(sha256=pl.lit(sha256))
    return issues.select(list(schema)).sort(
        "sheet", "row", "severity", descending=[False, False, True], maintain_order=True
    )
