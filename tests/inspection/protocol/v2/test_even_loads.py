"""No assignment has more even loads, and none as even costs less: compared with enumeration and with every cost."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy
import pytest
from hypothesis import HealthCheck, assume, given, settings

from double_random.core.errors import DoubleRandomError
from double_random.inspection.protocol.pairs import CostedPairs
from double_random.inspection.protocol.v2.certificate import NOBODY, check_even_assignment
from double_random.inspection.protocol.v2.even_loads import assign_evenly
from tests.inspection.protocol.problems import problems, tight, whole

Teams = tuple[tuple[int, ...], ...]


def every_assignment(pairs: CostedPairs) -> Iterator[Teams]:
    """All assignments that the rules allow: for each target the indexes of its takers."""
    takers = range(len(pairs.takers))
    teams = [
        [
            team
            for team in itertools.combinations(takers, pairs.size)
            if all(pairs.admissible[row, column] for column in team)
            and sum(bool(pairs.is_lead[column]) for column in team) >= pairs.leads
        ]
        for row in range(len(pairs.targets))
    ]
    return itertools.product(*teams)


def loads_of(pairs: CostedPairs, teams: Teams) -> list[int]:
    return [sum(column in team for team in teams) for column in range(len(pairs.takers))]


def value(pairs: CostedPairs, teams: Teams) -> tuple[int, int]:
    """The sum of squared loads, then the cost."""
    cost = sum(int(pairs.cost[row, column]) for row, team in enumerate(teams) for column in team)
    return sum(load * load for load in loads_of(pairs, teams)), cost


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(problems())
def test_enumeration_finds_nothing_better(pairs: CostedPairs) -> None:
    assume(not pairs.impossible_targets)
    made = assign_evenly(pairs)
    found = made.certificate
    every = list(every_assignment(pairs))
    assert (found.squares, found.cost) == min(value(pairs, teams) for teams in every)
    vectors = [sorted(loads_of(pairs, teams), reverse=True) for teams in every]
    loads = [sum(one == taker for _t, one in made.pairs) for taker in pairs.takers]
    assert sorted(loads, reverse=True) == min(vectors)
    assert sorted(loads) == max(sorted(vector) for vector in vectors)
    check_even_assignment(whole(pairs), made.pairs, found)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(problems(targets=25, takers=12, largest=2**40 - 1))
def test_pruning_changes_nothing(pairs: CostedPairs) -> None:
    assume(not pairs.impossible_targets)
    pruned, full = assign_evenly(pairs, cheapest=3), assign_evenly(pairs)
    assert pruned.certificate.squares == full.certificate.squares
    assert pruned.certificate.cost == full.certificate.cost
    check_even_assignment(whole(pairs), pruned.pairs, pruned.certificate)


def test_nobody_has_few_visits_because_another_kind_is_scarce() -> None:
    """Two of twelve inspectors may go to half of the targets: the others share the rest evenly."""
    cost = numpy.arange(40 * 12, dtype=numpy.int64).reshape(40, 12) * 7919 % 1000003
    cost[:20, 2:] = -1
    pairs = CostedPairs(
        targets=tuple(f"T{row:02d}" for row in range(40)),
        takers=tuple(f"I{column:02d}" for column in range(12)),
        is_lead=numpy.ones(12, dtype=bool),
        size=1,
        leads=0,
        cost=cost,
    )
    made = assign_evenly(pairs)
    loads = [sum(one == taker for _t, one in made.pairs) for taker in pairs.takers]
    assert loads == [10, 10, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]
    assert (made.certificate.load, made.certificate.squares) == (10, 240)


def test_a_target_without_a_team_is_named() -> None:
    pairs = tight()
    pairs.cost[0] = -1
    with pytest.raises(DoubleRandomError, match="A"):
        assign_evenly(pairs)


@pytest.mark.parametrize("size", [0, 1])
def test_nobody_drawn_or_nobody_to_visit_has_an_empty_proof(size: int) -> None:
    pairs = CostedPairs(
        targets=() if size else ("A",),
        takers=("a",),
        is_lead=numpy.array([True]),
        size=size,
        leads=0,
        cost=numpy.zeros((0 if size else 1, 1), dtype=numpy.int64),
    )
    assert (assign_evenly(pairs).pairs, assign_evenly(pairs).certificate) == ((), NOBODY)
