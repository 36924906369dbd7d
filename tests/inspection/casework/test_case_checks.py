"""Case checks: approved first, closed once, and kept in lines that never change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.casework.case_checks import (
    CaseCheck,
    close_case_check,
    open_case_check,
    read_case_checks,
)
from double_random.store.home import Home

ITEM, AT = "law-firm-archives", "2026-12-01T00:00:00Z"


@pytest.fixture
def opened(bureau: Callable[..., Home], firm: Callable[[int], str]) -> Home:
    """A home with one open case check, 示个1号."""
    home = bureau()
    open_case_check(home, firm(3), "complaint", ITEM, "示个1号", "2026-11-05", AT)
    return home


def test_a_home_without_any_has_none(home: Home) -> None:
    assert read_case_checks(home) == {}


def test_a_case_check_is_opened_with_its_approval_and_closed_with_its_result(
    opened: Home, firm: Callable[[int], str]
) -> None:
    open_case_check(opened, firm(4), "clue from data", ITEM, "示个2号", "2026-11-06", AT)
    first = CaseCheck(
        number="示个1号",
        target=firm(3),
        name="上海示例003律师事务所",
        ground="complaint",
        item=ITEM,
        approved="2026-11-05",
    )
    assert (
        list(read_case_checks(opened)) == ["示个1号", "示个2号"]
        and read_case_checks(opened)["示个1号"] == first
    )
    lines = (opened.path / "case_checks.jsonl").read_bytes()
    closed = close_case_check(
        opened, "示个1号", "2026-11-05", ("problem", "corrected", "problem"), AT
    )
    assert (closed.visited, closed.codes) == ("2026-11-05", ("corrected", "problem"))
    assert not read_case_checks(opened)["示个2号"].visited
    assert (opened.path / "case_checks.jsonl").read_bytes().startswith(lines)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"ground": "a feeling"}, "a feeling is no ground"),
        ({"number": ""}, "approved first"),
        ({"day": "2026-11-31"}, "approved first"),
        ({"item": "no-such-item"}, "no-such-item"),
        ({"target": "示例没有律师事务所"}, "示例没有律师事务所"),
        ({}, "there is a case check 示个1号 already"),
    ],
)
def test_a_check_without_ground_approval_item_or_target_is_not_opened(
    opened: Home, firm: Callable[[int], str], change: dict[str, Any], reason: str
) -> None:
    words = {
        "target": firm(3),
        "ground": "complaint",
        "item": ITEM,
        "number": "示个1号",
        "day": "2026-11-05",
    }
    with pytest.raises(Misuse, match=reason):
        open_case_check(opened, **{**words, **change}, at=AT)
    assert len(read_case_checks(opened)) == 1


@pytest.mark.parametrize(
    ("number", "day", "codes", "reason"),
    [
        ("示个9号", "2026-11-06", ("clean",), "no open case check 示个9号"),
        ("示个1号", "2026-11-04", ("clean",), "before the approval"),
        ("示个1号", "2026-11-31", ("clean",), "is no day"),
        ("示个1号", "2026-11-06", (), "cannot be a result"),
        ("示个1号", "2026-11-06", ("clean", "problem"), "cannot be a result"),
        ("示个1号", "2026-11-06", ("nonsense",), "cannot be a result"),
    ],
)
def test_a_check_is_not_closed_before_its_approval_or_without_a_result(
    opened: Home, number: str, day: str, codes: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(Misuse, match=reason):
        close_case_check(opened, number, day, codes, AT)
    assert not read_case_checks(opened)["示个1号"].visited


def test_a_closed_check_is_not_closed_again(opened: Home) -> None:
    close_case_check(opened, "示个1号", "2026-11-06", ("clean",), AT)
    with pytest.raises(Misuse, match="no open case check"):
        close_case_check(opened, "示个1号", "2026-11-07", ("clean",), AT)
    assert read_case_checks(opened)["示个1号"].visited == "2026-11-06"
