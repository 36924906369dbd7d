"""A policy on a day as tables: every bound is a number, and every rule's row has its words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

from double_random import data
from double_random.core.periods import MONTH, day_number
from double_random.credit.policy.loader import read_policy
from double_random.credit.policy.model import InForce
from double_random.credit.scoring.policy_tables import (
    ALONE,
    COLUMNS,
    LAST,
    MOST,
    ScoringQuery,
    build_policy_tables,
)

DAY = date(2020, 6, 30)
RULES = read_policy(data.path("policies", "risk-100.toml")).in_force_on(DAY)
FINE, WARNING, REPAIR, OPEN = (
    (1, "penalty", "fine", "decided"),
    (2, "penalty", "warning", "decided"),
    (3, "repair", "", "decided"),
    (4, "complaint", "", "open"),
)


def table(name: str, rules: InForce = RULES, only: tuple[str, ...] | None = None) -> list[tuple]:
    sorts = [FINE, WARNING, REPAIR, OPEN]
    return build_policy_tables(rules, ScoringQuery(DAY, 9, only), sorts)[name].rows()


def test_every_table_is_made_with_its_columns() -> None:
    made = build_policy_tables(RULES, ScoringQuery(DAY, 9), [])
    assert list(made) == list(COLUMNS)
    for name, columns in COLUMNS.items():
        assert made[name].columns == [column.partition(":")[0] for column in columns.split()]


def test_the_frame_has_a_bound_even_where_the_scale_has_none() -> None:
    assert table("policy_frame") == [(100_00, 0, 110_00)]
    open_ = replace(RULES, scale=replace(RULES.scale, floor=None, ceiling=None))
    assert table("policy_frame", open_) == [(100_00, -MOST, MOST)]


def test_grades_are_bands_without_gap_from_the_best() -> None:
    rows = table("policy_grades")
    assert [row[0] for row in rows] == ["A", "B", "C", "D"]
    assert rows[0][3] == MOST and rows[-1][2] == -MOST
    assert all(above[2] == below[3] for above, below in pairwise(rows))


def test_a_step_is_a_row_with_the_days_on_which_its_months_began() -> None:
    day = day_number(DAY)
    rows = [row for row in table("policy_prices") if row[0] == FINE[0] and row[8] is not None]
    assert [(row[4], row[5], row[8]) for row in rows] == [
        (day - 12 * MONTH, LAST, -15_00),
        (day - 24 * MONTH, day - 12 * MONTH, -8_00),
    ]


def test_what_costs_nothing_any_more_may_still_make_a_repeat() -> None:
    (row,) = [row for row in table("policy_prices") if row[0] == FINE[0] and row[8] is None]
    assert row[5] == day_number(DAY) - 24 * MONTH  # older than the last step
    assert row[6] == day_number(DAY) - (24 + 12) * MONTH  # and at most the window before it


def test_a_sort_without_a_rule_has_no_price_and_a_ruling_drops_what_the_policy_says() -> None:
    assert not [row for row in table("policy_prices") if row[0] in (REPAIR[0], OPEN[0])]
    drops = {row[0]: row[2] for row in table("policy_sorts")}
    assert drops == {1: 0, 2: 0, 3: int(RULES.drops_named_record("repair", "decided")), 4: 0}


def test_caps_bound_what_is_taken_from_below_and_what_is_given_from_above() -> None:
    groups = table("policy_groups")
    assert groups[0] == (ALONE, -MOST, MOST)
    assert groups[1] == (0, -100_00, MOST)
    rows = {RULES.rules[row[0]][0].id: row for row in table("policy_rules")}
    assert rows["complaint-upheld"][3:5] == (-20_00, MOST)
    assert rows["complaint-upheld"][2] == 1 and rows["fine"][2] == 2  # the sides of a pair
    both = replace(RULES, policy=replace(RULES.policy, pairs="both"))
    assert {row[2] for row in table("policy_rules", both)} == {0}


def test_only_is_empty_for_all_and_else_those_that_are_asked_about() -> None:
    assert table("policy_only") == []
    assert table("policy_only", only=("示例甲所",)) == [("示例甲所",)]


def test_every_rule_has_words_for_its_record_its_repeat_and_its_cap() -> None:
    rows = [row for row in table("policy_entries") if row[4] == "fine"]
    assert [row[3] for row in rows] == ["record", "repeat", "pair", "rule cap"]
    assert all(row[5] == "律师法（2017）第五十条；分值为示例" for row in rows)
