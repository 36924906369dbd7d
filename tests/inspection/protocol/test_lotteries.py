"""The numbers of public lotteries: how many results are possible, and how each is spelled."""

from __future__ import annotations

from typing import Any

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.protocol.lotteries import read_lotteries, shipped_lotteries

TABLE: dict[str, Any] = {
    "lottery": {
        "示例双色": {
            "issue": 7,
            "groups": [
                {"kind": "balls", "count": 2, "low": 1, "high": 5},
                {"kind": "balls", "count": 1, "low": 1, "high": 5, "rest": True},
            ],
            "days": [2, 4],
        },
        "示例数字": {"issue": 5, "groups": [{"kind": "digits", "count": 3, "low": 0, "high": 9}]},
    }
}


def test_the_number_of_results_is_exact() -> None:
    found = read_lotteries(TABLE)
    assert found["示例双色"].outcomes == 10 * 3  # 2 of 5, then 1 of the 3 that are left
    assert found["示例数字"].outcomes == 1000
    assert found["示例双色"].days == (2, 4) and found["示例数字"].days == ()


def test_an_example_is_the_lowest_numbers() -> None:
    found = read_lotteries(TABLE)
    assert found["示例双色"].example() == "01.02.03"
    assert found["示例数字"].example() == "00.00.00"


@pytest.mark.parametrize("name", list(shipped_lotteries()))
def test_the_example_of_a_lottery_is_a_value_of_it(name: str) -> None:
    shipped_lotteries()[name].check_value(shipped_lotteries()[name].example())


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("1.02.03", "two digits each"),
        ("01.02", "draws 3 numbers, here are 2"),
        ("01.06.03", "6 is not among 1 to 5"),
        ("02.01.03", "ascending order"),
        ("01.02.02", "special ball"),
    ],
)
def test_a_wrong_value_is_refused_with_the_right_spelling(value: str, message: str) -> None:
    with pytest.raises(Misuse, match=message) as refused:
        read_lotteries(TABLE)["示例双色"].check_value(value)
    assert "01.02.03" in refused.value.hint


def test_an_issue_number_has_its_length() -> None:
    lottery = read_lotteries(TABLE)["示例数字"]
    lottery.check_issue("26030")
    for wrong in ("2603", "2026030", "2603a", "２６０３０"):
        with pytest.raises(Misuse, match="no issue number of 示例数字"):
            lottery.check_issue(wrong)
