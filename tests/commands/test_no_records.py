"""The credit commands in a home whose registers are read and whose records are not: a sentence, no traceback."""

from __future__ import annotations

from datetime import date

import pytest
from typer.testing import CliRunner

from double_random.cli import build_application
from double_random.core.errors import DoubleRandomError
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from tests.registry.conftest import HEADER, ROW

FIRM = "上海示例甲律师事务所"
AS_OF = ("--as-of", "2016-12-31")


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with one firm."""
    folder = tmp_path_factory.mktemp("registers")
    (folder / "drop").mkdir()
    (folder / "drop" / "许可.csv").write_text(f"{HEADER}\n{ROW}\n", encoding="utf-8")
    home = Home.create(folder / "home")
    sync_registers(home, [folder / "drop"], date(2016, 12, 31))
    return home


@pytest.mark.parametrize(
    "words",
    [
        ("list", *AS_OF),
        ("show", FIRM, *AS_OF),
        ("explain", FIRM, *AS_OF),
        ("trend", FIRM, "--from", "2016-01-01", "--until", "2016-12-31"),
        ("report", FIRM, *AS_OF),
        ("what-if", FIRM, *AS_OF),
        ("measures", *AS_OF),
        ("notify", *AS_OF),
        ("backtest", *AS_OF, "--months", "12"),
        ("compare", "risk-100", "evaluation-1000", *AS_OF),
        ("objection",),
        ("policies",),
    ],
)
def test_without_records_a_command_answers_in_words(
    words: tuple[str, ...], registers: Home
) -> None:
    """D-029."""
    done = CliRunner().invoke(
        build_application("credit", words[0]), ["--home", str(registers.path), "credit", *words]
    )
    refused = isinstance(done.exception, DoubleRandomError)
    assert done.exit_code == 0 or refused, (done.output, done.exception)
