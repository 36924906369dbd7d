"""The certificate proves the smallest load and the least cost, and proves nothing else."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from double_random.core.errors import BadFile
from double_random.inspection.protocol.certificate import Certificate, LoadCut, check_assignment
from double_random.inspection.protocol.pairs import CostedPairs
from double_random.inspection.protocol.teams import assign_takers
from tests.inspection.protocol.problems import problems, tight, whole

quiet = settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])


@quiet
@given(problems(targets=9, takers=7, largest=2**40 - 1), st.data())
def test_a_changed_price_team_or_load_is_rejected(pairs: CostedPairs, data: st.DataObject) -> None:
    assume(not pairs.impossible_targets)
    found = assign_takers(pairs)
    good = found.certificate
    change = data.draw(st.sampled_from(["load", "cost", "target", "hub", "inspector", "teams"]))
    if change in ("load", "cost"):
        step = data.draw(st.sampled_from([-1, 1]))
        bad = replace(good, **{change: getattr(good, change) + step})
        with pytest.raises(BadFile):
            check_assignment(whole(pairs), found.pairs, bad)
    elif change == "teams":
        rows = list(found.pairs)
        at = data.draw(st.integers(0, len(rows) - 1))
        target, taker = rows[at]
        other = data.draw(st.sampled_from(pairs.takers))
        assume(other != taker)
        rows[at] = (target, other)
        cost = {
            (t, i): int(pairs.cost[row, column])
            for row, t in enumerate(pairs.targets)
            for column, i in enumerate(pairs.takers)
        }
        # A swap at the very same cost is as good; with 40 bits that does not happen by chance.
        assume(cost[target, other] != cost[target, taker])
        for claimed in (good, replace(good, cost=sum(cost[row] for row in rows))):
            with pytest.raises(BadFile):
                check_assignment(whole(pairs), rows, claimed)
    else:
        # Where all places are for leads, the hub keeps non-leads out at any price.
        assume(change != "hub" or pairs.size > pairs.leads)
        ids = pairs.takers if change == "inspector" else pairs.targets
        prices = dict(getattr(good, change))
        one = data.draw(st.sampled_from(ids))
        # Prices are not unique; but this far away a used pair costs more than it is worth.
        prices[one] = prices.get(one, 0) + 2**58 * (-1 if change == "target" else 1)
        with pytest.raises(BadFile):
            check_assignment(whole(pairs), found.pairs, replace(good, **{change: prices}))


def test_a_smaller_load_is_disproved_by_a_cut() -> None:
    pairs = tight()
    found = assign_takers(pairs)
    assert found.certificate.load == 5
    assert found.certificate.cut is not None
    check_assignment(whole(pairs), found.pairs, found.certificate)


@pytest.mark.parametrize(
    "cut",
    [
        None,
        LoadCut((), (), ()),
        LoadCut(tuple("ABCDEF"), (), ()),
        LoadCut(tuple("ABCDEF"), tuple("ABCDEF"), ("a", "b", "c", "d")),
        LoadCut(("X",), (), ()),
        LoadCut(("A",), ("B",), ("z",)),
    ],
)
def test_a_cut_that_is_wide_enough_or_unknown_is_refused(cut: LoadCut | None) -> None:
    pairs = tight()
    found = assign_takers(pairs)
    with pytest.raises(BadFile) as refused:
        check_assignment(whole(pairs), found.pairs, replace(found.certificate, cut=cut))
    assert refused.value.file == "certificate.json"


def test_a_load_that_is_too_large_is_refused_with_any_cut() -> None:
    """Load 6 with honest teams: no set of nodes may show that 5 cannot work."""
    pairs = tight()
    found = assign_takers(pairs)
    free = replace(found.certificate, load=6, inspector={})
    for sides in itertools.product([(), tuple("ABCDE"), tuple("ABCDEF")], repeat=2):
        for takers in [(), ("a",), ("a", "b"), ("a", "b", "c", "d")]:
            with pytest.raises(BadFile):
                check_assignment(
                    whole(pairs), found.pairs, replace(free, cut=LoadCut(*sides, takers))
                )


def test_prices_with_unknown_ids_or_wrong_spelling_are_refused() -> None:
    pairs = tight()
    found = assign_takers(pairs)
    with pytest.raises(BadFile, match="unknown id X"):
        check_assignment(whole(pairs), found.pairs, replace(found.certificate, inspector={"X": 1}))
    for price in ("01", "-0", "1.0", "9" * 30, " 1", 1, None):
        with pytest.raises(BadFile):
            Certificate.from_value(
                {
                    "load": 5,
                    "cost": "1",
                    "target": {"A": price},
                    "hub": {},
                    "inspector": {},
                    "cut": None,
                }
            )
    with pytest.raises(BadFile):
        Certificate.from_value(
            {"load": 5, "cost": "1", "target": {}, "hub": {"A": "-1"}, "inspector": {}, "cut": None}
        )


@pytest.mark.parametrize(
    "rows",
    [
        [("A", "a")],
        [("A", "a"), ("A", "a")],
        [("A", "a"), ("A", "c")],
        [("A", "a"), ("A", "b"), ("X", "a"), ("X", "b")],
    ],
)
def test_teams_that_break_a_rule_are_refused_by_their_own_file(rows: list[tuple[str, str]]) -> None:
    pairs = tight()
    found = assign_takers(pairs)
    others = [row for row in found.pairs if row[0] != "A"]
    with pytest.raises(BadFile) as refused:
        check_assignment(whole(pairs), [*rows, *others], found.certificate)
    assert refused.value.file == "teams.csv"
