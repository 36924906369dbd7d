"""Points as people write them: hundredths with two places."""

from __future__ import annotations

import pytest

from double_random.core.points import format_points, format_signed_points


@pytest.mark.parametrize(
    ("points", "text"),
    [(9250, "92.50"), (0, "0.00"), (5, "0.05"), (-5, "-0.05"), (-800, "-8.00"), (-101, "-1.01")],
)
def test_hundredths_have_two_places(points: int, text: str) -> None:
    assert format_points(points) == text


@pytest.mark.parametrize(("points", "text"), [(250, "+2.50"), (0, "0.00"), (-250, "-2.50")])
def test_only_added_points_have_a_plus(points: int, text: str) -> None:
    assert format_signed_points(points) == text
