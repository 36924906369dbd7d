"""A sheet as delivered: its first rows, and its body as columns of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

TOP = 40  # the header must be among this many first rows
WIDEST = 1_000  # columns


class Sheet(Protocol):
    """The interface of the two readers (`delimited`, `workbook`)."""

    name: str  # "" for a text file
    separator: str  # of a text file, else ""

    @property
    def remarks(self) -> Sequence[tuple[str, str]]:
        """The notes on the sheet: (reason, value)."""

    @property
    def top(self) -> Sequence[Sequence[str]]:
        """The first rows, as text."""

    def body(self, header: int, width: int) -> pl.DataFrame:
        """All rows after the row with index `header`, with these columns, in the file's order; may be called once:

        row     Int64, as Excel counts (the first row of the file is 1; a quoted line break starts no row)
        c0 …    String, `width` of them, null or text
        beyond  Boolean: there is a value to the right of the header's last cell
        cells   Int64, of a text or a web page only, and only if rows differ: how many cells the row has
        n0 …    Boolean, only for columns with number cells: this cell is one
        m0 …    Boolean, only for columns with such cells: a cell merged across columns, with a value, covers this one
        s0 …    String, only for columns with such cells: the cell as its number format shows it, with its unit
        """


def column_letters(index: int) -> str:
    """A column as Excel calls it: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
