"""Reads a history from files: 历史抽查名单 (whole lists, docs/guides/lint.md), else 历次检查 (visits alone)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import _, clauses, told_of
from double_random.inspection.bias_tests.history import History, Row
from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import Reading
from double_random.intake.layouts import layouts, shipped
from double_random.intake.reasons import in_words

if TYPE_CHECKING:
    import polars

    from double_random.store.home import Home

NOUNS = ("past_draws", "inspections")
RANDOM = ("random", "")  # classes of visits that were drawn, or may have been


@dataclass(frozen=True)
class Read:
    """A history, the files it was read from, and how many visits were not random."""

    history: History
    readings: tuple[Reading, ...]
    left_out: int


def read(sources: Sequence[Path], home: Home | None = None) -> Read:
    """Read the history in files or folders; with a home, by the bureau's own layouts.

    If there are whole lists, visits are ignored. Misuse if there are neither; DoubleRandomError if a file is refused,
    since an incomplete history would give a wrong verdict.
    """
    known = layouts(home.facts("layouts"), home.fact) if home else shipped()
    wanted = [layout for layout in known if layout.noun in NOUNS]
    readings = tuple(read_drop(sources, date.max, wanted))
    refused = [
        told_of(one.file, in_words(one.reason)) for one in readings if one.result == "refused"
    ]
    if refused and len(refused) < len(readings):
        raise DoubleRandomError(
            _("files that could not be read: {files}").format(files=clauses(refused)),
            _("half a history would give half a verdict: mend or remove them"),
        )
    lists = [one.tables["past_draws"] for one in readings if "past_draws" in one.tables]
    if lists:
        return Read(_lists(lists), readings, 0)
    visits = [one.tables["inspections"] for one in readings if "inspections" in one.tables]
    if not visits:
        reasons = [
            told_of(one.file, in_words(one.reason)) for one in readings if one.result != "read"
        ] or [_("there is no file")]
        raise Misuse(
            _("no history was found: {why}").format(why=clauses(reasons[:5])),
            _(
                "expected a sheet with the columns 轮次 and 是否抽中, or 历次检查; see docs/guides/lint.md"
            ),
        )
    return _visits(visits, readings)


def _lists(tables: Sequence[polars.DataFrame]) -> History:
    """Build the history of whole lists, ordered by position if it is given, else in file order."""
    import polars

    table = polars.concat(tables)
    if not table.height:
        raise Misuse(_("the history has no row that could be read"), _("see its issues"))
    table = table.sort("position", nulls_last=True, maintain_order=True)
    rounds = {name: place for place, name in enumerate(_rounds(tables))}
    rows = [
        Row(
            round=one["round"],
            institution=one["institution"] or one["name"],
            drawn=bool(one["drawn"]),
            team=tuple(one["inspectors"] or ()),
            office=one["office"] or "",
            kind=one["kind"] or "",
            group=one["group"] or "",
        )
        for one in table.iter_rows(named=True)
    ]
    rows.sort(key=lambda row: rounds[row.round])
    return History.of(rows)


def _rounds(tables: Sequence[polars.DataFrame]) -> list[str]:
    names = [name for table in tables for name in table["round"].to_list()]
    return list(dict.fromkeys(names))


def _visits(tables: Sequence[polars.DataFrame], readings: tuple[Reading, ...]) -> Read:
    """Build the history of visits, random or without class; a round is a task or, without number, a year and item."""
    import polars

    table = polars.concat(tables)
    random = table.filter(polars.col("class").fill_null("").is_in(RANDOM))
    if not random.height:
        raise Misuse(_("the sheet has no visit that came from a random draw"))
    rows = [
        Row(
            round=one["task"] or f"{one['year'] or one['date'].year} {one['item'] or ''}".rstrip(),
            institution=one["uscc"] or one["name"],
            drawn=True,
            team=tuple(one["inspectors"] or ()),
            office=one["authority"] or "",
        )
        for one in random.sort("date", maintain_order=True).iter_rows(named=True)
    ]
    return Read(History.of(rows, ordered=False), readings, table.height - random.height)
