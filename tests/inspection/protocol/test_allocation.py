"""How many are drawn: exact fractions, nothing rounded twice."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.inspection.protocol.allocation import (
    allocate_counts,
    reserve_count,
    selection_chance,
)
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.strata import Stratum
from double_random.inspection.protocol.tickets import Tickets

TICKETS = st.integers(0, 10**9).map(lambda seed: Tickets(Digest("sha256"), f"{seed:064x}"))
RATIO = st.integers(1, 50).flatmap(lambda b: st.tuples(st.integers(0, b), st.just(b)))


@st.composite
def strata(draw: st.DrawFn) -> list[Stratum]:
    found = []
    for number in range(draw(st.integers(1, 6))):
        rounding = draw(st.sampled_from(["up", "unbiased"]))
        minimum = draw(st.integers(0, 5)) if rounding == "up" else 0
        rows = draw(st.integers(0, 200))
        found.append(Stratum(f"s{number}", rows, draw(RATIO), minimum, rounding))
    return found


@given(strata(), TICKETS)
def test_each_stratum_gets_its_share(strata: list[Stratum], tickets: Tickets) -> None:
    for stratum, number in zip(strata, allocate_counts(strata, tickets), strict=True):
        share = Fraction(stratum.population * stratum.ratio[0], stratum.ratio[1])
        if stratum.rounding == "up":
            assert number == min(max(ceil(share), stratum.minimum), stratum.population)
        else:
            assert floor(share) <= number <= ceil(share)


@given(strata(), TICKETS)
def test_all_unbiased_strata_together_get_their_sum(
    strata: list[Stratum], tickets: Tickets
) -> None:
    unbiased = [one for one in strata if one.rounding == "unbiased"]
    total = sum(Fraction(one.population * one.ratio[0], one.ratio[1]) for one in unbiased)
    assert floor(total) <= sum(allocate_counts(unbiased, tickets)) <= ceil(total)


@given(strata(), TICKETS)
def test_strata_rounded_up_change_nothing_for_the_others(
    strata: list[Stratum], tickets: Tickets
) -> None:
    together = dict(
        zip([one.stratum for one in strata], allocate_counts(strata, tickets), strict=True)
    )
    unbiased = [one for one in strata if one.rounding == "unbiased"]
    for one, number in zip(unbiased, allocate_counts(unbiased, tickets), strict=True):
        assert together[one.stratum] == number


def test_a_twentieth_of_a_hundred_and_twenty_is_six() -> None:
    tickets = Tickets(Digest("sha256"), "0" * 64)
    assert allocate_counts([Stratum("s", 120, (1, 20), 1, "up")], tickets) == (6,)
    assert allocate_counts([Stratum("s", 121, (1, 20), 1, "up")], tickets) == (7,)
    assert allocate_counts([Stratum("s", 4, (1, 2), 9, "up")], tickets) == (4,)


def test_reserves_are_a_share_of_the_drawn_rounded_up_as_far_as_rows_are_left() -> None:
    assert reserve_count(5, 100, (1, 2)) == 3
    assert reserve_count(0, 100, (1, 2)) == 0
    assert reserve_count(5, 6, (1, 1)) == 1
    assert reserve_count(5, 100, (0, 1)) == 0


@pytest.mark.parametrize(
    ("population", "ratio", "minimum", "rounding", "expected"),
    [
        (41, (1, 20), 0, "up", Fraction(3, 41)),
        (41, (1, 20), 0, "unbiased", Fraction(1, 20)),
        (1, (1, 20), 0, "unbiased", Fraction(1, 20)),
        (3, (1, 20), 2, "up", Fraction(2, 3)),
        (1, (1, 20), 5, "up", Fraction(1)),
        (0, (1, 20), 5, "up", Fraction(0)),
    ],
)
def test_a_rows_chance_is_exact(
    population: int, ratio: tuple[int, int], minimum: int, rounding: str, expected: Fraction
) -> None:
    assert selection_chance(Stratum("s", population, ratio, minimum, rounding)) == expected
