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

from double_random.intake.error_cells import PIECE, column_number, parts

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
class _Section:
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
        whole, _point, part = self.digits.partition(".")
        commas = len(whole) - len(whole.rstrip(",")) + len(part) - len(part.rstrip(","))
        below = re.sub("[^0#?]", "", whole.partition("'")[2]) if whole[:1] != "'" else ""
        return 3 * commas + len(below) - 2 * self.percent

    def add(self, literal: str) -> None:
        seen = _UNSEEN.sub("", literal)
        if self.digits or self.is_text:
            self.after += seen
        else:
            self.before += seen


@cache
def _sections(code: str) -> tuple[_Section, ...]:
    found = [_Section()]
    for token in _TOKEN.finditer(code):
        now = found[-1]
        literal = token["quoted"] or token["one"] or token["currency"]
        if token["currency"] and _JAPAN.search(token["locale"]):
            literal = "JPY"  # its sign is that of the yuan
        if token["end"]:
            found.append(_Section())
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
    return tuple(found)


def _section(code: str, value: Decimal) -> _Section:
    """The section that shows a number."""
    sections = [one for one in _sections(code) if not one.is_text]
    if not sections:
        return _Section(digits="0")
    if any(one.test for one in sections):
        for one in sections:
            if not one.test or _TESTS[one.test[0]](value, one.test[1]):
                return one
        return sections[-1]
    if value < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if value == 0 and len(sections) > 2 else sections[0]


def shown(code: str, text: str, is_number: bool) -> str:
    """A cell's text with the literals of its format; a scaled number is shown by its digits, never rounded.

    Zero is zero in every unit.
    """
    if not is_number:
        one = next((one for one in _sections(code) if one.is_text), _Section())
        return one.before + text + one.after
    value = Decimal(text)
    if not value:
        return text
    one = _section(code, value)
    number = f"{value.scaleb(-one.scale):f}" if one.scale else text
    return one.before + number + one.after


class Formats(NamedTuple):
    """The telling formats of a sheet: by column, for each row the index of its format among the codes, or 0."""

    codes: list[str]
    columns: dict[int, array[int]]

    def of(self, row: int, column: int) -> str:
        """The cell's format, "" if it adds nothing."""
        rows = self.columns.get(column)
        return self.codes[rows[row]] if rows and row < len(rows) else ""


NONE = Formats([""], {})


def telling_formats(path: str) -> dict[str, Formats]:
    """By sheet. Empty for a file that is not an XLSX."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as book:
        if STYLES not in book.namelist():
            return {}
        codes = _styles(book)
        places = {code: place for place, code in enumerate(filter(tells, dict.fromkeys(codes)))}
        telling = {style: places[code] for style, code in enumerate(codes) if code in places}
        if not telling:
            return {}
        numbered = ["", *places]
        return {
            name: Formats(numbered, _cells(book, part, telling))
            for name, part in parts(book).items()
        }


def tells(code: str) -> bool:
    """Whether a format shows more, or another number, than the cell holds."""
    return any(one.before or one.after or one.scale for one in _sections(code))


def _styles(book: zipfile.ZipFile) -> list[str]:
    """The format of each cell style."""
    written = dict(BUILT_IN)
    found: list[str] = []
    inside: list[str] = []

    def start(tag: str, given: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "numFmt" and inside[-1:] == ["numFmts"]:
            written[given.get("numFmtId", "")] = given.get("formatCode", "")
        elif name == "xf" and inside[-1:] == ["cellXfs"]:
            found.append(given.get("numFmtId", "0"))
        inside.append(name)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _tag: inside.pop()
    with book.open(STYLES) as stream:
        parser.ParseFile(stream)
    return [written.get(number, "") for number in found]


@dataclass
class _Cells:
    """The position in the stream: a cell or row without a stated position follows the one before."""

    telling: dict[int, int]
    row: int = -1
    column: int = -1
    found: dict[int, array[int]] = field(default_factory=dict)

    def start(self, tag: str, given: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "row":
                self.row = int(given["r"]) - 1 if "r" in given else self.row + 1
                self.column = -1
            case "c":
                letters = given.get("r", "").rstrip("0123456789")
                self.column = column_number(letters) if letters else self.column + 1
                place = self.telling.get(int(given.get("s", "0")))
                if place is not None and 0 <= self.row < LAST_ROW:
                    rows = self.found.setdefault(self.column, array("H"))
                    rows.extend([0] * (self.row + 1 - len(rows)))
                    rows[self.row] = place + 1


def _cells(book: zipfile.ZipFile, part: str, telling: dict[int, int]) -> dict[int, array[int]]:
    cells = _Cells(telling)
    parser = expat.ParserCreate()
    parser.StartElementHandler = cells.start
    with book.open(part) as stream:
        while piece := stream.read(PIECE):
            parser.Parse(piece)
    return cells.found
