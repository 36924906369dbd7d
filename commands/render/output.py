"""Output of answers: data on stdout, all else on stderr; a table on a terminal, JSON when piped."""

from __future__ import annotations

import enum
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from double_random.commands.render.labels import field_label, value_in_words
from double_random.commands.render.terminal import make_console, print_message
from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.publish.disclosure.sanitise import escape_json_marks, to_terminal_text

if TYPE_CHECKING:
    import polars

SHOWN_ROWS = 200  # Rich takes 1.7 s for 6,000 rows: a table on a terminal is cut, with a message
SHOWN_RECORDS = 50  # of rows too wide for a line, which are shown field by field
FEW = 4  # most fields of a list item that fit on one line
LINE = 40  # most characters of a list that fits on one line


class Format(enum.StrEnum):
    """The output formats of a command."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"
    xlsx = "xlsx"


FormatOption = Annotated[
    Format | None,
    typer.Option("--format", help=_("Form of the answer; a table on a terminal, JSON when piped.")),
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", help=_("Write the answer into this file."))
]


_labels = False  # whether `--labels` was given


def use_labels(labels: bool) -> None:
    """Store the value of `--labels` for the following command: CSV and XLSX for people."""
    global _labels
    _labels = labels


def show_answer(
    data: polars.DataFrame | Any,
    form: Format | None = None,
    output: Path | None = None,
    title: str = "",
    columns: dict[str, str] | None = None,
) -> None:
    """Show data: a Polars frame in any format, another object as JSON or, on a terminal, as a list of fields.

    `columns` maps, for people (a table; CSV and XLSX with `--labels`), the columns to show to their headings in
    the user's language. All other formats have every column under its English name, in every language.
    """
    form = _resolve_format(form, output)
    if "polars" not in sys.modules:  # if polars is not loaded, `data` is no frame: do not import it
        _show_object(data, form, output, title)
        return
    import polars

    if not isinstance(data, polars.DataFrame):
        _show_object(data, form, output, title)
        return
    people = is_for_people(form, output)
    shown_frame = data
    if columns and people:
        shown_frame = data.select([name for name in columns if name in data.columns])
    headings = [(columns or {}).get(name, name) if people else name for name in shown_frame.columns]
    from double_random.publish.content import writers

    if form is Format.table:
        _show_table(shown_frame, headings, title, output, whole=columns is None)
    elif form is Format.parquet:
        _write_bytes(writers.to_parquet(data), output)
    elif form is Format.xlsx:
        from double_random.publish.content.workbook import build_workbook

        _write_bytes(build_workbook(shown_frame, headings, title), output)
    elif form is Format.csv:
        _write_bytes(
            writers.to_csv(shown_frame, headings, people, _bool_in_words if people else None),
            output,
        )
    else:
        show_json_lines(BETWEEN[form].join(writers.to_json_lines(data)).encode(), form, output)


def _resolve_format(form: Format | None, output: Path | None) -> Format:
    """The format from --format or the file's suffix; else a table on a terminal, JSON when piped."""
    form = form or (_format_by_suffix(output) if output else None)
    return form or (Format.table if sys.stdout.isatty() else Format.json)


def json_format(form: Format | None, output: Path | None) -> Format | None:
    """The format if it is JSON or JSON Lines, else None; a command may then build the lines itself."""
    form = _resolve_format(form, output)
    return form if form in (Format.json, Format.jsonl) else None


def is_for_people(form: Format | None, output: Path | None) -> bool:
    """Whether the answer is for people (words in their language) or for programs (codes)."""
    form = _resolve_format(form, output)
    return form is Format.table or (_labels and form in (Format.csv, Format.xlsx))


def is_on_terminal(form: Format | None, output: Path | None) -> bool:
    """Whether the answer is a table on a terminal, which is narrower than a file."""
    return form is Format.table or (form is None and output is None and sys.stdout.isatty())


BETWEEN = {Format.json: ",\n", Format.jsonl: "\n"}


