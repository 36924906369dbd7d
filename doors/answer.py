"""How an answer is shown: data on stdout, all else on stderr; a table on a terminal, JSON when piped."""

from __future__ import annotations

import enum
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from doors.labels import label, said
from errors import Misuse
from language import _

if TYPE_CHECKING:
    import polars
    from rich.console import Console

SHOWN_ROWS = 200  # Rich takes 1.7 s for 6,000 rows: a table on a terminal is cut, and says so
SHOWN_RECORDS = 50  # of rows that are too wide for a line and are shown field by field
FEW = 4  # fields of one thing in a list that still stand on one line
LINE = 40  # letters of a list that still stands on one line


class Format(enum.StrEnum):
    """The forms in which data leaves a command."""

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


def answer(
    data: polars.DataFrame | Any,
    form: Format | None = None,
    output: Path | None = None,
    title: str = "",
    columns: dict[str, str] | None = None,
) -> None:
    """Show data: a Polars frame in any form, another object as JSON or, on a terminal, as a list of fields.

    `columns` names, for the table and for files that people open (CSV, XLSX), the columns to show and
    their headings in the user's language; JSON, JSON Lines and Parquet always carry every column under
    its English name.
    """
    form = form or (_by_name(output) if output else None)
    form = form or (Format.table if sys.stdout.isatty() else Format.json)
    if (
        "polars" not in sys.modules
    ):  # whoever has a frame has loaded it; an object need not wait for it
        _show_object(data, form, output, title)
        return
    import polars

    if not isinstance(data, polars.DataFrame):
        _show_object(data, form, output, title)
        return
    shown = data
    if columns and form in (Format.table, Format.csv, Format.xlsx):
        shown = data.select([name for name in columns if name in data.columns])
    headings = [(columns or {}).get(name, name) for name in shown.columns]
    if form is Format.table:
        _table(shown, headings, title, output)
    elif form is Format.parquet:
        buffer = io.BytesIO()
        data.write_parquet(buffer)
        _write(buffer.getvalue(), output)
    elif form is Format.xlsx:
        from publish.workbook import workbook

        _write(workbook(shown, headings, title), output)
    elif form is Format.csv:
        _write(_csv(shown, headings), output)
    else:
        answer_lines(BETWEEN[form].join(_lines(data)).encode(), form, output)


def machine(form: Format | None, output: Path | None) -> Format | None:
    """JSON or JSON Lines where the answer is to be one of these: a door may then make the lines itself."""
    form = form or (_by_name(output) if output else None)
    form = form or (Format.table if sys.stdout.isatty() else Format.json)
    return form if form in (Format.json, Format.jsonl) else None


def for_people(form: Format | None, output: Path | None) -> bool:
    """Whether the answer is read by people, who want words in their language, or by programs, who want codes."""
    if form is None:
        return output.suffix in (".csv", ".xlsx") if output else sys.stdout.isatty()
    return form in (Format.table, Format.csv, Format.xlsx)


def on_terminal(form: Format | None, output: Path | None) -> bool:
    """Whether the answer is a table, which has less room than a file."""
    return form is Format.table or (form is None and output is None and sys.stdout.isatty())


BETWEEN = {Format.json: ",\n", Format.jsonl: "\n"}


def answer_lines(lines: bytes, form: Format, output: Path | None) -> None:
    """Show rows that are lines of JSON with `BETWEEN` them: as an array, a row a line, or as JSON Lines."""
    if form is Format.jsonl:
        _write(lines + b"\n" if lines else b"", output)
    else:
        _write(b"[\n" + lines + b"\n]\n" if lines else b"[]\n", output)


def say(text: str = "") -> None:
    """A sentence for the person at the terminal: on stderr, without markup."""
    console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)


def write_file(path: Path, content: bytes) -> None:
    """Write a file that a person asked for, never over another one without --force, and name it."""
    from store import output

    output.write(path, content)
    if not output.is_stream(path):
        say(_("written: {file}").format(file=path))


def console(stderr: bool = False, file: Any = None) -> Console:
    """The terminal; 80 columns where it has no width of its own."""
    from rich.console import Console

    return Console(stderr=stderr, file=file, highlight=False)


