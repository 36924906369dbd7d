"""SQL texts lie beside their module; each file is one statement that says what it does, in one style."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from double_random.store.sql_files import read_sql

ROOT = Path(__file__).parents[2]
FILES = sorted(
    file for file in ROOT.glob("*/*/sql/*.sql") if not file.is_relative_to(ROOT / ".venv")
)
ALIAS = re.compile(r"\b(?:FROM|JOIN) [a-z_]+ (?!AS\b)[a-z]\b")


def test_a_text_is_the_file_and_an_unknown_one_is_not_found() -> None:
    file = ROOT / "registry" / "institutions" / "sql" / "found_links.sql"
    assert read_sql("registry.institutions", "found_links") == file.read_text("utf-8")
    with pytest.raises(FileNotFoundError):
        read_sql("registry.institutions", "nowhere")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_file_is_one_statement_that_says_what_it_does(file: Path) -> None:
    text = file.read_text("utf-8")
    assert text.startswith("-- ")
    assert not ALIAS.search(text), "write FROM x AS y"
    if "{" not in text:  # a placeholder of a text that two engines run
        assert len(duckdb.extract_statements(re.sub(r"\$\{?\w+\}?", "1", text))) == 1
