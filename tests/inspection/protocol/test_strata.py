"""strata.json and rules.json: strata in order, each with its share; items of one plan share them."""

from __future__ import annotations

from typing import Any

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.strata import ItemStrata, Strata, Stratum


def rule(stratum: str = "law_firm/A", **other: Any) -> dict[str, Any]:
    return {"stratum": stratum, "ratio": [1, 20], "minimum": 1, "rounding": "up", **other}


def strata(*rows: dict[str, Any]) -> bytes:
    counted = [{"population": 40, **row} for row in rows]
    return canonical_json.dump_canonical({"salt": "0" * 32, "reserve": [1, 2], "strata": counted})


def rules(*items: tuple[str, list[dict[str, Any]]]) -> bytes:
    return canonical_json.dump_canonical(
        {"items": [{"id": id, "strata": rows} for id, rows in items]}
    )


def test_strata_are_read_with_their_populations() -> None:
    found = Strata.read(strata(rule("a"), rule("b", population=7)))
    assert found.reserve == (1, 2)
    assert found.strata == (Stratum("a", 40, (1, 20), 1, "up"), Stratum("b", 7, (1, 20), 1, "up"))


def test_the_rule_of_a_stratum_is_everything_but_its_population() -> None:
    large, small = Stratum("a", 40, (1, 20), 1, "up"), Stratum("a", 0, (1, 20), 1, "up")
    assert large.rule == small.rule == ("a", (1, 20), 1, "up")


@pytest.mark.parametrize("names", [("b", "a"), ("a", "a")])
def test_strata_out_of_order_are_refused(names: tuple[str, str]) -> None:
    with pytest.raises(BadFile, match="code-point order"):
        Strata.read(strata(*map(rule, names)))


def test_unbiased_rounding_has_no_minimum() -> None:
    assert Strata.read(strata(rule(rounding="unbiased", minimum=0))).strata[0].minimum == 0
    with pytest.raises(BadFile, match=r"strata\[0\]\.minimum: unbiased rounding has the minimum 0"):
        Strata.read(strata(rule(rounding="unbiased", minimum=1)))


def test_items_of_one_plan_have_the_same_strata() -> None:
    found = ItemStrata.read(rules(("x", [rule()]), ("y", [rule()])))
    assert [id for id, _strata in found.items] == ["x", "y"]
    assert found.strata == (Stratum("law_firm/A", 0, (1, 20), 1, "up"),)
    with pytest.raises(BadFile, match="several items have the same strata"):
        ItemStrata.read(rules(("x", [rule()]), ("y", [rule(ratio=[1, 10])])))


def test_rules_without_an_item_or_with_one_twice_are_refused() -> None:
    for bad in (rules(), rules(("x", [rule()]), ("x", [rule()]))):
        with pytest.raises(BadFile, match="at least one item was expected, each once"):
            ItemStrata.read(bad)
