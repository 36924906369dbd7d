"""Quarantined rows that are repeated in a drop: from the second on they are duplicates, as with accepted rows.

Equal rows have the same typed content and the same faulty cells. Cells beyond the header are not kept, so a row with
a cell too many equals another one only at the same position of its sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from double_random.intake import record_types
from double_random.intake.file_reading import FileReading

if TYPE_CHECKING:
    import polars as pl


def count_repeats_once(readings: Sequence[FileReading]) -> list[FileReading]:
    """The readings of a drop, each quarantined row counted and listed once: at its first position in order of file
    and row. `aside` keeps all positions.
    """
    import polars as pl

    copies: dict[int, list[pl.DataFrame]] = {}
    for noun, columns in record_types.NOUNS.items():
        rows = [
            reading.aside[noun].with_columns(pl.lit(number).alias("reading"))
            for number, reading in enumerate(readings)
            if noun in reading.aside and reading.aside[noun].height
        ]
        if not rows:
            continue
        all_rows = pl.concat(rows)
        position = pl.when("beyond").then(pl.struct(pl.col("sheet").fill_null(""), "row"))
        content = all_rows.select(
            pl.struct(*columns, "faulty", "raw", position.alias("place"))
        ).to_series()
        again = all_rows.filter(~content.is_first_distinct()).select("reading", "sheet", "row")
        for (number,), part in again.group_by("reading"):
            assert isinstance(number, int)
            copies.setdefault(number, []).append(part)
    return [
        _remove_copies(reading, pl.concat(copies[number])) if number in copies else reading
        for number, reading in enumerate(readings)
    ]


def _remove_copies(reading: FileReading, copies: pl.DataFrame) -> FileReading:
    """A reading in which these rows (sheet, row) are duplicates."""
    import polars as pl

    faults = reading.issues.with_columns(pl.col("severity").eq("quarantined").alias("fault"))
    marked = copies.select("sheet", "row", pl.lit(True).alias("fault"))
    left = faults.join(
        marked, on=["sheet", "row", "fault"], how="anti", nulls_equal=True, maintain_order="left"
    )
    return replace(
        reading,
        duplicates=reading.duplicates + copies.height,
        quarantined=reading.quarantined - copies.height,
        issues=left.drop("fault"),
    )
