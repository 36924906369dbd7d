"""A notice (公告) for another portal: a table to paste into its editor, and the attachments.

Portals' editors strip scripts, style sheets, classes and ids, so a fragment has none of them: one table, with borders
by attributes and one inline property. Every text is escaped and shows its hidden marks.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from double_random.publish.disclosure.sanitise import escape_formula, reveal_hidden_marks

Cell = str | int
PART = 500  # rows of one fragment: editors fail on more
SHORT = re.compile(r"[ -~]{1,12}")  # a date, an amount: no line break inside
WIDEST, WIDE = (
    46,
    150,
)  # characters of one column in the workbook and of all columns, readable in print
LONGEST, HIGHEST = 32_767, 409  # Excel's limits: characters of a cell, points of a row's height


@dataclass(frozen=True, kw_only=True)
class PortalNotice:
    """One notice: its name in paths, its fields above the list, the list, and the sentence below."""

    name: str
    title: str
    head: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    rows: Sequence[tuple[Cell, ...]] = ()
    note: str = ""

    @property
    def parts(self) -> list[Sequence[tuple[Cell, ...]]]:
        """The rows by fragment; one empty fragment if there are none."""
        starts = range(0, max(len(self.rows), 1), PART)
        return [self.rows[start : start + PART] for start in starts]


def render_fragments(notice: PortalNotice) -> Iterator[tuple[str, bytes]]:
    """Render the tables to paste: NAME.html, or NAME-1.html, NAME-2.html … for a long list."""
    parts = notice.parts
    for number, rows in enumerate(parts, start=1):
        name = notice.name if len(parts) == 1 else f"{notice.name}-{number}"
        position = f" ({number}/{len(parts)})" if len(parts) > 1 else ""
        yield f"{name}.html", _render_table(notice, notice.title + position, rows).encode()


def render_csv(notice: PortalNotice) -> bytes:
    """Render the list as CSV for Excel: UTF-8 with a BOM, no cell is a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(notice.columns)
    writer.writerows([escape_formula(str(cell)) for cell in row] for row in notice.rows)
    return text.getvalue().encode("utf-8-sig")


def render_workbook(notice: PortalNotice, widths: Sequence[int] = ()) -> bytes:
    """Render the notice as one printable sheet; the same notice gives the same bytes."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "in_memory": True,
        },
    )
    book.set_properties({"created": datetime.datetime(2000, 1, 1)})  # same content, same bytes
    sheet = book.add_worksheet(_sheet_name(notice.title))
    title = book.add_format(
        {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter", "text_wrap": True}
    )
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#E8EEF5", "text_wrap": True})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
    last = max(len(notice.columns), 2) - 1
    widths = widths or _column_widths(notice)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.merge_range(0, 0, 0, last, "", title)
    sheet.write_string(0, 0, _cell_text(notice.title), title)
    sheet.set_row(0, 32)
    line = 1
    for name, value in notice.head:
        sheet.write_string(line, 0, _cell_text(name), head)
        if last > 1:
            sheet.merge_range(line, 1, line, last, "", cell)
        sheet.write_string(line, 1, _cell_text(value), cell)
        line += 1
    if notice.columns:
        line += 1 if notice.head else 0
        for column, name in enumerate(notice.columns):
            sheet.write_string(line, column, _cell_text(name), head)
        sheet.repeat_rows(line)
        _set_row_height(sheet, line, notice.columns, widths)
    for row in notice.rows:
        line += 1
        _set_row_height(sheet, line, row, widths)
        for column, content in enumerate(row):
            _write_cell(sheet, line, column, content, cell)
    if notice.note:
        sheet.write_string(line + 2, 0, _cell_text(notice.note))
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    book.close()
    return buffer.getvalue()


def _render_table(notice: PortalNotice, title: str, rows: Sequence[tuple[Cell, ...]]) -> str:
    span = max(len(notice.columns), 2)
    lines = ['<table border="1" cellpadding="4" width="100%" style="border-collapse:collapse">']
    lines.append(f"<caption>{_escape_html(title)}</caption>")
    lines.append("<tbody>")
    lines += [
        f'<tr><th scope="row" align="left">{_escape_html(name)}</th>'
        f'<td colspan="{span - 1}">{_escape_html(value)}</td></tr>'
        for name, value in notice.head
    ]
    if notice.columns:
        cells = "".join(f'<th scope="col">{_escape_html(name)}</th>' for name in notice.columns)
        lines.append(f"<tr>{cells}</tr>")
    for row in rows:
        lines.append("<tr>" + "".join(map(_render_cell, row)) + "</tr>")
    if notice.note:
        lines.append(f'<tr><td colspan="{span}">{_escape_html(notice.note)}</td></tr>')
    lines.append("</tbody>")
    lines.append("</table>")
    return "\n".join(lines) + "\n"


def _render_cell(value: Cell) -> str:
    short = " nowrap" if SHORT.fullmatch(str(value)) else ""
    return f"<td{short}>{_escape_html(value)}</td>"


def _escape_html(value: Cell) -> str:
    return escape(reveal_hidden_marks(str(value))).replace("\r\n", "\n").replace("\n", "<br>")


def _write_cell(sheet: Any, line: int, column: int, value: Cell, form: Any) -> None:
    if isinstance(value, int):
        sheet.write_number(line, column, value, form)
    else:
        sheet.write_string(line, column, _cell_text(value), form)


def _set_row_height(sheet: Any, line: int, row: Sequence[Cell], widths: Sequence[int]) -> None:
    """Set a row's height from its content: not every program computes it on opening."""
    lines = max(
        sum(-(-_text_width(part) // max(width - 2, 1)) or 1 for part in str(cell).split("\n"))
        for cell, width in zip(row, widths, strict=False)
    )
    if lines > 1:
        sheet.set_row(line, min(15 * lines, HIGHEST))


def _cell_text(value: str) -> str:
    return reveal_hidden_marks(value)[:LONGEST]


def _column_widths(notice: PortalNotice) -> list[int]:
    """Column widths from the contents, a Chinese character counts as two; headings may wrap."""
    widths = [8] * max(len(notice.columns), 2)
    for column, name in enumerate(notice.columns):
        longest = max((_text_width(str(row[column])) for row in notice.rows[:PART]), default=0)
        most = max(min(WIDEST, WIDE // len(notice.columns)), 12)
        widths[column] = min(max(longest, _text_width(name) // 2, 4) + 2, most)
    if notice.head:
        widths[0] = max(widths[0], 18)
    if not notice.columns:
        widths[1] = 80
    return widths


def _text_width(text: str) -> int:
    return sum(1 if ord(letter) < 0x2E80 else 2 for letter in text[:1000])


def _sheet_name(title: str) -> str:
    plain = reveal_hidden_marks(title).translate(str.maketrans("[]:*?/\\'\r\n\t", " " * 11)).strip()
    return plain[:31].strip() or "Sheet1"
