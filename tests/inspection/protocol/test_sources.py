"""Each source of randomness has one spelling, and so has its value; bits are computed, never declared."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.protocol import sources
from double_random.inspection.protocol.sources import read_source

HAPPY_8 = "02.05.09.13.17.21.22.30.34.38.41.45.49.52.58.60.66.71.77.80"


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("lottery:快乐8:2026300", 61),
        ("lottery:双色球:2026030", 24),
        ("lottery:大乐透:26030", 24),
        ("lottery:七乐彩:2026030", 25),
        ("lottery:七星彩:26030", 23),
        ("lottery:福彩3D:2026030", 9),
        ("lottery:排列3:26030", 9),
        ("lottery:排列5:26030", 16),
        ("balls:现场:6", 19),
        ("balls:现场:5", 16),
        ("dice:现场:8", 20),
        ("dice:现场:7", 18),
        ("drand:quicknet:1000", 256),
        ("local", 0),
    ],
)
def test_bits(text: str, bits: int) -> None:
    assert read_source(text).bits == bits


def test_bits_of_several_sources_are_those_of_all_their_outcomes() -> None:
    found = sources.read_sources(["lottery:福彩3D:2026030", "balls:现场:3"])
    assert sources.total_bits(found) == 19 == math.floor(math.log2(10**6))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("lottery:快乐8:2026300", HAPPY_8),
        ("lottery:双色球:2026030", "03.11.17.22.28.31.09"),
        ("lottery:双色球:2026030", "03.11.17.22.28.31.03"),  # the blue ball has its own drum
        ("lottery:福彩3D:2026030", "00.07.00"),
        ("lottery:七星彩:26030", "09.00.00.03.03.01.14"),
        ("balls:现场:6", "034075"),
        ("dice:现场:8", "14263551"),
        ("local", ""),
    ],
)
def test_value(text: str, value: str) -> None:
    source = read_source(text)
    source.check_value(value)
    assert sources.parse_entropy([source], f"{text}={value}") == {text: value}
    assert sources.format_entropy([source], {text: value}) == f"{text}={value}"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("lottery:双色球:2026030", "11.03.17.22.28.31.09"),  # order
        ("lottery:双色球:2026030", "3.11.17.22.28.31.09"),  # leading zero
        ("lottery:双色球:2026030", "03.03.17.22.28.31.09"),  # twice
        ("lottery:双色球:2026030", "03.11.17.22.28.34.09"),  # 34 of 33
        ("lottery:双色球:2026030", "03.11.17.22.28.31.17"),  # 17 of 16
        ("lottery:双色球:2026030", "03.11.17.22.28.31"),
        ("lottery:双色球:2026030", "03 11 17 22 28 31 09"),
        ("lottery:双色球:2026030", "03.11.17.22.28.31.09\n"),
        ("lottery:双色球:2026030", "０３.11.17.22.28.31.09"),
        (
            "lottery:七乐彩:2026030",
            "01.02.03.04.05.06.07.07",
        ),  # the special ball is one of the main ones
        ("lottery:福彩3D:2026030", "070"),
        ("balls:现场:6", "34075"),
        ("balls:现场:6", "034075 "),
        ("balls:现场:6", "٠٣٤٠٧٥"),
        ("dice:现场:3", "170"),
        ("drand:quicknet:1000", "AB" * 32),
        ("local", "0"),
    ],
)
def test_other_spelling_or_impossible_value(text: str, value: str) -> None:
    with pytest.raises(Misuse):
        read_source(text).check_value(value)


def test_the_right_spelling_is_shown() -> None:
    with pytest.raises(Misuse) as refused:
        read_source("lottery:福彩3D:2026030").check_value("070")
    assert "00.00.00" in refused.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lottery:快乐8",
        "lottery:快乐8:300",
        "lottery:快乐8:2026300:1",
        "lottery:没有:2026300",
        "balls:现场:0",
        "balls:现场:06",
        "balls:a=b:6",
        "balls::6",
        "balls: 现场:6",
        "balls:现\n场:6",
        "drand:mainnet:1000",
        "drand:quicknet:01",
        "local:",
        "local:现场:6",
        "lottery",
        "balls",
        "Local",
        "coin:现场:6",
    ],
)
def test_unknown_source(text: str) -> None:
    with pytest.raises(Misuse):
        read_source(text)


@pytest.mark.parametrize("texts", [[], ["local", "balls:现场:6"], ["balls:现场:6", "balls:现场:6"]])
def test_sources_that_do_not_go_together(texts: list[str]) -> None:
    with pytest.raises(Misuse):
        sources.read_sources(texts)


def test_entropy_is_in_the_order_of_the_plan_and_complete() -> None:
    found = sources.read_sources(["dice:现场:2", "balls:现场:2"])
    lines = "dice:现场:2=16\nballs:现场:2=07"
    assert sources.format_entropy(found, {"balls:现场:2": "07", "dice:现场:2": "16"}) == lines
    with pytest.raises(Misuse):
        sources.format_entropy(found, {"dice:现场:2": "16"})
    for wrong in ("balls:现场:2=07\ndice:现场:2=16", lines + "\n", "dice:现场:2=16", ""):
        with pytest.raises(Misuse):
            sources.parse_entropy(found, wrong)


def test_a_drand_round_follows_from_the_time() -> None:
    assert sources.round_at("2023-08-23T15:59:24Z") == 1000
    assert sources.round_at("2023-08-23T15:59:25Z") == 1001
    assert sources.round_at("2020-01-01T00:00:00Z") == 1
    assert sources.round_seconds(1000) == 1692806364


def test_real_drand_signatures_prove_their_randomness(shared: Path) -> None:
    real = json.loads((shared / "reference" / "drand_vectors.json").read_text())["quicknet"]
    for entry in real["valid"]:
        value = entry.get("randomness") or entry["randomness_computed_here"]
        source = read_source(f"drand:quicknet:{entry['round']}")
        assert source.is_proof(value, entry["signature"])
        assert not source.is_proof(value, entry["signature"][:-1] + "0")


def test_every_kind_reads_its_own_spelling_and_says_what_it_is() -> None:
    texts = ("lottery:快乐8:2026300", "balls:现场:6", "dice:现场:8", "drand:quicknet:1000", "local")
    found = sources.read_sources(texts[:4]) + sources.read_sources(texts[4:])
    assert [source.text for source in found] == list(texts)
    assert [source.kind for source in found] == list(sources.SOURCE_KINDS)
    assert [source.needs_witness for source in found] == [False, True, True, False, False]
    assert [source.is_public for source in found] == [True, True, True, True, False]
    assert [source.round for source in found] == [None, None, None, 1000, None]
    assert [bool(source.compared_with) for source in found] == [True, True, True, True, False]
    assert found[0].words.format(name="快乐8", last="1") == "快乐8, issue 1"


def test_only_a_round_follows_from_the_time_of_the_plan() -> None:
    time = "2023-08-23T15:59:25Z"
    for text in ("lottery:快乐8:2026300", "balls:现场:6", "local"):
        source = read_source(text)
        assert source.text_for(time) == text and not source.is_older_than(time)
        assert not source.is_proof("", "00" * 48)
    assert read_source("drand:quicknet:1000").is_older_than(time)
    assert not read_source("drand:quicknet:1001").is_older_than(time)
    assert read_source("drand:quicknet:7").text_for(time) == "drand:quicknet:1001"


def test_a_source_without_a_number_needs_none_logged() -> None:
    balls, local = read_source("balls:现场:2"), read_source("local")
    assert sources.add_fixed_values([balls], {}) == {}
    assert sources.add_fixed_values([balls], {balls.text: "07"}) == {balls.text: "07"}
    assert sources.add_fixed_values([local], {}) == {"local": ""}
