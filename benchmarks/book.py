"""The benchmarks' page and pictures, made from the frozen results alone: `python -m benchmarks.book`."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

from benchmarks.frozen import RESULTS, Row, table
from benchmarks.pictures import picture

FOLDER = Path(__file__).parent
PAGE, PICTURES = FOLDER / "README.md", FOLDER / "pictures"
FIRST = (
    "growth",
    "registry",
    "live_source",
    "credit",
    "backtest",
    "commands",
    "answers",
    "serving",
    "draw",
    "fairness",
)
HEAD = """\
# Benchmarks

Written by `python -m benchmarks.book` from `benchmarks/results/*.json`; a test holds that it says what they say.
`make bench` measures again (minutes), `make bench-full` everything; one alone: `python -m benchmarks.NAME`.

Each comparison is made side by side within one run on one machine, and checks that both sides find the same answer.
What a ratio is of, its line, goal or note says. In the pictures the scale is logarithmic, the grey line is even, the
black mark is the goal; green has met it, red has not, blue has none. What missed its goal stays here.
"""


def results() -> list[dict[str, Any]]:
    """All frozen results, in the order of the page."""
    found = [json.loads(file.read_text("utf-8")) for file in RESULTS.glob("*.json")]
    rank = {name: place for place, name in enumerate(FIRST)}
    return sorted(found, key=lambda one: (rank.get(one["name"], len(rank)), one["name"]))


def page() -> str:
    """The whole page."""
    found = results()
    goals = [row for one in found for row in one["rows"] if row["met"] is not None]
    missed = [(one, row) for one in found for row in one["rows"] if row["met"] is False]
    parts = [HEAD, f"{len(goals)} goals, {len(goals) - len(missed)} met."]
    if missed:
        lines = [
            f"- [{one['name']}](#{one['name']}): {row['what']}; goal: {row['goal']}"
            for one, row in missed
        ]
        parts.append("Missed:\n\n" + "\n".join(lines))
    for one in found:
        parts.append(f"## {one['name']}\n\n{one['title']}")
        if told := purpose(one["name"]):
            parts.append(told)
        parts.append(table([Row(**row) for row in one["rows"]]))
        if picture(one):
            parts.append(f"![{one['title']}](pictures/{one['name']}.svg)")
        parts.append(f"`python -m benchmarks.{one['name']}` · {one['measured']} · {one['machine']}")
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def pictures() -> dict[str, str]:
    """Each picture's file name and content."""
    drawn = {f"{one['name']}.svg": picture(one) for one in results()}
    return {name: content for name, content in drawn.items() if content}


def purpose(name: str) -> str:
    """What a module measures, in its own words: its docstring after the first paragraph."""
    file = FOLDER / f"{name}.py"
    if not file.exists():
        return ""
    told = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return "\n\n".join(told.split("\n\n")[1:])


def main() -> None:
    """Write page and pictures, and take away what no result has any more."""
    PICTURES.mkdir(exist_ok=True)
    drawn = pictures()
    for old in PICTURES.glob("*.svg"):
        if old.name not in drawn:
            old.unlink()
    for name, content in drawn.items():
        (PICTURES / name).write_text(content, encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
