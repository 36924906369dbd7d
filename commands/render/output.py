"""Output of answers: data on stdout, all else on stderr; a table on a terminal, JSON when piped."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from double_random.commands.render.answer import Answer
from double_random.commands.render.format_writers import DOCUMENTS, Format, Writer
from double_random.commands.render.output_target import is_terminal
from double_random.core.errors import Misuse
from double_random.core.translation import _

if TYPE_CHECKING:
    import polars

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
    if _is_frame(data):
        show(Answer(rows=lambda: data, title=title, columns=columns), form, output)
    else:
        show(Answer(data=lambda: data, title=title), form, output)


def show(answer: Answer, form: Format | None, output: Path | None) -> None:
    """Show an answer in the format that --format, the file's ending or the terminal decides."""
    _choose_writer(answer, form, output).write(answer, output, is_for_people(form, output))


def default_to_people(form: Format | None) -> Format:
    """The format of an answer that is for people in a pipe and in a file too, unless --format says otherwise."""
    return form or Format.table


def default_to_programs(form: Format | None) -> Format:
    """The format of an answer that is JSON on a terminal too, unless --format says otherwise."""
    return form or Format.json


def is_for_people(form: Format | None, output: Path | None) -> bool:
    """Whether the answer is for people (words in their language) or for programs (codes)."""
    document = _document(form, output)
    writer = document[1] if document else _resolve_format(form, output).writer
    return writer.always_for_people or (_labels and writer.labelled)


def _choose_writer(answer: Answer, form: Format | None, output: Path | None) -> Writer:
    document = _document(form, output)
    if document and getattr(answer, document[0]) is not None:
        return document[1]
    return _resolve_format(form, output).writer


def _document(form: Format | None, output: Path | None) -> tuple[str, Writer] | None:
    """The view and writer of a file that only some answers have, by its ending."""
    return DOCUMENTS.get(output.suffix) if output is not None and form is None else None


def _resolve_format(form: Format | None, output: Path | None) -> Format:
    """The format from --format or the file's ending; else a table on a terminal, JSON when piped."""
    form = form or (_format_by_ending(output) if output else None)
    return form or (Format.table if is_terminal() else Format.json)


def _format_by_ending(output: Path) -> Format:
    ending = output.suffix.lstrip(".")
    if ending in Format.__members__:
        return Format[ending]
    raise Misuse(
        _("the form of {file} is not known").format(file=output),
        _("say --format, or end the name in .json, .jsonl, .csv, .parquet or .xlsx"),
    )


def _is_frame(data: Any) -> bool:
    if "polars" not in sys.modules:  # if polars is not loaded, `data` is no frame: do not import it
        return False
    import polars

    return isinstance(data, polars.DataFrame)
