"""What planning refuses of sources, and when a ceremony is held."""

from __future__ import annotations

from typing import Any

import pytest

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.v2.public_sources import PublicSource, read_public_sources
from double_random.inspection.sources.source_catalogue import load_catalogue
from double_random.inspection.sources.source_checks import describe_sources, refuse_weak_sources

NOT_BEFORE = "2026-11-03T06:00:00Z"


def describe(*texts: str, **known_from: str) -> list[dict[str, Any]]:
    stated = {text.replace("_", ":"): time for text, time in known_from.items()}
    return describe_sources(load_catalogue(), texts, NOT_BEFORE, stated)


def read(rows: list[dict[str, Any]]) -> tuple[PublicSource, ...]:
    return read_public_sources(canonical_json.dump_canonical({"sources": rows}))


def test_a_ceremony_beside_others_is_held_in_the_hour_before() -> None:
    rows = describe("ceremony:dice:示例", "lottery:快乐8")
    assert [row["known_from"] for row in rows] == ["2026-11-03T05:00:00Z", "2026-11-03T13:30:00Z"]
    assert describe("ceremony:dice:示例")[0]["known_from"] == NOT_BEFORE
    stated = describe("ceremony:dice:示例", ceremony_dice_示例="2026-11-03T07:00:00Z")
    assert stated[0]["known_from"] == "2026-11-03T07:00:00Z"


def test_a_spelling_of_version_1_is_answered_with_the_new_one() -> None:
    with pytest.raises(Misuse) as refused:
        describe("balls:示例摇号室:7")
    assert refused.value.hint == "ceremony:balls:示例摇号室"
    with pytest.raises(Misuse, match="does not name the source lottery:大乐透"):
        describe("lottery:快乐8", lottery_大乐透=NOT_BEFORE)


def test_bits_are_those_of_all_sources() -> None:
    assert refuse_weak_sources(read(describe("lottery:快乐8")), NOT_BEFORE) == 61
    assert refuse_weak_sources(read(describe("local")), NOT_BEFORE) == 0


@pytest.mark.parametrize(
    ("texts", "now", "why"),
    [
        (("lottery:福彩3D",), "", "bits of public entropy"),
        (("lottery:快乐8",), NOT_BEFORE, "it is too late to seal a plan"),
        (("ceremony:dice:示例", "lottery:快乐8"), "2026-11-03T05:30:00Z", "held after the plan"),
        (("drand:quicknet:40000000",), "", "is not the first round"),
        (("drand:quicknet:1000",), "", "can be known before not_before"),
    ],
)
def test_what_planning_refuses(texts: tuple[str, ...], now: str, why: str) -> None:
    with pytest.raises(DoubleRandomError, match=why):
        refuse_weak_sources(read(describe(*texts)), NOT_BEFORE, now)


def test_a_lottery_is_drawn_an_hour_after_not_before() -> None:
    rows = describe("lottery:快乐8")
    with pytest.raises(Misuse, match="less than an hour"):
        refuse_weak_sources(read(rows), "2026-11-03T13:00:00Z")
