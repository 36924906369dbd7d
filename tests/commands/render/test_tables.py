"""Rows on a terminal: a table if they fit its width, else field by field."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from double_random.commands.render.tables import (
    SHOWN_LETTERS,
    build_fields,
    build_records,
    build_table,
    clean_cell,
)

HEADINGS = ["code", "name", "note"]
ROWS = [["31990000XXXX000012", "示例甲律师事务所", ""], ["31990000XXXX000013", "示例乙", ""]]


def printed(renderable: Any, width: int = 80) -> list[str]:
    """The lines on a terminal of so many columns."""
    target = io.StringIO()
    Console(file=target, width=width, highlight=False).print(renderable)
    return [line.rstrip() for line in target.getvalue().splitlines() if line.strip()]


def test_a_table_has_its_headings_and_leaves_empty_columns_out() -> None:
    lines = printed(build_table(HEADINGS, ROWS, 80))
    assert lines[0].split() == ["code", "name"]
    assert lines[2].split() == ROWS[0][:2]
    assert "note" in printed(build_table(HEADINGS, ROWS, 80, whole=True))[0]
    assert printed(build_table(HEADINGS, [], 80))[0].split() == HEADINGS


@pytest.mark.parametrize("room", [40, 60, 80])
def test_a_table_is_never_wider_than_the_room(room: int) -> None:
    rows = [[code, name * 3, "示例备注" * 4] for code, name, _note in ROWS]
    found = build_table(HEADINGS, rows, room)
    assert found is None or max(map(cell_len, printed(found, room))) <= room


def test_rows_without_room_make_no_table() -> None:
    assert build_table(HEADINGS, ROWS, 20) is None
    endless = [["1", "示例" * 400, ""]]
    assert build_table(HEADINGS, endless, 80) is None


def test_a_code_is_not_broken() -> None:
    rows = [["31990000XXXX000012", "示例" * 20, "示例" * 20]]
    lines = printed(build_table(HEADINGS, rows, 80))
    assert any("31990000XXXX000012" in line for line in lines)


def test_records_have_a_line_a_field() -> None:
    lines = printed(build_records(HEADINGS, ROWS))
    assert lines[0].split() == ["code", "31990000XXXX000012"]
    assert not any("note" in line for line in lines)
    whole = printed(build_records(HEADINGS, ROWS, whole=True))
    assert whole[2].split() == ["note", "–"]


def test_fields_show_a_dash_for_nothing() -> None:
    assert [line.split() for line in printed(build_fields([("name", "示例"), ("note", "")]))] == [
        ["name", "示例"],
        ["note", "–"],
    ]


def test_a_cell_is_cut_and_steers_nothing() -> None:
    assert clean_cell("x" * SHOWN_LETTERS) == "x" * SHOWN_LETTERS
    assert clean_cell("x" * (SHOWN_LETTERS + 1)) == "x" * SHOWN_LETTERS + "…"
    assert "\x1b" not in clean_cell("示例\x1b[2J")
