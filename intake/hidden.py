"""Hidden rows, columns and sheets of an XLSX: they are read like the others, and a person is to know that."""

from __future__ import annotations

import re
import zipfile
from xml.parsers import expat

from intake.error_cells import PIECE, parts

_MARK = re.compile(rb"\bhidden\s*=")
_TRUE = ("1", "true")


def hidden_rows(path: str) -> dict[str, int]:
    """By sheet: how many rows that hold a value are hidden, by a filter or by hand. Nothing for other files."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as book:
        return {
            name: _rows(book, part) for name, part in parts(book).items() if _speaks(book, part)
        }


def _speaks(book: zipfile.ZipFile, part: str) -> bool:
    """Whether the part says anywhere that something is hidden, or is UTF-16."""
    with book.open(part) as stream:
        before = b""
        while piece := stream.read(PIECE):
            if _MARK.search(before + piece) or (not before and b"\x00" in piece[:4]):
                return True
            before = piece[-16:]
    return False


def _rows(book: zipfile.ZipFile, part: str) -> int:
    count = 0
    hidden = False

    def start(tag: str, said: dict[str, str]) -> None:
        nonlocal hidden, count
        match tag.rpartition(":")[2]:
            case "row":
                hidden = said.get("hidden", "").lower() in _TRUE
            case "v" | "is" if hidden:
                count += 1
                hidden = False  # a row counts once
            case _:
                pass

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with book.open(part) as stream:
        parser.ParseFile(stream)
    return count
