"""SVG charts without a library: no external address, no script; whole numbers for all coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from double_random.core.points import format_points

WIDTH, HEIGHT, EDGE = 720, 320, 56


def draw_step_chart(points: Sequence[tuple[date, int | None]], title: str) -> str:
    """A step chart of points (hundredths) by day; a day without points is a gap."""
    values = [value for _day, value in points if value is not None]
    low, high = min(values, default=0), max(values, default=1)
    low, high = low - 1_00, high + 1_00
    first, last = points[0][0], points[-1][0]
    span = max((last - first).days, 1)
    parts = []
    pen = False
    for day, value in points:
        x = EDGE + (day - first).days * (WIDTH - 2 * EDGE) // span
        if value is None:
            pen = False
            continue
        y = HEIGHT - EDGE - (value - low) * (HEIGHT - 2 * EDGE) // (high - low)
        parts.append(f"H{x} V{y}" if pen else f"M{x} {y}")
        pen = True
    marks = [
        draw_text(EDGE - 6, HEIGHT - EDGE, format_points(low), "end"),
        draw_text(EDGE - 6, EDGE, format_points(high), "end"),
        draw_text(EDGE, HEIGHT - EDGE + 18, str(first), "start"),
        draw_text(WIDTH - EDGE, HEIGHT - EDGE + 18, str(last), "end"),
    ]
    return render_svg(
        title, [draw_frame(), *marks, draw_path(" ".join(parts), "#00508c")], WIDTH, HEIGHT
    )


def render_svg(title: str, parts: Sequence[str], width: int, height: int) -> str:
    """A complete SVG file, with a title for screen readers."""
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'font-family="sans-serif" font-size="12">\n<title>{escape(title)}</title>\n'
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n'
        f"{draw_text(width // 2, 24, title, 'middle')}\n{body}\n</svg>\n"
    )


def draw_frame() -> str:
    """The frame around a curve."""
    return (
        f'<rect x="{EDGE}" y="{EDGE}" width="{WIDTH - 2 * EDGE}" height="{HEIGHT - 2 * EDGE}" '
        'fill="none" stroke="#888"/>'
    )


def draw_path(way: str, colour: str) -> str:
    """An SVG path."""
    return f'<path d="{way}" fill="none" stroke="{colour}" stroke-width="2"/>'


def draw_text(x: int, y: int, words: str, anchor: str = "start") -> str:
    """Escaped text at a position."""
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in words)
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(shown)}</text>'
