"""plan.json of either version: which rows everybody can draw again, and what the plan binds."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.planning.items import ItemRatios, Share
from double_random.inspection.planning.plan_builder import freeze_plan
from double_random.inspection.planning.plan_fields import name_strata_column
from double_random.store.home import Home
from double_random.store.log.checkpoint import SignedNote
from tests.inspection.draw.test_seal_checks import log_release

KINDS = ("law_firm",)


def rule(policy: str = "", **share: Any) -> ItemRatios:
    part = {"kind": "law_firm", "grade": "", "ratio": (1, 10), "minimum": 0, "rounding": "up"}
    return ItemRatios(
        since=date(2016, 1, 1),
        policy=policy,
        reserve=(0, 1),
        shares=(Share(**{**part, **share}),),
        reference="示例",
        confirmed=False,
    )


def test_strata_are_public_unless_they_tell_a_grade_or_a_record() -> None:
    assert name_strata_column(rule(), KINDS) == "kind"
    assert name_strata_column(rule("示例", grade="A"), KINDS) == "internal"
    assert name_strata_column(rule("示例"), KINDS) == "internal"
    assert name_strata_column(rule(clean=3), KINDS) == "internal"


def test_a_plan_of_version_2_binds_the_head_of_the_log(
    bureau: Callable[..., Home], wish: Callable[..., Any]
) -> None:
    home = bureau()
    asked = wish(sources=("lottery:快乐8",), protocol=2)
    with pytest.raises(Misuse, match="the log names no release"):
        freeze_plan(home, asked)
    log_release(home)
    planned = freeze_plan(home, asked)
    made = json.loads(planned.plan.data)
    head = SignedNote.parse(home.log.checkpoint).head
    assert made["log"] == {"origin": head.origin, "size": 1, "root": head.root.hex()}
    assert (made["protocol"], made["strata_by"]) == ("double-random/2", "kind")
    rules = json.loads((planned.folder / "rules.json").read_bytes())
    assert rules["left_out"] == ["district not known", "inspected within 12 months"]
    assert planned.bits == 61
