"""A benchmark's frozen result: one JSON file a module; README.md's tables and pictures are made from them."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a comparison: what was measured, beside what, and what had been hoped for."""

    what: str
    value: float
    unit: str = "s"
    ratio: float | None = None  # against the floor or peer named in the note, of the same run
    goal: str = ""  # as the goal was set: "at most 6 x the floor"
    met: bool | None = None  # None where there is no goal
    note: str = ""


def machine() -> str:
    """Cores, memory, Python and the libraries that count, of the machine that measures."""
    from importlib.metadata import version

    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "polars", "ortools"))
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.machine()}, "
        f"Python {platform.python_version()}, {libraries}"
    )


def freeze(name: str, title: str, rows: list[Row], **more: Any) -> Path:
    """Write a module's result to `results/NAME.json`, print it as a table, bring the page up to date.

    `curves={name: [(size, seconds), …]}` makes its picture one of curves.
    """
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    content = {
        "name": name,
        "title": title,
        "measured": date.today().isoformat(),
        "machine": machine(),
        "rows": [asdict(row) for row in rows],
        **more,
    }
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(table(rows))
    from benchmarks.book import main as write_the_book

    write_the_book()
    return path


def frozen(name: str) -> list[Row] | None:
    """The rows that a module froze last; None where it never did."""
    path = RESULTS / f"{name}.json"
    if not path.exists():
        return None
    return [Row(**row) for row in json.loads(path.read_text(encoding="utf-8"))["rows"]]


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | measured | ratio | goal | met | note |", "|---|---:|---:|---|---|---|"]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        met = {True: "yes", False: "**no**", None: ""}[row.met]
        value = f"{row.value:,}" if isinstance(row.value, int) else f"{row.value:.3g}"
        lines.append(
            f"| {row.what} | {value} {row.unit} | {ratio} | {row.goal} | {met} | {row.note} |"
        )
    return "\n".join(lines)
