"""The header of a sheet: found by what it says, wherever it stands among the first rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from errors import BadFile
from intake import reasons
from intake.layouts import Column, Layout, fold_header


@dataclass(frozen=True)
class Header:
    """A header row and what its cells mean. Places are counted from 0."""

    layout: Layout
    row: int  # place of the header among the sheet's rows
    cells: tuple[str, ...]  # as written, line breaks folded
    columns: tuple[tuple[int, Column], ...]
    unknown: tuple[int, ...]


def find(rows: Sequence[Sequence[str]], layouts: Sequence[Layout], file: str) -> Header | None:
    """The row that most layout columns recognise; None where no row has a layout's signature.

    BadFile, where two cells of the header found mean the same: guessing would mix them.
    """
    best: Header | None = None
    for place, row in enumerate(rows):
        folded = [fold_header(cell) for cell in row]
        for layout in layouts:
            header = _read(layout, place, row, folded)
            if header and (best is None or len(header.columns) > len(best.columns)):
                best = header
    if best:
        meanings = [column.to for _, column in best.columns]
        if len(set(meanings)) < len(meanings):
            raise BadFile(file, reasons.TWO_COLUMNS)
    return best


def _read(layout: Layout, place: int, row: Sequence[str], folded: Sequence[str]) -> Header | None:
    meanings = {header: column for column in layout.columns for header in column.headers}
    columns = [(index, meanings[cell]) for index, cell in enumerate(folded) if cell in meanings]
    if not {column.to for _, column in columns}.issuperset(layout.signature):
        return None
    known = {index for index, _ in columns}
    unknown = (
        index
        for index, cell in enumerate(folded)
        if cell and index not in known and cell not in layout.ignored
    )
    cells = tuple(" ".join(cell.split()) for cell in row)
    return Header(layout, place, cells, tuple(columns), tuple(unknown))
