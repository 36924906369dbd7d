"""The odds of a frozen plan: exact chances of groups, and shares of trial draws of pairs."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from double_random.inspection.planning.plan_builder import freeze_plan
from double_random.inspection.planning.plan_fields import PAIR, DrawRequest
from double_random.inspection.planning.selection_odds import ENOUGH, Odds, PairOdds, estimate_odds
from double_random.inspection.protocol.plan import TeamRule
from double_random.store.home import Home

Bureau = Callable[..., Home]
Asking = Callable[..., DrawRequest]


def test_odds_of_a_plan_name_forced_and_nearly_forced_pairs(
    bureau: Bureau, wish: Asking, firm: Callable[[int], str]
) -> None:
    """Firm 1 is left with two inspectors, firm 2 with one lead among three: the lead always comes."""
    home = bureau(recusals=((1, 2), (1, 3), (1, 4), (2, 3), (2, 5)))
    freeze_plan(home, wish(team=PAIR))
    found = estimate_odds(home, "d1", trials=200)
    (group,) = found.groups
    assert found.forced == (firm(1),)
    assert {one.target for one in found.nearly_forced} == {firm(2)}
    assert sum(one.drawn for one in {one.target: one for one in found.pairs}.values()) <= 200 * 8
    drawn = {one.target: one.drawn for one in found.pairs}
    share = Fraction(sum(drawn.values()), 200 * group.rows)
    assert abs(share - group.chance) < Fraction(1, 5)


def test_odds_work_with_groups_and_tell_nothing_of_the_draw(bureau: Bureau, wish: Asking) -> None:
    home = bureau()
    freeze_plan(home, wish(team=TeamRule(2, 1, 2, False, False)))
    one, again = estimate_odds(home, "d1", 20), estimate_odds(home, "d1", 20)
    assert one == again and one.trials == 20


def test_a_pair_is_nearly_forced_by_nine_of_ten_trials_of_enough() -> None:
    pairs = (
        PairOdds("T1", "J01", drawn=ENOUGH, together=9),
        PairOdds("T1", "J02", drawn=ENOUGH, together=8),
        PairOdds("T2", "J01", drawn=ENOUGH - 1, together=ENOUGH - 1),
        PairOdds("T3", "J01", drawn=100, together=100),
    )
    found = Odds((), pairs, forced=("T3",), trials=100)
    assert found.nearly_forced == pairs[:1]
    assert pairs[1].share == Fraction(4, 5)
