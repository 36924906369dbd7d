"""A policy on a day: which value is in force, which rule a record meets, what a ruling removes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from double_random import data
from double_random.core.errors import Misuse
from double_random.credit.policy.loader import read_policy
from double_random.credit.policy.model import (
    Limit,
    Match,
    Objection,
    Publication,
    Repair,
    Severity,
    value_on,
)

RISK = read_policy(data.path("policies", "risk-100.toml"))
DAY = date(2016, 12, 31)
RULES = RISK.in_force_on(DAY)


def test_a_value_is_in_force_from_its_first_day_to_the_day_before_its_end() -> None:
    first = Limit(date(2016, 1, 1), date(2017, 1, 1), -10_00, "示例", False)
    second = Limit(date(2017, 1, 1), None, -20_00, "示例", False)
    found = [
        value_on((first, second), day)
        for day in (date(2015, 12, 31), date(2016, 1, 1), DAY, date(2017, 1, 1), date(2099, 1, 1))
    ]
    assert found == [None, first, first, second, second]


def test_a_policy_is_not_in_force_before_its_beginning_or_from_its_end_on() -> None:
    ended = replace(RISK, until=DAY)
    assert ended.in_force_on(date(2016, 12, 30)).day == date(2016, 12, 30)
    for day in (date(2009, 12, 31), DAY):
        with pytest.raises(Misuse, match=f"not in force on {day}"):
            ended.in_force_on(day)


@pytest.mark.parametrize(
    ("record", "fits"),
    [
        (("penalty", ["fine"], "decided", 5000_00), True),
        (("penalty", ["warning", "fine"], "decided", 9999_99), True),
        (("penalty", ["fine"], "decided", 4999_99), False),
        (("penalty", ["fine"], "decided", 10000_00), False),
        (("penalty", ["warning"], "decided", 5000_00), False),
        (("penalty", ["fine"], "open", 5000_00), False),
        (("sanction", ["fine"], "decided", 5000_00), False),
    ],
)
def test_a_record_meets_class_kind_state_and_fine(
    record: tuple[str, list[str], str, int], fits: bool
) -> None:
    match = Match("penalty", ("fine",), ("decided",), 5000_00, 10000_00)
    assert match.fits(*record) is fits


def test_a_match_without_kinds_is_for_every_kind() -> None:
    match = Match("complaint", (), ("upheld",))
    assert match.fits("complaint", [], "upheld") and match.fits("complaint", ["x"], "upheld")


def test_a_record_counts_under_the_first_rule_that_is_for_it() -> None:
    rule = RULES.rule_for("penalty", ["warning", "fine"], "decided")
    assert rule is not None and rule.id == "fine"  # before `warning` in the file
    assert RULES.rule_for("complaint", [], "unfounded") is None


def test_grades_begin_at_their_lowest_points() -> None:
    points = (110_00, 95_00, 94_99, 80_00, 59_99, -1)
    assert [RULES.grade_for(value) for value in points] == ["A", "A", "B", "B", "D", "D"]


def test_what_a_list_of_today_does_not_know_is_named_unless_it_is_ignored() -> None:
    cases = [
        ("penalty", "示例新种类", "decided"),
        ("penalty", "fine", "decided"),
        ("complaint", "", "open"),  # cannot count at all
        ("inspection", "示例新种类", "decided"),  # ignored
    ]
    assert RULES.find_uncovered_cases(cases) == ["penalty:示例新种类"]


def test_the_amounts_at_which_rules_begin_or_end_are_in_order() -> None:
    assert RULES.fine_bounds[0] == 0 and list(RULES.fine_bounds) == sorted(set(RULES.fine_bounds))
    match = Match("penalty", ("fine",), ("decided",), 5000_00, 10000_00)
    rule, price = RULES.rules[0]
    bounded = replace(RULES, rules=((replace(rule, match=match), price),), vetoes=())
    assert bounded.fine_bounds == (0, 5000_00, 10000_00)


def test_a_correction_always_removes_its_record_a_repair_if_the_policy_says_so() -> None:
    repair = Repair(date(2010, 1, 1), None, "dropped", "示例", False)
    objection = Objection(date(2010, 1, 1), None, "suspended", "示例", False)
    plain = replace(RULES, repair=replace(repair, effect="counts"), objection=None)
    strict = replace(RULES, repair=repair, objection=objection)
    for rules in (plain, strict):
        assert rules.drops_named_record("correction", "decided") and rules.drops_named_record(
            "objection", "corrected"
        )
        assert not rules.drops_named_record("objection", "kept") and not rules.drops_named_record(
            "penalty", "decided"
        )
    assert not plain.drops_named_record("repair", "decided") and not plain.drops_named_record(
        "objection", "checking"
    )
    assert strict.drops_named_record("repair", "decided") and strict.drops_named_record(
        "objection", "checking"
    )


def test_the_first_severity_that_fits_gives_the_last_day_of_publication() -> None:
    publication = Publication(
        start=date(2010, 1, 1),
        until=None,
        months=(("minor", 0), ("general", 3), ("serious", 36)),
        severities=(
            Severity("serious", ("fine",), 10000_00),
            Severity("general", ("fine",), None),
            Severity("minor", ("warning",), None),
        ),
        reference="示例",
        confirmed=False,
    )
    assert publication.level(["fine"], 10000_00) == "serious"
    assert publication.level(["warning", "fine"], 1) == "general"
    assert publication.level(["示例"], 0) is None
    assert publication.last_day(["fine"], 1, date(2016, 11, 30)) == date(2017, 2, 28)
    assert publication.last_day(["warning"], 0, DAY) is None  # not shown at all


def test_values_without_a_confirmed_reference_are_counted() -> None:
    assert RISK.unconfirmed_count > 0
    scale = replace(RISK.scales[0], confirmed=True)
    assert replace(RISK, scales=(scale,)).unconfirmed_count == RISK.unconfirmed_count - 1
