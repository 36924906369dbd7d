"""The entrance: help is quick, mistakes are told plainly."""

from __future__ import annotations

import subprocess
import sys


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
