"""Placeholders and examples of values on help pages."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from typer.main import get_command

from double_random.commands.option_words import param_key, value_example, value_word


class Colour(StrEnum):
    """A closed list."""

    red = "red"
    blue = "blue"


app = typer.Typer(add_completion=False)


@app.command()
def shown(
    sheet: Path,
    draws: list[str],
    other: str,
    day: Annotated[datetime | None, typer.Option("--any-day")] = None,
    count: Annotated[int, typer.Option("--count", "-c")] = 1,
    port: Annotated[int, typer.Option("--port")] = 1,
    place: Annotated[Path | None, typer.Option("--to")] = None,
    file: Annotated[Path | None, typer.Option("--file")] = None,
    units: Annotated[list[str] | None, typer.Option("--unit")] = None,
    colour: Annotated[Colour, typer.Option("--colour")] = Colour.red,
    source: Annotated[str, typer.Option("--source")] = "",
    reason: Annotated[str, typer.Option("--reason")] = "",
    output: Annotated[Path | None, typer.Option("--output")] = None,
) -> None:
    """A command with a value of each type."""


PARAMS: dict[str, Any] = {param_key(param): param for param in get_command(app).params}


def test_an_option_is_keyed_by_its_name_and_an_argument_by_its_parameter() -> None:
    assert {"sheet", "draws", "--any-day", "--count"} <= set(PARAMS)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("sheet", "FILE"),
        ("draws", "DRAW …"),
        ("other", "TEXT"),
        ("--any-day", "DAY"),
        ("--count", "N"),
        ("--port", "PORT"),
        ("--to", "FOLDER"),
        ("--file", "FILE"),
        ("--unit", "UNIT …"),
        ("--colour", "red|blue"),
        ("--output", "FILE"),
    ],
)
def test_a_value_has_a_word_and_no_python_type(name: str, word: str) -> None:
    assert value_word(PARAMS[name]) == word


def test_one_command_may_name_a_value_otherwise() -> None:
    assert value_word(PARAMS["--output"], "upload-files") == "FOLDER"


def test_an_example_is_typed_with_its_option_and_quoted_if_it_has_blanks() -> None:
    assert value_example(PARAMS["--source"], "plan") == "--source lottery:快乐8:2026300"
    assert value_example(PARAMS["draws"], "join") == "2026-Q4-1 2026-Q4-2"
    assert value_example(PARAMS["--output"], "upload-files") == "--output upload"
    assert value_example(PARAMS["--reason"], "void") == '--reason "source not drawn"'
    assert value_example(PARAMS["--reason"], "link") == '--reason "the reason, in a sentence"'


def test_a_value_without_an_example_has_none() -> None:
    assert value_example(PARAMS["--colour"], "shown") == ""
