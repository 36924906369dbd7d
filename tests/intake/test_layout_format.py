"""docs/reference/layout-format.md says what is so: its example is read, its tables name every form, noun and column."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from double_random.intake import archive, drop_reader, sheet
from double_random.intake.drop_reader import read_drop
from double_random.intake.layouts import FORMS, load_layouts, load_shipped_layouts
from double_random.intake.record_types import NOUNS

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "layout-format.md").read_text("utf-8")


def example(language: str) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert len(found) == 1
    return str(found[0])


def test_the_example_reads_its_sheet(tmp_path: Path) -> None:
    layout, table = tmp_path / "own.toml", tmp_path / "表.csv"
    layout.write_text(example("toml"), "utf-8")
    table.write_text(example("csv"), "utf-8")
    (reading,) = read_drop(
        table, date(2016, 12, 31), [*load_shipped_layouts(), *load_layouts([layout])]
    )
    (row,) = reading.tables["commendations"].to_dicts()
    assert reading.layout == "our-commendations"
    assert (row["decided"], row["level"]) == (date(2015, 7, 1), "city")
    assert reading.issues.height == 0


def test_every_noun_stands_there_with_its_columns() -> None:
    for noun, columns in NOUNS.items():
        (line,) = re.findall(rf"^\| `{noun}` \| .* \| (.*) \|$", PAGE, re.MULTILINE)
        assert line.split() == list(columns)


def test_every_form_and_code_stands_there() -> None:
    for form in FORMS:
        assert f"`{form}`" in PAGE
    for layout in load_shipped_layouts():
        for column in layout.columns:
            if column.form == "choice":
                for _word, code in column.values:
                    assert not code or code in PAGE


def test_the_bounds_are_those_of_the_code() -> None:
    assert (drop_reader.LARGEST, archive.LARGEST, archive.MOST) == (2 << 30, 512 << 20, 1_000)
    assert (sheet.WIDEST, sheet.TOP) == (1_000, 40)
