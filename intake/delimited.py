"""Text tables (CSV): decoded first, then read as columns; what is not regular is read cell by cell."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from double_random.core.errors import BadFile
from double_random.intake import reasons
from double_random.intake.column_reader import LONGEST
from double_random.intake.sheet import TOP, WIDEST

if TYPE_CHECKING:
    import numpy.typing as npt
    import polars as pl

_CHUNK = 1 << 22
_ROWS = 50_000
_CELLS = 1_000_000  # that are Python texts at one time
_HEAD = 1 << 20
_SEPARATORS = 1_000_000  # in one row, including those within quotes
_USUAL, _RARE = ",\t;", "|^~\x01\x1f"
_LINE = (
    4 << 20
)  # bytes: a line of twice this length is refused; a thousand of Excel's longest cells are shorter
_FIELD = 1_000_000  # characters of one cell that are read before it is cut
_QUOTES = 20_000_000
MOST_CELLS = 32_000_000  # of non-empty rows, times the columns of the header
MOST_ONE_BY_ONE = 20_000_000  # of a text whose rows are read one by one, in Python
MOST_RECORDS = 5_000_000  # of a text whose rows are read one by one, the empty ones, too


class DelimitedSheet:
    """One text table, in UTF-8; its separator is found from its first rows.

    Any text takes a bounded number of cells of bounded length: empty rows are dropped before columns are built, a
    text longer than a cell of Excel is cut (and quarantined), a still larger one is refused with its row.
    """

    name = ""
    remarks: tuple[tuple[str, str], ...] = ()

    def __init__(self, file: str, text: bytes) -> None:
        self._file = file
        # Old Macintosh line ends: one physical line would hold everything.
        self._text = text if b"\n" in text else text.replace(b"\r", b"\n")
        self._refuse_long_lines()
        self.separator, self.top, self._lines = self._read_head()

    def _refuse_long_lines(self) -> None:
        for start in range(0, len(self._text) - _LINE, _LINE):
            if self._text.find(b"\n", start, start + _LINE) < 0:
                line = self._text.count(b"\n", 0, start) + 1
                raise BadFile(self._file, f"{reasons.LONG_LINE}; {reasons.LINE}: {line}")

    def _read_head(self) -> tuple[str, list[list[str]], list[int]]:
        head = self._text[:_HEAD]
        if len(head) < len(self._text):
            head = head[: head.rfind(b"\n") + 1] or head
        text = head.decode("utf-8", "ignore")
        best: tuple[str, list[list[str]], list[int]] = (",", [], [])
        most = -1
        for separator in _USUAL + _RARE:
            if separator not in text and most >= 0:
                continue
            rows, lines = _read_first_rows(text, separator)
            score = _score_separator(rows, separator in _RARE)
            if score > most:
                best, most = (separator, rows, lines), score
        if max(map(len, best[1]), default=0) > WIDEST:
            raise BadFile(self._file, reasons.TOO_WIDE)
        return best

    def body(self, header: int, width: int) -> pl.DataFrame:
        """See `Sheet.body`. May be called once: the text is released, because it is as large as the columns."""
        text, self._text = self._text, b""
        frame = self._read_fast(text, header, width)
        return self._read_slowly(text, header, width) if frame is None else frame

    def _read_fast(self, text: bytes, header: int, width: int) -> pl.DataFrame | None:
        """The fast way, for a file that follows RFC 4180; None for any other."""
        import polars as pl

        quotes = _find_regular_quotes(text, self.separator)
        if quotes is None:
            return None
        records, longest = _count_records(text, quotes)
        if longest > 2 * _LINE:
            return None
        start, rows = self._lines[header], pl.int_range(header + 2, records + 1, eager=True)
        sparse = records * width > _CELLS and len(text) < records * (2 * width + 16)
        if sparse or records * width > MOST_CELLS:
            most = MOST_CELLS // width
            text, rows = _drop_empty_rows(text, self.separator, start, header + 2, most)
            start = 0
            if len(rows) > most:
                raise BadFile(self._file, reasons.TOO_MANY_CELLS)
        names = [f"c{index}" for index in range(width)]
        schema = dict.fromkeys(names, pl.String)
        try:
            frame = pl.read_csv(
                text or b"\n",
                has_header=False,
                schema=schema,
                skip_lines=start,
                separator=self.separator,
                missing_columns="insert",
            )
        except pl.exceptions.PolarsError:
            return None
        frame = frame if text else frame.clear()
        if frame.height != len(rows):
            return None
        if longest > LONGEST:
            frame = frame.with_columns(
                pl.col(name).str.head(LONGEST + 1)
                for name in names
                if (frame[name].str.len_bytes() > LONGEST).any()
            )
        result = frame.select(
            rows.cast(pl.Int64).alias("row"), pl.all(), pl.lit(False).alias("beyond")
        )
        if not frame.height or not frame.to_series(width - 1).null_count():
            return result
        quotes = _find_regular_quotes(text, self.separator) if start == 0 else quotes
        counts = _count_cells(text, quotes, self.separator)[-frame.height :]
        short = bool((counts < width).any())
        return result.with_columns(pl.Series("cells", counts)) if short else result

    def _read_slowly(self, text: bytes, header: int, width: int) -> pl.DataFrame:
        """The slow way: rows of other widths, quotes in wrong places. Only empty rows are dropped."""
        import polars as pl

        names = [f"c{index}" for index in range(width)]
        schema = {
            "row": pl.Int64(),
            **dict.fromkeys(names, pl.String()),
            "beyond": pl.Boolean(),
            "cells": pl.Int64(),
        }
        frames = [pl.DataFrame(schema=schema)]
        chunk: list[list[Any]] = []
        row_count, size = 0, 0
        rows = enumerate(_iterate_rows(self._file, text, self.separator), start=1)
        for number, row in itertools.islice(rows, header + 1, None):
            if number > MOST_RECORDS:
                raise BadFile(self._file, reasons.TOO_MANY_CELLS)
            if not any(map(str.strip, row)):
                continue
            cells = [cell[: LONGEST + 1] for cell in row[:width]]
            cells += [""] * (width - len(cells))
            beyond = any(cell.strip() for cell in row[width:])
            chunk.append([number, *cells, beyond, len(row)])
            row_count += 1
            size += width + sum(map(len, cells)) // 16
            if len(chunk) == _ROWS or size > _CELLS:
                frames.append(pl.DataFrame(chunk, schema=schema, orient="row"))
                chunk, size = [], 0
                if row_count * width > MOST_ONE_BY_ONE:
                    raise BadFile(self._file, reasons.TOO_MANY_CELLS)
        if chunk:
            frames.append(pl.DataFrame(chunk, schema=schema, orient="row"))
        return pl.concat(frames)


def _score_separator(rows: list[list[str]], rare: bool) -> int:
    """The score of a separator for the first rows: by their most frequent width and its frequency.

    A rare separator must divide most of the non-empty rows in the same way.
    """
    widths = [len(row) for row in rows if any(map(str.strip, row))]
    best = 0
    for width in set(widths) - {1}:
        count = widths.count(width)
        if not rare or (2 * count > len(widths) and width > 2):
            best = max(best, count * count * (width - 1))
    return best


def decode_text(file: str, raw: bytes) -> bytes:
    """The file's text as UTF-8 without a byte order mark. BadFile if it has no encoding that bureaus use."""
    if not raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if _is_utf8(raw):
            return raw.removeprefix(codecs.BOM_UTF8)
        for unmarked, end in (("utf-16-le", b"\n\x00"), ("utf-16-be", b"\x00\n")):
            text = _try_transcode(raw, unmarked) if end in raw else None
            if text and b"\x00" not in text:
                return text
        encoding = "gb18030"
    else:
        encoding = "utf-16"  # Excel calls it Unicode text
    try:
        return _transcode_text(raw, encoding)
    except UnicodeError:
        raise BadFile(file, _explain_encoding(raw, encoding)) from None


