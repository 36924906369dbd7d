"""rules.json: all items have the same strata, and reasons are closed lists in code-point order."""

from __future__ import annotations

from typing import Any

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.strata import Stratum
from double_random.inspection.protocol.v2.rules import Rules
from tests.inspection.protocol.v2.cases import REASONS


def item(id: str, *strata: tuple[str, int], rounding: str = "up") -> dict[str, Any]:
    rows = [
        {"stratum": name, "ratio": [1, 3], "minimum": minimum, "rounding": rounding}
        for name, minimum in strata
    ]
    return {"id": id, "strata": rows}


def read(*items: dict[str, Any], **reasons: Any) -> Rules:
    return Rules.read(canonical_json.dump_canonical({"items": list(items), **REASONS, **reasons}))


def test_rules_may_hold_strata_without_rows() -> None:
    rules = read(item("one", ("A", 1), ("B", 0)), item("two", ("A", 1), ("B", 2)))
    assert rules.strata == ("A", "B")
    assert rules.agree_on(Stratum("A", 7, (1, 3), 1, "up"))
    assert not rules.agree_on(Stratum("A", 7, (1, 2), 1, "up"))
    assert not rules.agree_on(Stratum("B", 7, (1, 3), 2, "up"))
    assert not rules.agree_on(Stratum("C", 7, (1, 3), 2, "up"))


@pytest.mark.parametrize(
    "items",
    [
        (),
        (item("one", ("A", 0)), item("one", ("A", 0))),
        (item("one", ("A", 0)), item("two", ("B", 0))),
        (item("one", ("A", 0)), item("two", ("A", 0), ("B", 0))),
        (item("one", ("B", 0), ("A", 0)),),
        (item("one", ("A", 0), ("A", 0)),),
        (item("one", ("A", 1), rounding="unbiased"),),
        (item("one", ("A", 0), rounding="down"),),
        (item("one", ("", 0)),),
    ],
)
def test_items_that_break_a_rule_are_refused(items: tuple[dict[str, Any], ...]) -> None:
    with pytest.raises(BadFile, match=r"rules\.json"):
        read(*items)


@pytest.mark.parametrize("name", ["left_out", "inspectors_left_out", "replace"])
@pytest.mark.parametrize("reasons", [["b", "a"], ["a", "a"], [""], "a", None, [1]])
def test_lists_of_reasons_have_one_order(name: str, reasons: Any) -> None:
    assert read(item("one", ("A", 0)), **{name: []}) and read(item("one"), **{name: ["a", "b"]})
    with pytest.raises(BadFile, match=r"rules\.json"):
        read(item("one", ("A", 0)), **{name: reasons})
