"""The rows of a sheet: which lines are rows, the values of their cells, and which are quarantined. Columns, never
rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from double_random.intake import column_reader as columns
from double_random.intake import footers, money, ragged, reasons, record_types, text_columns
from double_random.intake.column_reader import IDENTIFIERS, ColumnCells
from double_random.intake.error_cells import UNCOMPUTED
from double_random.intake.issues import Origin
from double_random.intake.layouts import DerivedColumn, Layout
from double_random.intake.parsed_column import ParsedColumn
from double_random.intake.sheet import column_letters

if TYPE_CHECKING:
    import polars as pl

    from double_random.intake.header import Header
    from double_random.intake.sheet import Sheet

NAMES = ("person", "name")  # the columns that name whom a row is about
SHORTEST = 15  # characters of a registration number; credit codes have 18, licence numbers 17


@dataclass(kw_only=True)
class SheetRows:
    """The result for a sheet's rows: the accepted ones as the noun's table, the number of all and of the bad.

    `aside`: the quarantined ones, with the noun's columns as far as they could be read, `faulty` (the unreadable
    ones, a list), `raw` (their content, a list) and `beyond` (whether its cells do not match the header).
    """

    noun: str
    accepted: pl.DataFrame
    rows: int
    quarantined: int
    aside: pl.DataFrame
    issues: list[pl.DataFrame] = field(default_factory=list)


def read_rows(sheet: Sheet, header: Header, origin: Origin, as_of: date) -> SheetRows:
    """Every row after the header, typed by the header's layout. Columns are read in parallel."""
    import polars as pl

    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        lines = _select_lines(sheet.body(header.row, len(header.cells)), header, pool)
        return _type_rows(lines, header, origin, as_of, pool)


@dataclass(kw_only=True)
class _DataLines:
    """The rows that are left once blank, totals, help and repeated header lines are taken out."""

    row: pl.Series
    beyond: pl.Series
    cells: dict[int, ColumnCells]  # of the columns that the layout reads
    numbers: dict[int, pl.Series]  # which cells were numbers
    covered: dict[int, pl.Series]  # which cells are covered by a cell to their left
    unnamed: list[str]  # letters of columns that have values under no header
    passed: list[tuple[int, str]] = field(
        default_factory=list
    )  # lines passed over: row, first cell
    units: tuple[str, ...] = ()  # of money, that a note below the table names
    missing: pl.Series | None = None  # of a text: how many cells a row lacks
    left_out: pl.Series | None = None  # rows written without their empty cells at the end


def _find_non_rows(
    body: pl.DataFrame, cells: list[ColumnCells], header: Header
) -> tuple[pl.Series, pl.Series, pl.Series, pl.Series]:
    """Which lines are not rows: all of them, those of help, skipped footers; and each line's first text."""
    import polars as pl

    count = pl.Series([0], dtype=pl.Int32).new_from_index(0, body.height)
    for each in cells:
        count += each.text.is_not_null().cast(pl.Int32)
    first = cells[0].text
    for each in cells[1:]:
        if not first.null_count():
            break
        first = pl.select(pl.coalesce(pl.lit(first), pl.lit(each.text))).to_series()
    layout = header.layout
    totals = first.str.contains(
        _any_word_pattern(layout.totals) + r"\s*[:：]?\s*[0-9]*\s*\p{Han}?$"
    )
    totals = totals.fill_null(False)
    if totals.any():
        totals = totals & ~_has_identifier(cells, header)
    helping = first.str.contains(_any_word_pattern(layout.help) + r"\s*(?:[:：](?s:.)*)?$") & (
        (count == 1) | first.is_in(layout.help)
    )
    line = (count == 0) & ~body["beyond"] | totals | helping.fill_null(False)
    passed = pl.Series([False]).new_from_index(0, line.len())
    if layout.footers:
        passed = footers.find_footers(first, count, layout.footers) & ~line & ~body["beyond"]
        line = line | passed
    line = line | _find_repeated_headers(cells, header)
    return line, helping.fill_null(False), passed, first


