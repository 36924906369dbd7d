"""An answer's views: each is built only when a format takes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars
import pytest

from double_random.commands.render.answer import Answer, Fields, Page, Table
from double_random.commands.render.format_writers import Format
from double_random.commands.render.output import show


def answer(built: list[str]) -> Answer:
    """An answer with every view, that notes which ones were built."""

    def view(name: str, value: Any) -> Any:
        def build() -> Any:
            built.append(name)
            return value

        return build

    frame = polars.DataFrame({"n": [1]})
    return Answer(
        data=view("data", {"n": 1}),
        rows=view("rows", frame),
        sheets=view("sheets", [("示例", frame, ["n"])]),
        page=view("page", Page("<p>")),
        picture=view("picture", "<svg/>"),
        people=view("people", [Table(frame), Fields({"n": 1}), "a sentence"]),
        notes=view("notes", ["a note"]),
    )


@pytest.mark.parametrize(
    ("form", "ending", "views"),
    [
        ("table", "", ["people", "notes"]),
        ("json", "", ["data"]),
        ("jsonl", "", ["rows", "notes"]),
        ("csv", "", ["rows", "notes"]),
        ("parquet", "", ["rows", "notes"]),
        ("xlsx", "", ["sheets"]),
        (None, ".json", ["data"]),
        (None, ".csv", ["rows", "notes"]),
        (None, ".html", ["page"]),
        (None, ".htm", ["page"]),
        (None, ".svg", ["picture"]),
        ("json", ".html", ["data"]),
    ],
)
def test_a_format_builds_the_views_that_it_needs_and_no_other(
    form: str | None, ending: str, views: list[str], tmp_path: Path
) -> None:
    built: list[str] = []
    show(answer(built), None if form is None else Format(form), tmp_path / f"a{ending}")
    assert built == views
    assert (tmp_path / f"a{ending}").stat().st_size
