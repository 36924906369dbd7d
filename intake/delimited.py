"""Text tables (CSV): decoded first, then read as columns; what is not regular is read cell by cell."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from errors import BadFile
from intake import reasons
from intake.sheet import TOP, WIDEST

if TYPE_CHECKING:
    import numpy.typing as npt
    import polars as pl

_CHUNK = 1 << 22
_ROWS = 50_000
_HEAD = 1 << 20
_SEPARATORS = 1_000_000  # in one row, those within quotes, too


class DelimitedSheet:
    """One text table, in UTF-8, its separator found by the widest row of its head."""

    name = ""

    def __init__(self, file: str, text: bytes) -> None:
        self._file = file
        # Old Macintosh line ends: one physical line would hold everything.
        self._text = text if b"\n" in text else text.replace(b"\r", b"\n")
        self._separator, self.top, self._lines = self._head()

    def _head(self) -> tuple[str, list[list[str]], list[int]]:
        head = self._text[:_HEAD]
        if len(head) < len(self._text):
            head = head[: head.rfind(b"\n") + 1] or head
        text = head.decode("utf-8", "ignore")
        best: tuple[str, list[list[str]], list[int]] = (",", [], [])
        for separator in ",\t;":
            rows, lines = _first_rows(text, separator)
            widest = max(map(len, rows), default=0)
            if widest > max(map(len, best[1]), default=0):
                best = separator, rows, lines
        if max(map(len, best[1]), default=0) > WIDEST:
            raise BadFile(self._file, reasons.TOO_WIDE)
        return best

    def body(self, header: int, width: int) -> pl.DataFrame:
        """See `Sheet.body`. Asked once: the text is let go, for it is as large as the columns."""
        text, self._text = self._text, b""
        frame = self._columns(text, header, width)
        return self._cells(text, header, width) if frame is None else frame

    def _columns(self, text: bytes, header: int, width: int) -> pl.DataFrame | None:
        """The fast way, for a file that keeps to RFC 4180; None for any other."""
        import polars as pl

        records = _records(text, self._separator)
        if records is None:
            return None
        names = [f"c{place}" for place in range(width)]
        try:
            frame = pl.read_csv(
                text,
                has_header=False,
                schema=dict.fromkeys(names, pl.String),
                skip_lines=self._lines[header],
                separator=self._separator,
                missing_columns="insert",
            )
        except pl.exceptions.PolarsError:
            return None
        if frame.height != records - header - 1:
            return None
        return frame.select(
            pl.int_range(header + 2, header + 2 + frame.height, dtype=pl.Int64).alias("row"),
            pl.all(),
            pl.lit(False).alias("beyond"),
        )

    def _cells(self, text: bytes, header: int, width: int) -> pl.DataFrame:
        """The slow way: rows of other widths, quotes where none may stand. Nothing is dropped."""
        import polars as pl

        names = [f"c{place}" for place in range(width)]
        frames = [
            pl.DataFrame(schema=[*((name, pl.String) for name in names), ("beyond", pl.Boolean)])
        ]
        rows = itertools.islice(_all_rows(self._file, text, self._separator), header + 1, None)
        while chunk := list(itertools.islice(rows, _ROWS)):
            beyond = [any(cell.strip() for cell in row[width:]) for row in chunk]
            padded = [row[:width] + [""] * (width - len(row)) for row in chunk]
            columns: dict[str, list[str] | list[bool]] = {
                name: list(column)
                for name, column in zip(names, zip(*padded, strict=True), strict=True)
            }
            frames.append(pl.DataFrame({**columns, "beyond": beyond}, schema=frames[0].schema))
        frame = pl.concat(frames)
        return frame.select(
            pl.int_range(header + 2, header + 2 + frame.height, dtype=pl.Int64).alias("row"),
            pl.all(),
        )


def decoded(file: str, raw: bytes) -> bytes:
    """The file's text as UTF-8 without a byte order mark. BadFile where it is no text that bureaus write."""
    if not raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if _is_utf8(raw):
            return raw.removeprefix(codecs.BOM_UTF8)
        encoding = "gb18030"
    else:
        encoding = "utf-16"  # what Excel calls Unicode text
    try:
        return _transcoded(raw, encoding)
    except UnicodeError:
        raise BadFile(file, reasons.NO_ENCODING) from None