def _has_identifier(cells: list[ColumnCells], header: Header) -> pl.Series:
    """Which lines have a text as long as a code or licence number in such a column: a total never has."""
    import polars as pl

    has_long_text = pl.Series([False]).new_from_index(0, cells[0].text.len())
    for index, column in header.columns:
        if column.form in IDENTIFIERS:
            has_long_text = has_long_text | (
                cells[index].text.str.len_chars() >= SHORTEST
            ).fill_null(False)
    return has_long_text


def _select_lines(body: pl.DataFrame, header: Header, pool: ThreadPoolExecutor) -> _DataLines:
    """Columns that the layout ignores or does not know are only checked for blank cells, and dropped."""
    import polars as pl

    read_indexes = {index for index, _ in header.columns}
    indexes = range(len(header.cells))
    texts = [body.drop_in_place(f"c{index}") for index in indexes]
    cells = list(pool.map(columns.strip_cells, texts, (index in read_indexes for index in indexes)))
    del texts
    line, helping, passed, first = _find_non_rows(body, cells, header)
    numbers = {index: body[f"n{index}"] for index in read_indexes if f"n{index}" in body.columns}
    covered = {index: body[f"m{index}"] for index in read_indexes if f"m{index}" in body.columns}
    unnamed = [
        column_letters(index)
        for index, cell in enumerate(header.cells)
        if not cell and cells[index].text.null_count() < body.height
    ]
    own = {index: cells[index] for index in sorted(read_indexes)}
    for index, column in header.columns:
        if column.form == "money" and f"s{index}" in body.columns:
            seen = pl.select(pl.coalesce(pl.lit(body[f"s{index}"]), pl.lit(own[index].text)))
            own[index] = ColumnCells(seen.to_series(), own[index].odd)
    beyond, missing, left_out = _check_cell_counts(body, cells, line, header)
    if not line.any():
        return _DataLines(
            row=body["row"],
            beyond=beyond,
            cells=own,
            numbers=numbers,
            covered=covered,
            unnamed=unnamed,
            missing=missing,
            left_out=left_out,
        )
    stays = ~line
    notes = first.filter(helping).drop_nulls().unique(maintain_order=True)
    return _DataLines(
        row=body["row"].filter(stays),
        beyond=beyond.filter(stays),
        cells={
            index: ColumnCells(each.text.filter(stays), each.odd) for index, each in own.items()
        },
        numbers={index: each.filter(stays) for index, each in numbers.items()},
        covered={index: each.filter(stays) for index, each in covered.items()},
        unnamed=unnamed,
        passed=[
            (int(row), str(text))
            for row, text in zip(body["row"].filter(passed), first.filter(passed), strict=True)
        ],
        units=tuple(dict.fromkeys(unit for note in notes for unit in money.line_units([note]))),
        missing=None if missing is None else missing.filter(stays),
        left_out=None if left_out is None else left_out.filter(stays),
    )


def _check_cell_counts(
    body: pl.DataFrame, cells: Sequence[ColumnCells], line: pl.Series, header: Header
) -> tuple[pl.Series, pl.Series | None, pl.Series | None]:
    """Which rows have more cells than the header, how many cells each lacks, and which were written without them."""
    import polars as pl

    beyond = body["beyond"]
    if "cells" not in body.columns:
        return beyond, None, None
    width, counts = ragged.header_width(header), body["cells"]
    beyond = beyond | ragged.mark_too_long(
        counts.zip_with(~line, counts.clear(counts.len())), width
    )
    missing = (width - counts).clip(0)
    if not (missing.filter(~line) > 0).any():
        return beyond.fill_null(False), None, None
    ends_empty = pl.Series([False]).new_from_index(0, counts.len())
    for index, each in enumerate(cells):
        ends_empty = ends_empty | (counts == index + 1) & each.text.is_null()
    left_out = ragged.mark_left_out(body["row"], counts, ends_empty & ~line, header.row)
    return beyond.fill_null(False), missing, left_out


def _visible_units(header: Header, index: int, noted: tuple[str, ...]) -> tuple[str, ...]:
    """The visible units of money for a column: in its heading, above the table, in a note below it."""
    seen = (*money.heading_units(header.cells[index]), *header.units, *noted)
    return tuple(dict.fromkeys(seen))


