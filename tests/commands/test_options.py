"""Options that several groups share: the same name and the same meaning in each."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from double_random.commands.options import (
    CheckpointOption,
    DistrictOption,
    DropDayOption,
    InstitutionArgument,
    KindOption,
    ReleaseOption,
)

app = typer.Typer()
taken: list[object] = []


@app.command()
def shared(
    institution: InstitutionArgument,
    as_of: DropDayOption,
    release: ReleaseOption = None,
    kind: KindOption = None,
    district: DistrictOption = None,
    checkpoint: CheckpointOption = None,
) -> None:
    """A command with all of them."""
    taken[:] = [institution, as_of, release, kind, district, checkpoint]


def test_each_option_reaches_its_parameter() -> None:
    words = (
        "示例律师事务所 --as-of 2026年10月31日 --release 12 --kind law_firm --district 310101 "
        "--checkpoint c.txt"
    )
    assert CliRunner().invoke(app, words.split()).exit_code == 0
    day = datetime(2026, 10, 31)
    assert taken == ["示例律师事务所", day, "12", "law_firm", "310101", Path("c.txt")]


def test_institution_and_day_are_needed_and_the_others_are_not() -> None:
    result = CliRunner().invoke(app, ["示例", "--as-of", "2026-10-31"])
    assert result.exit_code == 0
    assert taken == ["示例", datetime(2026, 10, 31), None, None, None, None]


@pytest.mark.parametrize("words", ["示例", "--as-of 2026-10-31", "示例 --as-of 2026-02-30"])
def test_what_is_missing_or_no_day_is_wrong_use(words: str) -> None:
    assert CliRunner().invoke(app, words.split()).exit_code == 2
