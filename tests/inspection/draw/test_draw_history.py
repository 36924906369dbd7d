"""The draw history of an institution: its chance, ticket and rank in each draw that has ended, and the joint chance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.commands.probabilities import summarize_history, write_history_letter
from double_random.core.errors import Misuse
from double_random.inspection.draw import lifecycle
from double_random.inspection.draw.draw_history import chance_of_at_least, compute_draw_history
from double_random.inspection.planning.plan_builder import FrozenPlan
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.inspection.verification.inclusion_proof import prove_inclusion
from double_random.store.home import Home

Bureau = Callable[..., Home]
Asking = Callable[..., DrawRequest]
Running = Callable[..., FrozenPlan]
ratios = st.integers(1, 9).flatmap(
    lambda whole: st.integers(0, whole).map(lambda part: Fraction(part, whole))
)


@given(st.lists(ratios, max_size=6), st.integers(0, 7))
def test_the_joint_chance_is_the_sum_over_all_outcomes(chances: list[Fraction], hits: int) -> None:
    total = Fraction(0)
    for outcome in product((False, True), repeat=len(chances)):
        weight = Fraction(1)
        for hit, one in zip(outcome, chances, strict=True):
            weight *= one if hit else 1 - one
        total += weight if sum(outcome) >= hits else 0
    assert chance_of_at_least(chances, hits) == total


@pytest.fixture
def years(bureau: Bureau, wish: Asking, run: Running) -> Home:
    """Two published draws, one void undrawn, one that still waits."""
    home = bureau()
    run(home, wish("d1"))
    run(home, wish("d2", not_before="2026-11-10T06:00:00Z"), value="1234567")
    run(home, wish("d3", not_before="2026-11-17T06:00:00Z"), until="commit")
    lifecycle.void_draw(home, "d3", "source not drawn", "2026-11-18T01:00:00Z")
    run(home, wish("d4", not_before="2026-11-24T06:00:00Z"), until="draw")
    return home


def test_each_draw_is_explained_and_an_open_one_is_not(
    years: Home, firm: Callable[[int], str]
) -> None:
    hits = 0
    for number in range(1, 9):
        found = compute_draw_history(years, firm(number))
        assert [turn.draw for turn in found.turns] == ["d1", "d2", "d3"]
        assert found.waiting == ("d4",)
        for turn in found.turns[:2]:
            proof = prove_inclusion(years, turn.draw, firm(number))
            assert (turn.ticket, turn.cutoff, turn.drawn) == (
                proof.ticket,
                proof.cutoff,
                proof.drawn,
            )
            assert turn.drawn == (turn.place <= turn.chance * turn.rows)
        assert found.turns[2].rows == 0
        hits += found.hits
        chances = [turn.chance for turn in found.turns[:2]]
        assert found.joint == chance_of_at_least([*chances], found.hits)
        assert found.expected == found.joint * 8 and found.others == 8
    assert hits == sum(turn.chance * turn.rows for turn in found.turns)


def test_a_letter_says_it_in_words(years: Home, firm: Callable[[int], str]) -> None:
    found = compute_draw_history(years, firm(3))
    text = write_history_letter(found, 3, "示例市司法局")
    assert (
        summarize_history(found) in text and found.turns[0].ticket in text and "made void" in text
    )


def test_who_was_left_out_learns_why(years: Home, firm: Callable[[int], str]) -> None:
    with pytest.raises(Misuse):
        compute_draw_history(years, firm(77))
    with pytest.raises(Misuse):
        compute_draw_history(years, firm(3), years=1, until=date(2020, 1, 1))
