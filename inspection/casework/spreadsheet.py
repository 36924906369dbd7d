"""Sheets for people to fill in: written with a title, a header and a grid, and read back row by row."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.errors import BadFile, Misuse
from double_random.core.translation import _, join_clauses, join_words
from double_random.inspection.casework.sanitise_text import to_plain_text
from double_random.intake.sheet import column_letters

if TYPE_CHECKING:
    from double_random.intake.sheet import Sheet

HEADER_ROW = 2  # in Excel's numbering; row 1 is the title
Row = tuple[int, dict[str, str]]  # its number in Excel's numbering, its cells by heading


def render_sheet(
    name: str,
    title: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str | int]],
    free: int,
    widths: Sequence[int] = (),
    choices: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """Write a sheet for A4 landscape; columns from index `free` on are white, for entries, and text-formatted."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW - 1)
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"})
    fixed = book.add_format({"border": 1, "text_wrap": True, "bg_color": "#eeeeee"})
    white = book.add_format({"border": 1, "text_wrap": True, "num_format": "@"})
    sheet.write_string(0, 0, to_plain_text(title), book.add_format({"bold": True}))
    sheet.write_row(HEADER_ROW - 1, 0, header, head)
    for number, row in enumerate(rows, start=HEADER_ROW):
        for column in range(len(header)):
            value = row[column] if column < len(row) else ""
            style = fixed if column < free else white
            if isinstance(value, int):
                sheet.write_number(number, column, value, style)
            elif value:
                sheet.write_string(number, column, to_plain_text(value), style)
            else:
                sheet.write_blank(number, column, None, style)
    for heading, words in (choices or {}).items():
        column = header.index(heading)
        last = HEADER_ROW + max(len(rows), 1) - 1
        allowed = {"validate": "list", "source": list(words), "error_type": "information"}
        sheet.data_validation(HEADER_ROW, column, last, column, allowed)
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    sheet.freeze_panes(HEADER_ROW, 0)
    book.close()
    return buffer.getvalue()


def read_sheet(path: Path, name: str, header: Sequence[str], hint: str) -> list[Row]:
    """Return the rows below the header that are not empty; BadFile if no sheet, or more than one, has the header.

    The header is found by its text: the tab may have another name, and other rows may precede the header.
    """
    from double_random.intake.workbook import read_sheets

    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise Misuse(_("file not found: {path}").format(path=path)) from None
    except OSError:
        raise Misuse(_("file cannot be opened: {path}").format(path=path)) from None
    tabs = read_sheets(path.name, raw)
    candidates = ((tab, _find_header_row(tab.top, header)) for tab in tabs)
    matches = [(tab, row) for tab, row in candidates if row is not None]
    if not matches:
        raise BadFile(path.name, _explain_no_header(tabs, name, header), hint)
    if len(matches) > 1:
        raise BadFile(
            path.name,
            _("the sheets {sheets} all have the header of {sheet}").format(
                sheets=join_words(tab.name for tab, _row in matches), sheet=name
            ),
            _("leave one of them in the file, then again"),
        )
    tab, header_row = matches[0]
    rows = []
    for values in tab.body(header_row, len(header)).iter_rows(named=True):
        texts = [to_plain_text(values[f"c{column}"] or "").strip() for column in range(len(header))]
        if any(texts):
            rows.append((values["row"], dict(zip(header, texts, strict=True))))
    return rows


def _find_header_row(top: Sequence[Sequence[str]], header: Sequence[str]) -> int | None:
    """Return the index (from 0) of the row that begins with the header; None if there is none."""
    return next(
        (index for index, row in enumerate(top) if _clean_texts(row)[: len(header)] == [*header]),
        None,
    )


def _explain_no_header(tabs: Sequence[Sheet], name: str, header: Sequence[str]) -> str:
    """Explain why no sheet has the header: what the most similar row lacks, and what it has."""
    rows = [
        (
            len({*header} & {*_clean_texts(row)}),
            tab.name == name,
            tab.name,
            number,
            _clean_texts(row),
        )
        for tab in tabs
        for number, row in enumerate(tab.top)
    ]
    matching, _named, sheet, number, row = max(
        rows, key=lambda candidate: candidate[:2], default=(0, False, "", 0, [])
    )
    if matching < 2:
        return _(
            "no sheet has the header of {sheet}: {expected}; found the sheets {sheets}"
        ).format(
            sheet=name,
            expected=join_words(header),
            sheets=join_words(tab.name for tab in tabs) or "—",
        )
    lacking = [heading for heading in header if heading not in row]
    if lacking:
        return _("sheet {sheet}, row {row}: no column {lacking}; found {found}").format(
            sheet=sheet,
            row=number + 1,
            lacking=join_words(lacking),
            found=join_words(filter(None, row)),
        )
    column = next(column for column, heading in enumerate(header) if row[column] != heading)
    return _("sheet {sheet}, cell {cell}: expected the heading {expected}, found {found}").format(
        sheet=sheet,
        cell=cell_name(header, header[column], number + 1),
        expected=header[column],
        found=row[column] or "—",
    )


def _clean_texts(row: Sequence[str]) -> list[str]:
    return [to_plain_text(text).strip() for text in row]


def cell_name(header: Sequence[str], heading: str, row: int) -> str:
    """Return a cell's name, such as H3."""
    return f"{column_letters(header.index(heading))}{row}"


def make_cell_error(path: Path, faults: Sequence[str]) -> BadFile:
    """Return the error that names every faulty cell, the first 20 at most."""
    shown = join_clauses(faults[:20]) + (" …" if len(faults) > 20 else "")
    return BadFile(path.name, shown, _("nothing was taken; correct these cells, then again"))
