"""The output formats, one class each; a format is one class here and one line in `Format`."""

from __future__ import annotations

import enum
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from double_random.commands.render.answer import Answer, Fields, Table
from double_random.commands.render.labels import field_label, value_in_words
from double_random.commands.render.output_target import print_or_write, write_bytes, write_file
from double_random.commands.render.terminal import (
    make_console,
    print_folded_message,
    print_message,
)
from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.publish.disclosure.sanitise import escape_json_marks, to_terminal_text

if TYPE_CHECKING:
    import polars

SHOWN_ROWS = 200  # Rich takes 1.7 s for 6,000 rows: a table on a terminal is cut, with a message
SHOWN_RECORDS = 50  # of rows too wide for a line, which are shown field by field
FEW = 4  # most fields of a list item that fit on one line
LINE = 40  # most characters of a list that fits on one line


class Writer(Protocol):
    """Writes an answer in one format to a file, or to stdout if `output` is None.

    `people`: words and headings in the user's language instead of codes and English names. A writer takes the view of
    the answer that suits its format, and raises Misuse if there is none.
    """

    always_for_people: bool  # else only with --labels, if `labelled`
    labelled: bool

    def write(self, answer: Answer, output: Path | None, people: bool) -> None:
        """Write the answer; messages to stderr."""


class TableWriter:
    """For people: tables, fields and sentences, as wide as the terminal."""

    always_for_people = True
    labelled = True

    def write(self, answer: Answer, output: Path | None, people: bool) -> None:
        """Print the parts with their messages, or write them all into the file."""
        if answer.heading is not None:
            print_folded_message(answer.heading())
        parts: list[Any] = []
        notes: list[str] = []
        for part in _people_view(answer):
            if isinstance(part, Table):
                table, messages = _render_table(part, to_file=output is not None)
                parts += _titled(part.title, table)
                notes += messages
            elif isinstance(part, Fields):
                parts += _titled(part.title, _render_fields(part.data))
            else:
                parts.append(part)
            if output is None and notes:
                print_or_write(parts, None)
                _print_all(notes)
                parts, notes = [], []
        print_or_write(parts, output, answer.file_width)
        _print_all([*notes, *answer.notes()])


class JsonWriter:
    """The whole answer as one JSON value: an object, or an array with one row per line."""

    always_for_people = False
    labelled = False

    def write(self, answer: Answer, output: Path | None, people: bool) -> None:
        """Write the data, or the rows as an array."""
        if answer.data is not None:
            write_bytes(_encode_object(answer.data()), output)
            return
        lines = _json_rows(answer, ",\n")
        write_bytes(b"[\n" + lines + b"\n]\n" if lines else b"[]\n", output)


class JsonLinesWriter:
    """One JSON object per line; an answer without rows as one object."""

    always_for_people = False
    labelled = False

    def write(self, answer: Answer, output: Path | None, people: bool) -> None:
        """Write the rows, or the data."""
        if answer.rows is None and answer.data is not None:
            write_bytes(_encode_object(answer.data()), output)
            return
        lines = _json_rows(answer, "\n")
        write_bytes(lines + b"\n" if lines else b"", output)
        _print_all(answer.notes())


class CsvWriter:
    """CSV: codes and English names in every language; with --labels for Excel, in words."""

    always_for_people = False
    labelled = True

    def write(self, answer: Answer, output: Path | None, people: bool) -> None:
        """Write the rows."""
        from double_random.publish.content.writers import to_csv

        frame, headings = _rows_with_headings(answer, people)
        write_bytes(to_csv(frame, headings, people, _bool_in_words if people else None), output)
        _print_all(answer.notes())


class ParquetWriter:
    """Parquet: every column with its type."""

    always_for_people = False
    labelled = False

    def write(self, answer: Answer, output: Path | None, people: bool) -> None:
        """Write the rows."""
        from double_random.publish.content.writers import to_parquet

        write_bytes(to_parquet(_rows(answer)), output)
        _print_all(answer.notes())


class WorkbookWriter:
    """An Excel workbook: the rows, or the sheets of an answer that has several."""

    always_for_people = False
    labelled = True

    def write(self, answer: Answer, output: Path | None, people: bool) -> None:
        """Write the sheets, or the rows as one sheet."""
        from double_random.publish.content.workbook import (
            build_workbook,
            build_workbook_of_sheets,
        )

        if answer.sheets is not None:
            if output is None:
                raise Misuse(
                    _("a workbook needs a file"),
                    _("type: {command}").format(command="--output answer.xlsx"),
                )
            write_file(output, build_workbook_of_sheets(answer.sheets()))
            return
        frame, headings = _rows_with_headings(answer, people)
        write_bytes(build_workbook(frame, headings, answer.title), output)
        _print_all(answer.notes())


class PageWriter:
    """A page for print, HTML; only answers with a page have it."""

    always_for_people = True
    labelled = True

    def write(self, answer: Answer, output: Path | None, people: bool) -> None:
        """Write the page."""
        assert answer.page is not None
        page = answer.page()
        write_bytes(page.content.encode(), output)
        _print_all([page.note] if page.note else [])


class PictureWriter:
    """A picture, SVG; only answers with a picture have it."""

    always_for_people = True
    labelled = True

    def write(self, answer: Answer, output: Path | None, people: bool) -> None:
        """Write the picture."""
        assert answer.picture is not None
        write_bytes(answer.picture().encode(), output)


