"""Options that the commands around a draw share."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from double_random.commands.draw_options import AsOf, File, Number, On, UnboundOption, Why

app = typer.Typer()
taken: list[object] = []


@app.command()
def shared(
    as_of: AsOf = None,
    day: On = None,
    number: Number = "",
    reason: Why = "",
    output: File = None,
    accept_unbound: UnboundOption = False,
) -> None:
    """A command with all of them."""
    taken[:] = [as_of, day, number, reason, output, accept_unbound]


def test_each_option_reaches_its_parameter() -> None:
    words = (
        "--as-of 2026-10-31 --date 2026/11/2 --number 示例〔2026〕1号 --reason 示例 "
        "--output f.xlsx --accept-unbound"
    )
    assert CliRunner().invoke(app, words.split()).exit_code == 0
    assert taken == [
        datetime(2026, 10, 31),
        datetime(2026, 11, 2),
        "示例〔2026〕1号",
        "示例",
        Path("f.xlsx"),
        True,
    ]


def test_none_of_them_is_needed() -> None:
    assert CliRunner().invoke(app, []).exit_code == 0
    assert taken == [None, None, "", "", None, False]


@pytest.mark.parametrize("option", ["--as-of", "--date"])
def test_a_day_that_does_not_exist_is_wrong_use(option: str) -> None:
    assert CliRunner().invoke(app, [option, "2026-02-30"]).exit_code == 2
