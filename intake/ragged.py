"""Rows of a text with another number of cells than the header: an extra separator or a lost cell shifts the
following.

Some programs omit the empty cells at the end of a row: all of them, in every row; or, as Excel does, in blocks of
sixteen rows, as far as all rows of the block end in them. Such a row is read as it is. Any other short row is judged
by the forms of its columns: if a value is as many cells to the left of its column as cells are missing, the row is
quarantined; without any evidence it is accepted with a note.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from double_random.intake import column_reader
from double_random.intake.column_reader import AS_WRITTEN, ColumnCells
from double_random.intake.layouts import LayoutColumn

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from double_random.intake.header import Header

BLOCK = 16  # rows in which Excel writes as many columns as the longest one fills
FREE = (*AS_WRITTEN, "words")  # forms that take any text
NUMBERS = ("number", "money", "year")  # forms that any text may have: a hotline
_CODE = "^[0-9A-Za-z]{18}$"
_PERSONAL = r"^(?:[0-9]{15}|[0-9A-Z]{17}[0-9Xx]|1[0-9]{10})$"


def header_width(header: Header) -> int:
    """How many cells the header has, up to its last heading."""
    return max((index + 1 for index, cell in enumerate(header.cells) if cell), default=0)


def mark_too_long(cells: pl.Series, width: int) -> pl.Series:
    """Rows with more cells than the header, unless all have as many."""
    least = cells.min()
    return cells > max(width, least if isinstance(least, int) else width)


def mark_left_out(
    rows: pl.Series, cells: pl.Series, ends_empty: pl.Series, header: int
) -> pl.Series:
    """The rows whose empty cells at the end were omitted by the program that wrote them.

    `ends_empty`: which rows end in an empty cell; `header`: the index of the header's last row.
    """
    import polars as pl

    if not ends_empty.any():
        return ~ends_empty
    block = (pl.col("row") - 1) // BLOCK
    alike = (pl.col("cells").n_unique() == 1) & ~pl.col("empty").all() & (pl.len() > 1)
    frame = pl.DataFrame({"row": rows, "cells": cells, "empty": ends_empty})
    return frame.select(alike.over(block) & (block > header // BLOCK)).to_series()


def mark_shifted(
    header: Header,
    missing: pl.Series,
    sure: pl.Series,
    texts: Mapping[int, ColumnCells],
    empty: Mapping[str, pl.Series],
    as_of: date,
) -> pl.Series:
    """Short rows in which a value is to the left of its column.

    `missing`: how many cells each row lacks, 0 for a complete one; `sure`: rows whose empty cells were omitted;
    `texts`: the cells by index; `empty`: by meaning, in which rows its column has no value of its form.
    """
    import polars as pl

    shifted = pl.Series([False]).new_from_index(0, missing.len())
    read = dict(header.columns)
    most = max((int(some) for some in missing.unique()), default=0)
    free = [index for index, column in read.items() if column.form in FREE]
    for index in free:
        text = texts[index].text
        for by in range(1, most + 1):
            selected = (missing >= by) & text.is_not_null()
            home = index + by
            if not selected.any() or home >= len(header.cells):
                break
            column = read.get(home)
            if column is None and header.cells[home]:
                # A column that is never read (a complainant, an address) must not be read under another heading.
                never = home not in header.unknown
                shifted = shifted | selected & (text.str.contains(_PERSONAL) | (~sure & never))
            elif column is not None and column.form not in FREE:
                if column.form in NUMBERS:
                    selected = selected & empty[column.to]
                shifted = shifted | _mark_matching(text, selected, column, header, as_of)
    return shifted


def _mark_matching(
    text: pl.Series, selected: pl.Series, column: LayoutColumn, header: Header, as_of: date
) -> pl.Series:
    """Which of the selected texts are a value of a column's form."""
    import polars as pl

    some = text.filter(selected)
    typed = column_reader.read_column(ColumnCells(some, True), column, header.layout, as_of, None)
    value = typed.value.is_not_null() & typed.fault.is_null() & typed.note.is_null()
    if column.form == "uscc":  # also an invalid code
        value = value | some.str.contains(_CODE)
    if column.form in ("choice", "flag"):
        value = some.is_in([word for word, _code in column.values])
    indexes = selected.arg_true()
    return pl.Series([False]).new_from_index(0, text.len()).scatter(indexes.filter(value), True)


def mark_torn(row: pl.Series, missing: pl.Series, bad: pl.Series, width: int) -> pl.Series:
    """Short rows that continue in the next line: the cells of both match the header, and the next line is not a row."""
    parts = (missing > 0) & (missing + missing.shift(-1) == width - 1)
    return (parts & (row.shift(-1) == row + 1) & bad.shift(-1)).fill_null(False)
