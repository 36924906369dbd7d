"""Tables of web pages and of Excel's XML of 2003: what export buttons write and name .xls. Read as streams, row by row.

Used within the bounds of `intake/workbook_reader.py` alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser
from xml.parsers import expat

PIECE = 1 << 20
SHEETS_2003 = "urn:schemas-microsoft-com:office:spreadsheet"
WIDEST = 1_000  # columns, as in intake/sheet.py
SPAN = 65_534  # the most rows that a cell of HTML spans
_BREAKS = frozenset({"br", "p", "div", "li"})
_SILENT = frozenset({"script", "style", "title"})


class TooWide(Exception):
    """A row has more cells than any sheet."""


@dataclass
class Table:
    """One table: its rows by their place from 0, as texts beside the places of number cells."""

    name: str
    hidden: int = 0
    rows: list[tuple[int, list[str], list[int]]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(
        default_factory=list
    )  # across columns: column, first row, last row, last column
    width: int = 0
    ragged: bool = False  # a web page's: a row has the cells that were written
    place: int = -1
    _spans: dict[int, tuple[int, str, bool]] = field(
        default_factory=dict
    )  # column → (last row, text, number)
    _cells: list[str] = field(default_factory=list)
    _numbers: list[int] = field(default_factory=list)

    def begin(self, place: int | None = None) -> None:
        """The next row, or the one at a place."""
        self.place = self.place + 1 if place is None else place
        self._cells, self._numbers = [], []
        self._fill()

    def cell(
        self, text: str, number: bool, down: int = 0, across: int = 0, at: int | None = None
    ) -> None:
        """The next cell of the row; `down`: so many rows below show the same, `across`: so many columns are one."""
        if at is not None:
            self._cells += [""] * (at - len(self._cells))
        self._fill()
        if len(self._cells) + across >= WIDEST:
            raise TooWide
        column = len(self._cells)
        if across > 0:
            self.merged.append((column, self.place, self.place + min(down, SPAN), column + across))
        if down > 0:
            self._spans[column] = (self.place + min(down, SPAN), text, number)
            for beside in range(column + 1, column + 1 + across):
                self._spans[beside] = (self.place + min(down, SPAN), "", False)
        if number:
            self._numbers.append(column)
        self._cells += [text, *([""] * across)]

    def end(self) -> None:
        """The row is complete."""
        self._fill(to_the_end=True)
        if any(map(str.strip, self._cells)):
            self.rows.append((self.place, self._cells, self._numbers))
            self.width = max(self.width, len(self._cells))

    def _fill(self, to_the_end: bool = False) -> None:
        """Cells that begin in a row above and go on here."""
        while (column := len(self._cells)) < WIDEST:
            last, text, number = self._spans.get(column, (-1, "", False))
            if last >= self.place:
                self._cells.append(text)
                if number:
                    self._numbers.append(column)
            elif to_the_end and any(
                c > column and s[0] >= self.place for c, s in self._spans.items()
            ):
                self._cells.append("")
            else:
                return


def tables(text: str) -> Iterator[Table]:
    """The outermost tables of a page, or the sheets of an XML of 2003. TooWide, ExpatError."""
    if text.lstrip().startswith("<?xml") and SHEETS_2003 in text[:8192]:
        yield from _sheets_2003(text)
    else:
        reader = _Page()
        for start in range(0, len(text), PIECE):
            reader.feed(text[start : start + PIECE])
        reader.close()
        reader.close_table()
        yield from reader.found


class _Page(HTMLParser):
    """Outermost tables; a table within a cell is text of that cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Table] = []
        self.depth = 0
        self.silent = 0
        self.in_row = False
        self.cell: dict[str, str] | None = None
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {key: value or "" for key, value in attrs}
        if tag in _SILENT:
            self.silent += 1
        elif tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.found.append(Table(f"{len(self.found) + 1}", ragged=True))
        elif self.depth == 1 and tag == "tr":
            self._end_row()
            self.found[-1].begin()
            self.in_row = True
            if "display:none" in said.get("style", "").replace(" ", "").lower() or "hidden" in said:
                self.found[-1].hidden += 1
        elif self.depth == 1 and tag in ("td", "th"):
            self._end_cell()
            if not self.in_row:
                self.found[-1].begin()
                self.in_row = True
            self.cell, self.text = said, []
        elif tag in _BREAKS:
            self.text.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "table":
            if self.depth == 1:
                self.close_table()
            self.depth = max(0, self.depth - 1)
        elif self.depth == 1 and tag == "tr":
            self._end_row()
        elif self.depth == 1 and tag in ("td", "th"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not self.silent:
            self.text.append(data if "\n" not in data else " ".join(data.split("\n")))

    def close_table(self) -> None:
        """A table whose last tags are missing ends with the page."""
        self._end_row()

    def _end_cell(self) -> None:
        if self.cell is None:
            return
        lines = (" ".join(line.split()) for line in "".join(self.text).split("\n"))
        text = "\n".join(lines).strip()
        down, across = (_span(self.cell.get(name, "")) for name in ("rowspan", "colspan"))
        self.found[-1].cell(text, False, down, across)
        self.cell, self.text = None, []

    def _end_row(self) -> None:
        self._end_cell()
        if self.in_row:
            self.found[-1].end()
            self.in_row = False


def _span(written: str) -> int:
    """How many rows or columns more than one a cell takes."""
    return max(0, int(written) - 1) if written.isascii() and written.isdigit() else 0


def _sheets_2003(text: str) -> Iterator[Table]:
    reader = _Sheets2003()
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.buffer_text = True
    parser.Parse(text.encode("utf-8"), True)
    yield from reader.found


class _Sheets2003:
    """Where the stream stands in Workbook / Worksheet / Table / Row / Cell / Data."""

    def __init__(self) -> None:
        self.found: list[Table] = []
        self.cell: dict[str, str] | None = None
        self.type = ""
        self.inside = False
        self.text: list[str] = []

    def start(self, tag: str, given: dict[str, str]) -> None:
        said = {key.rpartition(" ")[2]: value for key, value in given.items()}
        match tag.rpartition(" ")[2]:
            case "Worksheet":
                self.found.append(Table(said.get("Name", f"{len(self.found) + 1}")))
            case "Row" if self.found:
                index = said.get("Index", "")
                self.found[-1].begin(int(index) - 1 if index.isdigit() else None)
                self.found[-1].hidden += said.get("Hidden") == "1"
            case "Cell":
                self.cell, self.text, self.type = said, [], ""
            case "Data":
                self.inside, self.type = True, said.get("Type", "")
            case _:
                pass

    def characters(self, text: str) -> None:
        if self.inside:
            self.text.append(text)

    def end(self, tag: str) -> None:
        match tag.rpartition(" ")[2]:
            case "Data":
                self.inside = False
            case "Cell" if self.cell is not None and self.found:
                index = self.cell.get("Index", "")
                text, number = _value("".join(self.text), self.type)
                down, across = (_number(self.cell.get(n, "")) for n in ("MergeDown", "MergeAcross"))
                at = int(index) - 1 if index.isdigit() else None
                if at is not None and at >= WIDEST:
                    raise TooWide
                self.found[-1].cell(text, number, down, across, at)
                self.cell = None
            case "Row" if self.found:
                self.found[-1].end()
            case _:
                pass


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() else 0


def _value(text: str, type_: str) -> tuple[str, bool]:
    """A cell as text, and whether it is a number; a day at midnight is a day."""
    if type_ == "DateTime":
        return text.removesuffix(".000").removesuffix("T00:00:00").replace("T", " "), False
    if type_ == "Boolean":
        return "TRUE" if text.strip() == "1" else "FALSE", False
    if type_ == "Number":
        try:
            return f"{Decimal(format(Decimal(text.strip()), '.15g')):f}", True
        except InvalidOperation:
            return text, True
    return text, False
