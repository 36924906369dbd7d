"""The log of a bundle: complete under its head, and in it the order of a draw's acts."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from double_random.core.errors import BadFile
from double_random.inspection.draw.draw_state import find_state
from double_random.inspection.protocol.sources import round_at
from double_random.inspection.verification.log_history import LogHistory
from double_random.store.log.checkpoint import PublicKey
from tests.inspection.protocol.conftest import make_case
from tests.inspection.verification.drawn import KEY, Entry, drawn, plan_entry, signed

DRAW = drawn()
NAME = DRAW.plan.draw


def history(*entries: Entry, key: PublicKey | None = KEY) -> LogHistory:
    return LogHistory.read(signed(entries or DRAW.entries), key)


def changed(kind: str, **fields: Any) -> list[Entry]:
    return [{**one, **fields} if one["kind"] == kind else one for one in DRAW.entries]


def check(entries: list[Entry]) -> None:
    log = history(*entries)
    log.check_order(DRAW.plan, find_state(log.entries, NAME))


def test_a_complete_log_is_read_with_and_without_a_key() -> None:
    log = history()
    assert (log.signed, log.head.size, len(log.entries), len(log.lines)) == (True, 4, 4, 4)
    assert not history(key=None).signed
    check(list(DRAW.entries))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("checkpoint", b"", "checkpoint"),
        ("log.jsonl", signed(DRAW.entries)["log.jsonl"][:-1], "no line feed"),
        (
            "log.jsonl",
            signed(DRAW.entries[:3])["log.jsonl"],
            "not the entries under the checkpoint",
        ),
        ("log.jsonl", signed(DRAW.entries[::-1])["log.jsonl"], "not the entries under"),
    ],
)
def test_a_log_that_its_head_does_not_cover_is_refused(
    name: str, content: bytes, reason: str
) -> None:
    with pytest.raises(BadFile, match=reason) as refused:
        LogHistory.read({**signed(DRAW.entries), name: content}, None)
    assert refused.value.file == name


def test_a_head_of_another_key_is_refused() -> None:
    other = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32).public_key().public_bytes_raw()
    with pytest.raises(BadFile, match="did not sign it") as refused:
        history(key=PublicKey(KEY.name, other))
    assert refused.value.file == "checkpoint"


def test_an_entry_without_its_plan_is_refused() -> None:
    with pytest.raises(BadFile, match="entropy of case-0") as refused:
        history(*DRAW.entries[1:])
    assert refused.value.file == "log.jsonl"


def test_a_draw_is_found_by_the_hash_of_its_result_and_its_plan_by_its_name() -> None:
    release: Entry = {"kind": "sync", "time": "2026-02-01T00:00:00Z", "release": "1"}
    log = history(release, *DRAW.entries)
    state = log.find_drawn({"sm3": "0" * 64, "sha256": DRAW.state.result_hash})
    assert state is not None and state.draw == NAME
    assert log.find_drawn({"sha256": "0" * 64}) is None
    assert log.plan_index(NAME) == 1


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        (changed("plan", time="2026-03-02T12:00:00Z"), "at or after its own not_before"),
        (changed("entropy", time="2026-03-02T11:59:59Z"), "entropy: before the plan's not_before"),
        (changed("draw", time="2026-03-02T11:59:59Z"), "draw: before the plan's not_before"),
        (changed("publish", time="2026-03-02T12:09:59Z"), "ended before it was made"),
        (
            changed("entropy", source="balls:另一示例:6"),
            "does not name the source balls:另一示例:6",
        ),
        (
            [plan_entry(DRAW.plan, draw="other", plan="0" * 64), *DRAW.entries],
            "other was open for the same item, districts and kinds when case-0",
        ),
    ],
)
def test_acts_out_of_order_are_named(entries: list[Entry], reason: str) -> None:
    with pytest.raises(BadFile, match=reason) as refused:
        check(entries)
    assert refused.value.file == "log.jsonl"


def test_an_earlier_end_counts_if_the_clock_was_set_right_between() -> None:
    *before, publication = changed("publish", time="2026-03-02T12:09:59Z")
    clock: Entry = {
        "kind": "clock",
        "time": "2026-03-02T12:09:00Z",
        "newest": "2026-03-02T12:10:00Z",
        "reason": "示例",
    }
    check([*before, clock, publication])
    assert history(*before, clock, publication).clock_entries() == [clock]
    assert history(*before, clock, publication).is_misdated(NAME)


def test_an_act_dated_before_an_earlier_entry_is_misdated() -> None:
    assert not history().is_misdated(NAME)
    late = history(*changed("publish", time="2026-03-02T12:09:59Z"))
    assert late.is_misdated(NAME) and not late.is_misdated("other")


def of_two_sources(round: int, *sources: str) -> None:
    """Check the order of a plan of balls and drand whose numbers were logged in the order of `sources`."""
    named = {"balls": "balls:示例:6", "drand": f"drand:quicknet:{round}"}
    entropy = {"sources": [*named.values()], "not_before": "2026-03-02T12:00:00Z"}
    plan = make_case(plan={"entropy": entropy}).plan
    numbers: list[Entry] = [
        {
            "kind": "entropy",
            "time": "2026-03-02T12:05:00Z",
            "draw": plan.draw,
            "source": named[kind],
            "value": "034075" if kind == "balls" else "0" * 64,
        }
        for kind in sources
    ]
    log = history(plan_entry(plan), *numbers)
    log.check_order(plan, find_state(log.entries, plan.draw))


def test_balls_are_logged_before_any_other_source() -> None:
    round = round_at("2026-03-02T12:00:00Z")
    of_two_sources(round, "balls", "drand")
    with pytest.raises(BadFile, match="before any other source is known"):
        of_two_sources(round, "drand", "balls")


def test_a_round_of_drand_before_not_before_is_a_fault_of_the_plan() -> None:
    with pytest.raises(BadFile, match="was made before the plan's not_before") as refused:
        of_two_sources(1, "balls", "drand")
    assert refused.value.file == "plan.json"


def test_plans_of_the_same_scope_are_listed_in_any_stage() -> None:
    void: Entry = {
        "kind": "void",
        "time": "2026-02-02T00:00:00Z",
        "draw": "former",
        "reason": "lost",
        "secret": "",
        "entropy": "",
        "proofs": {},
    }
    former = plan_entry(DRAW.plan, draw="former", plan="1" * 64, time="2026-02-01T00:00:00Z")
    elsewhere = plan_entry(
        DRAW.plan,
        draw="elsewhere",
        plan="2" * 64,
        scope={"districts": ["310107"], "kinds": ["law_firm"]},
    )
    log = history(former, void, elsewhere, *DRAW.entries)
    state = log.find_drawn({"sha256": DRAW.state.result_hash})
    assert state is not None
    assert [other.draw for other in log.overlapping_plans(state)] == ["former"]
    log.check_order(DRAW.plan, state)  # the former one had ended


def test_plans_of_another_item_that_were_open_at_the_same_time_are_listed() -> None:
    def other(name: str, number: str, **fields: Any) -> Entry:
        items = [{"id": name, "title": "示例", "basis": "示例"}]
        return plan_entry(
            DRAW.plan, **{"draw": name, "plan": number * 64, "items": items, **fields}
        )

    ended: Entry = {
        "kind": "void",
        "time": "2026-02-02T00:00:00Z",
        "draw": "ended",
        "reason": "wrong plan",
        "secret": "ab" * 32,
        "entropy": "",
        "proofs": {},
    }
    elsewhere = other("elsewhere", "3", scope={"districts": ["310107"], "kinds": ["law_firm"]})
    first, *rest = DRAW.entries
    log = history(other("ended", "1"), ended, elsewhere, first, other("beside", "2"), *rest)
    state = log.find_drawn({"sha256": DRAW.state.result_hash})
    assert state is not None
    assert [one.draw for one in log.simultaneous_plans(state)] == ["beside"]
    assert log.overlapping_plans(state) == []
