"""How last days are shown whose year has no holiday notice yet: about when, and which file is missing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from double_random.commands.render.terminal import say

if TYPE_CHECKING:
    import polars


def dated(rows: polars.DataFrame, column: str) -> polars.DataFrame:
    """The column of days as text for people; a day that `waits_for` a notice says so."""
    import polars

    from double_random.core.working_days import LastDay

    texts = [
        str(LastDay(day, year or 0)) if day else ""
        for day, year in zip(rows[column], rows["waits_for"], strict=True)
    ]
    return rows.with_columns(polars.Series(column, texts, dtype=polars.String))


def say_missing(years: Iterable[int]) -> None:
    """Name each missing notice once, and where it belongs."""
    from double_random.core.working_days import missing_notice

    for year in sorted(set(years)):
        say(": ".join(missing_notice(year)))
