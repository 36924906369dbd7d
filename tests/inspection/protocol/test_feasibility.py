"""Before any randomness a plan shows rows without a team, forced teams and coarse rounding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from double_random.inspection.protocol import feasibility
from double_random.inspection.protocol.feasibility import Reach, is_more_than_doubled
from double_random.inspection.protocol.files import Files
from double_random.inspection.protocol.plan import TeamRule
from double_random.inspection.protocol.strata import Stratum

Make = Callable[..., Any]


def test_rows_without_a_team_and_forced_teams_are_found_beforehand(case: Make) -> None:
    made = case(inspectors=3, leads=(0,), recusals=((0, 0), (1, 2)))
    files = Files.read(made.plan, made.files)
    assert [row.target for row in feasibility.rows_without_team(files, made.plan.team)] == [
        "31310000XXXX00000A"
    ]
    assert feasibility.rows_with_forced_team(files, made.plan.team) == ("31310000XXXX00001A",)


def test_groups_need_enough_inspectors(case: Make) -> None:
    made = case(inspectors=4, leads=(0,), team={"groups": 2})
    files = Files.read(made.plan, made.files)
    assert not feasibility.can_deal(files.inspectors, made.plan.team)


def test_rounding_that_more_than_doubles_a_share_is_seen() -> None:
    assert is_more_than_doubled(Stratum("s", 1, (1, 5), 0, "up"), 1)
    assert not is_more_than_doubled(Stratum("s", 10, (1, 20), 0, "up"), 1)
    assert is_more_than_doubled(Stratum("s", 9, (1, 20), 0, "up"), 1)


def test_the_number_of_teams_counts_leads_and_others() -> None:
    pair = TeamRule(2, 1, None, False, False)
    assert (
        Reach("T1", inspectors=4, leads=2).count_teams(pair) == 5
    )  # 2·2 with one lead, 1 with two
    assert Reach("T1", inspectors=2, leads=1).count_teams(pair) == 1
    assert Reach("T1", inspectors=5, leads=0).count_teams(pair) == 0
    assert Reach("T1", inspectors=5, leads=0).count_teams(TeamRule(2, 0, None, False, False)) == 10


def test_a_plan_without_groups_needs_no_number_of_inspectors() -> None:
    assert feasibility.can_deal([], TeamRule(2, 1, None, False, False))


def test_a_stratum_of_which_nothing_is_drawn_is_not_doubled() -> None:
    assert not is_more_than_doubled(Stratum("s", 10, (0, 1), 0, "up"), 0)
