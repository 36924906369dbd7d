"""Tables of web pages and of Excel's XML of 2003: what export buttons write and name .xls. Read as streams, row by row.

Used within the bounds of `intake/workbook_reader.py` alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser
from xml.parsers import expat

from double_random.intake.number_formats import format_cell

PIECE = 1 << 20
SHEETS_2003 = "urn:schemas-microsoft-com:office:spreadsheet"
WIDEST = 1_000  # columns, as in intake/sheet.py
SPAN = 65_534  # the most rows that a cell of HTML spans
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_CLASS = re.compile(r"\.([\w-]+)")
_FORMAT = re.compile(
    r"mso-number-format\s*:\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^;]+)", re.I
)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)")
# Formats by name; the money of the country that Excel is set to is the yuan here.
NAMED = {"Currency": "¥0", "Percent": "0%", "Euro Currency": "€0"}
_BREAKS = frozenset({"br", "p", "div", "li"})
_SILENT = frozenset({"script", "style", "title"})


class TooWide(Exception):
    """A row has more cells than any sheet."""


@dataclass(kw_only=True)
class PageTable:
    """One table: its rows by their place from 0, as texts beside the places of number cells."""

    name: str
    hidden: int = 0  # rows
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)  # first and last
    unseen: bool = False  # the sheet is hidden
    shown: dict[int, dict[int, str]] = field(
        default_factory=dict
    )  # by row and column: a number as its format shows it
    rows: list[tuple[int, list[str], list[int]]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(
        default_factory=list
    )  # across columns: column, first row, last row, last column
    width: int = 0
    ragged: bool = False  # a web page's: a row has the cells that were written
    place: int = -1
    columns: int = 0  # described so far
    _spans: dict[int, tuple[int, str, bool]] = field(
        default_factory=dict
    )  # column → (last row, text, number)
    _cells: list[str] = field(default_factory=list)
    _numbers: list[int] = field(default_factory=list)

    def begin_row(self, index: int | None = None) -> None:
        """The next row, or the one at a place."""
        self.place = self.place + 1 if index is None else index
        self._cells, self._numbers = [], []
        self._fill_spans()

    def add_cell(
        self,
        text: str,
        number: bool,
        down: int = 0,
        across: int = 0,
        at: int | None = None,
        code: str = "",
    ) -> None:
        """The next cell of the row; `down`: rows below that show the same, `across`: further columns of a merged
        cell.
        """
        if at is not None:
            self._cells += [""] * (at - len(self._cells))
        self._fill_spans()
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
        if code and (seen := format_cell(code, text, True)) != text:
            for row in range(self.place, self.place + min(down, SPAN) + 1):
                self.shown.setdefault(row, {})[column] = seen
        self._cells += [text, *([""] * across)]

    def next_column(self, at: int | None) -> int:
        """The index of the next cell, unless it is given."""
        return len(self._cells) if at is None else at

    def end_row(self) -> None:
        """The row is complete."""
        self._fill_spans(to_the_end=True)
        if any(map(str.strip, self._cells)):
            self.rows.append((self.place, self._cells, self._numbers))
            self.width = max(self.width, len(self._cells))

    def _fill_spans(self, to_the_end: bool = False) -> None:
        """Continue the cells that begin in a row above."""
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


def read_tables(text: str) -> Iterator[PageTable]:
    """The outermost tables of a page, or the sheets of an XML of 2003. TooWide, ExpatError."""
    if text.lstrip().startswith("<?xml") and SHEETS_2003 in text[:8192]:
        yield from _read_sheets_2003(text)
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
        self.found: list[PageTable] = []
        self.depth = 0
        self.silent = 0
        self.in_row = False
        self.in_style = False
        self.cell: dict[str, str] | None = None
        self.text: list[str] = []
        self.formats: dict[str, str] = {}  # of a class of cells

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {key: value or "" for key, value in attrs}
        if tag in _SILENT:
            self.silent += 1
            self.in_style = tag == "style"
        elif tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.found.append(PageTable(name=f"{len(self.found) + 1}", ragged=True))
        elif self.depth == 1 and tag == "tr":
            self._end_row()
            self.found[-1].begin_row()
            self.in_row = True
            self.found[-1].hidden += _is_hidden(attributes)
        elif self.depth == 1 and tag == "col":
            self._column(attributes)
        elif self.depth == 1 and tag in ("td", "th"):
            self._end_cell()
            if not self.in_row:
                self.found[-1].begin_row()
                self.in_row = True
            self.cell, self.text = attributes, []
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

    def _column(self, attributes: dict[str, str]) -> None:
        table = self.found[-1]
        last = table.columns + _extra_span(attributes.get("span", ""))
        if _is_hidden(attributes):
            table.hidden_columns.append((table.columns, last))
        table.columns = last + 1

    def handle_data(self, data: str) -> None:
        if self.in_style and self.silent:
            self.formats |= _class_formats(data)
        if self.cell is not None and not self.silent:
            self.text.append(data if "\n" not in data else " ".join(data.split("\n")))

    def close_table(self) -> None:
        """A table without closing tags ends with the page."""
        self._end_row()

    def _end_cell(self) -> None:
        if self.cell is None:
            return
        lines = (" ".join(line.split()) for line in "".join(self.text).split("\n"))
        text = "\n".join(lines).strip()
        down, across = (_extra_span(self.cell.get(name, "")) for name in ("rowspan", "colspan"))
        code = ""
        if _NUMBER.fullmatch(text):  # any other text is what Excel would show
            named = (
                self.formats.get(class_name, "")
                for class_name in self.cell.get("class", "").split()
            )
            code = _css_format(self.cell.get("style", "")) or next(filter(None, named), "")
        self.found[-1].add_cell(text, False, down, across, code=code)
        self.cell, self.text = None, []

    def _end_row(self) -> None:
        self._end_cell()
        if self.in_row:
            self.found[-1].end_row()
            self.in_row = False


def _is_hidden(attributes: dict[str, str]) -> bool:
    style = attributes.get("style", "").replace(" ", "").lower()
    return "hidden" in attributes or "display:none" in style or "visibility:collapse" in style


def _class_formats(rules: str) -> dict[str, str]:
    """The number format of each class that a style sheet gives one."""
    formats: dict[str, str] = {}
    for names, declarations in _RULE.findall(rules):
        if code := _css_format(declarations):
            formats |= dict.fromkeys(_CLASS.findall(names), code)
    return formats


def _css_format(style: str) -> str:
    """The number format of a style, its escapes taken off: mso-number-format:"0\\.00\\0022元\\0022" is 0.00"元"."""
    match = _FORMAT.search(style)
    if not match:
        return ""
    written = match[1].strip()
    if written[:1] in "\"'":
        written = written[1:-1]
    code = _ESCAPE.sub(
        lambda escape: chr(int(escape[1], 16) % 0x110000) if escape[1] else escape[2], written
    )
    return NAMED.get(code, code)


def _extra_span(written: str) -> int:
    """How many additional rows or columns a cell spans."""
    return max(0, int(written) - 1) if written.isascii() and written.isdigit() else 0


def _read_sheets_2003(text: str) -> Iterator[PageTable]:
    reader = _Sheets2003()
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.buffer_text = True
    parser.Parse(text.encode("utf-8"), True)
    yield from reader.found


class _Sheets2003:
    """The position in the stream: Workbook / Worksheet / Table / Row / Cell / Data."""

    def __init__(self) -> None:
        self.found: list[PageTable] = []
        self.cell: dict[str, str] | None = None
        self.type = ""
        self.inside = False
        self.text: list[str] = []
        self.style = ""  # of the style being read
        self.formats: dict[str, str] = {}  # by style
        self.parents: dict[str, str] = {}
        self.of_row = ""
        self.of_columns: dict[int, str] = {}
        self.visible = False

    def start(self, tag: str, raw_attributes: dict[str, str]) -> None:
        attributes = {key.rpartition(" ")[2]: value for key, value in raw_attributes.items()}
        match tag.rpartition(" ")[2]:
            case "Worksheet":
                self.found.append(PageTable(name=attributes.get("Name", f"{len(self.found) + 1}")))
                self.of_columns = {}
            case "Style":
                self.style = attributes.get("ID", "")
                self.parents[self.style] = attributes.get("Parent", "")
            case "NumberFormat":
                code = attributes.get("Format", "")
                self.formats[self.style] = NAMED.get(code, code)
            case "Column" if self.found:
                self._column(attributes)
            case "Visible":
                self.visible, self.text = True, []
            case "Row" if self.found:
                self.of_row = attributes.get("StyleID", "")
                index = attributes.get("Index", "")
                self.found[-1].begin_row(int(index) - 1 if index.isdigit() else None)
                self.found[-1].hidden += attributes.get("Hidden") == "1"
            case "Cell":
                self.cell, self.text, self.type = attributes, [], ""
            case "Data":
                self.inside, self.type = True, attributes.get("Type", "")
            case _:
                pass

    def _column(self, attributes: dict[str, str]) -> None:
        table = self.found[-1]
        first = (
            _parse_number(attributes.get("Index", "")) - 1
            if "Index" in attributes
            else table.columns
        )
        last = min(first + _parse_number(attributes.get("Span", "")), WIDEST)
        if attributes.get("Hidden") == "1":
            table.hidden_columns.append((first, last))
        if style := attributes.get("StyleID"):
            self.of_columns |= dict.fromkeys(range(first, last + 1), style)
        table.columns = last + 1

    def _format(self, style: str) -> str:
        """The number format of a style, or of its parent."""
        for _step in range(len(self.parents)):
            if style in self.formats or not style:
                break
            style = self.parents.get(style, "")
        return self.formats.get(style, "")

    def characters(self, text: str) -> None:
        if self.inside or self.visible:
            self.text.append(text)

    def end(self, tag: str) -> None:
        match tag.rpartition(" ")[2]:
            case "Data":
                self.inside = False
            case "Cell" if self.cell is not None and self.found:
                index = self.cell.get("Index", "")
                text, number = _cell_value("".join(self.text), self.type)
                down, across = (
                    _parse_number(self.cell.get(n, "")) for n in ("MergeDown", "MergeAcross")
                )
                at = int(index) - 1 if index.isdigit() else None
                if at is not None and at >= WIDEST:
                    raise TooWide
                column = self.found[-1].next_column(at)
                style = self.cell.get("StyleID") or self.of_row or self.of_columns.get(column, "")
                code = self._format(style) if number and _NUMBER.fullmatch(text) else ""
                self.found[-1].add_cell(text, number, down, across, at, code)
                self.cell = None
            case "Visible" if self.found:
                self.visible = False
                self.found[-1].unseen = "".join(self.text).strip() in (
                    "SheetHidden",
                    "SheetVeryHidden",
                )
            case "Row" if self.found:
                self.found[-1].end_row()
            case _:
                pass


def _parse_number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() else 0


def _cell_value(text: str, type_: str) -> tuple[str, bool]:
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
