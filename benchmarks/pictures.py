"""The pictures of the benchmarks' page: SVG written here, the same file for the same results."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

WIDTH, LABEL, ROW, EDGE = 760, 330, 22, 44
GOOD, BAD, PLAIN = "#2a7f4f", "#b3402a", "#4a6785"
COLOURS = ("#00508c", "#b3402a", "#2a7f4f", "#7a4fa0", "#a86b00", "#4a6785")


def picture(result: Mapping[str, Any]) -> str | None:
    """A module's picture: its curves; else its ratios; else its figures of one unit; None where it has none."""
    if "curves" in result:
        return curves(result["title"], result["curves"])
    ratios = [row for row in result["rows"] if row["ratio"] is not None and row["ratio"] > 0]
    if ratios:
        return bars(result["title"], [(row, row["ratio"], _goal(row)) for row in ratios], "×")
    units = [row["unit"] for row in result["rows"]]
    unit = max(units, key=units.count, default="")
    same = [row for row in result["rows"] if row["unit"] == unit and row["value"] > 0]
    return (
        bars(result["title"], [(row, row["value"], None) for row in same], unit) if same else None
    )


def bars(
    title: str, rows: Sequence[tuple[Mapping[str, Any], float, float | None]], unit: str
) -> str:
    """A bar a row, on a logarithmic scale; a ratio's begins at 1, where it is even; the goal is a black mark."""
    even = unit == "×"
    values = [value for _row, value, _goal in rows] + [goal for *_, goal in rows if goal]
    if even:
        values.append(1)
    low, high = math.log10(min(values)), math.log10(max(values))
    low, high = (math.floor(low) if not even else low), high
    span = max(high - low, 0.3)

    def place(value: float) -> int:
        return LABEL + round((math.log10(value) - low) / span * (WIDTH - LABEL - 90))

    height = EDGE + ROW * len(rows) + 24
    start = place(1) if even else LABEL
    parts = []
    for number, (row, value, goal) in enumerate(rows):
        y = EDGE + ROW * number
        x = place(value)
        left, width = min(start, x), max(abs(x - start), 2)
        colour = {True: GOOD, False: BAD, None: PLAIN}[row["met"]]
        parts.append(_text(LABEL - 8, y + 13, _short(row["what"]), "end"))
        parts.append(f'<rect x="{left}" y="{y + 2}" width="{width}" height="14" fill="{colour}"/>')
        parts.append(
            _text(max(start, x, place(goal) if goal else 0) + 8, y + 13, f"{value:.3g} {unit}")
        )
        if goal:
            parts.append(
                f'<path d="M{place(goal)} {y} v18" stroke="#000" stroke-width="2" fill="none"/>'
            )
    if even:
        bottom = EDGE + ROW * len(rows)
        parts.append(f'<path d="M{start} {EDGE - 6} V{bottom}" stroke="#888" fill="none"/>')
        parts.append(_text(start, bottom + 14, "1", "middle"))
    return _page(title, parts, height)


def curves(title: str, found: Mapping[str, Sequence[Sequence[float]]]) -> str:
    """Seconds over size, both logarithmic: a straight line of slope 1 grows as its input does."""
    xs = [x for points in found.values() for x, _y in points]
    ys = [y for points in found.values() for _x, y in points]
    left, right = math.log10(min(xs)), math.log10(max(xs))
    low, high = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))
    box, top, tall = 420, EDGE, 320

    def at(x: float, y: float) -> tuple[int, int]:
        across = (math.log10(x) - left) / max(right - left, 0.1)
        up = (math.log10(y) - low) / max(high - low, 1)
        return 64 + round(across * box), top + tall - round(up * tall)

    parts = [f'<rect x="64" y="{top}" width="{box}" height="{tall}" fill="none" stroke="#888"/>']
    for power in range(low, high + 1):
        y = at(min(xs), 10.0**power)[1]
        parts.append(f'<path d="M64 {y} h{box}" stroke="#ddd" fill="none"/>')
        parts.append(_text(58, y + 4, f"{10.0**power:g} s", "end"))
    for x in sorted(set(xs)):
        parts.append(_text(at(x, 1)[0], top + tall + 16, f"{x:g}×", "middle"))
    for number, (name, points) in enumerate(found.items()):
        colour = COLOURS[number % len(COLOURS)]
        way = " ".join("{} {}".format(*at(x, y)) for x, y in points)
        parts.append(f'<polyline points="{way}" stroke="{colour}" stroke-width="2" fill="none"/>')
        parts += [
            '<circle cx="{}" cy="{}" r="3" fill="{}"/>'.format(*at(x, y), colour) for x, y in points
        ]
        parts.append(
            f'<rect x="510" y="{top + 20 * number}" width="12" height="12" fill="{colour}"/>'
        )
        parts.append(_text(530, top + 11 + 20 * number, name))
    return _page(title, parts, top + tall + 30)


def _goal(row: Mapping[str, Any]) -> float | None:
    """The ratio that the goal names: "at most 6 x the floor", "at most 10 % of the first load"."""
    found = re.search(r"([0-9.]+)\s*(x|×|times|% of)", row["goal"])
    return float(found[1]) / (100 if found[2] == "% of" else 1) if found else None


def _short(text: str) -> str:
    """The middle is left out: lines of one table differ at their ends."""
    return text if len(text) <= 52 else f"{text[:24]}…{text[-27:]}"


def _text(x: int, y: int, words: str, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'


def _page(title: str, parts: Sequence[str], height: int) -> str:
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'font-family="sans-serif" font-size="12">\n<title>{escape(title)}</title>\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>\n'
        f"{_text(8, 22, title)}\n{body}\n</svg>\n"
    )
