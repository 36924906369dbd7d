"""Number formats with a unit, a currency or a scaled number: the text that a person sees in such a cell.

`0.00"万元"`, `[$￥-804]#,##0.00`, `0!.0,"万"`. A sheet of an XLSX is read once more for them, as a stream, and only if
a cell style of the workbook has such a format, within the bounds of `intake/workbook_reader.py`. ECMA-376 part 1,
18.8.30/31.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import NamedTuple
from xml.parsers import expat

from double_random.intake.error_cells import PIECE, column_number, sheet_parts

STYLES = "xl/styles.xml"
LAST_ROW = 1_048_576
# Excel shows these with the currency of its country setting: the yuan here. Files need not define them.
BUILT_IN = dict.fromkeys(("5", "6", "7", "8", "42", "44"), "¥0")
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<one>.)|\[\$(?P<currency>[^\]-]*)(?P<locale>[^\]]*)\]'
    r"|\[(?P<test>[<>=]{1,2})\s*(?P<bound>-?[0-9]+(?:\.[0-9]+)?)\s*\]|\[[^\]]*\]|[_*].?"
    r"|(?P<general>General|G/通用格式)|(?P<digit>[0#?])|(?P<mark>[.,%@])|(?P<end>;)|(?P<bare>.)",
    re.IGNORECASE | re.DOTALL,
)
_JAPAN = re.compile("411$|JP", re.IGNORECASE)
_UNSEEN = re.compile(r"[\s()+-]")  # of literals: characters that are not part of a unit
_TESTS = {
    "<": Decimal.__lt__, "<=": Decimal.__le__, ">": Decimal.__gt__, ">=": Decimal.__ge__,
    "=": Decimal.__eq__, "<>": Decimal.__ne__,
}  # fmt: skip


@dataclass(kw_only=True)
class _FormatSection:
    """One section of a format: literals before and after the number, and by how many digits it is scaled."""

    before: str = ""
    after: str = ""
    digits: str = ""  # its placeholders and points; "'" is a literal point
    is_text: bool = False
    percent: int = 0
    test: tuple[str, Decimal] | None = None

    @property
    def scale(self) -> int:
        """By how many digits the shown number is smaller than the cell's."""
        integer_part, _point, part = self.digits.partition(".")
        commas = (
            len(integer_part) - len(integer_part.rstrip(",")) + len(part) - len(part.rstrip(","))
        )
        below = (
            re.sub("[^0#?]", "", integer_part.partition("'")[2]) if integer_part[:1] != "'" else ""
        )
        return 3 * commas + len(below) - 2 * self.percent

    def add(self, literal: str) -> None:
        seen = _UNSEEN.sub("", literal)
        if self.digits or self.is_text:
            self.after += seen
        else:
            self.before += seen


@cache
def _parse_sections(code: str) -> tuple[_FormatSection, ...]:
    sections = [_FormatSection()]
    for token in _TOKEN.finditer(code):
        now = sections[-1]
        literal = token["quoted"] or token["one"] or token["currency"]
        if token["currency"] and _JAPAN.search(token["locale"]):
            literal = "JPY"  # its sign is that of the yuan
        if token["end"]:
            sections.append(_FormatSection())
        elif literal == "." and now.digits:
            now.digits += "'"
        elif literal:
            now.add(literal)
        elif token["test"] in _TESTS:
            now.test = token["test"], Decimal(token["bound"])
        elif token["general"]:
            now.digits += "0"
        elif token["digit"] or token["mark"] in (".", ","):
            now.digits += token[0]
        elif token["mark"] == "%":
            now.percent += 1
            now.add("%")
        elif token["mark"] == "@":
            now.is_text = True
        elif token["bare"] == "$" or (token["bare"] and not token["bare"].isascii()):
            now.add(token["bare"])
    return tuple(sections)


