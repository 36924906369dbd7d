"""Scoring and policy code knows no clock, no chance and no fractions: the sources are read, and it fails if they do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

CREDIT = Path(__file__).parent.parent.parent / "credit"
READ_AND_KEEP = {"rebuilding.py", "rulings.py"}  # files; paths are joined by a slash
STATISTICS = (
    CREDIT / "backtest"
)  # looks at scores afterwards, with fractions; no score comes from it
FILES = sorted(
    file
    for file in CREDIT.rglob("*.py")
    if file.name not in READ_AND_KEEP and STATISTICS not in file.parents
)
CLOCKS_AND_CHANCE = {"time", "random", "secrets", "uuid", "numpy", "statistics", "math", "locale"}
CLOCK_CALLS = {"today", "now", "utcnow", "fromtimestamp", "time_ns", "urandom", "hash", "float"}


def impurities(source: str) -> Iterator[str]:
    """What is not pure in a source, with its line."""
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name.partition(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [(node.module or "").partition(".")[0]]
        if set(names) & CLOCKS_AND_CHANCE:
            yield f"line {node.lineno}: imports {names}"  # type: ignore[attr-defined]
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"line {node.lineno}: the fraction {node.value}"
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            yield f"line {node.lineno}: division"
        called = node.func if isinstance(node, ast.Call) else None
        name = (
            called.attr
            if isinstance(called, ast.Attribute)
            else called.id
            if isinstance(called, ast.Name)
            else ""
        )
        if name in CLOCK_CALLS:
            yield f"line {node.lineno}: {name}()"  # type: ignore[attr-defined]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_clock_no_chance_no_fractions(file: Path) -> None:
    assert not list(impurities(file.read_text(encoding="utf-8")))


def test_the_modules_that_score_are_among_those_that_are_read() -> None:
    names = {file.relative_to(CREDIT).as_posix() for file in FILES}
    assert {"scoring/pipeline.py", "policy/loader.py", "records/ledger.py"} <= names


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "from time import time",
        "import numpy as np",
        "x = 0.5",
        "x = a / b",
        "x /= 2",
        "date.today()",
        "datetime.now()",
        "float(x)",
        "hash(x)",
    ],
)
def test_what_is_not_pure_is_seen(source: str) -> None:
    assert list(impurities(source))


def test_the_scoring_sql_asks_no_clock_and_no_chance() -> None:
    for file in CREDIT.rglob("*.sql"):
        text = file.read_text(encoding="utf-8").lower()
        for word in ("now(", "current_", "random", "uuid", "today", "double", "float", "getdate"):
            assert word not in text, f"{file.name}: {word}"