def decode_with(raw: bytes, encoding: str) -> bytes | None:
    """A text that is not UTF-8, read in the encoding that a layout gives, as UTF-8; None if it cannot be."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _is_utf8(raw):
        return None
    return _try_transcode(raw, encoding)


def _try_transcode(raw: bytes, encoding: str) -> bytes | None:
    """A text as UTF-8; None if it is not of this encoding."""
    try:
        return _transcode_text(raw, encoding)
    except UnicodeError:
        return None


def _explain_encoding(raw: bytes, encoding: str) -> str:
    """The reason with the position of the first wrong byte, by the encoding with the latest error."""
    tried = [encoding] if encoding == "utf-16" else ["utf-8", "gb18030"]
    position, best = max((_find_first_wrong(raw, candidate), candidate) for candidate in tried)
    if best == "utf-16":
        return f"{reasons.NO_ENCODING}; {reasons.BYTE}: {position + 1}"
    line = raw.count(b"\n", 0, position) + 1
    before = raw[raw.rfind(b"\n", 0, position) + 1 : position].removeprefix(codecs.BOM_UTF8)
    column = len(before.decode(best, "replace")) + 1
    return (
        f"{reasons.NO_ENCODING}; {reasons.LINE}: {line}; {reasons.CHARACTER}: {column}; "
        f"{reasons.BYTE}: {position + 1} (0x{raw[position]:02X})"
    )


def _find_first_wrong(raw: bytes, encoding: str) -> int:
    """The position of the first byte that is invalid in an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(raw) + 1, _CHUNK):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(raw[start : start + _CHUNK], final=start + _CHUNK > len(raw))
        except UnicodeDecodeError as error:
            return min(start - pending + error.start, len(raw) - 1)
    return len(raw)


