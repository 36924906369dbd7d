"""`inspection plan`: a share, districts and a replaced draw as they are typed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from double_random.commands.current_home import use_home
from double_random.commands.planning import _parse_share, _split_codes, make_plan
from double_random.core.errors import DoubleRandomError, Misuse
from double_random.store.home import Home

PLAN: dict[str, Any] = {
    "items": ["law-firm-archives"],
    "as_of": datetime(2026, 10, 31),
    "draw": "d1",
    "source": ["ceremony:balls:示例摇号室"],
    "not_before": "2026-11-03T06:00:00Z",
    "publish_by": datetime(2026, 11, 30),
}


@pytest.mark.parametrize(
    ("given", "share"), [(None, None), ("1/2", (1, 2)), ("0/5", (0, 5)), ("3/3", (3, 3))]
)
def test_a_share_is_a_fraction_of_at_most_one(
    given: str | None, share: tuple[int, int] | None
) -> None:
    assert _parse_share(given) == share


@pytest.mark.parametrize("given", ["half", "1", "3/2", "0/0", "-1/2", "1/2/3", "0.5", ""])
def test_what_is_no_share_is_refused_with_an_example(given: str) -> None:
    with pytest.raises(Misuse, match="--reserve must be a share, as 1/2: "):
        _parse_share(given)


def test_districts_are_separated_by_commas_blanks_or_repetition() -> None:
    assert _split_codes(["310101,310104", "310105 310106"]) == (
        "310101",
        "310104",
        "310105",
        "310106",
    )
    assert _split_codes(None) == ()


@pytest.mark.parametrize("given", [{"replaces": "d0"}, {"reason": "示例"}])
def test_a_replaced_draw_has_a_reason_and_a_reason_a_draw(given: dict[str, str]) -> None:
    with pytest.raises(Misuse, match="--replaces and --reason go together"):
        make_plan(**PLAN, **given)


def test_without_registers_nothing_is_planned(home: Home) -> None:
    use_home(home.path)
    with pytest.raises(DoubleRandomError):
        make_plan(**PLAN)
    assert list(home.draws.iterdir()) == []
