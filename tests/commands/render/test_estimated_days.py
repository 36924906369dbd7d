"""A last day in a year without a holiday notice is an estimate, and the missing notice is named."""

from __future__ import annotations

from datetime import date

import polars
import pytest

from double_random.commands.render.estimated_days import days_as_text, print_missing_notices


def test_a_day_that_waits_for_a_notice_says_so_and_others_stay() -> None:
    rows = polars.DataFrame(
        {
            "by": [date(2026, 11, 20), date(2027, 3, 1), None],
            "waits_for": [None, 2027, None],
            "name": ["示例甲", "示例乙", "示例丙"],
        },
        schema_overrides={"waits_for": polars.Int64},
    )
    shown = days_as_text(rows, "by")
    assert shown["by"].to_list() == [
        "2026-11-20",
        "about 2027-03-01, waits for the holiday notice of 2027",
        "",
    ]
    assert shown["name"].to_list() == rows["name"].to_list()


def test_each_missing_notice_is_named_once_by_year(capsys: pytest.CaptureFixture[str]) -> None:
    print_missing_notices([2028, 2027, 2028])
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert "2027" in lines[0] and "2028" in lines[1]


def test_nothing_is_said_where_nothing_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    print_missing_notices([])
    assert capsys.readouterr().err == ""