def _find_repeated_headers(cells: Sequence[ColumnCells], header: Header) -> pl.Series:
    """Rows that repeat the header: sheets are printed page by page."""
    import polars as pl

    repeated = pl.Series([False]).new_from_index(0, cells[0].text.len())
    for heading in header.lines:
        again = ~pl.Series([False]).new_from_index(0, repeated.len())
        for index, _column in header.columns:
            again = again & cells[index].text.eq_missing(heading[index] or None)
            if not again.any():
                break
        repeated = repeated | again
    return repeated


class _RowFaults:
    """The faults in the rows of a sheet: which are quarantined, the cells at fault, and the issues."""

    def __init__(self, origin: Origin, header: Header, place: pl.DataFrame, bad: pl.Series) -> None:
        self.origin, self.header, self.place, self.bad = origin, header, place, bad
        self.issues: list[pl.DataFrame] = []
        self.faults: list[pl.DataFrame] = []

    def add_sheet_issues(self, lines: _DataLines) -> None:
        """Unknown headings, and lines that are not rows."""
        unknown = [*(self.header.cells[at] for at in self.header.unknown), *lines.unnamed]
        self.issues += [
            self.origin.issue(self.header.row + 1, name, "", reasons.UNKNOWN_COLUMN)
            for name in unknown
        ]
        if lines.passed:
            passed_text = " · ".join(dict.fromkeys(text for _row, text in lines.passed))
            self.issues.append(
                self.origin.issue(lines.passed[0][0], "", passed_text, reasons.PASSED_OVER)
            )

    def add_cell_issues(self, to: str, text: pl.Series, reason: pl.Series, severity: str) -> None:
        """Cells of one meaning, each with its reason or none."""
        import polars as pl

        marked = reason.is_not_null()
        if not marked.any():
            return
        seen = text.str.strip_prefix(UNCOMPUTED)  # its address is left
        faulty = self.place.with_columns(value=seen, reason=reason).filter(marked)
        if severity == "quarantined":
            self.bad = self.bad | marked
            self.faults.append(faulty.select("row", pl.lit(to).alias("faulty"), raw="value"))
        self.issues.append(self.origin.issues(faulty, _join_headings(self.header, [to]), severity))

    def add_lacking(self, marked: pl.Series, reason: str, heading: str, *meanings: str) -> None:
        """Rows that are quarantined for missing cells of these meanings."""
        import polars as pl

        if not marked.any():
            return
        faulty = self.place.filter(marked).with_columns(value=pl.lit(""), reason=pl.lit(reason))
        self.issues.append(self.origin.issues(faulty, heading, "quarantined"))
        self.faults += [
            faulty.select("row", pl.lit(to).alias("faulty"), raw="value") for to in meanings
        ]
        self.bad = self.bad | marked


def _type_rows(
    lines: _DataLines, header: Header, origin: Origin, as_of: date, pool: ThreadPoolExecutor
) -> SheetRows:
    import polars as pl

    layout = header.layout
    texts = dict(lines.cells)
    cells = {
        to: columns.join_cells([lines.cells.pop(index) for index in at], layout)
        if len(at) > 1
        else lines.cells.pop(at[0])
        for to, at in header.meanings.items()
    }
    named = [text_columns.name_column(cells[to].text).value for to in NAMES if to in cells]
    name = pl.select(pl.coalesce(map(pl.lit, named))).to_series() if named else None
    positions = pl.DataFrame({"row": lines.row}).with_columns(name=pl.lit(name, pl.String))
    judged = _RowFaults(origin, header, positions, lines.beyond)
    judged.add_sheet_issues(lines)
    judged.add_lacking(lines.beyond, reasons.MORE_CELLS, "")
    typed, empty, lenient = _read_columns(lines, header, cells, as_of, pool, judged)
    _check_groups(layout, empty, judged)
    moved = _check_width(
        lines, texts, typed, empty=empty, lenient=lenient, as_of=as_of, judged=judged
    )
    cells.clear()
    texts.clear()
    for derived in layout.derived:
        if derived.to not in typed and derived.source in typed:
            typed[derived.to] = _derive_column(typed[derived.source], derived, pool)
    table = _build_table(layout, typed, lines.row, origin)
    for to in layout.needed:  # columns that the layout does not require itself, or that it derives
        if table[to].null_count():
            lacking = table[to].is_null() & ~judged.bad
            if (other := record_types.INSTEAD.get(to)) in table.columns:
                lacking = lacking & table[str(other)].is_null()
            heading = _join_headings(header, [to]) or to
            judged.add_lacking(lacking, reasons.CELL_MISSING, heading, to)
    bad = judged.bad
    beyond = (lines.beyond | moved).filter(bad).alias("beyond")
    aside = _collect_quarantined(table.filter(bad), judged.faults, layout).with_columns(beyond)
    quarantined = int(bad.sum())
    return SheetRows(
        noun=layout.noun,
        accepted=table.filter(~bad) if quarantined else table,
        rows=lines.row.len(),
        quarantined=quarantined,
        aside=aside,
        issues=judged.issues,
    )


