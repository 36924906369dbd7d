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
from double_random.core.translation import _, listed
from double_random.inspection.casework.sanitise_text import plain

if TYPE_CHECKING:
    from docx.document import Document

PLACE = re.compile(r"\{\{\s*([^{}\s]+)\s*\}\}")
PICTURE = "picture:"
MILLIMETRES = 52  # of a picture's side


@dataclass(frozen=True)
class Content:
    """The content of a form."""

    values: Mapping[str, str]
    lists: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def fill(name: str, template: bytes, content: Content) -> bytes:
    """Return the filled form; BadFile names a damaged template or the unknown placeholders."""
    try:
        return (
            _xlsx(name, template, content)
            if name.endswith(".xlsx")
            else _docx(name, template, content)
        )
    except BadFile:
        raise
    except Exception as error:  # a broken archive makes the libraries raise many types
        raise BadFile(
            name, _("this is no form that can be filled: {why}").format(why=error)
        ) from None


def _docx(name: str, template: bytes, content: Content) -> bytes:
    import docx

    document = docx.Document(io.BytesIO(template))
    for part in _parts(document):
        for row in list(part.iter(_tag("tr"))):
            _repeat(row, content)
        for paragraph in list(part.iter(_tag("p"))):
            _paragraph(name, document, paragraph, content)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _parts(document: Document) -> Iterator[Any]:
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


def _repeat(row: Any, content: Content) -> None:
    """Repeat a table's row with {{list.…}} for each entry, filled; remove it if the list is empty."""
    named = {found.partition(".")[0] for found in PLACE.findall(_text(row))} & set(content.lists)
    if len(named) != 1:
        return
    (which,) = named
    for entry in content.lists[which]:
        made = copy.deepcopy(row)
        for paragraph in made.iter(_tag("p")):
            _replace(paragraph, {f"{which}.{name}": value for name, value in entry.items()})
        row.addprevious(made)
    row.getparent().remove(row)


def _paragraph(name: str, document: Document, paragraph: Any, content: Content) -> None:
    from docx.shared import Mm
    from docx.text.paragraph import Paragraph

    for found in PLACE.findall(_text(paragraph)):
        if found.startswith(PICTURE) and found[len(PICTURE) :] in content.pictures:
            _replace(paragraph, {found: ""})
            run = Paragraph(paragraph, document._body).add_run()
            run.add_picture(
                io.BytesIO(content.pictures[found[len(PICTURE) :]]), width=Mm(MILLIMETRES)
            )
    _replace(paragraph, content.values)
    _no_hole(name, _text(paragraph), content)


def _replace(paragraph: Any, values: Mapping[str, str]) -> None:
    """Replace placeholders by values; if Word split one into several runs, the style of the first one stays."""
    texts = [one for one in paragraph.iter(_tag("t")) if one.text]
    whole = "".join(one.text for one in texts)
    for match in reversed(list(PLACE.finditer(whole))):
        if match[1] not in values:
            continue
        start = 0
        for one in texts:
            end = start + len(one.text)
            left, right = max(match.start(), start), min(match.end(), end)
            if left < right:
                put = _shown(values[match[1]]) if left == match.start() else ""
                one.text = one.text[: left - start] + put + one.text[right - start :]
                one.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                start = end
            else:
                start = end
        texts = [one for one in paragraph.iter(_tag("t")) if one.text]


def _shown(value: str) -> str:
    """Return a value as plain text without placeholders of its own."""
    return plain(value).replace("{{", "{ {")


def _text(element: Any) -> str:
    return "".join(one.text or "" for one in element.iter(_tag("t")))


def _tag(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"


def _xlsx(name: str, template: bytes, content: Content) -> bytes:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(template))
    for sheet in book.worksheets:
        for number in range(sheet.max_row, 0, -1):
            _repeat_row(sheet, number, content)
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and PLACE.search(cell.value):
                    _put(cell, content.values)
                    _no_hole(name, str(cell.value), content)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _repeat_row(sheet: Any, number: int, content: Content) -> None:
    cells = [cell for cell in sheet[number] if isinstance(cell.value, str)]
    named = {
        found.partition(".")[0] for cell in cells for found in PLACE.findall(cell.value)
    } & set(content.lists)
    if len(named) != 1:
        return
    (which,) = named
    entries = list(content.lists[which]) or [{}]
    more = len(entries) - 1
    below = [part for part in sheet.merged_cells.ranges if part.min_row > number]
    heights = {place: row.height for place, row in sheet.row_dimensions.items() if place >= number}
    model = [(cell.value, copy.copy(cell._style)) for cell in sheet[number]]
    if more:
        for part in below:
            part.shift(0, more)
        sheet.insert_rows(number + 1, more)
        for place, height in sorted(heights.items(), reverse=True):
            sheet.row_dimensions[place + (more if place > number else 0)].height = height
    for offset, entry in enumerate(entries):
        sheet.row_dimensions[number + offset].height = heights.get(number)
        values = {f"{which}.{name}": value for name, value in entry.items()}
        for column, (value, look) in enumerate(model, start=1):
            cell = sheet.cell(number + offset, column)
            cell._style = copy.copy(look)
            cell.value = value
            if isinstance(value, str) and PLACE.search(value):
                _put(cell, values)
                if not entry:
                    cell.value = None


def _put(cell: Any, values: Mapping[str, str]) -> None:
    """Fill a cell as text, so that a name that starts with = is not a formula; short numbers stay numbers."""
    text = str(cell.value)
    made = PLACE.sub(lambda m: _shown(values[m[1]]) if m[1] in values else m[0], text)
    if made != text:
        if made.isascii() and made.isdecimal() and len(made) < 10 and PLACE.fullmatch(text):
            cell.value = int(made)
        else:
            cell.value = made
            cell.data_type = "s"


def _no_hole(name: str, text: str, content: Content) -> None:
    unknown = PLACE.findall(text)
    if unknown:
        known = [*content.values, *(f"{one}.…" for one in content.lists)]
        raise BadFile(
            name,
            _("nobody knows these placeholders: {unknown}").format(unknown=listed(unknown)),
            _("known here: {known}").format(known=listed(sorted(known))),
        )
