"""Fills DOCX and XLSX templates of a bureau: only their {{placeholders}} change.

    {{name}}          is replaced by its value
    {{list.name}}     in a table's row: the row is repeated for each entry of the list
    {{picture:name}}  becomes a picture (DOCX)

A template cannot compute anything; an unknown placeholder is an error, so that no form is issued with a gap.
"""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from double_random.core.errors import BadFile
from double_random.core.translation import _, join_words
from double_random.inspection.casework.sanitise_text import to_plain_text

if TYPE_CHECKING:
    from docx.document import Document

PLACE = re.compile(r"\{\{\s*([^{}\s]+)\s*\}\}")
PICTURE = "picture:"
MILLIMETRES = 52  # of a picture's side


@dataclass(frozen=True)
class FormContent:
    """The content of a form."""

    values: Mapping[str, str]
    lists: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def fill_template(name: str, template: bytes, content: FormContent) -> bytes:
    """Return the filled form; BadFile names a damaged template or the unknown placeholders."""
    try:
        return (
            _fill_xlsx(name, template, content)
            if name.endswith(".xlsx")
            else _fill_docx(name, template, content)
        )
    except BadFile:
        raise
    except Exception as error:  # a broken archive makes the libraries raise many types
        raise BadFile(
            name, _("this is no form that can be filled: {why}").format(why=error)
        ) from None


def _fill_docx(name: str, template: bytes, content: FormContent) -> bytes:
    import docx

    document = docx.Document(io.BytesIO(template))
    for part in _document_parts(document):
        for row in list(part.iter(_word_tag("tr"))):
            _repeat_table_row(row, content)
        for paragraph in list(part.iter(_word_tag("p"))):
            _fill_paragraph(name, document, paragraph, content)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _document_parts(document: Document) -> Iterator[Any]:
    """Yield the body, and each section's own headers and footers."""
    yield document.element.body
    for section in document.sections:
        for part in (
            section.header,
            section.footer,
            section.first_page_header,
            section.first_page_footer,
        ):
            if not part.is_linked_to_previous:
                yield part._element


def _repeat_table_row(row: Any, content: FormContent) -> None:
    """Repeat a table's row with {{list.…}} for each entry, filled; remove it if the list is empty."""
    named = {
        placeholder.partition(".")[0] for placeholder in PLACE.findall(_element_text(row))
    } & set(content.lists)
    if len(named) != 1:
        return
    (which,) = named
    for entry in content.lists[which]:
        new_row = copy.deepcopy(row)
        for paragraph in new_row.iter(_word_tag("p")):
            _replace_placeholders(
                paragraph, {f"{which}.{name}": value for name, value in entry.items()}
            )
        row.addprevious(new_row)
    row.getparent().remove(row)


def _fill_paragraph(name: str, document: Document, paragraph: Any, content: FormContent) -> None:
    from docx.shared import Mm
    from docx.text.paragraph import Paragraph

    for placeholder in PLACE.findall(_element_text(paragraph)):
        if placeholder.startswith(PICTURE) and placeholder[len(PICTURE) :] in content.pictures:
            _replace_placeholders(paragraph, {placeholder: ""})
            run = Paragraph(paragraph, document._body).add_run()
            run.add_picture(
                io.BytesIO(content.pictures[placeholder[len(PICTURE) :]]), width=Mm(MILLIMETRES)
            )
    _replace_placeholders(paragraph, content.values)
    _check_placeholders(name, _element_text(paragraph), content)


def _replace_placeholders(paragraph: Any, values: Mapping[str, str]) -> None:
    """Replace placeholders by values; if Word split one into several runs, the style of the first one stays."""
    texts = [node for node in paragraph.iter(_word_tag("t")) if node.text]
    full_text = "".join(node.text for node in texts)
    for match in reversed(list(PLACE.finditer(full_text))):
        if match[1] not in values:
            continue
        start = 0
        for node in texts:
            end = start + len(node.text)
            left, right = max(match.start(), start), min(match.end(), end)
            if left < right:
                replacement = _escape_value(values[match[1]]) if left == match.start() else ""
                node.text = node.text[: left - start] + replacement + node.text[right - start :]
                node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                start = end
            else:
                start = end
        texts = [node for node in paragraph.iter(_word_tag("t")) if node.text]


def _escape_value(value: str) -> str:
    """Return a value as plain text without placeholders of its own."""
    return to_plain_text(value).replace("{{", "{ {")


def _element_text(element: Any) -> str:
    return "".join(node.text or "" for node in element.iter(_word_tag("t")))


def _word_tag(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"


def _fill_xlsx(name: str, template: bytes, content: FormContent) -> bytes:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(template))
    for sheet in book.worksheets:
        for number in range(sheet.max_row, 0, -1):
            _repeat_sheet_row(sheet, number, content)
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and PLACE.search(cell.value):
                    _fill_cell(cell, content.values)
                    _check_placeholders(name, str(cell.value), content)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _repeat_sheet_row(sheet: Any, number: int, content: FormContent) -> None:
    cells = [cell for cell in sheet[number] if isinstance(cell.value, str)]
    named = {
        placeholder.partition(".")[0] for cell in cells for placeholder in PLACE.findall(cell.value)
    } & set(content.lists)
    if len(named) != 1:
        return
    (which,) = named
    entries = list(content.lists[which]) or [{}]
    more = len(entries) - 1
    below = [part for part in sheet.merged_cells.ranges if part.min_row > number]
    heights = {
        row_number: row.height
        for row_number, row in sheet.row_dimensions.items()
        if row_number >= number
    }
    model = [(cell.value, copy.copy(cell._style)) for cell in sheet[number]]
    if more:
        for part in below:
            part.shift(0, more)
        sheet.insert_rows(number + 1, more)
        for row_number, height in sorted(heights.items(), reverse=True):
            sheet.row_dimensions[row_number + (more if row_number > number else 0)].height = height
    for offset, entry in enumerate(entries):
        sheet.row_dimensions[number + offset].height = heights.get(number)
        values = {f"{which}.{name}": value for name, value in entry.items()}
        for column, (value, style) in enumerate(model, start=1):
            cell = sheet.cell(number + offset, column)
            cell._style = copy.copy(style)
            cell.value = value
            if isinstance(value, str) and PLACE.search(value):
                _fill_cell(cell, values)
                if not entry:
                    cell.value = None


def _fill_cell(cell: Any, values: Mapping[str, str]) -> None:
    """Fill a cell as text, so that a name that starts with = is not a formula; short numbers stay numbers."""
    text = str(cell.value)
    filled = PLACE.sub(lambda m: _escape_value(values[m[1]]) if m[1] in values else m[0], text)
    if filled != text:
        if filled.isascii() and filled.isdecimal() and len(filled) < 10 and PLACE.fullmatch(text):
            cell.value = int(filled)
        else:
            cell.value = filled
            cell.data_type = "s"


def _check_placeholders(name: str, text: str, content: FormContent) -> None:
    unknown = PLACE.findall(text)
    if unknown:
        known_names = [*content.values, *(f"{list_name}.…" for list_name in content.lists)]
        raise BadFile(
            name,
            _("nobody knows these placeholders: {unknown}").format(unknown=join_words(unknown)),
            _("known here: {known}").format(known=join_words(sorted(known_names))),
        )
