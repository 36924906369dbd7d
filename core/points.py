"""Points as people write them: 9250 hundredths are 92.50."""

from __future__ import annotations


def format_points(points: int) -> str:
    """Hundredths with two places: 92.50, -8.00."""
    sign = "-" if points < 0 else ""
    return f"{sign}{abs(points) // 100}.{abs(points) % 100:02d}"


def format_signed_points(points: int) -> str:
    """The same, with a + if points are added."""
    return f"+{format_points(points)}" if points > 0 else format_points(points)
