"""Prices of a least-cost assignment prove it; of a dearer one there are none."""

from __future__ import annotations

import numpy
import pytest

from double_random.inspection.protocol.pairs import CostedPairs
from double_random.inspection.protocol.potentials import compute_potentials


def two_by_two() -> CostedPairs:
    """Each of two targets gets one of two takers; the diagonal costs 3, the other way 9."""
    return CostedPairs(
        targets=("A", "B"),
        takers=("a", "b"),
        is_lead=numpy.array([True, True]),
        size=1,
        leads=1,
        cost=numpy.array([[1, 4], [5, 2]], dtype=numpy.int64),
    )


def test_used_pairs_are_worth_their_cost_and_no_other_pair_is_cheaper() -> None:
    pairs = two_by_two()
    used = numpy.array([[True, False], [False, True]])
    u, w, v = compute_potentials(pairs, pairs.admissible, used, load=1)
    rest = pairs.cost - u[:, None] + v[None, :]
    assert (rest[used] <= 0).all() and (rest[~used] >= 0).all()
    assert (v >= 0).all() and (w >= 0).all()


def test_hubs_have_a_price_that_excludes_others_where_only_leads_have_a_place() -> None:
    pairs = CostedPairs(
        targets=("A",),
        takers=("lead", "other"),
        is_lead=numpy.array([True, False]),
        size=1,
        leads=1,
        cost=numpy.array([[7, 1]], dtype=numpy.int64),
    )
    u, w, v = compute_potentials(pairs, pairs.admissible, numpy.array([[True, False]]), load=1)
    assert pairs.cost[0, 1] - u[0] + v[1] + w[0] >= 0 > pairs.cost[0, 1] - u[0] + v[1]


def test_an_assignment_that_does_not_cost_least_has_no_prices() -> None:
    pairs = two_by_two()
    dearer = numpy.array([[False, True], [True, False]])
    with pytest.raises(AssertionError, match="negative cost"):
        compute_potentials(pairs, pairs.admissible, dearer, load=1)
