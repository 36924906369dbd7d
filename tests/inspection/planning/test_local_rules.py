"""The local rule in force is that of the most specific place, then the newest; rules are dated data."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from double_random.core.errors import BadFile, Misuse
from double_random.inspection.planning.local_rules import (
    PlaceRules,
    load_place_rules,
    read_place_rules,
)
from double_random.store.home import Home


def rule(what: str, place: str, since: str, value: int) -> str:
    return f"""
[[rule]]
what = "{what}"
place = "{place}"
from = {since}
value = {value}
reference = "示例"
confirmed = false
"""


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "place_rules.toml"
    path.write_text(
        rule("yearly_cap", "", "2016-01-01", 2)
        + rule("yearly_cap", "31", "2017-01-01", 1)
        + rule("yearly_cap", "31", "2025-01-01", 3)
        + rule("check_code", "3101", "2025-01-01", 1)
        + rule("check_code", "", "2016-01-01", 0),
        "utf-8",
    )
    return path


def test_the_most_specific_place_goes_before_the_newest_day(facts: Path) -> None:
    here, elsewhere = (
        PlaceRules("310101", read_place_rules(facts)),
        PlaceRules("440200", read_place_rules(facts)),
    )
    assert here.require_rule("yearly_cap", date(2026, 1, 1)).value == 3
    assert here.require_rule("yearly_cap", date(2024, 12, 31)).value == 1
    assert here.require_rule("yearly_cap", date(2016, 6, 1)).value == 2
    assert elsewhere.require_rule("yearly_cap", date(2026, 1, 1)).value == 2


def test_a_rule_that_is_not_in_force_is_refused_with_the_file_to_mend(facts: Path) -> None:
    rules = PlaceRules("310101", read_place_rules(facts))
    assert rules.find_rule("rotation", date(2026, 1, 1)) is None
    with pytest.raises(Misuse, match="yearly_cap on 2015-12-31") as refused:
        rules.require_rule("yearly_cap", date(2015, 12, 31))
    assert "place_rules.toml" in refused.value.hint


def test_a_check_code_is_required_where_its_value_is_one(facts: Path) -> None:
    assert PlaceRules("310101", read_place_rules(facts)).needs_check_code(date(2026, 1, 1))
    assert not PlaceRules("310101", read_place_rules(facts)).needs_check_code(date(2024, 1, 1))
    assert not PlaceRules("440200", read_place_rules(facts)).needs_check_code(date(2026, 1, 1))


def test_two_rules_for_the_same_place_and_day_are_refused(facts: Path) -> None:
    facts.write_text(facts.read_text("utf-8") + rule("yearly_cap", "31", "2025-01-01", 9), "utf-8")
    with pytest.raises(BadFile, match="two rules for yearly_cap 31 2025-01-01"):
        read_place_rules(facts)


def test_an_unknown_rule_is_refused(facts: Path) -> None:
    facts.write_text(rule("monthly_cap", "", "2025-01-01", 1), "utf-8")
    with pytest.raises(BadFile, match="monthly_cap"):
        read_place_rules(facts)


def test_the_place_of_a_home_is_in_its_authoritys_code(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", "示例市司法局", "11310000XXXX00071R")
    assert load_place_rules(home).place == "310000"
    assert load_place_rules(home).require_rule("publish_within", date(2026, 10, 31)).value > 0
