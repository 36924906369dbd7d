"""Excel workbooks from frames, without formulas, links or lost digits."""

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

DIGITS = 15  # significant digits that a number cell stores
ROWS, COLUMNS, LETTERS = 2**20 - 1, 2**14, 32767  # rows below the header, columns, cell length
FIRST = date(1900, 3, 1)  # earlier dates are wrong: Excel counts a 29 February 1900


def workbook(
    frame: polars.DataFrame, headings: Sequence[str], title: str = "", table: bool = True
) -> bytes:
    """Build a workbook of one sheet with a header row; texts and identifiers are text cells, numbers and dates typed.

    `table`: an Excel table, which can be sorted and filtered; else plain cells, as prescribed forms require.
    """
    return sheets([(title, frame, headings)], table)


def sheets(
    tables: Sequence[tuple[str, polars.DataFrame, Sequence[str]]], table: bool = True
) -> bytes:
    """Build a workbook of several sheets, each (title, frame, headings). Misuse if a frame exceeds a sheet's limits."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"created": datetime(2000, 1, 1)})  # same content, same bytes
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
    """Cell formats, one per pattern."""

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
    """Whether a number cell keeps every digit; Excel itself calculates with doubles."""
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
    """Make headings unique regardless of case, as an Excel table requires: name, name_1."""
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
