"""After the draw the tickets go on deciding: the next reserve, and the next inspector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.inspection.protocol.succession import CurrentAssignment

Make = Callable[..., Any]


def standing(made: Any) -> CurrentAssignment:
    return CurrentAssignment.after_draw(made.draw(), made.reveal.inner)


def test_the_next_reserve_of_the_stratum_takes_the_place(case: Make) -> None:
    made = case(recusals=())
    before = standing(made)
    drawn, first, second = (before.selection.places[at].id for at in (1, 4, 5))
    after, change = before.replace(drawn, "ceased")
    assert (change.old, change.new, change.target) == (drawn, first, first)
    assert change.inspectors == before.teams[drawn]  # all may go there, so the team stays
    again, next_change = after.replace(first, "force majeure")
    assert next_change.new == second
    last, nothing = again.replace(second, "ceased")
    assert (nothing.new, nothing.inspectors) == ("", ())
    assert len(last.teams) == len(before.teams) - 1
    assert last.replaced == (drawn, first, second)


def test_reserves_of_another_stratum_stay_where_they_are(case: Make) -> None:
    made = case(strata=(("law_firm/A", 6, [1, 3], 0, "up"), ("law_firm/B", 6, [1, 3], 0, "up")))
    before = standing(made)
    place = next(p for p in before.selection.places if p.stratum == "law_firm/B")
    change = before.replace(place.id, "ceased")[1]
    strata = {p.id: p.stratum for p in before.selection.places}
    assert strata[change.new] == "law_firm/B"


def test_a_place_goes_to_the_least_load_then_to_the_least_ticket(case: Make) -> None:
    made = case(recusals=(), leads=tuple(range(6)))
    before = standing(made)
    target, team = next(iter(before.teams.items()))
    loads = Counter(one for members in before.teams.values() for one in members)
    others = [f"SL{at:03d}" for at in range(6) if f"SL{at:03d}" not in team]
    tickets = before.selection.tickets
    expected = min(
        others, key=lambda one: (loads[one], tickets.team_ticket(made.reveal.inner, target, one))
    )
    after, change = before.substitute(target, team[0], "recusal asked for")
    assert change.new == expected
    assert after.teams[target] == change.inspectors == tuple(sorted([team[1], expected]))


def test_a_lead_is_followed_by_a_lead(case: Make) -> None:
    for seed in range(8):
        before = standing(case(seed=seed))
        for target, team in before.teams.items():
            for old in team:
                members = before.substitute(target, old, "illness")[1].inspectors
                assert old not in members and len(set(members)) == 2
                assert any(one in ("SL000", "SL002", "SL004") for one in members)


def test_who_is_ill_is_drawn_for_no_other_place_but_a_recusal_is_for_one_alone(case: Make) -> None:
    made = case(inspectors=3, leads=(0, 1, 2), recusals=())
    before = standing(made)
    first, second = list(before.teams)[:2]
    old = before.teams[first][0]
    ill = before.substitute(first, old, "illness")[0]
    assert old in ill.gone
    recused = before.substitute(first, old, "recusal asked for")[0]
    assert not recused.gone and (first, old) in recused.recused
    mate = next(one for one in ill.teams[second] if one != old)
    with pytest.raises(DoubleRandomError, match=second):
        ill.substitute(second, mate, "illness")


@pytest.mark.parametrize("reason", ["", "a friend of mine", "illness"])
def test_reasons_are_a_closed_list(case: Make, reason: str) -> None:
    before = standing(case())
    with pytest.raises(Misuse):
        before.replace(before.selection.drawn[0], reason)


def test_only_who_stands_can_be_replaced(case: Make) -> None:
    before = standing(case())
    reserve = before.selection.places[-1].id
    gone = before.selection.drawn[0]
    after = before.replace(gone, "ceased")[0]
    for state, id in ((before, reserve), (after, gone), (before, "X")):
        with pytest.raises(Misuse):
            state.replace(id, "ceased")
    with pytest.raises(Misuse):
        before.substitute(before.selection.drawn[0], "SL999", "illness")