def _select_section(code: str, value: Decimal) -> _FormatSection:
    """The section that shows a number."""
    sections = [section for section in _parse_sections(code) if not section.is_text]
    if not sections:
        return _FormatSection(digits="0")
    if any(section.test for section in sections):
        for section in sections:
            if not section.test or _TESTS[section.test[0]](value, section.test[1]):
                return section
        return sections[-1]
    if value < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if value == 0 and len(sections) > 2 else sections[0]


def format_cell(code: str, text: str, is_number: bool) -> str:
    """A cell's text with the literals of its format; a scaled number is shown by its digits, never rounded.

    Zero is zero in every unit.
    """
    if not is_number:
        section = next(
            (section for section in _parse_sections(code) if section.is_text), _FormatSection()
        )
        return section.before + text + section.after
    value = Decimal(text)
    if not value:
        return text
    section = _select_section(code, value)
    number = f"{value.scaleb(-section.scale):f}" if section.scale else text
    return section.before + number + section.after


class NumberFormats(NamedTuple):
    """The telling formats of a sheet: by column, for each row the index of its format among the codes, or 0."""

    codes: list[str]
    columns: dict[int, array[int]]

    def code_at(self, row: int, column: int) -> str:
        """The cell's format, "" if it adds nothing."""
        rows = self.columns.get(column)
        return self.codes[rows[row]] if rows and row < len(rows) else ""


NONE = NumberFormats([""], {})


def load_telling_formats(path: str) -> dict[str, NumberFormats]:
    """By sheet. Empty for a file that is not an XLSX."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as book:
        if STYLES not in book.namelist():
            return {}
        codes = _style_formats(book)
        indexes = {
            code: index for index, code in enumerate(filter(is_telling, dict.fromkeys(codes)))
        }
        telling = {style: indexes[code] for style, code in enumerate(codes) if code in indexes}
        if not telling:
            return {}
        numbered = ["", *indexes]
        return {
            name: NumberFormats(numbered, _read_cells(book, part, telling))
            for name, part in sheet_parts(book).items()
        }


def is_telling(code: str) -> bool:
    """Whether a format shows more, or another number, than the cell holds."""
    return any(
        section.before or section.after or section.scale for section in _parse_sections(code)
    )


def _style_formats(book: zipfile.ZipFile) -> list[str]:
    """The format of each cell style."""
    written = dict(BUILT_IN)
    format_ids: list[str] = []
    inside: list[str] = []

    def handle_start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "numFmt" and inside[-1:] == ["numFmts"]:
            written[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "xf" and inside[-1:] == ["cellXfs"]:
            format_ids.append(attributes.get("numFmtId", "0"))
        inside.append(name)

    parser = expat.ParserCreate()
    parser.StartElementHandler = handle_start
    parser.EndElementHandler = lambda _tag: inside.pop()
    with book.open(STYLES) as stream:
        parser.ParseFile(stream)
    return [written.get(number, "") for number in format_ids]


@dataclass
class _Cells:
    """The position in the stream: a cell or row without a stated position follows the one before."""

    telling: dict[int, int]
    row: int = -1
    column: int = -1
    found: dict[int, array[int]] = field(default_factory=dict)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "row":
                self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
                self.column = -1
            case "c":
                letters = attributes.get("r", "").rstrip("0123456789")
                self.column = column_number(letters) if letters else self.column + 1
                index = self.telling.get(int(attributes.get("s", "0")))
                if index is not None and 0 <= self.row < LAST_ROW:
                    rows = self.found.setdefault(self.column, array("H"))
                    rows.extend([0] * (self.row + 1 - len(rows)))
                    rows[self.row] = index + 1


def _read_cells(book: zipfile.ZipFile, part: str, telling: dict[int, int]) -> dict[int, array[int]]:
    cells = _Cells(telling)
    parser = expat.ParserCreate()
    parser.StartElementHandler = cells.start
    with book.open(part) as stream:
        while piece := stream.read(PIECE):
            parser.Parse(piece)
    return cells.found
