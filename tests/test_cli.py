"""The entrance: help is quick, mistakes are told plainly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_help_loads_no_heavy_library() -> None:
    heavy = {
        "polars",
        "duckdb",
        "pyarrow",
        "numpy",
        "ortools",
        "jinja2",
        "xlsxwriter",
        "cryptography",
        "pandas",
    }
    code = "import sys, language; language.choose('en'); import cli; cli.application(); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not heavy & set(loaded.stdout.split())


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "cli", *words], capture_output=True, text=True)


def test_no_word_at_all_shows_the_help() -> None:
    said = run()
    assert said.returncode == 2
    assert "Usage" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_path_that_cannot_be_written_is_told_plainly() -> None:
    said = run("--home", "/proc/nowhere", "init")
    assert said.returncode == 1
    assert said.stderr.startswith("error: /proc/nowhere")
    assert "hint:" in said.stderr


def test_an_unknown_option_is_told_in_the_language_that_was_asked_for() -> None:
    said = run("--lang", "zh_CN", "status", "--nothing")
    assert said.returncode == 2
    assert said.stderr.startswith("错误：没有选项 --nothing")


def test_an_authority_for_a_home_that_is_there_already_is_not_lost_silently(tmp_path: Path) -> None:
    home = str(tmp_path / "bureau")
    assert run("--home", home, "init", "--authority", "示例局").returncode == 0
    assert run("--home", home, "init").returncode == 0
    said = run("--home", home, "init", "--authority", "另一示例局")
    assert said.returncode == 2
    assert "settings.toml" in said.stderr
