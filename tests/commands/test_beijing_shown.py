"""People read the time of China on a terminal; programs read UTC."""

from __future__ import annotations

import polars
import pytest

from double_random.commands.render.format_writers import Format
from double_random.commands.render.output import show_answer
from double_random.core import translation
from double_random.core.china_time import localize_times


def test_a_time_of_the_log_is_shown_as_a_clock_in_china_has_it() -> None:  # D-048
    assert localize_times("2026-11-30T13:30:00Z") == "2026-11-30 21:30:00 +08:00"
    assert localize_times("2026-11-30T18:00:00Z") == "2026-12-01 02:00:00 +08:00"
    assert (
        localize_times("示例律师事务所") == "示例律师事务所"
        and localize_times("2026-11-30") == "2026-11-30"
    )


def test_in_chinese_the_clock_of_china_goes_without_saying() -> None:
    """Finding: an official read +08:00 behind every time."""
    translation.choose_language("zh_CN")
    try:
        assert localize_times("2026-11-30T13:30:00Z") == "2026-11-30 21:30:00"
    finally:
        translation.choose_language("en")


def test_a_table_has_the_time_of_china_and_json_has_utc(capfd: pytest.CaptureFixture[str]) -> None:
    told = {"at": "2026-11-30T13:30:00Z"}
    show_answer(told, Format.table)
    assert "2026-11-30 21:30:00 +08:00" in capfd.readouterr().out
    show_answer(told, Format.json)
    assert "2026-11-30T13:30:00Z" in capfd.readouterr().out


def test_an_empty_table_says_that_it_is_empty(capfd: pytest.CaptureFixture[str]) -> None:
    """Finding: `inspection open` answered with headings alone."""
    show_answer(polars.DataFrame(schema={"draw": polars.String}), Format.table)
    assert "there is nothing to list" in capfd.readouterr().err
    show_answer(polars.DataFrame(schema={"draw": polars.String}), Format.csv)
    assert capfd.readouterr().err == ""
