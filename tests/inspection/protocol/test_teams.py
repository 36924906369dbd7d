"""Teams have the smallest load and cost least: no enumerated assignment is better."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from double_random.core.errors import BadFile, DoubleRandomError
from double_random.inspection.protocol import teams
from double_random.inspection.protocol.certificate import Certificate, check_assignment
from double_random.inspection.protocol.pairs import CostedPairs
from double_random.inspection.protocol.teams import assign_takers
from tests.inspection.protocol.problems import problems, tight, whole

quiet = settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])


def all_assignments(pairs: CostedPairs) -> Iterator[tuple[int, int]]:
    """(greatest load, cost) of every assignment that keeps the rules: enumerated, nothing clever."""
    choices = []
    for row in range(len(pairs.targets)):
        may = [int(column) for column in numpy.flatnonzero(pairs.cost[row] >= 0)]
        choices.append(
            [
                team
                for team in itertools.combinations(may, pairs.size)
                if sum(bool(pairs.is_lead[one]) for one in team) >= pairs.leads
            ]
        )
    for chosen in itertools.product(*choices):
        loads = [0] * len(pairs.takers)
        cost = 0
        for row, team in enumerate(chosen):
            for one in team:
                loads[one] += 1
                cost += int(pairs.cost[row, one])
        yield max(loads), cost


@quiet
@given(problems(), st.integers(1, 5))
def test_no_assignment_is_better(pairs: CostedPairs, cheapest: int) -> None:
    if pairs.impossible_targets:
        assert not any(True for _ in all_assignments(pairs))
        with pytest.raises(DoubleRandomError, match=pairs.impossible_targets[0]):
            assign_takers(pairs)
        return
    found = assign_takers(pairs, cheapest)
    best = min(all_assignments(pairs))
    assert (found.certificate.load, found.certificate.cost) == best
    check_assignment(whole(pairs), found.pairs, found.certificate)
    assert Certificate.read(found.certificate.dump()) == found.certificate


def test_nobody_drawn_needs_no_team() -> None:
    empty = CostedPairs(
        targets=(),
        takers=("a",),
        is_lead=numpy.array([True]),
        size=1,
        leads=1,
        cost=numpy.zeros((0, 1), dtype=numpy.int64),
    )
    found = assign_takers(empty)
    assert found.pairs == () and found.certificate.load == 0
    check_assignment(whole(empty), (), found.certificate)
    with pytest.raises(BadFile):
        check_assignment(whole(empty), (), replace(found.certificate, load=1))


def test_pairs_left_out_at_first_come_back_where_they_are_needed() -> None:
    """Many targets want the same few inspectors: the cheapest pairs alone would not do."""
    chance = numpy.random.default_rng(7)
    cost = chance.integers(0, 2**40, (120, 60)).astype(numpy.int64)
    cost[:, :4] //= 1000
    cost[cost % 3 == 0] = -1
    pairs = CostedPairs(
        targets=tuple(f"T{at:03d}" for at in range(120)),
        takers=tuple(f"I{at:02d}" for at in range(60)),
        is_lead=numpy.arange(60) % 3 == 0,
        size=2,
        leads=1,
        cost=cost,
    )
    few, all_of_them = assign_takers(pairs, cheapest=3), assign_takers(pairs, cheapest=60)
    assert few.pairs == all_of_them.pairs
    check_assignment(whole(pairs), few.pairs, few.certificate)


def test_an_unsolvable_flow_is_not_asked_for_its_result() -> None:
    """OR-Tools crashes the process when flows are read after INFEASIBLE; None comes back instead."""
    pairs = tight()
    assert teams._solve_least_cost(pairs, pairs.admissible, 1) is None
