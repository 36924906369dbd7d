"""A frame as an Excel workbook in which nothing is a formula, a link or a lost digit."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

from double_random.core.china_time import WRITTEN, shown
from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.publish.content.writers import plain, text_of
from double_random.publish.disclosure.sanitise import visible

if TYPE_CHECKING:
    import polars

DIGITS = 15  # that a number cell keeps
ROWS, COLUMNS, LETTERS = 2**20 - 1, 2**14, 32767  # of a sheet below its header, of a row, of a cell
FIRST = date(1900, 3, 1)  # Excel's calendar has a 29 February 1900


def workbook(
    frame: polars.DataFrame, headings: Sequence[str], title: str = "", table: bool = True
) -> bytes:
    """One sheet with a header row; texts and identifiers are text cells, numbers numbers, dates dates.

    `table`: an Excel table, which can be sorted and filtered; else plain cells, as a prescribed form wants them.
    """
    return sheets([(title, frame, headings)], table)


def sheets(
    tables: Sequence[tuple[str, polars.DataFrame, Sequence[str]]], table: bool = True
) -> bytes:
    """A workbook of several sheets: (title, frame, headings) each. Misuse where a sheet cannot hold its rows."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"created": datetime(2000, 1, 1)})  # the same bytes for the same content
    formats = _Formats(book)
    for place, (title, frame, headings) in enumerate(tables, start=1):
        if frame.height > ROWS or frame.width > COLUMNS:
            raise Misuse(
                _("a sheet has room for {rows} rows and {columns} columns").format(
                    rows=ROWS, columns=COLUMNS
                ),
                _("take --format csv or --format parquet"),
            )
        sheet = book.add_worksheet(
            (visible(title) or f"Sheet{place}")[:31].translate(
                str.maketrans("[]:*?/\\'", "        ")
            )
        )
        _fill(sheet, frame, headings, formats, table)
    book.close()
    return buffer.getvalue()


class _Formats:
    """How cells are shown: one format a pattern."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[str, Any] = {}
        self.bold = book.add_format({"bold": True})

    def of(self, pattern: str) -> Any:
        if pattern not in self.made:
            self.made[pattern] = self.book.add_format({"num_format": pattern})
        return self.made[pattern]


def _fill(
    sheet: Any, frame: polars.DataFrame, headings: Sequence[str], formats: _Formats, table: bool
) -> None:
    named = _different([visible(heading) or " " for heading in headings or frame.columns])
    for number, row in enumerate(plain(frame).iter_rows(), start=1):
        for place, value in enumerate(row):
            if value is not None:
                _write(sheet, number, place, value, formats)
    if table and frame.height and named:
        columns = [{"header": heading, "header_format": formats.bold} for heading in named]
        shape = {"columns": columns, "style": "Table Style Light 1"}
        sheet.add_table(0, 0, frame.height, len(named) - 1, shape)
    else:
        sheet.write_row(0, 0, named, formats.bold)
    sheet.freeze_panes(1, 0)
    sheet.autofit()


def _write(sheet: Any, row: int, place: int, value: Any, formats: _Formats) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, datetime) and value.tzinfo is None and value.date() >= FIRST:
        sheet.write_datetime(row, place, value, formats.of("yyyy-mm-dd hh:mm:ss"))
    elif isinstance(value, date) and not isinstance(value, datetime) and value >= FIRST:
        moment = datetime(value.year, value.month, value.day)
        sheet.write_datetime(row, place, moment, formats.of("yyyy-mm-dd"))
    elif isinstance(value, int | float | Decimal) and _kept(value):
        sheet.write_number(row, place, float(value), formats.of(_pattern(value)))
    else:
        text = visible(text_of(value))
        text = shown(text) if WRITTEN.fullmatch(text) else text
        sheet.write_string(row, place, text if len(text) <= LETTERS else text[: LETTERS - 1] + "…")


def _kept(value: int | float | Decimal) -> bool:
    """Whether a number cell keeps every digit; a double is what Excel itself reckons with."""
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, Decimal):
        return value.is_finite() and len(value.normalize().as_tuple().digits) <= DIGITS
    return bool(abs(value) < 10**DIGITS)


def _pattern(value: int | float | Decimal) -> str:
    if isinstance(value, Decimal):
        places = -int(value.as_tuple().exponent)
        return "0." + "0" * places if places > 0 else "0"
    return "0" if isinstance(value, int) else "General"


def _different(headings: list[str]) -> list[str]:
    """An Excel table wants each heading once, whatever its case: name, name_1."""
    taken: set[str] = set()
    found = []
    for heading in headings:
        name, number = heading, 0
        while name.lower() in taken:
            number += 1
            name = f"{heading}_{number}"
        taken.add(name.lower())
        found.append(name)
    return found
