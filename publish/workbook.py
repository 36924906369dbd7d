"""A frame as an Excel workbook in which nothing is a formula, a link or a lost digit."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from publish.harmless import visible

if TYPE_CHECKING:
    import polars


def workbook(frame: polars.DataFrame, headings: list[str], title: str = "") -> bytes:
    """One sheet with a header row; identifiers and texts are text cells, integers numbers, dates dates."""
    return sheets([(title, frame, headings)])


def sheets(tables: list[tuple[str, polars.DataFrame, list[str]]]) -> bytes:
    """A workbook of several sheets: (title, frame, headings) each."""
    import datetime

    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties(
        {"created": datetime.datetime(2000, 1, 1)}
    )  # the same bytes for the same content
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for place, (title, frame, headings) in enumerate(tables, start=1):
        sheet = book.add_worksheet(
            (title or f"Sheet{place}")[:31].translate(str.maketrans("[]:*?/\\'", "        "))
        )
        _fill(sheet, frame, headings, bold, day)
    book.close()
    return buffer.getvalue()


def _fill(sheet: Any, frame: polars.DataFrame, headings: list[str], bold: Any, day: Any) -> None:
    import datetime

    sheet.write_row(0, 0, headings, bold)
    for number, row in enumerate(frame.iter_rows(), start=1):
        for place, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, datetime.date):
                sheet.write_datetime(
                    number, place, datetime.datetime(value.year, value.month, value.day), day
                )
            elif isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15:
                sheet.write_number(number, place, value)
            else:
                text = "、".join(map(str, value)) if isinstance(value, list) else str(value)
                sheet.write_string(number, place, visible(text)[:32767])
    sheet.freeze_panes(1, 0)
    sheet.autofit()
