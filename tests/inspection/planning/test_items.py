"""随机抽查事项清单: no item without a basis, no ratio that nobody can read, one rule a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from double_random.core.errors import BadFile, Misuse
from double_random.inspection.planning.items import find_item, load_items, read_items
from double_random.store.home import Home

GOOD = """
[[item]]
id = "x"
title = "示例事项"
content = "示例"
basis = "示例法第一条"
reference = "示例"
confirmed = false
class = "general"
methods = ["on paper"]
kinds = ["law_firm"]
[[item.rule]]
from = 2020-01-01
reserve = [1, 2]
reference = "示例"
confirmed = false
ratios = [{ kind = "law_firm", ratio = [1, 10], minimum = 2, rounding = "up" }]
[[item.rule]]
from = 2025-01-01
reserve = [1, 2]
reference = "示例"
confirmed = false
ratios = [{ kind = "law_firm", ratio = [1, 5], minimum = 2, rounding = "up" }]
"""


@pytest.fixture
def listed(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "items.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_every_shipped_item_has_its_basis_and_reference(home: Home) -> None:
    shipped = load_items(home)
    assert {kind for one in shipped for kind in one.kinds} == {
        "law_firm",
        "law_firm_branch",
        "notary_office",
        "forensic_institution",
        "grassroots_legal_service",
    }
    for one in shipped:
        assert one.basis and one.reference
        for rule in one.rules:
            assert rule.reference


def test_the_rule_is_the_one_in_force_on_the_day(listed: Callable[[str], Path]) -> None:
    (one,) = read_items(listed(GOOD))
    assert one.rule_on(date(2024, 12, 31)).shares[0].ratio == (1, 10)
    assert one.rule_on(date(2025, 1, 1)).shares[0].ratio == (1, 5)
    with pytest.raises(Misuse, match="no rule in force"):
        one.rule_on(date(2019, 12, 31))


def test_a_bureaus_own_list_takes_the_place_of_the_shipped_one(home: Home) -> None:
    (home.path / "facts" / "items.toml").write_text(GOOD, encoding="utf-8")
    assert [one.id for one in load_items(home)] == ["x"]
    with pytest.raises(Misuse, match="law-firm-practice"):
        find_item(home, "law-firm-practice")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('basis = "示例法第一条"', 'basis = ""'),
        ("confirmed = false\nclass", "class"),
        ('class = "general"', 'class = "general"\nsurprise = 1'),
        ("ratio = [1, 10]", "ratio = [11, 10]"),
        ("ratio = [1, 10]", "ratio = [0.1, 1]"),
        ("ratio = [1, 10]", "ratio = [1, 0]"),
        ('minimum = 2, rounding = "up"', 'minimum = 2, rounding = "unbiased"'),
        ('rounding = "up"', 'rounding = "down"'),
        ('kinds = ["law_firm"]', 'kinds = ["law_firm", "notary_office"]'),
        ("from = 2025-01-01", "from = 2019-01-01"),
        ("from = 2025-01-01", "from = 2020-01-01"),
        ('kind = "law_firm", ratio', 'kind = "law_firm", grade = "A", ratio'),
        ("[[item]]", "[[item"),
    ],
)
def test_a_list_that_is_not_clear_is_refused_with_its_file(
    listed: Callable[[str], Path], old: str, new: str
) -> None:
    assert old in GOOD
    with pytest.raises(BadFile, match=r"items\.toml"):
        read_items(listed(GOOD.replace(old, new, 1)))
