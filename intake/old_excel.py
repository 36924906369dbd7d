"""Data of an XLS (BIFF8) besides its values: number formats, formulas without a stored value, hidden parts.

The underlying reader returns only the values. The workbook's stream is found in the compound file and read once,
record by record, within the bounds of `intake/workbook_reader.py`. [MS-CFB], [MS-XLS].
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from double_random.intake.number_formats import BUILT_IN, NumberFormats, is_telling

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
END = 0xFFFFFFFA  # sector numbers from here on are special marks
BOF, EOF, FORMAT, XF, SHEET, WRITER = 0x0809, 0x000A, 0x041E, 0x00E0, 0x0085, 0x005C
ROW, COLUMNS, FORMULA, MULRK, PROTECTED = 0x0208, 0x007D, 0x0006, 0x00BD, 0x002F
CELLS = (0x0203, 0x027E, FORMULA, 0x00FD, 0x0204)  # number, RK, formula, text
BIFF8 = 0x0600
ON_LOAD = 2  # of a formula: to be computed when the file is opened
BLANK = b"\x03\x00\x00\x00\x00\x00\xff\xff"  # an empty text, as the stored value of a formula


@dataclass
class OldSheet:
    """One sheet: places are counted from 0."""

    hidden: bool = False
    hidden_rows: int = 0
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)  # first and last
    uncomputed: list[tuple[int, int]] = field(default_factory=list)
    formats: NumberFormats = field(default_factory=lambda: NumberFormats([""], {}))


def read_old_sheets(path: str) -> dict[str, OldSheet]:
    """By name; empty if the file is not an XLS of Excel 97 or later, or is invalid."""
    raw = Path(path).read_bytes()
    if not raw.startswith(MAGIC):
        return {}
    try:
        stream = _workbook_stream(raw)
        return _read_sheets(stream) if stream else {}
    except (struct.error, IndexError, ValueError):
        return {}


def _workbook_stream(raw: bytes) -> bytes:
    """The stream named Workbook of a compound file; b"" if there is none."""
    size = 1 << struct.unpack_from("<H", raw, 30)[0]
    first, further = struct.unpack_from("<I4xII", raw, 48)[0], struct.unpack_from("<I", raw, 68)[0]

    def read_sector(number: int) -> bytes:
        return raw[(number + 1) * size : (number + 2) * size]

    tables = list(struct.unpack_from("<109I", raw, 76))
    seen = 0
    while further < END and seen <= len(raw) // size:
        *more, further = struct.unpack(f"<{size // 4}I", read_sector(further))
        tables += more
        seen += 1
    chain = array("I")
    for number in tables:
        if number < END:
            chain.frombytes(read_sector(number))

    def follow_chain(number: int, links: array[int]) -> Iterator[int]:
        for _step in range(len(links) + 1):
            if number >= END:
                return
            yield number
            number = links[number]
        raise ValueError(number)  # a ring

    folder = b"".join(map(read_sector, follow_chain(first, chain)))
    entries = [folder[at : at + 128] for at in range(0, len(folder) - 127, 128)]
    small = 1 << struct.unpack_from("<H", raw, 32)[0]
    cutoff, links = struct.unpack_from("<II", raw, 56)
    for entry in entries:
        name = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le")
        start, length = struct.unpack_from("<II", entry, 116)
        if name != "Workbook":
            continue
        if length >= cutoff:
            return b"".join(map(read_sector, follow_chain(start, chain)))[:length]
        inner = b"".join(
            map(read_sector, follow_chain(struct.unpack_from("<I", entries[0], 116)[0], chain))
        )
        minor = array("I")
        minor.frombytes(b"".join(map(read_sector, follow_chain(links, chain))))
        pieces = (
            inner[sector_number * small : (sector_number + 1) * small]
            for sector_number in follow_chain(start, minor)
        )
        return b"".join(pieces)[:length]
    return b""


def _iterate_records(stream: bytes, position: int) -> Iterator[tuple[int, bytes]]:
    """The records of a part of the stream, until its end; parts within it are left out."""
    depth = 0
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        content = stream[position + 4 : position + 4 + length]
        position += 4 + length
        depth += (kind == BOF) - (kind == EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, content


@dataclass
class _Book:
    """The workbook's data about all its sheets."""

    codes: dict[str, str] = field(default_factory=lambda: dict(BUILT_IN))  # formats by number
    styles: list[str] = field(default_factory=list)  # of each cell style the number of its format
    sheets: list[tuple[int, bool, str]] = field(default_factory=list)  # start, hidden, name
    by_xlwt: bool = False  # which keeps an empty text for every formula
    protected: bool = False

    def add_record(self, kind: int, content: bytes) -> None:
        if kind == PROTECTED:
            self.protected = True
        elif kind == FORMAT:
            number, length, wide = struct.unpack_from("<HHB", content)
            self.codes[str(number)] = _decode_text(content[5:], length, wide)
        elif kind == XF:
            self.styles.append(str(struct.unpack_from("<H", content, 2)[0]))
        elif kind == SHEET:
            start, state, length, wide = struct.unpack_from("<IBxBB", content)
            self.sheets.append((start, bool(state & 3), _decode_text(content[8:], length, wide)))
        elif kind == WRITER:
            self.by_xlwt = content.startswith(b"None ")

    def telling_formats(self) -> tuple[list[str], dict[int, int]]:
        """The formats that show more than a cell's value, "" first, and by cell style the place of its own."""
        style_codes = [self.codes.get(number, "") for number in self.styles]
        indexes = {
            code: n
            for n, code in enumerate(filter(is_telling, dict.fromkeys(style_codes)), start=1)
        }
        return ["", *indexes], {
            n: indexes[code] for n, code in enumerate(style_codes) if code in indexes
        }


