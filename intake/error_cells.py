"""Excel's error cells (#DIV/0!, #REF!, #N/A …) of an XLSX: the underlying reader returns them as empty.

python-calamine does not report errors (its issue 105), so a sheet whose XML contains one is read once more, as a
stream, for these cells alone, within the bounds of `intake/workbook_reader.py`. Old XLS files are not checked.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from xml.parsers import expat

PIECE = 1 << 20  # bytes read at a time
UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    expat.ExpatError,
    NotImplementedError,
    RuntimeError,
)
MARKS = (b't="e"', b"t='e'", b"<f>", b"<f ", b"<f/", b":f>", b":f ")
# Prefix of the cell's address for a formula whose value no program has computed; users see the address alone.
UNCOMPUTED = "#UNCOMPUTED!"
WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16: the marks have other bytes


def find_error_cells(path: str) -> dict[str, dict[tuple[int, int], str]]:
    """By sheet: (row, column), both from 0 → the shown error. Empty for a file that is not an XLSX."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as book:
        parts_by_sheet = sheet_parts(book)
        never = _is_never_computed(book)
        return {
            name: dict(_read_error_cells(book, part, never))
            for name, part in parts_by_sheet.items()
            if _mentions_errors(book, part)
        }


def sheet_parts(book: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → its part of the archive, by workbook.xml and its relations."""
    members = set(book.namelist())
    relations: dict[str, str] = {}
    for _tag, attributes in find_elements(book, "xl/_rels/workbook.xml.rels", "Relationship"):
        target = attributes.get("Target", "")
        relations[attributes.get("Id", "")] = target[1:] if target[:1] == "/" else f"xl/{target}"
    parts_by_sheet = {}
    for _tag, attributes in find_elements(book, "xl/workbook.xml", "sheet"):
        number = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        if relations.get(number) in members:
            parts_by_sheet[attributes.get("name", "")] = relations[number]
    return parts_by_sheet


def find_elements(
    book: zipfile.ZipFile, part: str, local_name: str
) -> Iterator[tuple[str, dict[str, str]]]:
    """The elements with one local name in a small part."""
    matches: list[tuple[str, dict[str, str]]] = []

    def handle_start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == local_name:
            matches.append((tag, attributes))

    parser = expat.ParserCreate()
    parser.StartElementHandler = handle_start
    if part in book.namelist():
        with book.open(part) as stream:
            parser.ParseFile(stream)
    yield from matches


def _mentions_errors(book: zipfile.ZipFile, part: str) -> bool:
    """Whether the part contains any error cell."""
    with book.open(part) as stream:
        before = b""
        while piece := stream.read(PIECE):
            if not before and piece.startswith(WIDE):
                return True
            if any(mark in before + piece for mark in MARKS):
                return True
            before = piece[-max(map(len, MARKS)) :]
    return False


def _is_never_computed(book: zipfile.ZipFile) -> bool:
    """Whether the workbook is to be computed when it is opened, as files made by programs are."""
    attributes = (
        attributes for _tag, attributes in find_elements(book, "xl/workbook.xml", "calcPr")
    )
    return any(element.get("fullCalcOnLoad") in ("1", "true") for element in attributes)


def _read_error_cells(
    book: zipfile.ZipFile, part: str, never_computed: bool
) -> Iterator[tuple[tuple[int, int], str]]:
    """The error cells of a sheet, and its formulas without a stored value."""
    reader = _Sheet(never_computed)
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    with book.open(part) as stream:
        while piece := stream.read(PIECE):
            parser.Parse(piece)
            yield from reader.found
            reader.found.clear()


class _Sheet:
    """The position in the stream: a cell or row without a stated position follows the one before."""

    def __init__(self, never_computed: bool) -> None:
        self.row = self.column = -1
        self.kind, self.value = "n", ""
        self.is_formula = self.has_value = self.in_value = False
        self.never_computed = never_computed
        self.found: list[tuple[tuple[int, int], str]] = []

    def _uncomputed(self) -> bool:
        """Whether a formula has no stored value: none at all, or the 0 that a program writes before Excel computes.

        Excel stores an empty text as t="str" with an empty value.
        """
        if self.never_computed and self.value in ("", "0"):
            return True
        return not self.value and not (self.kind == "str" and self.has_value)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "row":
                self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
                self.column = -1
            case "c":
                letters = attributes.get("r", "").rstrip("0123456789")
                self.column = column_number(letters) if letters else self.column + 1
                self.kind, self.value = attributes.get("t", "n"), ""
                self.is_formula = self.has_value = False
            case "f":
                self.is_formula = True
            case "v" | "t":
                self.in_value = self.has_value = True

    def text(self, text: str) -> None:
        if self.in_value:
            self.value += text

    def end(self, tag: str) -> None:
        match tag.rpartition(":")[2]:
            case "v" | "t":
                self.in_value = False
            case "c" if self.kind == "e":
                self.found.append(((self.row, self.column), self.value or "#N/A"))
            case "c" if self.is_formula and self._uncomputed():
                self.found.append(((self.row, self.column), UNCOMPUTED))


def column_number(letters: str) -> int:
    """A column from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