def _by_name(output: Path) -> Format:
    suffix = output.suffix.lstrip(".")
    if suffix in Format.__members__:
        return Format(suffix)
    raise Misuse(
        _("the form of {file} is not known").format(file=output),
        _("say --format, or end the name in .json, .jsonl, .csv, .parquet or .xlsx"),
    )


def _lines(frame: polars.DataFrame) -> list[str]:
    """The rows of a frame as lines of JSON; what JSON has no type for, as its text."""
    import polars

    simple = (polars.String, polars.Boolean, polars.Null)

    def plain(kind: Any) -> bool:
        inner = kind.inner if isinstance(kind, polars.List) else kind
        return bool(inner in simple or inner.is_integer())

    dates = [name for name, kind in frame.schema.items() if kind == polars.Date]
    shown = frame.with_columns(polars.col(dates).cast(polars.String))
    if all(plain(kind) for kind in shown.dtypes):
        return shown.write_ndjson().split("\n")[:-1]  # not splitlines: a cell may hold U+2028
    return [json.dumps(_plain(row), ensure_ascii=False) for row in frame.to_dicts()]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, str | int | bool) else str(value)


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _csv(frame: polars.DataFrame, headings: list[str]) -> bytes:
    """For people: with a BOM, as Chinese Excel wants it, and no cell that Excel takes for a formula."""
    import csv

    from publish.harmless import harmless

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    for row in frame.iter_rows():
        writer.writerow([harmless(_cell(value)) for value in row])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(_cell(item) for item in value)
    if isinstance(value, dict):
        return " ".join(_cell(item) for item in value.values())
    return str(value)


def _table(frame: polars.DataFrame, headings: list[str], title: str, output: Path | None) -> None:
    from doors.tables import records, table

    rows = [[_told("", value) for value in row] for row in frame.head(SHOWN_ROWS).iter_rows()]
    room = console().width
    shown = table(headings, rows, room)
    cut = SHOWN_ROWS
    if shown is None:
        cut = SHOWN_RECORDS
        shown = records(headings, rows[:cut])
    _print(title, shown, output)
    if frame.height > cut:
        say(
            _("{shown} of {count} rows are shown; --format csv --output FILE has all").format(
                shown=cut, count=frame.height
            )
        )


def _show_object(data: Any, form: Format, output: Path | None, title: str) -> None:
    if form in (Format.json, Format.jsonl):
        _write(_json(_plain(data)), output)
        return
    if form is not Format.table:
        raise Misuse(_("this answer is no list of rows"), _("take --format table or --format json"))
    from doors.tables import fields

    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    _print(
        title,
        fields([(label(str(name)), _told(str(name), value)) for name, value in pairs]),
        output,
    )


def _told(name: str, value: Any) -> str:
    """A field for people: what is counted within it a line each, a list on a line or on several."""
    if isinstance(value, dict):
        return "\n".join(_fields(value))
    if isinstance(value, list | tuple):
        if any(isinstance(item, dict) and len(item) > FEW for item in value):
            return "\n\n".join("\n".join(_fields(item)) for item in value)
        parts = [
            "  ".join(_fields(item)) if isinstance(item, dict) else _told(name, item)
            for item in value
        ]
        long = any(isinstance(item, dict) for item in value) or sum(map(len, parts)) > LINE
        return "\n".join(parts) if long else "、".join(parts)
    return _cell(said(name, value))


def _fields(values: dict[Any, Any]) -> list[str]:
    return [f"{label(str(key))} {_told(str(key), value) or '–'}" for key, value in values.items()]


def _print(title: str, renderable: Any, output: Path | None) -> None:
    parts = ([title] if title else []) + [renderable]
    if output is None:
        for part in parts:
            console().print(part, markup=False)
        return
    file = io.StringIO()
    for part in parts:
        console(file=file).print(part, markup=False)
    write_file(output, file.getvalue().encode())


def _write(content: bytes, output: Path | None) -> None:
    if output is not None:
        write_file(output, content)
        return
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
