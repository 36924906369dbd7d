"""Charts (统计图): bars and tiles in whole units of an SVG, marked by words and patterns, never by colour alone.

A page shows each picture beside its table (data/site/charts.html); nothing here knows what is counted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

WIDTH = 360  # units; a phone is about as wide, so that the words keep their size
ROW = 48  # a bar's row: its words above, the bar below; how they lie in it is charts.html's matter
SHADES = 6  # style.css has so many
NARROWEST = 20  # a part of a bar that has room for its mark
SIDE, TILE = 72, 9  # a tile's side, and the half-width characters on it
LABEL = 40  # half-width characters before a bar's number


@dataclass(frozen=True)
class Part:
    """A part of a bar."""

    x: int
    width: int
    shade: int
    mark: str


@dataclass(frozen=True)
class Bar:
    """One bar: its words, its number, its parts from left to right."""

    label: str
    number: int
    y: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Bars:
    """A picture of bars; the legend is empty where a bar has one part only."""

    width: int
    height: int
    legend: tuple[tuple[int, str, str], ...]  # shade, mark, word
    bars: tuple[Bar, ...]


def bars(rows: Sequence[tuple[str, Sequence[int]]], legend: Sequence[str] = ("",)) -> Bars | None:
    """A bar for each row, its parts in the legend's order; None where there is nothing to show."""
    most = max((sum(numbers) for _, numbers in rows), default=0)
    if not most:
        return None
    marks = [chr(0x2460 + place % 20) if len(legend) > 1 else "" for place in range(len(legend))]
    return Bars(
        WIDTH,
        ROW * len(rows),
        tuple(
            (place % SHADES, mark, word)
            for place, (mark, word) in enumerate(zip(marks, legend, strict=True))
            if mark
        ),
        tuple(
            Bar(fitted(label, LABEL), sum(numbers), ROW * place, _parts(numbers, most, marks))
            for place, (label, numbers) in enumerate(rows)
        ),
    )


def _parts(numbers: Sequence[int], most: int, marks: Sequence[str]) -> tuple[Part, ...]:
    edges = [edge * WIDTH // most for edge in accumulate(numbers, initial=0)]
    return tuple(
        Part(left, max(right - left, 1), at % SHADES, marks[at] if right - left > NARROWEST else "")
        for at, (left, right) in enumerate(pairwise(edges))
        if numbers[at]
    )


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One tile: its whole name, what fits on it, its number, how dark it is (0 to 3), and where it leads."""

    x: int
    y: int
    name: str
    label: str
    number: int
    shade: int
    path: str


@dataclass(frozen=True)
class Tiles:
    """A picture of tiles."""

    width: int
    height: int
    tiles: tuple[Tile, ...]


def tiles(cells: Sequence[tuple[tuple[int, int], str, int, str]]) -> Tiles:
    """A tile for each cell: (column, row), name, number, path. The darker, the more of the greatest number it has."""
    most = max((number for _, _, number, _ in cells), default=0)
    return Tiles(
        SIDE * (1 + max((column for (column, _), *_ in cells), default=0)),
        SIDE * (1 + max((row for (_, row), *_ in cells), default=0)),
        tuple(
            Tile(
                x=SIDE * column,
                y=SIDE * row,
                name=name,
                label=fitted(name, TILE),
                number=number,
                shade=number * 4 // (most + 1),
                path=path,
            )
            for (column, row), name, number, path in cells
        ),
    )


def fitted(text: str, room: int) -> str:
    """A text that is cut, with …, where it needs more than so many half-width characters."""
    if sum(map(_room, text)) <= room:
        return text
    kept, left = "", room - 2
    for character in text:
        left -= _room(character)
        if left < 0:
            break
        kept += character
    return kept + "…"


def _room(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1
