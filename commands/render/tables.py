"""Layout of answers on a terminal: rows as a table if they fit its width, else field by field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from double_random.publish.disclosure.sanitise import to_terminal_text

SHOWN_LETTERS = 2000  # characters of one cell; longer text is cut
FOLDED = 14  # columns are not made narrower than this, in terminal cells
WHOLE = 20  # codes, days and numbers up to this many cells are not broken
LINES = 4  # if a row needs more lines, the table is not used
GAP = 2


def build_table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], width_limit: int, whole: bool = False
) -> Any | None:
    """The rows as a Rich table; None if they do not fit the given width. Empty columns only if `whole`."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    places = [
        index
        for index in range(len(headings))
        if whole or not rows or any(row[index] for row in rows)
    ]
    columns = {
        index: [clean_cell(headings[index]), *(clean_cell(row[index]) for row in rows)]
        for index in places
    }
    widths = _column_widths(list(columns.values()), width_limit)
    if widths is None:
        return None
    rich_table = Table(
        box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, GAP - 1, 0, 0)
    )
    for (heading, *_cells), width in zip(columns.values(), widths, strict=True):
        rich_table.add_column(Text(heading), width=width, overflow="fold")
    for cells in zip(*(cells[1:] for cells in columns.values()), strict=True):
        rich_table.add_row(*map(Text, cells))
    return rich_table


def build_records(
    headings: Sequence[str], rows: Sequence[Sequence[str]], whole: bool = False
) -> Any:
    """The rows one below the other, one line per field; empty fields only if `whole`, as a dash."""
    from rich.table import Table
    from rich.text import Text

    grid = _empty_grid()
    for number, row in enumerate(rows):
        if number:
            grid.add_row()
        for heading, cell in zip(headings, row, strict=True):
            if cell or whole:
                grid.add_row(Text(clean_cell(heading)), Text(clean_cell(cell) or "–"))
    assert isinstance(grid, Table)
    return grid


def build_fields(pairs: Sequence[tuple[str, str]]) -> Any:
    """One object with one line per field; a dash for an empty field."""
    from rich.text import Text

    grid = _empty_grid()
    for name, value in pairs:
        grid.add_row(Text(clean_cell(name)), Text(clean_cell(value) or "–"))
    return grid


def clean_cell(text: str) -> str:
    """Cut a long text and make it printable: content of a file must not control the terminal."""
    if len(text) > SHOWN_LETTERS:
        text = text[:SHOWN_LETTERS] + "…"
    return to_terminal_text(text)


def _empty_grid() -> Any:
    from rich.table import Table

    grid = Table.grid(padding=(0, GAP, 0, 0))
    grid.add_column(style="dim")
    grid.add_column(overflow="fold")
    return grid


def _column_widths(columns: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """Each column's width: that of its widest cell; if they do not fit, the widest columns shrink first."""
    from rich.cells import cell_len

    needed = [
        [[cell_len(line) for line in cell.split("\n")] for cell in cells] for cells in columns
    ]
    widths = [max(max(cell) for cell in cells) for cells in needed]
    least = [max(FOLDED, *_code_lengths(cells)) for cells in columns]
    room -= GAP * (len(columns) - 1)
    while sum(widths) > room:
        widest = max(range(len(widths)), key=lambda index: widths[index] - least[index])
        if widths[widest] <= least[widest]:
            return None
        widths[widest] -= 1
    for cells, width in zip(needed, widths, strict=True):
        if any(sum(-(-line // width) for line in cell if width) > LINES for cell in cells):
            return None
    return widths


def _code_lengths(cells: Sequence[str]) -> list[int]:
    """The lengths of the codes among cells: text without blanks and without Chinese characters."""
    lengths = [len(cell) for cell in cells if cell.isascii() and " " not in cell]
    return [0, *(length for length in lengths if length <= WHOLE)]
