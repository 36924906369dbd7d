"""Hidden rows, columns and sheets of an XLSX: they are read like the others, and noted for a person."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from double_random.intake.error_cells import PIECE, elements, parts

_MARK = re.compile(rb"\bhidden\s*=")
_TRUE = ("1", "true")


@dataclass
class Hidden:
    """The hidden parts of a sheet, by a filter or by hand."""

    rows: int = 0  # of those that hold a value
    columns: list[tuple[int, int]] = field(default_factory=list)  # from 0, first and last
    sheet: bool = False


def hidden(path: str) -> dict[str, Hidden]:
    """By sheet. Empty for other files."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as book:
        unseen = {
            said.get("name", "")
            for _tag, said in elements(book, "xl/workbook.xml", "sheet")
            if said.get("state", "visible") != "visible"
        }
        found = {}
        for name, part in parts(book).items():
            found[name] = _within(book, part) if _speaks(book, part) else Hidden()
            found[name].sheet = name in unseen
        return found


def _speaks(book: zipfile.ZipFile, part: str) -> bool:
    """Whether the part contains a mark of hidden cells, or is UTF-16."""
    with book.open(part) as stream:
        before = b""
        while piece := stream.read(PIECE):
            if _MARK.search(before + piece) or (not before and b"\x00" in piece[:4]):
                return True
            before = piece[-16:]
    return False


def _within(book: zipfile.ZipFile, part: str) -> Hidden:
    found = Hidden()
    unseen = False

    def start(tag: str, said: dict[str, str]) -> None:
        nonlocal unseen
        match tag.rpartition(":")[2]:
            case "col" if said.get("hidden", "").lower() in _TRUE:
                found.columns.append((int(said.get("min", "1")) - 1, int(said.get("max", "1")) - 1))
            case "row":
                unseen = said.get("hidden", "").lower() in _TRUE
            case "v" | "is" if unseen:
                found.rows += 1
                unseen = False  # a row counts once
            case _:
                pass

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with book.open(part) as stream:
        parser.ParseFile(stream)
    return found