def _read_columns(
    lines: _DataLines,
    header: Header,
    cells: dict[str, ColumnCells],
    as_of: date,
    pool: ThreadPoolExecutor,
    judged: _RowFaults,
) -> tuple[dict[str, pl.Series], dict[str, pl.Series], pl.Series]:
    """Each column's values; for columns of which one must be filled, the empty cells; rows that lost a bad value.

    A faulty cell is not empty.
    """
    import polars as pl

    layout, indexes = header.layout, header.meanings
    meanings = {column.to: column for _, column in header.columns}
    results = pool.map(
        lambda to: columns.read_column(
            cells[to],
            meanings[to],
            layout,
            as_of,
            lines.numbers.get(indexes[to][0]),
            _visible_units(header, indexes[to][0], lines.units),
        ),
        meanings,
    )
    typed: dict[str, pl.Series] = {}
    empty: dict[str, pl.Series] = {}
    lenient = pl.Series([False]).new_from_index(0, lines.row.len())
    of_groups = {to for group in layout.one_of for to in group}
    for to, read_ in zip(meanings, results, strict=True):
        typed[to] = read_.value
        if to in of_groups:
            empty[to] = read_.value.is_null() & read_.fault.is_null()
        if meanings[to].lenient and lines.missing is not None:
            lenient = lenient | read_.value.is_null() & read_.note.is_not_null()
        if any(at in lines.covered for at in indexes[to]):
            read_ = _mark_covered(read_, lines.covered, indexes[to])
        judged.add_cell_issues(to, cells[to].text, read_.fault, "quarantined")
        judged.add_cell_issues(to, cells[to].text, read_.note, "noted")
    return typed, empty, lenient


def _check_groups(layout: Layout, empty: dict[str, pl.Series], judged: _RowFaults) -> None:
    """Check that of some columns at least one is filled."""
    import polars as pl

    for group in layout.one_of:
        if any(to in dict(layout.constants) for to in group):
            continue
        none = ~pl.Series([False]).new_from_index(0, judged.place.height)
        for to in group:
            none = none & empty[to] if to in empty else none
        judged.add_lacking(
            none, reasons.ONE_OF_MISSING, _join_headings(judged.header, group), *group
        )


def _check_width(
    lines: _DataLines,
    texts: dict[int, ColumnCells],
    typed: dict[str, pl.Series],
    empty: dict[str, pl.Series],
    lenient: pl.Series,
    as_of: date,
    judged: _RowFaults,
) -> pl.Series:
    """Rows with fewer cells than the header: shifted ones (quarantined); without any evidence, a note."""
    import polars as pl

    nobody = pl.Series([False]).new_from_index(0, lines.row.len())
    if lines.missing is None or lines.left_out is None:
        return nobody
    header, short = judged.header, lines.missing > 0
    empty |= {to: value.is_null() for to, value in typed.items()}
    moved = short & lenient | ragged.mark_shifted(
        header, lines.missing, lines.left_out, texts, empty, as_of
    )
    moved = moved | short & judged.bad & ~lines.left_out
    moved = moved | ragged.mark_torn(
        lines.row, lines.missing, judged.bad, ragged.header_width(header)
    )
    guessed = short & ~moved & ~judged.bad & ~lines.left_out
    lacks = judged.place.with_columns(value=pl.lit(""), lacks=lines.missing)
    for which, why, severity in (
        (moved, reasons.FEWER_CELLS, "quarantined"),
        (guessed, reasons.SHORT_ROW, "noted"),
    ):
        marked = lacks.filter(which).with_columns(reason=pl.lit(why))
        for (count,), some in marked.group_by("lacks", maintain_order=True):
            heading = header.cells[ragged.header_width(header) - int(str(count))]
            judged.issues.append(judged.origin.issues(some, heading, severity))
    judged.bad = judged.bad | moved
    return moved


