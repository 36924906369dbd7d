"""The program with all that it imports, imported once: a process forked from one that has done so starts at once."""

from __future__ import annotations

import importlib
import pkgutil

PACKAGES = (
    *("commands", "core", "credit", "demo", "inspection"),
    *("intake", "pipeline", "publish", "registry", "store"),
)
# What functions import when they first need it. None of these starts a thread that a forked process would miss.
LIBRARIES = (
    *(
        "cryptography.hazmat.primitives.asymmetric.ed25519",
        "cryptography.hazmat.primitives.serialization",
    ),
    *("docx", "duckdb", "filelock", "jinja2", "numpy"),
    *("openpyxl", "ortools.graph.python.max_flow", "ortools.graph.python.min_cost_flow"),
    *("polars", "pyarrow.parquet", "pypinyin", "python_calamine", "rich.table", "rjieba"),
    *("segno", "xlsxwriter"),
)


def load_program() -> None:
    """Import every module of the program, and the libraries."""
    for name in PACKAGES:
        package = importlib.import_module(f"double_random.{name}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    for name in LIBRARIES:
        importlib.import_module(name)
