"""Reads one workbook or page in a process of its own and prints it as JSON lines: `python -P -m … FILE KIND`.

The underlying reader stores a sheet densely, so that two cells in far corners, or one long text referenced by a
million cells, take all memory. Here the operating system limits memory and time, and the main program continues
whatever happens to this process.
"""

from __future__ import annotations

import datetime
import itertools
import json
import sys
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.intake import table_pages
from double_random.intake.error_cells import UNCOMPUTED, UNREADABLE, find_error_cells
from double_random.intake.hidden_cells import HiddenParts, find_hidden
from double_random.intake.number_formats import (
    NONE,
    NumberFormats,
    format_cell,
    load_telling_formats,
)
from double_random.intake.old_excel import read_old_sheets
from double_random.intake.sheet import column_letters

if TYPE_CHECKING:
    import python_calamine

MEMORY = 2 << 30  # bytes of address space
SECONDS = 300  # of processor time
PAGE_SECONDS = 45
WIDEST = 1_000  # columns, as in intake/sheet.py
LONGEST = 4 << 20  # characters of one row, as of a line in intake/delimited.py
MOST = 200 << 20  # characters of all rows: the caller holds them in memory several times
NOT_A_WORKBOOK, PROTECTED, TOO_WIDE, NO_MEMORY, NO_TABLE, LONG_ROW = range(
    3, 9
)  # exit codes that workbook.py understands


def _set_limits(seconds: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows: there the machine's own limits hold
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def cell_text(cell: object) -> str:
    """A cell as text: dates in ISO form, numbers with the 15 digits that Excel keeps."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return f"{Decimal(format(cell, '.15g')):f}"
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    return str(cell)


Merged = tuple[int, int, int, int]  # a merged cell from 0: column, first row, last row, last column
Shown = dict[
    int, str
]  # by column: the text shown by the cell's number format, if it is more than its text
Row = tuple[int, list[str], list[int], Shown]  # place from 0, texts, places of number cells, …


def main(path: str, kind: str) -> int:
    """Print each sheet: a line {"sheet", "width", "hidden", "merged", "ragged"}, then the non-empty rows."""
    _set_limits(PAGE_SECONDS if kind == "page" else SECONDS)
    import python_calamine

    total = 0
    try:
        for sheet, width, unseen, merged, ragged, rows in (
            _read_page(path) if kind == "page" else _read_workbook(path)
        ):
            if width > WIDEST:
                return TOO_WIDE
            description = {"sheet": sheet, "width": width, "hidden": unseen, "merged": merged}
            print(json.dumps(description | {"ragged": ragged}))
            for row in rows:
                length = sum(map(len, row[1]))
                total += length
                if length > LONGEST:
                    return LONG_ROW
                if total > MOST:
                    return NO_MEMORY
                print(json.dumps(row))
    except python_calamine.PasswordError:
        return PROTECTED
    except MemoryError:
        return NO_MEMORY
    except table_pages.TooWide:
        return TOO_WIDE
    except NoTable:
        return NO_TABLE
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError, *UNREADABLE):
        return NOT_A_WORKBOOK
    return 0


class NoTable(Exception):
    """A page has no table."""


# Name, width, what is hidden, merged cells, whether rows have no more cells than were written, rows.
Unseen = tuple[
    int, str, bool
]  # hidden rows, letters of hidden columns, whether the sheet is hidden
Sheet = tuple[str, int, Unseen, list[Merged], bool, Iterable[Row]]


def _read_page(path: str) -> Iterator[Sheet]:
    """The tables of a page in UTF-8."""
    tables = list(table_pages.read_tables(Path(path).read_text(encoding="utf-8")))
    if not any(table.rows for table in tables):
        raise NoTable
    for table in tables:
        yield (
            table.name,
            table.width,
            _describe_hidden(
                HiddenParts(table.hidden, table.hidden_columns, table.unseen), table.width
            ),
            table.merged,
            table.ragged,
            ((*row, table.shown.get(row[0], {})) for row in table.rows),
        )


def _read_workbook(path: str) -> Iterator[Sheet]:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_path(path)
    errors, unseen, formats = find_error_cells(path), find_hidden(path), load_telling_formats(path)
    old = read_old_sheets(path)
    for name, old_sheet in old.items():
        errors[name] = dict.fromkeys(old_sheet.uncomputed, UNCOMPUTED)
        unseen[name] = HiddenParts(
            old_sheet.hidden_rows, old_sheet.hidden_columns, old_sheet.hidden
        )
        formats[name] = old_sheet.formats
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        width = sheet.end[1] + 1 if sheet.end else 0  # total_width counts one too few
        wrong = errors.get(name, {})
        width = max([width, *(column + 1 for _row, column in wrong)])
        merged = [
            (column, first, last, right)
            for (first, column), (last, right) in sheet.merged_cell_ranges or ()
            if last > first or right > column
        ]
        rows = _read_rows(sheet, wrong, formats.get(name, NONE))
        yield (
            name,
            width,
            _describe_hidden(unseen.get(name, HiddenParts()), width),
            merged,
            False,
            rows,
        )


def _describe_hidden(hidden_parts: HiddenParts, width: int) -> Unseen:
    indexes = {
        index
        for first, last in hidden_parts.columns
        for index in range(first, min(last + 1, width))
    }
    return (
        hidden_parts.rows,
        "、".join(column_letters(index) for index in sorted(indexes)),
        hidden_parts.sheet,
    )


def _read_rows(
    sheet: python_calamine.CalamineSheet, errors: dict[tuple[int, int], str], formats: NumberFormats
) -> Iterator[Row]:
    """The non-empty rows: a sheet may have an empty last row with number one million."""
    at: dict[int, dict[int, str]] = {}
    for (index, column), what in errors.items():
        at.setdefault(index, {})[column] = what
    _first, left = sheet.start or (0, 0)  # iter_rows gives the empty rows above, not these columns
    last = sheet.end[0] if sheet.end else -1
    read = enumerate(sheet.iter_rows())
    none: list[Any] = []
    below = ((line, none) for line in sorted(at) if line > last)  # nothing but errors and formulas
    for line, row in itertools.chain(read, below):
        if not any(row) and line not in at and not any(cell != "" for cell in row):
            continue
        row = [""] * (left if row else 0) + row
        for column, what in at.get(line, {}).items():
            row += [""] * (column + 1 - len(row))
            if row[column] == "" or what == UNCOMPUTED:
                address = f"{column_letters(column)}{line + 1}" if what == UNCOMPUTED else ""
                row[column] = what + address
        numbers = [
            index
            for index, cell in enumerate(row)
            if isinstance(cell, int | float) and not isinstance(cell, bool)
        ]
        texts = [cell_text(cell) for cell in row]
        yield line, texts, numbers, _format_cells(texts, numbers, row, line, formats)


def _format_cells(
    texts: list[str], numbers: list[int], row: list[Any], line: int, formats: NumberFormats
) -> Shown:
    """The texts that the number formats of a row show, for numbers and texts."""
    displayed = {}
    for column in formats.columns:
        code = formats.code_at(line, column)
        if code and column < len(row) and row[column] != "":
            is_number = column in numbers
            if is_number or isinstance(row[column], str):
                displayed[column] = format_cell(code, texts[column], is_number)
    return {column: seen for column, seen in displayed.items() if seen != texts[column]}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