def _mark_covered(
    read_: ParsedColumn, covered: dict[int, pl.Series], indexes: list[int]
) -> ParsedColumn:
    """A column's cells that are empty because a merged cell covers them: the fault, or a note."""
    import polars as pl

    mask = read_.value.is_null()
    for index in indexes:
        if index in covered:
            mask = mask & covered[index]
    missing = read_.fault.is_in([reasons.NAME_MISSING, reasons.CELL_MISSING]).fill_null(False)
    reason = pl.Series([reasons.COVERED]).new_from_index(0, mask.len())
    return ParsedColumn(
        read_.value,
        reason.zip_with(mask & missing, read_.fault),
        reason.zip_with(mask & read_.fault.is_null(), read_.note),
    )


def _collect_quarantined(
    rows: pl.DataFrame, faults: list[pl.DataFrame], layout: Layout
) -> pl.DataFrame:
    """Quarantined rows with their faulty columns; a value derived from a faulty column is faulty too."""
    import polars as pl

    text = pl.String()
    schema = pl.Schema({"row": pl.Int64(), "faulty": text, "raw": text})
    faulty_cells = pl.concat(
        [pl.DataFrame(schema=schema), *(frame.match_to_schema(schema) for frame in faults)]
    )
    for derived in layout.derived:
        again = faulty_cells.filter(pl.col("faulty") == derived.source)
        faulty_cells = pl.concat(
            [
                faulty_cells,
                again.with_columns(pl.lit(derived.to).alias("faulty"), pl.lit("").alias("raw")),
            ]
        )
    together = (
        faulty_cells.with_columns(pl.col("raw").fill_null(""))
        .unique(["row", "faulty"], keep="first", maintain_order=True)
        .sort("row", "faulty")
        .group_by("row", maintain_order=True)
        .agg("faulty", "raw")
    )
    none = pl.lit([], pl.List(text))
    return rows.join(together, on="row", how="left", maintain_order="left").with_columns(
        pl.col("faulty", "raw").fill_null(none)
    )


def _derive_column(
    source: pl.Series, derived: DerivedColumn, pool: ThreadPoolExecutor
) -> pl.Series:
    """Extract a derived column; a pattern over a long column is slow, so its parts are searched in parallel."""
    import polars as pl

    size = max(1, -(-source.len() // pl.thread_pool_size()))
    parts = [source.slice(start, size) for start in range(0, max(1, source.len()), size)]

    def search_part(part: pl.Series) -> pl.Series:
        return part.str.extract(derived.pattern, 1)

    return pl.concat(list(pool.map(search_part, parts)))


def _join_headings(header: Header, meanings: Iterable[str]) -> str:
    """The headers of these meanings as the file spells them."""
    return " / ".join(
        header.cells[index] for index, column in header.columns if column.to in meanings
    )


def _any_word_pattern(words_: Iterable[str]) -> str:
    """A pattern for one of the words at the start, blanks within it allowed (合 计)."""
    return "^(?:" + "|".join(r"\s*".join(map(re.escape, word)) for word in words_) + ")"


def _build_table(
    layout: Layout, typed: dict[str, pl.Series], row: pl.Series, origin: Origin
) -> pl.DataFrame:
    """The noun's table: typed columns, defaults for columns that the sheet lacks, the position."""
    import polars as pl

    schema = record_types.table_schema(layout.noun)
    defaults = {column.to: column for column in layout.columns if column.default is not None}
    constants = dict(layout.constants)
    columns: list[pl.Expr] = []
    for name, kind in schema.items():
        value: object = None
        if name in typed:
            value = typed[name]
        elif name in constants:
            constant = constants[name]
            value = list(constant) if isinstance(constant, tuple) else constant
        elif name in defaults:
            default = defaults[name].default
            value = default == "yes" if defaults[name].form == "flag" else default
        elif name == "row":
            value = row
        elif name in ("file", "sheet"):
            value = getattr(origin, name)
        columns.append(pl.lit(value).cast(kind).alias(name))
    return pl.DataFrame({"row": row}).with_columns(columns).select(list(schema))
