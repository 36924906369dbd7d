"""Hidden rows, columns and sheets of an XLSX: they are read like the others, and noted for a person."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from double_random.intake.error_cells import PIECE, find_elements, sheet_parts

_MARK = re.compile(rb"\bhidden\s*=")
_TRUE = ("1", "true")


@dataclass
class HiddenParts:
    """The hidden parts of a sheet, by a filter or by hand."""

    rows: int = 0  # of those that hold a value
    columns: list[tuple[int, int]] = field(default_factory=list)  # from 0, first and last
    sheet: bool = False


def find_hidden(path: str) -> dict[str, HiddenParts]:
    """By sheet. Empty for other files."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as book:
        unseen = {
            attributes.get("name", "")
            for _tag, attributes in find_elements(book, "xl/workbook.xml", "sheet")
            if attributes.get("state", "visible") != "visible"
        }
        hidden_by_sheet = {}
        for name, part in sheet_parts(book).items():
            hidden_by_sheet[name] = (
                _read_hidden(book, part) if _mentions_hidden(book, part) else HiddenParts()
            )
            hidden_by_sheet[name].sheet = name in unseen
        return hidden_by_sheet


def _mentions_hidden(book: zipfile.ZipFile, part: str) -> bool:
    """Whether the part contains a mark of hidden cells, or is UTF-16."""
    with book.open(part) as stream:
        before = b""
        while piece := stream.read(PIECE):
            if _MARK.search(before + piece) or (not before and b"\x00" in piece[:4]):
                return True
            before = piece[-16:]
    return False


def _read_hidden(book: zipfile.ZipFile, part: str) -> HiddenParts:
    result = HiddenParts()
    unseen = False

    def handle_start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal unseen
        match tag.rpartition(":")[2]:
            case "col" if attributes.get("hidden", "").lower() in _TRUE:
                result.columns.append(
                    (int(attributes.get("min", "1")) - 1, int(attributes.get("max", "1")) - 1)
                )
            case "row":
                unseen = attributes.get("hidden", "").lower() in _TRUE
            case "v" | "is" if unseen:
                result.rows += 1
                unseen = False  # a row counts once
            case _:
                pass

    parser = expat.ParserCreate()
    parser.StartElementHandler = handle_start
    with book.open(part) as stream:
        parser.ParseFile(stream)
    return result
