"""The sources of a bare draw, and the latest time that they leave for sealing."""

from __future__ import annotations

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.bare.source_choice import ChosenSources, choose_sources
from double_random.inspection.sources.source_catalogue import load_catalogue
from tests.inspection.bare.bare import NOW, SOURCE, at

CATALOGUE = load_catalogue()


def choose(
    *texts: str, not_before: str | None = None, own: tuple[dict[str, str], ...] = ()
) -> ChosenSources:
    with at(NOW):
        return choose_sources(CATALOGUE, texts, own, not_before)


def spellings(chosen: ChosenSources) -> list[str]:
    return [row["source"] for row in chosen.rows]


def test_a_lottery_is_sealed_an_hour_before_it_is_drawn() -> None:
    for text in ("lottery:双色球", SOURCE):
        chosen = choose(text)
        assert spellings(chosen) == [SOURCE] and chosen.not_before == "2026-12-01T12:15:00Z"


def test_of_two_lotteries_the_first_decides() -> None:
    chosen = choose("lottery:双色球", "lottery:大乐透")
    assert spellings(chosen) == [SOURCE, "lottery:大乐透:26138"]
    assert chosen.not_before == "2026-12-01T12:15:00Z"


def test_a_round_follows_the_time_of_the_others() -> None:
    chosen = choose("lottery:双色球", "drand:quicknet")
    assert chosen.rows[1]["known_from"] == chosen.not_before == "2026-12-01T12:15:00Z"


def test_rounds_and_pulses_alone_come_soon() -> None:
    for text in ("drand:quicknet", "beacon:NIST"):
        chosen = choose(text)
        assert chosen.not_before == chosen.rows[0]["known_from"] == "2026-12-01T04:15:00Z"
    named = choose("beacon:NIST:2026-12-01T09:00:00Z")
    assert named.not_before == "2026-12-01T09:00:00Z"
    number = choose("drand:default").rows[0]["source"].rpartition(":")[2]
    named = choose(f"drand:default:{int(number) + 100}")
    assert named.not_before == named.rows[0]["known_from"] > "2026-12-01T04:15:00Z"


def test_a_ceremony_has_the_planned_time() -> None:
    chosen = choose("ceremony:dice:会议室", not_before="2026-12-02T08:00:00Z")
    assert chosen.rows[0]["known_from"] == chosen.not_before == "2026-12-02T08:00:00Z"


def test_local_is_sealed_now() -> None:
    assert choose("local").not_before == NOW


def test_without_texts_the_rules_own_sources_are_used() -> None:
    own = ({"source": "lottery:快乐8:2026322", "known_from": "2026-12-02T13:30:00Z"},)
    assert spellings(choose(own=own)) == ["lottery:快乐8:2026322"]
    assert spellings(choose("lottery:双色球", own=own)) == [SOURCE]
    assert len(choose("lottery:双色球", "lottery:快乐8:2026322", own=own).rows) == 2


def test_what_is_no_source_is_refused() -> None:
    for texts in ((), ("lottery:六合彩",), ("lottery:双色球:2026999",), ("dice",)):
        with pytest.raises(Misuse):
            choose(*texts)
    with pytest.raises(Misuse, match="not-before"):
        choose("lottery:双色球", not_before="tomorrow")
