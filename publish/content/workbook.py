"""Excel workbooks from frames, without formulas, links or lost digits."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

from double_random.core.china_time import WRITTEN, localize_times
from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.publish.content.writers import convert_far_dates, to_text
from double_random.publish.disclosure.sanitise import reveal_hidden_marks

if TYPE_CHECKING:
    import polars

DIGITS = 15  # significant digits that a number cell stores
ROWS, COLUMNS, LETTERS = 2**20 - 1, 2**14, 32767  # rows below the header, columns, cell length
FIRST = date(1900, 3, 1)  # earlier dates are wrong: Excel counts a 29 February 1900


def build_workbook(
    frame: polars.DataFrame, headings: Sequence[str], title: str = "", table: bool = True
) -> bytes:
    """Build a workbook of one sheet with a header row; texts and identifiers are text cells, numbers and dates typed.

    `table`: an Excel table, which can be sorted and filtered; else plain cells, as prescribed forms require.
    """
    return build_workbook_of_sheets([(title, frame, headings)], table)


def build_workbook_of_sheets(
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
    formats = _CellFormats(book)
    for number, (title, frame, headings) in enumerate(tables, start=1):
        if frame.height > ROWS or frame.width > COLUMNS:
            raise Misuse(
                _("a sheet has room for {rows} rows and {columns} columns").format(
                    rows=ROWS, columns=COLUMNS
                ),
                _("take --format csv or --format parquet"),
            )
        sheet = book.add_worksheet(
            (reveal_hidden_marks(title) or f"Sheet{number}")[:31].translate(
                str.maketrans("[]:*?/\\'", "        ")
            )
        )
        _fill_sheet(sheet, frame, headings, formats, table)
    book.close()
    return buffer.getvalue()


class _CellFormats:
    """Cell formats, one per pattern."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[str, Any] = {}
        self.bold = book.add_format({"bold": True})

    def get_format(self, pattern: str) -> Any:
        if pattern not in self.made:
            self.made[pattern] = self.book.add_format({"num_format": pattern})
        return self.made[pattern]


def _fill_sheet(
    sheet: Any, frame: polars.DataFrame, headings: Sequence[str], formats: _CellFormats, table: bool
) -> None:
    named = _make_headings_unique(
        [reveal_hidden_marks(heading) or " " for heading in headings or frame.columns]
    )
    for number, row in enumerate(convert_far_dates(frame).iter_rows(), start=1):
        for column, value in enumerate(row):
            if value is not None:
                _write_cell(sheet, number, column, value, formats)
    if table and frame.height and named:
        columns = [{"header": heading, "header_format": formats.bold} for heading in named]
        shape = {"columns": columns, "style": "Table Style Light 1"}
        sheet.add_table(0, 0, frame.height, len(named) - 1, shape)
    else:
        sheet.write_row(0, 0, named, formats.bold)
    sheet.freeze_panes(1, 0)
    sheet.autofit()


def _write_cell(sheet: Any, row: int, column: int, value: Any, formats: _CellFormats) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, datetime) and value.tzinfo is None and value.date() >= FIRST:
        sheet.write_datetime(row, column, value, formats.get_format("yyyy-mm-dd hh:mm:ss"))
    elif isinstance(value, date) and not isinstance(value, datetime) and value >= FIRST:
        moment = datetime(value.year, value.month, value.day)
        sheet.write_datetime(row, column, moment, formats.get_format("yyyy-mm-dd"))
    elif isinstance(value, int | float | Decimal) and _keeps_every_digit(value):
        sheet.write_number(row, column, float(value), formats.get_format(_number_pattern(value)))
    else:
        text = reveal_hidden_marks(to_text(value))
        text = localize_times(text) if WRITTEN.fullmatch(text) else text
        sheet.write_string(row, column, text if len(text) <= LETTERS else text[: LETTERS - 1] + "…")


def _keeps_every_digit(value: int | float | Decimal) -> bool:
    """Whether a number cell keeps every digit; Excel itself calculates with doubles."""
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, Decimal):
        return value.is_finite() and len(value.normalize().as_tuple().digits) <= DIGITS
    return bool(abs(value) < 10**DIGITS)


def _number_pattern(value: int | float | Decimal) -> str:
    if isinstance(value, Decimal):
        places = -int(value.as_tuple().exponent)
        return "0." + "0" * places if places > 0 else "0"
    return "0" if isinstance(value, int) else "General"


def _make_headings_unique(headings: list[str]) -> list[str]:
    """Make headings unique regardless of case, as an Excel table requires: name, name_1."""
    used: set[str] = set()
    unique = []
    for heading in headings:
        name, number = heading, 0
        while name.lower() in used:
            number += 1
            name = f"{heading}_{number}"
        used.add(name.lower())
        unique.append(name)
    return unique
