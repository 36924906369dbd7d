"""The header of a sheet: found by what it says, wherever among the first rows it stands, in one row or over several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from errors import BadFile
from intake import reasons
from intake.layouts import Column, Layout, fold_header

DEEPEST = 3  # rows over which a header may be broken


@dataclass(frozen=True)
class Header:
    """A header and what its cells mean. Places are counted from 0."""

    layout: Layout
    row: int  # place of the header's last row among the sheet's rows
    cells: tuple[str, ...]  # as written, line breaks folded; a broken header's pieces together
    lines: tuple[
        tuple[str, ...], ...
    ]  # its rows as they stand, so that they are known again further down
    columns: tuple[tuple[int, Column], ...]
    unknown: tuple[int, ...]

    @property
    def meanings(self) -> dict[str, list[int]]:
        """The places of each meaning's cells, in order of the sheet."""
        found: dict[str, list[int]] = {}
        for place, column in self.columns:
            found.setdefault(column.to, []).append(place)
        return found


def find(rows: Sequence[Sequence[str]], layouts: Sequence[Layout], file: str) -> Header | None:
    """The rows of which most layout columns are recognised; None where none have a layout's signature.

    One row goes before two that say the same, so a row of data is never taken for the foot of a header.
    BadFile, where two cells of the header found mean the same: guessing would mix them.
    """
    best: Header | None = None
    for depth in range(1, DEEPEST + 1):
        for last in range(depth - 1, len(rows)):
            stack = rows[last - depth + 1 : last + 1]
            spellings = _spellings(stack)
            folded = [[fold_header(way) for way in ways] for ways in spellings]
            for layout in layouts:
                columns = _columns(layout, folded)
                if best and _weight(columns) <= _weight(best.columns):
                    continue
                if {column.to for _, column in columns}.issuperset(layout.signature):
                    best = Header(
                        layout,
                        last,
                        tuple(ways[0] if ways else "" for ways in spellings),
                        _lines(stack, len(spellings)),
                        columns,
                        _unknown(layout, folded),
                    )
    if best:
        for place, column in best.columns:
            if not column.joins and best.meanings[column.to] != [place]:
                raise BadFile(file, reasons.TWO_COLUMNS)
    return best


def missing(rows: Sequence[Sequence[str]], layouts: Sequence[Layout]) -> str:
    """The column that keeps the likeliest layout from being known; "" where none is likely.

    Likely is one of which a row names at least two columns and all but one of its signature.
    """
    best = (1, "")
    for row in rows:
        folded = [[fold_header(cell)] for cell in row]
        for layout in layouts:
            columns = _columns(layout, folded)
            absent = set(layout.signature) - {column.to for _, column in columns}
            if len(absent) == 1 and _weight(columns) > best[0]:
                lacking = next(one for one in layout.columns if one.to in absent)
                best = (_weight(columns), lacking.headers[0])
    return best[1]


def _spellings(stack: Sequence[Sequence[str]]) -> list[list[str]]:
    """What each column's heading may be, as written: all its pieces first, then fewer of the upper ones.

    A heading merged over several columns (行政相对人 above 名称 and 代码) stands in its first cell alone, so an empty
    cell above a filled one goes on with what stands to its left.
    """
    width = max(map(len, stack))
    pieces: list[list[str]] = [[] for _ in range(width)]
    for depth, row in enumerate(stack):
        carried = ""
        for place in range(width):
            cell = " ".join(row[place].split()) if place < len(row) else ""
            below = any(place < len(under) and under[place].strip() for under in stack[depth + 1 :])
            carried = cell or (carried if below else "")
            if carried:
                pieces[place].append(carried)
    return [["".join(parts[start:]) for start in range(len(parts))] for parts in pieces]


def _columns(layout: Layout, folded: Sequence[Sequence[str]]) -> tuple[tuple[int, Column], ...]:
    found = []
    for place, ways in enumerate(folded):
        column = next((layout.meanings[way] for way in ways if way in layout.meanings), None)
        if column:
            found.append((place, column))
    return tuple(found)


def _weight(columns: Sequence[tuple[int, Column]]) -> int:
    """How much is recognised: two cells of one meaning are no more than one, unless they are one list."""
    return len({place if column.joins else column.to for place, column in columns})


def _unknown(layout: Layout, folded: Sequence[Sequence[str]]) -> tuple[int, ...]:
    known = layout.ignored.union(layout.meanings)
    return tuple(
        place for place, ways in enumerate(folded) if any(ways) and not known.intersection(ways)
    )


def _lines(stack: Sequence[Sequence[str]], width: int) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(str.strip, row)) + ("",) * (width - len(row)) for row in stack)