def _is_utf8(raw: bytes) -> bool:
    """Polars looks at the bytes many times faster than Python's decoder would."""
    import polars as pl

    view = memoryview(raw)
    start = 0
    while start < len(raw):
        end = min(start + _CHUNK, len(raw))
        while end < len(raw) and raw[end] & 0xC0 == 0x80 and end - start > _CHUNK - 4:
            end -= 1  # a character is not cut
        try:
            pl.Series([bytes(view[start:end])], dtype=pl.Binary).cast(pl.String)
        except pl.exceptions.PolarsError:
            return False
        start = end
    return True


def _transcoded(raw: bytes, encoding: str) -> bytes:
    decoder = codecs.getincrementaldecoder(encoding)()
    pieces = io.BytesIO()
    view = memoryview(raw)
    for start in range(0, len(raw) + 1, _CHUNK):
        piece = decoder.decode(view[start : start + _CHUNK], final=start + _CHUNK > len(raw))
        pieces.write(piece.encode("utf-8"))
    return pieces.getvalue().removeprefix(codecs.BOM_UTF8)


def _first_rows(text: str, separator: str) -> tuple[list[list[str]], list[int]]:
    """The first rows, and after each the number of physical lines that were used up."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    lines: list[int] = []
    with _long_cells(len(text)):
        for row in itertools.islice(reader, TOP):
            rows.append(row)
            lines.append(reader.line_num)
    return rows, lines


def _all_rows(file: str, text: bytes, separator: str) -> Iterator[list[str]]:
    """Every row of the text, read leniently.

    BadFile where a quote is never closed (it would swallow the rest), or a row has more cells than any sheet.
    """
    end = "\x00end of file\x00"
    separators = 0  # of the row that is being read: it is refused before it is a list

    def lines() -> Iterator[str]:
        nonlocal separators
        for line in io.TextIOWrapper(io.BytesIO(text), "utf-8", newline=""):
            separators += line.count(separator)
            if separators > _SEPARATORS:
                raise BadFile(file, reasons.TOO_WIDE)
            yield line if line.endswith(("\n", "\r")) else line + "\n"
        yield end

    with _long_cells(len(text)):
        last: list[str] = []
        for row in csv.reader(lines(), delimiter=separator):
            if row == [end]:
                return
            if len(row) > WIDEST:
                raise BadFile(file, reasons.TOO_WIDE)
            separators = 0
            yield row
            last = row
        raise BadFile(file, reasons.OPEN_QUOTE) if last else AssertionError("the end was not read")


class _long_cells:
    """Lifts the csv module's limit of 131,072 characters a cell while a file is read."""

    def __init__(self, most: int) -> None:
        self._most = max(most, 131_072) + 1

    def __enter__(self) -> None:
        self._before = csv.field_size_limit(self._most)

    def __exit__(self, *_: object) -> None:
        csv.field_size_limit(self._before)


def _records(text: bytes, separator: str) -> int | None:
    """How many records the text has, or None where its quotes or line ends are not those of RFC 4180."""
    import numpy as np

    if b"\r" in text and text.count(b"\r") != text.count(b"\r\n"):
        return None
    ended = 0 if text.endswith(b"\n") or not text else 1
    bytes_ = np.frombuffer(text, np.uint8)
    if b'"' not in text:
        pieces = (bytes_[start : start + _CHUNK] for start in range(0, len(bytes_), _CHUNK))
        return sum(int(np.count_nonzero(piece == 10)) for piece in pieces) + ended
    quotes = _places(bytes_, ord('"'))
    if len(quotes) % 2:
        return None
    opens, closes = quotes[0::2], quotes[1::2]
    before = bytes_[opens - 1]  # place -1 is the last byte: put right in the next line
    edges = np.array([ord(separator), 10, 13], np.uint8)
    starts = np.isin(before, edges) | (opens == 0)
    starts[1:] |= opens[1:] == closes[:-1] + 1  # a doubled quote within a cell
    after = bytes_[np.minimum(closes + 1, len(bytes_) - 1)]
    stops = np.isin(after, edges) | (closes == len(bytes_) - 1)
    stops[:-1] |= closes[:-1] + 1 == opens[1:]
    if not (starts.all() and stops.all()):
        return None
    breaks = _places(bytes_, 10)
    outside = np.searchsorted(quotes, breaks) % 2 == 0
    return int(outside.sum()) + ended


def _places(bytes_: npt.NDArray[Any], wanted: int) -> npt.NDArray[Any]:
    """Where a byte stands, found in pieces, so that no second copy of the file is made."""
    import numpy as np

    pieces = [
        np.flatnonzero(bytes_[start : start + _CHUNK] == wanted) + start
        for start in range(0, len(bytes_), _CHUNK)
    ]
    return np.concatenate(pieces) if pieces else np.empty(0, np.int64)
