"""The state of a draw follows from its log entries, and an entry out of order is refused."""

from __future__ import annotations

from typing import Any

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.draw.draw_state import DrawStage, find_state, replay_states
from double_random.store.log.signed_log import BadLog

SCOPE = {"districts": ["310101", "310104"], "kinds": ["law_firm"]}


def entry(kind: str, draw: str = "d1", **other: Any) -> dict[str, Any]:
    return {"kind": kind, "draw": draw, **other}


PLAN = entry("plan", items=[{"id": "示例事项"}], scope=SCOPE, plan="0" * 64)
BALLS = entry("entropy", source="balls:示例:2", value="07")
DRAWN = entry("draw", result="ab", entropy="balls:示例:2=07")


def test_a_draw_goes_from_committed_to_published() -> None:
    log = [PLAN, BALLS, DRAWN, entry("publish", secret="cd")]
    stages = [find_state(log[:number], "d1").stage for number in range(1, 5)]
    assert stages == [
        DrawStage.committed,
        DrawStage.committed,
        DrawStage.drawn,
        DrawStage.published,
    ]
    ended = find_state(log, "d1")
    assert not ended.is_open and not ended.is_lost
    assert ended.entropy == {"balls:示例:2": "07"}
    assert ended.result_hash == "ab" and find_state(log[:2], "d1").result_hash == ""


def test_draws_are_in_the_order_of_their_plans_and_other_entries_are_no_draws() -> None:
    log = [{"kind": "sync", "release": "ef"}, {**PLAN, "draw": "d2"}, PLAN, entry("attest", "d2")]
    assert list(replay_states(log)) == ["d2", "d1"]


@pytest.mark.parametrize(
    "log",
    [
        [BALLS],
        [PLAN, PLAN],
        [PLAN, BALLS, BALLS],
        [PLAN, entry("publish")],
        [PLAN, DRAWN, DRAWN],
        [PLAN, DRAWN, BALLS],
        [PLAN, entry("replace")],
        [PLAN, entry("void", reason="wrong plan"), DRAWN],
        [PLAN, DRAWN, entry("void", reason="wrong plan"), entry("replace")],
    ],
    ids=lambda log: " ".join(str(one["kind"]) for one in log),
)
def test_an_entry_out_of_order_is_refused_with_its_number(log: list[dict[str, Any]]) -> None:
    with pytest.raises(BadLog, match=rf"entry {len(log) - 1} \({log[-1]['kind']} of d1\)"):
        replay_states(log)


def test_changes_are_kept_in_order_also_after_publication() -> None:
    first, second = entry("replace", record="1"), entry("substitute", record="2")
    found = find_state([PLAN, DRAWN, first, entry("publish"), second], "d1")
    assert found.changes == (first, second) and found.stage is DrawStage.published


def test_only_a_void_for_lost_files_is_lost() -> None:
    assert find_state([PLAN, entry("void", reason="lost")], "d1").is_lost
    assert not find_state([PLAN, entry("void", reason="wrong plan")], "d1").is_lost


def test_plans_overlap_if_item_district_and_kind_do() -> None:
    open_draw = find_state([PLAN], "d1")
    same = {"districts": ["310104"], "kinds": ["law_firm", "notary_office"]}
    assert open_draw.overlaps({"items": [{"id": "示例事项"}], "scope": same})
    assert not open_draw.overlaps({"items": [{"id": "另一示例"}], "scope": same})
    assert not open_draw.overlaps(
        {"items": [{"id": "示例事项"}], "scope": {**same, "districts": ["310105"]}}
    )
    assert not open_draw.overlaps(
        {"items": [{"id": "示例事项"}], "scope": {**same, "kinds": ["notary_office"]}}
    )


def test_a_draw_that_was_not_committed_is_named() -> None:
    with pytest.raises(Misuse, match="d9 has been committed"):
        find_state([PLAN], "d9")
