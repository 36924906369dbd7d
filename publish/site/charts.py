"""Charts (统计图): bars and tiles in integer SVG units, marked by words and patterns, never by colour alone.

A page shows each chart beside its table (data/site/charts.html); this module does not depend on what is counted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

WIDTH = 360  # units; about the width of a phone, so that the text keeps its size
ROW = 48  # height of a bar's row: label above, bar below; positions are in charts.html
SHADES = 6  # number of shades in style.css
NARROWEST = 20  # minimum width of a part with a mark
SIDE, TILE = 72, 9  # side of a tile, and half-width characters that fit on it
LABEL = 40  # half-width characters of a bar's label


@dataclass(frozen=True)
class BarPart:
    """A part of a bar."""

    x: int
    width: int
    shade: int
    mark: str


@dataclass(frozen=True)
class Bar:
    """One bar: label, number, and parts from left to right."""

    label: str
    number: int
    y: int
    parts: tuple[BarPart, ...]


@dataclass(frozen=True)
class BarChart:
    """A bar chart; the legend is empty if each bar has one part only."""

    width: int
    height: int
    legend: tuple[tuple[int, str, str], ...]  # shade, mark, word
    bars: tuple[Bar, ...]


def build_bars(
    rows: Sequence[tuple[str, Sequence[int]]], legend: Sequence[str] = ("",)
) -> BarChart | None:
    """Build a bar for each row, with parts in the legend's order; None if all numbers are zero."""
    most = max((sum(numbers) for _, numbers in rows), default=0)
    if not most:
        return None
    marks = [chr(0x2460 + index % 20) if len(legend) > 1 else "" for index in range(len(legend))]
    return BarChart(
        WIDTH,
        ROW * len(rows),
        tuple(
            (index % SHADES, mark, word)
            for index, (mark, word) in enumerate(zip(marks, legend, strict=True))
            if mark
        ),
        tuple(
            Bar(fit_text(label, LABEL), sum(numbers), ROW * index, _bar_parts(numbers, most, marks))
            for index, (label, numbers) in enumerate(rows)
        ),
    )


def _bar_parts(numbers: Sequence[int], most: int, marks: Sequence[str]) -> tuple[BarPart, ...]:
    edges = [edge * WIDTH // most for edge in accumulate(numbers, initial=0)]
    return tuple(
        BarPart(
            left, max(right - left, 1), at % SHADES, marks[at] if right - left > NARROWEST else ""
        )
        for at, (left, right) in enumerate(pairwise(edges))
        if numbers[at]
    )


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One tile: full name, shortened label, number, shade (0 to 3) and link target."""

    x: int
    y: int
    name: str
    label: str
    number: int
    shade: int
    path: str


@dataclass(frozen=True)
class TileChart:
    """A tile chart."""

    width: int
    height: int
    tiles: tuple[Tile, ...]


def build_tiles(cells: Sequence[tuple[tuple[int, int], str, int, str]]) -> TileChart:
    """Build a tile for each cell: (column, row), name, number, path. The shade is the share of the largest number."""
    most = max((number for _, _, number, _ in cells), default=0)
    return TileChart(
        SIDE * (1 + max((column for (column, _), *_ in cells), default=0)),
        SIDE * (1 + max((row for (_, row), *_ in cells), default=0)),
        tuple(
            Tile(
                x=SIDE * column,
                y=SIDE * row,
                name=name,
                label=fit_text(name, TILE),
                number=number,
                shade=number * 4 // (most + 1),
                path=path,
            )
            for (column, row), name, number, path in cells
        ),
    )


def fit_text(text: str, room: int) -> str:
    """Cut a text, with …, if it needs more than `room` half-width characters."""
    if sum(map(_character_width, text)) <= room:
        return text
    cut, left = "", room - 2
    for character in text:
        left -= _character_width(character)
        if left < 0:
            break
        cut += character
    return cut + "…"


def _character_width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1