@dataclass(kw_only=True)
class _Walk:
    """One sheet's records."""

    sheet: OldSheet
    telling: dict[int, int]
    by_xlwt: bool
    filled: set[int] = field(default_factory=set)  # non-empty rows
    unseen: set[int] = field(default_factory=set)
    asked: dict[tuple[int, int], bool] = field(
        default_factory=dict
    )  # formulas to be computed: kept nothing

    def add_record(self, kind: int, content: bytes) -> None:
        if kind == ROW and content[12] & 0x20:
            self.unseen.add(struct.unpack_from("<H", content)[0])
        elif kind == COLUMNS and content[8] & 1:
            first, last = struct.unpack_from("<HH", content)
            self.sheet.hidden_columns.append((first, last))
        elif kind == MULRK:
            row, column = struct.unpack_from("<HH", content)
            for offset, at in enumerate(range(4, len(content) - 2, 6)):
                self._cell(row, column + offset, struct.unpack_from("<H", content, at)[0])
        elif kind in CELLS:
            row, column, style = struct.unpack_from("<HHH", content)
            self._cell(row, column, style)
            if kind == FORMULA and (content[14] & ON_LOAD or self.by_xlwt):
                self.asked[row, column] = content[6:14] in (BLANK, bytes(8))

    def _cell(self, row: int, column: int, style: int) -> None:
        self.filled.add(row)
        if code := self.telling.get(style, 0):
            rows = self.sheet.formats.columns.setdefault(column, array("H"))
            rows.extend([0] * (row + 1 - len(rows)))
            rows[row] = code


def _read_sheets(stream: bytes) -> dict[str, OldSheet]:
    if struct.unpack_from("<HHH", stream)[::2] != (BOF, BIFF8):
        return {}
    book = _Book()
    for kind, content in _iterate_records(stream, 0):
        book.add_record(kind, content)
    if book.protected:
        return {}
    codes, telling = book.telling_formats()
    sheets: dict[str, OldSheet] = {}
    uncomputed: list[tuple[OldSheet, tuple[int, int], bool]] = []
    for start, hidden, name in book.sheets:
        walk = _Walk(
            sheet=OldSheet(hidden, formats=NumberFormats(codes, {})),
            telling=telling,
            by_xlwt=book.by_xlwt,
        )
        for kind, content in _iterate_records(stream, start):
            walk.add_record(kind, content)
        walk.sheet.hidden_rows = len(walk.unseen & walk.filled)
        sheets[name] = walk.sheet
        uncomputed += [(walk.sheet, address, nothing) for address, nothing in walk.asked.items()]
    if all(nothing for _sheet, _place, nothing in uncomputed):  # a program that does not compute
        for sheet, address, _nothing in uncomputed:
            sheet.uncomputed.append(address)
    return sheets


def _decode_text(raw: bytes, length: int, wide: int) -> str:
    return raw[: 2 * length].decode("utf-16-le") if wide & 1 else raw[:length].decode("latin-1")
