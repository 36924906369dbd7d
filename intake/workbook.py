"""Workbooks (XLS, XLSX) and pages with tables: every sheet, with the kind of each cell; read in a bounded process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

from double_random.core.errors import BadFile
from double_random.intake import reasons, workbook_reader
from double_random.intake.sheet import TOP

if TYPE_CHECKING:
    import polars as pl

_ROWS = 50_000
_REASONS = {
    workbook_reader.NOT_A_WORKBOOK: reasons.NOT_A_WORKBOOK,
    workbook_reader.PROTECTED: reasons.PROTECTED,
    workbook_reader.TOO_WIDE: reasons.TOO_WIDE,
    workbook_reader.NO_MEMORY: reasons.TOO_LARGE,
    workbook_reader.NO_TABLE: reasons.PAGE_WITHOUT_TABLE,
    workbook_reader.LONG_ROW: reasons.LONG_LINE,
}


class WorkbookSheet:
    """One sheet of a workbook, all its cells as text, beside which cells were numbers."""

    separator = ""

    def __init__(
        self,
        name: str,
        width: int,
        hidden: Sequence[object],
        merged: Sequence[Sequence[int]] = (),
        ragged: bool = False,
    ) -> None:
        import polars as pl

        self.name = name
        self.top: list[list[str]] = []
        rows, columns, sheet = hidden
        possible_remarks = (
            (reasons.HIDDEN_ROWS, str(rows or "")),
            (reasons.HIDDEN_COLUMNS, str(columns)),
            (reasons.HIDDEN_SHEET, name if sheet else ""),
        )
        self.remarks = tuple((reason, value) for reason, value in possible_remarks if value)
        self._width, self._merged = width, merged
        self._ragged = ragged  # rows have as many cells as were written, as those of a web page
        self._counts: list[int] = []
        names = dict.fromkeys(self._column_names(width), pl.String())
        self._schema: dict[str, pl.DataType] = {"place": pl.Int64(), **names}
        self._frames = [pl.DataFrame(schema=self._schema)]
        self._numbers: dict[int, list[int]] = {}
        self._shown: dict[int, dict[int, str]] = {}
        self._covered: dict[int, set[int]] = {}
        self._rows: list[list[int | str]] = []

    @staticmethod
    def _column_names(width: int) -> list[str]:
        return [f"c{index}" for index in range(width)]

    def add_row(
        self, index: int, cells: list[str], numbers: list[int], shown: dict[str, str]
    ) -> None:
        """The next non-empty row; the rows between are empty."""
        filled = [*cells, *[""] * (self._width - len(cells))]
        if index < TOP:
            self.top += [[]] * (index - len(self.top))
            self.top.append(cells if self._ragged else filled)
        if self._ragged:
            self._counts.append(len(cells))
        self._rows.append([index, *filled])
        for column in numbers:
            self._numbers.setdefault(column, []).append(index)
        for at, seen in shown.items():
            self._shown.setdefault(int(at), {})[index] = seen
        if len(self._rows) == _ROWS:
            self.pack()

    def pack(self) -> None:
        """Store the rows so far as columns."""
        import polars as pl

        if self._rows and self._width:
            self._frames.append(pl.DataFrame(self._rows, schema=self._schema, orient="row"))
        self._rows = []

    def body(self, header: int, width: int) -> pl.DataFrame:
        """See `Sheet.body`. A sheet is a grid: cells beyond the header are a column without a name.

        A web page's table is treated as a text: its rows have the cells that were written.
        """
        import polars as pl

        self.pack()
        frame = self._fill_merged(pl.concat(self._frames), header)
        beyond, counts = pl.lit(False), []
        if self._ragged:
            frame = frame.with_columns(cells=pl.Series(self._counts, dtype=pl.Int64))
            counts = [pl.col("cells")]
            further = [pl.col(name) != "" for name in self._column_names(self._width)[width:]]
            beyond = pl.any_horizontal(beyond, *further)
        numbers = [
            pl.col("place")
            .is_in(pl.Series(row_indexes, dtype=pl.Int64).implode())
            .alias(f"n{index}")
            for index, row_indexes in self._numbers.items()
            if index < width
        ]
        numbers += [
            pl.col("place")
            .is_in(pl.Series(sorted(row_indexes), dtype=pl.Int64).implode())
            .alias(f"m{index}")
            for index, row_indexes in self._covered.items()
            if index < width
        ]
        return frame.filter(pl.col("place") > header).select(
            (pl.col("place") + 1).alias("row"),
            *self._column_names(width),
            beyond.alias("beyond"),
            *counts,
            *numbers,
            *(
                pl.col("place")
                .replace_strict(seen, default=None, return_dtype=pl.String)
                .alias(f"s{column}")
                for column, seen in self._shown.items()
                if column < width
            ),
        )

    def _fill_merged(self, frame: pl.DataFrame, header: int) -> pl.DataFrame:
        """A cell that is merged over rows below the header applies to each of them that is not empty.

        A cell merged over columns belongs to the first: hidden values below it in the others are removed.
        """
        import polars as pl

        below = [
            merged_range
            for merged_range in self._merged
            if merged_range[1] > header and merged_range[0] < self._width
        ]
        row_indexes: list[int] = frame["place"].to_list() if below else []
        filled: dict[int, dict[int, str]] = {}
        for column, first, last, right in below:
            start = bisect_left(row_indexes, first)
            value = frame[f"c{column}"][start] if row_indexes[start : start + 1] == [first] else ""
            if not value:
                continue
            numbers = self._numbers.get(column, [])
            is_number = first in numbers
            seen = self._shown.get(column, {})
            for at in range(start + 1, bisect_right(row_indexes, last)):
                filled.setdefault(column, {})[at] = value
                if is_number:
                    numbers.append(row_indexes[at])
                if first in seen:
                    seen[row_indexes[at]] = seen[first]
            covered = range(start, bisect_right(row_indexes, last))
            for beside in range(column + 1, min(right + 1, self._width)):
                filled.setdefault(beside, {}).update(dict.fromkeys(covered, ""))
                self._covered.setdefault(beside, set()).update(row_indexes[at] for at in covered)
        for beside, rows in self._covered.items():
            self._clear_covered(beside, rows)
        return frame.with_columns(
            frame[f"c{column}"].scatter(list(cells), pl.Series(list(cells.values())))
            for column, cells in filled.items()
        )

    def _clear_covered(self, column: int, covered: set[int]) -> None:
        """Cells of a column that a cell to their left covers are neither numbers nor shown."""
        self._numbers[column] = [row for row in self._numbers.get(column, []) if row not in covered]
        for index in covered & self._shown.get(column, {}).keys():
            del self._shown[column][index]


def read_sheets(
    file: str, raw: bytes, kind: Literal["workbook", "page"] = "workbook"
) -> list[WorkbookSheet]:
    """The sheets of a workbook, or the tables of a page in UTF-8. BadFile if it cannot be read within the bounds."""
    with tempfile.TemporaryDirectory(prefix="double-random-") as folder:
        book, printed = Path(folder, "book"), Path(folder, "book.jsonl")
        book.write_bytes(raw)
        command = [sys.executable, "-P", "-m", workbook_reader.__name__, str(book), kind]
        with printed.open("wb") as output:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.DEVNULL
            )
        if done.returncode:
            # A negative code is a signal: the bounds ended the process. 1 is any other fault in it.
            unsound = reasons.NOT_A_WORKBOOK if kind == "workbook" else reasons.OTHER_XML
            otherwise = reasons.TOO_LARGE if done.returncode < 0 else unsound
            if done.returncode == workbook_reader.NOT_A_WORKBOOK:
                raise BadFile(file, unsound)
            raise BadFile(file, _REASONS.get(done.returncode, otherwise))
        with printed.open("rb") as lines:
            return _gather_sheets(lines)


def _gather_sheets(lines: IO[bytes]) -> list[WorkbookSheet]:
    gathered: list[WorkbookSheet] = []
    for line in lines:
        entry = json.loads(line)
        if isinstance(entry, dict):
            gathered.append(WorkbookSheet(*entry.values()))
        else:
            gathered[-1].add_row(*entry)
    return gathered
