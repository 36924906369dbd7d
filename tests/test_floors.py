"""The house holds: a floor imports only floors below it, and every word of the trade is at its own floor."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = [
    {"cli"},
    {"doors"},
    {"demo"},
    {"publish"},
    {"inspection"},
    {"credit"},
    {"registry"},
    {"intake", "store"},
    {"toml_reader"},
    {"vocabulary"},
    {"language"},
    {"errors"},
    {"data"},
]
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
BESIDE = {("errors", "language"), ("language", "errors")}
FILES = sorted(
    file
    for room in LEVEL
    for file in (
        [ROOT / f"{room}.py"] if (ROOT / f"{room}.py").exists() else (ROOT / room).rglob("*.py")
    )
)
PURE = sorted((ROOT / "inspection" / "protocol").glob("*.py"))
IMPURE = {
    "duckdb",
    "polars",
    "pyarrow",
    "time",
    "datetime.now",
    "os",
    "pathlib",
    "io",
    "secrets",
    "random",
    "sqlite3",
}


def imports(file: Path) -> set[str]:
    """Every module that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are written out, not relative"
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_floor_knows_only_the_floors_below(file: Path) -> None:
    room = file.relative_to(ROOT).parts[0].removesuffix(".py")
    for module in imports(file):
        other = module.partition(".")[0]
        if other in LEVEL and other != room:
            assert LEVEL[other] > LEVEL[room], f"{room} may not import {module}"


@pytest.mark.parametrize("file", PURE, ids=lambda file: file.name)
def test_the_mathematics_touches_no_database_clock_or_file(file: Path) -> None:
    known = {module.partition(".")[0] for module in imports(file)}
    assert not known & IMPURE
    assert "store" not in known or {m for m in imports(file) if m.startswith("store")} == {
        "store.merkle"
    }


def test_every_file_says_what_it_is_for() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in FILES
        if not ast.get_docstring(ast.parse(file.read_text("utf-8")))
    ]
    assert not silent
