"""An institution or inspector of a draw is found by id, number or name; ambiguous and unknown names are refused."""

from __future__ import annotations

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.draw import named_parties
from double_random.store.home import Home

AMONG = {"31310000XXXX00001A": "示例甲律师事务所", "31310000XXXX00002A": "示例乙律师事务所"}
NAMES = {"J01": "张示例", "J02": "李示例", "J03": "张示例"}
BADGES = {"ZFXXXX01": "J01", "ZFXXXX02": "J02", "ZFXXXX03": "J03"}


def test_an_institution_is_found_by_id_or_name_without_a_register(home: Home) -> None:
    for asked in ("31310000XXXX00002A", "示例乙律师事务所", "乙"):
        assert named_parties.find_institution(home, "d1", asked, AMONG) == "31310000XXXX00002A"


def test_an_institution_that_several_names_match_is_refused(home: Home) -> None:
    with pytest.raises(Misuse, match="may mean several: 2"):
        named_parties.find_institution(home, "d1", "律师事务所", AMONG)


def test_an_institution_outside_the_draw_is_refused_with_the_draws_name(home: Home) -> None:
    with pytest.raises(Misuse, match="no institution of d1 is known as 丙") as refused:
        named_parties.find_institution(home, "d1", "丙", AMONG)
    assert "inspection show d1" in refused.value.hint


def test_an_institution_of_past_draws_is_found_without_a_register(home: Home) -> None:
    assert named_parties.find_any_institution(home, "甲", AMONG) == "31310000XXXX00001A"
    with pytest.raises(Misuse, match="no institution is known as 丙"):
        named_parties.find_any_institution(home, "丙", AMONG)


def test_an_inspector_is_found_by_certificate_plan_number_or_name() -> None:
    for asked in ("ZFXXXX02", "J02", "李示例"):
        assert named_parties.find_inspector(asked, NAMES, BADGES, ["J01"]) == "J02"


def test_of_two_inspectors_with_one_name_the_member_of_the_team_is_meant() -> None:
    assert named_parties.find_inspector("张示例", NAMES, BADGES, ["J02", "J03"]) == "J03"
    with pytest.raises(Misuse, match="may mean several: 2"):
        named_parties.find_inspector("张示例", NAMES, BADGES, ["J02"])


def test_an_unknown_inspector_is_refused() -> None:
    with pytest.raises(Misuse, match="no inspector of this draw is known as 王示例外"):
        named_parties.find_inspector("王示例外", NAMES, BADGES, ["J01"])