def show_json_lines(lines: bytes, form: Format, output: Path | None) -> None:
    """Show rows given as JSON joined by `BETWEEN`: as an array with one row per line, or as JSON Lines."""
    if form is Format.jsonl:
        _write_bytes(lines + b"\n" if lines else b"", output)
    else:
        _write_bytes(b"[\n" + lines + b"\n]\n" if lines else b"[]\n", output)


def write_file(path: Path, content: bytes) -> None:
    """Write a requested file, never over an existing one without --force, and print its name."""
    from double_random.store import output_files

    output_files.write_output(path, content)
    if not output_files.is_stream(path):
        print_message(_("written: {file}").format(file=path))


def _format_by_suffix(output: Path) -> Format:
    suffix = output.suffix.lstrip(".")
    if suffix in Format.__members__:
        return Format(suffix)
    raise Misuse(
        _("the form of {file} is not known").format(file=output),
        _("say --format, or end the name in .json, .jsonl, .csv, .parquet or .xlsx"),
    )


def _to_json(value: Any) -> bytes:
    return (escape_json_marks(json.dumps(value, ensure_ascii=False, indent=2)) + "\n").encode()


def _bool_in_words(value: Any) -> Any:
    return value_in_words("", value) if isinstance(value, bool) else value


def _cell_text(value: Any) -> str:
    from double_random.core.china_time import localize_times
    from double_random.publish.content.writers import to_text

    if isinstance(value, list):
        return "、".join(map(_cell_text, value))
    if isinstance(value, dict):
        return " ".join(map(_cell_text, value.values()))
    return localize_times(to_text(value_in_words("", value)))


def _show_table(
    frame: polars.DataFrame, headings: list[str], title: str, output: Path | None, whole: bool
) -> None:
    from double_random.commands.render.tables import build_records, build_table
    from double_random.publish.content.writers import convert_far_dates

    cells = convert_far_dates(frame.head(SHOWN_ROWS)).iter_rows()
    rows = [[_field_text("", value) for value in row] for row in cells]
    room = make_console().width
    renderable = build_table(headings, rows, room, whole)
    cut = SHOWN_ROWS
    if renderable is None:
        cut = SHOWN_RECORDS
        renderable = build_records(headings, rows[:cut], whole)
    _print_or_write(title, renderable, output)
    if frame.height == 0 and output is None:
        print_message(_("there is nothing to list"))
    if frame.height > cut:
        print_message(
            _("{shown} of {count} rows are shown; --format csv --output FILE has all").format(
                shown=cut, count=frame.height
            )
        )


def _show_object(data: Any, form: Format, output: Path | None, title: str) -> None:
    if form in (Format.json, Format.jsonl):
        from double_random.publish.content.writers import to_json_value

        _write_bytes(_to_json(to_json_value(data)), output)
        return
    if form is not Format.table:
        raise Misuse(_("this answer is no list of rows"), _("take --format table or --format json"))
    from double_random.commands.render.tables import build_fields

    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    _print_or_write(
        title,
        build_fields(
            [(field_label(str(name)), _field_text(str(name), value)) for name, value in pairs]
        ),
        output,
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


def _print_or_write(title: str, renderable: Any, output: Path | None) -> None:
    from rich.text import Text

    parts = ([Text(to_terminal_text(title))] if title else []) + [renderable]
    if output is None:
        for part in parts:
            make_console().print(part)
        return
    file = io.StringIO()
    for part in parts:
        make_console(file=file).print(part)
    write_file(output, file.getvalue().encode())


def _write_bytes(content: bytes, output: Path | None) -> None:
    """Write bytes to a file or a pipe; on a terminal, decode them and use its encoding."""
    if output is not None:
        write_file(output, content)
        return
    if sys.stdout.isatty():
        try:
            sys.stdout.write(content.decode("utf-8"))
        except UnicodeDecodeError:
            raise Misuse(
                _("this form is no text for a terminal"), _("name a file: --output FILE")
            ) from None
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
