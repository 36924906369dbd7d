"""Layout of answers on a terminal: rows as a table if they fit its width, else field by field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from double_random.publish.disclosure.sanitise import printable

SHOWN_LETTERS = 2000  # characters of one cell; longer text is cut
FOLDED = 14  # columns are not made narrower than this, in terminal cells
WHOLE = 20  # codes, days and numbers up to this many cells are not broken
LINES = 4  # if a row needs more lines, the table is not used
GAP = 2


def table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], room: int, whole: bool = False
) -> Any | None:
    """The rows as a Rich table; None if they do not fit the given width. Empty columns only if `whole`."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    places = [
        place
        for place in range(len(headings))
        if whole or not rows or any(row[place] for row in rows)
    ]
    columns = {
        place: [clean(headings[place]), *(clean(row[place]) for row in rows)] for place in places
    }
    widths = _widths(list(columns.values()), room)
    if widths is None:
        return None
    shown = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, GAP - 1, 0, 0))
    for (heading, *_cells), width in zip(columns.values(), widths, strict=True):
        shown.add_column(Text(heading), width=width, overflow="fold")
    for cells in zip(*(cells[1:] for cells in columns.values()), strict=True):
        shown.add_row(*map(Text, cells))
    return shown


def records(headings: Sequence[str], rows: Sequence[Sequence[str]], whole: bool = False) -> Any:
    """The rows one below the other, one line per field; empty fields only if `whole`, as a dash."""
    from rich.table import Table
    from rich.text import Text

    shown = _grid()
    for number, row in enumerate(rows):
        if number:
            shown.add_row()
        for heading, cell in zip(headings, row, strict=True):
            if cell or whole:
                shown.add_row(Text(clean(heading)), Text(clean(cell) or "–"))
    assert isinstance(shown, Table)
    return shown


def fields(pairs: Sequence[tuple[str, str]]) -> Any:
    """One object with one line per field; a dash for an empty field."""
    from rich.text import Text

    shown = _grid()
    for name, value in pairs:
        shown.add_row(Text(clean(name)), Text(clean(value) or "–"))
    return shown


def clean(text: str) -> str:
    """Cut a long text and make it printable: content of a file must not control the terminal."""
    if len(text) > SHOWN_LETTERS:
        text = text[:SHOWN_LETTERS] + "…"
    return printable(text)


def _grid() -> Any:
    from rich.table import Table

    shown = Table.grid(padding=(0, GAP, 0, 0))
    shown.add_column(style="dim")
    shown.add_column(overflow="fold")
    return shown


def _widths(columns: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """Each column's width: that of its widest cell; if they do not fit, the widest columns shrink first."""
    from rich.cells import cell_len

    needed = [
        [[cell_len(line) for line in cell.split("\n")] for cell in cells] for cells in columns
    ]
    widths = [max(max(cell) for cell in cells) for cells in needed]
    least = [max(FOLDED, *_codes(cells)) for cells in columns]
    room -= GAP * (len(columns) - 1)
    while sum(widths) > room:
        widest = max(range(len(widths)), key=lambda place: widths[place] - least[place])
        if widths[widest] <= least[widest]:
            return None
        widths[widest] -= 1
    for cells, width in zip(needed, widths, strict=True):
        if any(sum(-(-line // width) for line in cell if width) > LINES for cell in cells):
            return None
    return widths


def _codes(cells: Sequence[str]) -> list[int]:
    """The lengths of the codes among cells: text without blanks and without Chinese characters."""
    lengths = [len(cell) for cell in cells if cell.isascii() and " " not in cell]
    return [0, *(length for length in lengths if length <= WHOLE)]
