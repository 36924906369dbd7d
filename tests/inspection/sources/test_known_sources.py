"""Each kind of source knows its issues and their times, and makes rows that the protocol reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.v2.public_sources import read_public_sources
from double_random.inspection.sources.drawing_calendar import Issue
from double_random.inspection.sources.known_sources import KnownSource
from double_random.inspection.sources.source_catalogue import load_catalogue

CATALOGUE = load_catalogue()
QUICKNET = CATALOGUE.find("drand", "quicknet")
NIST = CATALOGUE.find("beacon", "NIST")


@pytest.mark.parametrize("source", CATALOGUE.sources.values(), ids=lambda one: one.name)
def test_every_shipped_source_makes_a_row_that_a_plan_can_seal(source: KnownSource) -> None:
    issue = source.find_next_issue("2026-12-01T04:00:00Z") or Issue("1", "2026-12-01T04:00:00Z")
    row = source.describe(issue)
    (read,) = read_public_sources(canonical_json.dump_canonical({"sources": [row]}))
    assert (read.known_from, read.outcomes) == (issue.known_from, source.outcomes)
    assert "ROUND" not in read.published
    assert source.bits == source.outcomes.bit_length() - 1


def test_the_shipped_chains_are_those_of_the_vectors(shared: Path) -> None:
    vectors = shared / "design" / "vectors2"
    for file in vectors.glob("*/sources.json"):
        for row in json.loads(file.read_text("utf-8"))["sources"]:
            if row["chain"]:
                _kind, label, number = row["source"].split(":")
                found = CATALOGUE.find("drand", label)
                mine = found.describe(Issue(number, row["known_from"]))
                assert mine["chain"] == row["chain"] and mine["source"] == row["source"]


def test_a_round_has_its_time_and_a_time_its_round() -> None:
    found = QUICKNET.find_next_issue("2023-08-23T15:59:24Z")
    assert found == Issue("1000", "2023-08-23T15:59:24Z") == QUICKNET.find_issue("1000")
    assert QUICKNET.find_next_issue("1999-01-01T00:00:00Z") == QUICKNET.find_issue("1")
    for wrong in ("0", "01", "x", "-1"):
        with pytest.raises(Misuse):
            QUICKNET.find_issue(wrong)


def test_a_pulse_is_its_time() -> None:
    assert NIST.find_next_issue("2026-12-02T13:30:01Z") == NIST.find_issue("2026-12-02T13:31:00Z")
    with pytest.raises(Misuse):
        NIST.find_issue("2026-12-02 13:30")


def test_a_stated_time_may_not_contradict_what_is_known() -> None:
    for source, number, wrong in (
        (QUICKNET, "1000", "2023-08-23T15:59:25Z"),
        (NIST, "2026-12-02T13:30:00Z", "2026-12-02T13:30:01Z"),
        (CATALOGUE.find("lottery", "快乐8"), "2026320", "2026-12-01T13:30:00Z"),
    ):
        issue = source.find_issue(number)
        assert issue is not None
        source.check_stated_time(issue, issue.known_from)
        with pytest.raises(Misuse):
            source.check_stated_time(issue, wrong)
    CATALOGUE.find("lottery", "快乐8").check_stated_time(None, "2027-01-05T13:30:00Z")


def test_only_a_ceremony_is_one() -> None:
    assert [source.name for source in CATALOGUE.sources.values() if source.is_ceremony] == [
        "balls",
        "dice",
    ]
