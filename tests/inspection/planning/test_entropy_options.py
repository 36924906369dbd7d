"""Sources are offered in their order, with computed bits and the next issue that the calendar knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from double_random.core.china_time import to_china_time
from double_random.inspection.planning.entropy_options import SourceOffer, offer_sources
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.v2.public_sources import count_bits, read_public_sources
from double_random.inspection.sources.source_catalogue import load_catalogue
from double_random.inspection.sources.source_checks import describe_sources

CATALOGUE = load_catalogue()


def offers(not_before: str) -> list[SourceOffer]:
    return offer_sources(not_before, CATALOGUE)


def test_they_come_in_their_order_and_with_their_bits() -> None:
    found = offers("2026-11-03T06:00:00Z")
    firsts = [one.spellings[0].partition(":")[0] for one in found]
    assert firsts[:4] == ["lottery", "ceremony", "ceremony", "lottery"] and firsts[-2:] == [
        "drand",
        "local",
    ]
    assert found[0].spellings == ("lottery:快乐8:2026293",) and found[0].bits == 61
    assert found[3].spellings == ("lottery:双色球:2026126", "lottery:大乐透:26126")
    assert found[3].bits == 48 and found[-1].bits == 0
    assert all(one.bits >= 19 for one in found[:4])


def test_every_offer_can_be_planned() -> None:
    for offer in offers("2026-11-03T06:00:00Z"):
        texts = [text.replace("PLACE", "示例室") for text in offer.spellings]
        if "ISSUE" in "".join(texts):
            continue  # its number is taken from the operator's notice
        rows = describe_sources(CATALOGUE, texts, "2026-11-03T06:00:00Z")
        data = canonical_json.dump_canonical({"sources": rows})
        assert count_bits(read_public_sources(data)) == offer.bits


@pytest.mark.parametrize(
    ("not_before", "drawn"),
    [
        ("2026-11-03T06:00:00Z", "2026-11-03 21:30"),  # a Tuesday, before the evening
        ("2026-11-03T13:00:00Z", "2026-11-04 21:30"),  # 21:00 in Beijing: less than an hour before
        ("2026-11-03T17:00:00Z", "2026-11-04 21:30"),  # past midnight in Beijing
        ("2026-02-13T13:00:00Z", "2026-02-24 21:30"),  # closed over 春节
        ("2026-10-01T01:00:00Z", "2026-10-05 21:30"),
        ("2027-01-04T01:00:00Z", ""),  # the notice for 2027 is not here
        ("2026-12-31T13:00:00Z", ""),
    ],
)
def test_the_next_drawing(not_before: str, drawn: str) -> None:
    found = offers(not_before)[0].known_from
    assert (f"{to_china_time(found):%Y-%m-%d %H:%M}" if found else "") == drawn


def test_without_a_calendar_the_issue_is_left_to_the_notice() -> None:
    assert offers("2027-01-04T01:00:00Z")[0].spellings == ("lottery:快乐8:ISSUE",)


def test_a_source_of_the_home_is_offered(tmp_path: Path) -> None:
    own = tmp_path / "entropy_sources.toml"
    own.write_text(
        '[[public]]\nname = "示例指数"\nhex = 8\npublished = "示例网站"\nissue = "YYYY-MM-DD"\n'
        'zone = "Asia/Shanghai"\ndrawings = [{ days = [1], time = "15:00" }]\n'
        'reference = "示例"\nconfirmed = true\n',
        "utf-8",
    )
    found = offer_sources("2026-11-03T06:00:00Z", load_catalogue(own))
    offered = next(one for one in found if "示例指数" in one.spellings[0])
    assert offered.spellings == ("public:示例指数:2026-11-09",) and offered.bits == 32
    assert offered.known_from == "2026-11-09T07:00:00Z" and offered.published == "示例网站"
