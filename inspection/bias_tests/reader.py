"""Reads a history from files: 历史抽查名单 (whole lists, docs/guides/lint.md), else 历次检查 (visits alone)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import _, join_clauses, join_label
from double_random.inspection.bias_tests.history import ListRow, RoundHistory
from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import FileReading
from double_random.intake.layouts import load_layouts, load_shipped_layouts
from double_random.intake.reasons import translate_reason

if TYPE_CHECKING:
    import polars

    from double_random.store.home import Home

NOUNS = ("past_draws", "inspections")
RANDOM = ("random", "")  # classes of visits that were drawn, or may have been


@dataclass(frozen=True)
class HistoryReading:
    """A history, the files it was read from, and how many visits were not random."""

    history: RoundHistory
    readings: tuple[FileReading, ...]
    left_out: int


def read_history(sources: Sequence[Path], home: Home | None = None) -> HistoryReading:
    """Read the history in files or folders; with a home, by the bureau's own layouts.

    If there are whole lists, visits are ignored. Misuse if there are neither; DoubleRandomError if a file is refused,
    since an incomplete history would give a wrong verdict.
    """
    available = (
        load_layouts(home.facts("layouts"), home.fact_file) if home else load_shipped_layouts()
    )
    accepted = [layout for layout in available if layout.noun in NOUNS]
    readings = tuple(read_drop(sources, date.max, accepted))
    refused = [
        join_label(reading.file, translate_reason(reading.reason))
        for reading in readings
        if reading.result == "refused"
    ]
    if refused and len(refused) < len(readings):
        raise DoubleRandomError(
            _("files that could not be read: {files}").format(files=join_clauses(refused)),
            _("half a history would give half a verdict: mend or remove them"),
        )
    lists = [reading.tables["past_draws"] for reading in readings if "past_draws" in reading.tables]
    if lists:
        return HistoryReading(_read_lists(lists), readings, 0)
    visits = [
        reading.tables["inspections"] for reading in readings if "inspections" in reading.tables
    ]
    if not visits:
        reasons = [
            join_label(reading.file, translate_reason(reading.reason))
            for reading in readings
            if reading.result != "read"
        ] or [_("there is no file")]
        raise Misuse(
            _("no history was found: {why}").format(why=join_clauses(reasons[:5])),
            _(
                "expected a sheet with the columns 轮次 and 是否抽中, or 历次检查; see docs/guides/lint.md"
            ),
        )
    return _read_visits(visits, readings)


def _read_lists(tables: Sequence[polars.DataFrame]) -> RoundHistory:
    """Build the history of whole lists, ordered by position if it is given, else in file order."""
    import polars

    table = polars.concat(tables)
    if not table.height:
        raise Misuse(_("the history has no row that could be read"), _("see its issues"))
    table = table.sort("position", nulls_last=True, maintain_order=True)
    rounds = {name: index for index, name in enumerate(_round_names(tables))}
    rows = [
        ListRow(
            round=record["round"],
            institution=record["institution"] or record["name"],
            drawn=bool(record["drawn"]),
            team=tuple(record["inspectors"] or ()),
            office=record["office"] or "",
            kind=record["kind"] or "",
            group=record["group"] or "",
        )
        for record in table.iter_rows(named=True)
    ]
    rows.sort(key=lambda row: rounds[row.round])
    return RoundHistory.from_rows(rows)


def _round_names(tables: Sequence[polars.DataFrame]) -> list[str]:
    names = [name for table in tables for name in table["round"].to_list()]
    return list(dict.fromkeys(names))


def _read_visits(
    tables: Sequence[polars.DataFrame], readings: tuple[FileReading, ...]
) -> HistoryReading:
    """Build the history of visits, random or without class; a round is a task or, without number, a year and item."""
    import polars

    table = polars.concat(tables)
    random = table.filter(polars.col("class").fill_null("").is_in(RANDOM))
    if not random.height:
        raise Misuse(_("the sheet has no visit that came from a random draw"))
    rows = [
        ListRow(
            round=record["task"]
            or f"{record['year'] or record['date'].year} {record['item'] or ''}".rstrip(),
            institution=record["uscc"] or record["name"],
            drawn=True,
            team=tuple(record["inspectors"] or ()),
            office=record["authority"] or "",
        )
        for record in random.sort("date", maintain_order=True).iter_rows(named=True)
    ]
    return HistoryReading(
        RoundHistory.from_rows(rows, ordered=False), readings, table.height - random.height
    )
