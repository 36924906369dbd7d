"""Shows last days whose year has no holiday notice yet as estimates, and names the missing file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from double_random.commands.render.terminal import print_message

if TYPE_CHECKING:
    import polars


def days_as_text(rows: polars.DataFrame, column: str) -> polars.DataFrame:
    """Convert a column of days to text; a day that `waits_for` a notice is marked as an estimate."""
    import polars

    from double_random.core.working_days import LastDay

    texts = [
        str(LastDay(day, year or 0)) if day else ""
        for day, year in zip(rows[column], rows["waits_for"], strict=True)
    ]
    return rows.with_columns(polars.Series(column, texts, dtype=polars.String))


def print_missing_notices(years: Iterable[int]) -> None:
    """Print each missing notice once, with its place."""
    from double_random.core.working_days import describe_missing_notice

    for year in sorted(set(years)):
        print_message(": ".join(describe_missing_notice(year)))