def _is_utf8(raw: bytes) -> bool:
    """Polars checks the bytes many times faster than Python's decoder."""
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


def _transcode_text(raw: bytes, encoding: str) -> bytes:
    decoder = codecs.getincrementaldecoder(encoding)()
    pieces = io.BytesIO()
    view = memoryview(raw)
    for start in range(0, len(raw) + 1, _CHUNK):
        piece = decoder.decode(view[start : start + _CHUNK], final=start + _CHUNK > len(raw))
        pieces.write(piece.encode("utf-8"))
    return pieces.getvalue().removeprefix(codecs.BOM_UTF8)


def _read_first_rows(text: str, separator: str) -> tuple[list[list[str]], list[int]]:
    """The first rows, and for each the number of physical lines used so far."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    lines: list[int] = []
    with _long_cells(len(text)):
        for row in itertools.islice(reader, TOP):
            rows.append(row)
            lines.append(reader.line_num)
    return rows, lines


def _iterate_rows(file: str, text: bytes, separator: str) -> Iterator[list[str]]:
    """Every row of the text, read leniently.

    BadFile with the row if a quote is never closed (it would swallow the rest), if a row has more cells than any
    sheet, or a cell more characters than any text.
    """
    end = "\x00end of file\x00"
    separators = 0  # of the current row: it is refused before it becomes a list
    number = 0

    def refuse_row(reason: str) -> BadFile:
        return BadFile(file, f"{reason}; {reasons.ROW}: {number + 1}")

    def iterate_lines() -> Iterator[str]:
        nonlocal separators
        for line in io.TextIOWrapper(io.BytesIO(text), "utf-8", newline=""):
            separators += line.count(separator)
            if separators > _SEPARATORS:
                raise refuse_row(reasons.TOO_WIDE)
            yield line if line.endswith(("\n", "\r")) else line + "\n"
        yield end

    with _long_cells(_FIELD):
        try:
            for row in csv.reader(iterate_lines(), delimiter=separator):
                if row == [end]:
                    return
                if len(row) > WIDEST:
                    raise refuse_row(reasons.TOO_WIDE)
                if row and row[-1].endswith(end):
                    break
                separators = 0
                number += 1
                yield row
        except csv.Error:
            raise refuse_row(reasons.LONG_CELL) from None
        raise refuse_row(reasons.OPEN_QUOTE)


class _long_cells:
    """Lifts the csv module's limit of 131,072 characters a cell while a file is read."""

    def __init__(self, most: int) -> None:
        self._most = most

    def __enter__(self) -> None:
        self._before = csv.field_size_limit(self._most)

    def __exit__(self, *_: object) -> None:
        csv.field_size_limit(self._before)


def _find_regular_quotes(text: bytes, separator: str) -> npt.NDArray[Any] | None:
    """The positions of the quotes, or None if they or the line ends do not follow RFC 4180."""
    import numpy as np

    if b"\r" in text and text.count(b"\r") != text.count(b"\r\n"):
        return None
    if b'"' not in text:
        return np.empty(0, np.int64)
    if text.count(b'"') > _QUOTES:
        return None
    bytes_ = np.frombuffer(text, np.uint8)
    quotes = np.concatenate([_find_byte(text, start, ord('"')) for start in _piece_starts(text)])
    if len(quotes) % 2:
        return None
    opens, closes = quotes[0::2], quotes[1::2]
    before = bytes_[opens - 1]  # index -1 is the last byte: corrected in the next line
    edges = np.array([ord(separator), 10, 13], np.uint8)
    starts = np.isin(before, edges) | (opens == 0)
    starts[1:] |= opens[1:] == closes[:-1] + 1  # a doubled quote within a cell
    after = bytes_[np.minimum(closes + 1, len(bytes_) - 1)]
    stops = np.isin(after, edges) | (closes == len(bytes_) - 1)
    stops[:-1] |= closes[:-1] + 1 == opens[1:]
    return quotes if starts.all() and stops.all() else None