class Format(enum.StrEnum):
    """The output formats of a command: the value of --format and the ending of --output, each with its writer."""

    writer: Writer

    def __new__(cls, name: str, writer: Writer) -> Format:
        """A member is its name, with the writer as an attribute."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.writer = writer
        return member

    table = "table", TableWriter()
    json = "json", JsonWriter()
    jsonl = "jsonl", JsonLinesWriter()
    csv = "csv", CsvWriter()
    parquet = "parquet", ParquetWriter()
    xlsx = "xlsx", WorkbookWriter()


DOCUMENTS: dict[str, tuple[str, Writer]] = {  # ending of --output → the view that must be there
    ".html": ("page", PageWriter()),
    ".htm": ("page", PageWriter()),
    ".svg": ("picture", PictureWriter()),
}


def _people_view(answer: Answer) -> Sequence[Any]:
    if answer.people is not None:
        return answer.people()
    if answer.rows is not None:
        return [Table(answer.rows(), answer.title, answer.columns)]
    assert answer.data is not None
    return [Fields(answer.data(), answer.title)]


def _rows(answer: Answer) -> polars.DataFrame:
    if answer.rows is None:
        raise Misuse(_("this answer is no list of rows"), _("take --format table or --format json"))
    return answer.rows()


def _rows_with_headings(answer: Answer, people: bool) -> tuple[polars.DataFrame, list[str]]:
    """All rows under English names; for people the columns to show, under their headings."""
    frame = _rows(answer)
    return _people_columns(frame, answer.columns) if people else (frame, frame.columns)


def _people_columns(
    frame: polars.DataFrame, columns: dict[str, str] | None
) -> tuple[polars.DataFrame, list[str]]:
    if not columns:
        return frame, frame.columns
    shown_frame = frame.select([name for name in columns if name in frame.columns])
    return shown_frame, [columns[name] for name in shown_frame.columns]


def _json_rows(answer: Answer, between: str) -> bytes:
    if answer.json_rows is not None:
        return answer.json_rows(between)
    from double_random.publish.content.writers import to_json_lines

    return between.join(to_json_lines(_rows(answer))).encode()


def _encode_object(value: Any) -> bytes:
    from double_random.publish.content.writers import to_json_value

    text = json.dumps(to_json_value(value), ensure_ascii=False, indent=2)
    return (escape_json_marks(text) + "\n").encode()


def _bool_in_words(value: Any) -> Any:
    return value_in_words("", value) if isinstance(value, bool) else value


def _titled(title: str, renderable: Any) -> list[Any]:
    return [to_terminal_text(title), renderable] if title else [renderable]


def _print_all(messages: Sequence[str]) -> None:
    for message in messages:
        print_message(message)


def _render_table(table: Table, to_file: bool) -> tuple[Any, list[str]]:
    """The table as wide as the terminal, or its records one below the other; what it leaves out, and its notes."""
    from double_random.commands.render.tables import build_records, build_table
    from double_random.publish.content.writers import convert_far_dates

    frame, headings = _people_columns(table.frame, table.columns)
    whole = table.columns is None
    cells = convert_far_dates(frame.head(SHOWN_ROWS)).iter_rows()
    rows = [[_field_text("", value) for value in row] for row in cells]
    renderable = build_table(headings, rows, make_console().width, whole)
    cut = SHOWN_ROWS
    if renderable is None:
        cut = SHOWN_RECORDS
        renderable = build_records(headings, rows[:cut], whole)
    notes = []
    if frame.height == 0 and not to_file:
        notes.append(_("there is nothing to list"))
    if frame.height > cut:
        notes.append(
            _("{shown} of {count} rows are shown; --format csv --output FILE has all").format(
                shown=cut, count=frame.height
            )
        )
    return renderable, [*notes, *table.notes]


def _render_fields(data: Any) -> Any:
    from double_random.commands.render.tables import build_fields

    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    return build_fields(
        [(field_label(str(name)), _field_text(str(name), value)) for name, value in pairs]
    )


def _field_text(name: str, value: Any) -> str:
    """A field for people: an object with one line per key, a list on one or several lines."""
    if isinstance(value, dict):
        return "\n".join(_field_lines(value))
    if isinstance(value, list | tuple):
        if any(isinstance(item, dict) and len(item) > FEW for item in value):
            return "\n\n".join("\n".join(_field_lines(item)) for item in value)
        parts = [
            "  ".join(_field_lines(item)) if isinstance(item, dict) else _field_text(name, item)
            for item in value
        ]
        long = any(isinstance(item, dict) for item in value) or sum(map(len, parts)) > LINE
        return "\n".join(parts) if long else "、".join(parts)
    return _cell_text(value_in_words(name, value))


def _field_lines(values: dict[Any, Any]) -> list[str]:
    return [
        f"{field_label(str(key))} {_field_text(str(key), value) or '–'}"
        for key, value in values.items()
    ]


def _cell_text(value: Any) -> str:
    from double_random.core.china_time import localize_times
    from double_random.publish.content.writers import to_text

    if isinstance(value, list):
        return "、".join(map(_cell_text, value))
    if isinstance(value, dict):
        return " ".join(map(_cell_text, value.values()))
    return localize_times(to_text(value_in_words("", value)))
