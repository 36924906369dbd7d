"""Tests of teams: their measures, and the exchanges that compare them with chance."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import permutations
from random import Random

import numpy as np

from double_random.inspection.bias_tests.history import ListRow, RoundHistory
from double_random.inspection.bias_tests.permutations import SeededStream
from double_random.inspection.bias_tests.team_tests import Teams, _walk_exchanges


def teams_of(*teams: tuple[str, ...], ordered: bool = True) -> Teams:
    """One round with a visit of each team, in this order."""
    return Teams(
        RoundHistory.from_rows(
            [
                ListRow(round="示例第1次", institution=f"示例机构{number}", drawn=True, team=team)
                for number, team in enumerate(teams)
            ],
            ordered,
        )
    )


def test_pairs_and_steps_are_counted() -> None:
    teams = teams_of(("甲", "乙"), ("甲", "乙"), ("乙", "甲"), ("甲", "丙", "丁"))
    assert teams.pair_visits == 1 + 1 + 1 + 3
    assert teams.step_count == 4 + 4 + 6
    assert teams.pair_chance().seen == 3  # 甲 and 乙 went three times: three pairs of visits


def test_teams_of_one_or_of_one_twice_do_not_count() -> None:
    teams = teams_of(("甲",), ("甲", "甲"), ("甲", "乙"))
    assert teams.rows.tolist() == [2]
    assert not teams.is_testable


def test_teams_of_one_block_can_be_tested() -> None:
    assert teams_of(("甲", "乙"), ("丙", "丁")).is_testable
    rounds = RoundHistory.from_rows(
        [
            ListRow(round=name, institution="示例机构", drawn=True, team=("甲", "乙"))
            for name in ("示例第1次", "示例第2次")
        ]
    )
    assert not Teams(rounds).is_testable  # one team in each round: no other teams were possible


def test_steps_end_with_the_round() -> None:
    rounds = RoundHistory.from_rows(
        [
            ListRow(round=name, institution=f"示例机构{number}", drawn=True, team=("甲", "乙"))
            for name in ("示例第1次", "示例第2次")
            for number in range(2)
        ]
    )
    assert Teams(rounds).step_count == 2 * 4


def test_a_fixed_order_of_teams_is_rarer_than_a_mixed_one() -> None:
    names = [f"示例检查员{number}" for number in range(6)]
    turns = [(names[2 * place % 6], names[(2 * place + 1) % 6]) for place in range(30)]
    fixed = teams_of(*turns).order_chance()
    assert fixed.seen > fixed.usual and fixed.p < Fraction(1, 100)
    mixed = teams_of(*Random(1).sample(turns, len(turns))).order_chance()
    assert mixed.p > Fraction(1, 20)


def test_exchanges_reach_every_arrangement_equally_often() -> None:
    """Three teams of one block, seats 0 0 1 1 2 3: nobody twice in a team, all loads kept."""
    teams = [("a", "b"), ("a", "b"), ("c", "d")]
    history = RoundHistory.from_rows(
        [
            ListRow(round="r", institution=f"i{n}", drawn=True, team=team)
            for n, team in enumerate(teams)
        ]
    )
    taken = Teams(history)
    member = np.repeat(np.arange(3), 2)
    start = np.repeat(taken.slots[None, :], 9_000, axis=0)
    state = start
    for turn in range(4):
        state = _walk_exchanges(
            state, taken.seats, member, [taken.block[member]], SeededStream(b"x", f"{turn}")
        )
    valid = {
        seats
        for seats in permutations(taken.slots.tolist())
        if all(seats[place] != seats[place + 1] for place in (0, 2, 4))
    }
    reached = Counter(map(tuple, state.tolist()))
    assert set(reached) == valid
    expected = 9_000 / len(valid)
    assert sum((count - expected) ** 2 / expected for count in reached.values()) < 2 * len(valid)


def test_exchanges_stay_within_office_and_kind() -> None:
    rows = [
        ListRow(
            round="r",
            institution=f"i{n}",
            drawn=True,
            team=(f"{office}{n % 4}", f"{office}{n % 4 + 4}"),
            office=office,
        )
        for n in range(16)
        for office in ("甲", "乙")
    ]
    taken = Teams(RoundHistory.from_rows(rows))
    member = np.repeat(np.arange(len(taken.seats)), 2)
    layers = [taken.block[member]]
    state = _walk_exchanges(
        taken.slots[None, :].copy(), taken.seats, member, layers, SeededStream(b"x", "y")
    )[0]
    office = np.array([taken.history.inspectors[who][0] for who in taken.slots])
    moved = np.array([taken.history.inspectors[who][0] for who in state])
    assert (office == moved).all() and (state != taken.slots).any()
    assert sorted(state) == sorted(taken.slots)