def _count_records(text: bytes, quotes: npt.NDArray[Any]) -> tuple[int, int]:
    """How many records the text has, and the bytes of the longest; line ends within quotes end none."""
    import numpy as np

    count, longest, last = 0, 0, -1
    for start in _piece_starts(text):
        breaks = _find_byte(text, start, 10)
        if len(quotes):
            breaks = breaks[np.searchsorted(quotes, breaks) % 2 == 0]
        if len(breaks):
            count += len(breaks)
            longest = max(longest, int(breaks[0]) - last, int(np.diff(breaks).max(initial=0)))
            last = int(breaks[-1])
    rest = len(text) - 1 - last
    return count + (1 if rest else 0), max(longest, rest)


def _count_cells(text: bytes, quotes: npt.NDArray[Any] | None, separator: str) -> npt.NDArray[Any]:
    """How many cells each record of a regular text has."""
    import numpy as np

    assert quotes is not None  # the text, or the one that contains it, is regular
    totals: list[npt.NDArray[Any]] = []
    before = 0  # separators until the piece
    for start in _piece_starts(text):
        parted, breaks = (_find_byte(text, start, byte) for byte in (ord(separator), 10))
        if len(quotes):
            parted = parted[np.searchsorted(quotes, parted) % 2 == 0]
            breaks = breaks[np.searchsorted(quotes, breaks) % 2 == 0]
        totals.append(np.searchsorted(parted, breaks) + before)
        before += len(parted)
    if not text.endswith(b"\n"):
        totals.append(np.array([before]))
    ends = np.concatenate(totals)
    return np.diff(ends, prepend=0) + 1


def _drop_empty_rows(
    text: bytes, separator: str, lines: int, first: int, most: int
) -> tuple[bytes, pl.Series]:
    """The text after its first lines without empty records, and the number of each remaining record.

    `first`: the number of the first of them. It works in pieces, so that no more than the text itself is in memory;
    if more than `most` remain, it stops there.
    """
    import numpy as np
    import polars as pl

    position = 0
    for _line in range(lines):
        position = text.find(b"\n", position) + 1 or len(text)
    something = np.ones(256, np.bool_)
    something[[ord(separator), 10, 13, 32, 9]] = False
    pieces: list[bytes] = []
    numbers: list[npt.NDArray[Any]] = []
    number, inside = first, False
    left = 0
    while position < len(text) and left <= most:
        end = text.rfind(b"\n", position, position + _CHUNK) + 1
        if not end:  # a line that is longer than a piece
            end = text.find(b"\n", position) + 1 or len(text)
        piece = np.frombuffer(text, np.uint8, end - position, position)
        written = something[piece]
        if not inside and piece[-1] == 10 and not written.any():
            number += int(np.count_nonzero(piece == 10))
            position = end
            continue
        stops = np.flatnonzero(piece == 10) + 1
        if not len(stops) or stops[-1] != len(piece):
            stops = np.append(stops, len(piece))
        starts = np.concatenate([[0], stops[:-1]])
        filled = np.logical_or.reduceat(written, starts)
        odd = np.add.reduceat(piece == 34, starts) % 2 == 1
        open_after = np.logical_xor.accumulate(np.concatenate([[inside], odd]))
        inside = bool(open_after[-1])
        keeps = filled | open_after[:-1]  # an empty line within quotes belongs to its cell
        ends = ~open_after[1:]
        left += int((keeps & ends).sum())
        numbers.append((number + np.cumsum(ends) - 1)[keeps & ends])
        number += int(ends.sum())
        pieces.append(piece[np.repeat(keeps, stops - starts)].tobytes())
        position = end
    rows = np.concatenate(numbers) if numbers else np.empty(0, np.int64)
    return b"".join(pieces), pl.Series(rows, dtype=pl.Int64)


def _piece_starts(text: bytes) -> range:
    return range(0, len(text), _CHUNK)


def _find_byte(text: bytes, start: int, byte: int) -> npt.NDArray[Any]:
    """The positions of a byte in one piece of the text."""
    import numpy as np

    piece = np.frombuffer(text, np.uint8, min(_CHUNK, len(text) - start), start)
    return np.flatnonzero(piece == byte) + start
