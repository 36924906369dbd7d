"""The certificate proves the most even loads and then the least cost, and proves nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from double_random.core.errors import BadFile
from double_random.inspection.protocol.pairs import CostedPairs
from double_random.inspection.protocol.v2.certificate import (
    EVENNESS,
    NOBODY,
    EvenCertificate,
    check_even_assignment,
)
from double_random.inspection.protocol.v2.even_loads import assign_evenly
from tests.inspection.protocol.problems import problems, tight, whole

quiet = settings(max_examples=80, suppress_health_check=[HealthCheck.filter_too_much])


@quiet
@given(problems(targets=9, takers=7, largest=2**40 - 1))
def test_a_certificate_survives_writing_and_reading(pairs: CostedPairs) -> None:
    assume(not pairs.impossible_targets)
    made = assign_evenly(pairs)
    assert EvenCertificate.read(made.certificate.dump()) == made.certificate
    check_even_assignment(whole(pairs), made.pairs, made.certificate)


@quiet
@given(problems(targets=9, takers=7, largest=2**40 - 1), st.data())
def test_another_team_proves_nothing_under_any_of_the_prices(
    pairs: CostedPairs, data: st.DataObject
) -> None:
    assume(not pairs.impossible_targets)
    made = assign_evenly(pairs)
    rows = list(made.pairs)
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
    loads = [sum(one == i for _t, one in rows) for i in pairs.takers]
    claimed = replace(
        made.certificate,
        squares=sum(load * load for load in loads),
        load=max(loads),
        cost=sum(cost[row] for row in rows),
    )
    same = (claimed.squares, claimed.cost) == (made.certificate.squares, made.certificate.cost)
    assume(not same)
    for certificate in (made.certificate, claimed):
        with pytest.raises(BadFile):
            check_even_assignment(whole(pairs), rows, certificate)


@quiet
@given(problems(targets=9, takers=7, largest=2**40 - 1), st.data())
def test_a_changed_number_or_far_price_is_refused(pairs: CostedPairs, data: st.DataObject) -> None:
    assume(not pairs.impossible_targets)
    made = assign_evenly(pairs)
    good = made.certificate
    change = data.draw(st.sampled_from(["squares", "load", "cost", "target", "inspector"]))
    if change in ("squares", "load", "cost"):
        step = data.draw(st.sampled_from([-1, 1]))
        bad = replace(good, **{change: getattr(good, change) + step})
    else:
        prices = dict(getattr(good, change))
        used = pairs.targets if change == "target" else sorted({i for _t, i in made.pairs})
        one = data.draw(st.sampled_from(used))
        # So far away, a used pair costs more than it is worth.
        prices[one] = prices.get(one, 0) - EVENNESS * 2**50
        bad = replace(good, **{change: prices})
    with pytest.raises(BadFile):
        check_even_assignment(whole(pairs), made.pairs, bad)


def test_the_price_of_an_inspector_lies_between_its_last_and_its_next_visit() -> None:
    pairs = tight()
    made = assign_evenly(pairs)
    loads = {taker: sum(one == taker for _t, one in made.pairs) for taker in pairs.takers}
    for taker, load in loads.items():
        for price in ((2 * load + 1) * EVENNESS + 1, (2 * load - 1) * EVENNESS - 1):
            prices = {**made.certificate.inspector, taker: price}
            with pytest.raises(BadFile, match=f"inspector {taker}: the price is not that"):
                check_even_assignment(
                    whole(pairs), made.pairs, replace(made.certificate, inspector=prices)
                )


def test_a_hub_has_no_price_below_0_and_none_without_scarcity() -> None:
    pairs = tight()
    made = assign_evenly(pairs)
    others = {"b", "d"}
    for target in pairs.targets:
        team = {taker for one, taker in made.pairs if one == target}
        prices = [-1] if len(team & others) == 1 else [-1, 1]
        for price in prices:
            hub = {**made.certificate.hub, target: price}
            with pytest.raises(BadFile, match="a price without scarcity"):
                check_even_assignment(whole(pairs), made.pairs, replace(made.certificate, hub=hub))


@pytest.mark.parametrize("part", ["target", "hub", "inspector"])
def test_prices_of_unknown_ids_are_refused(part: str) -> None:
    pairs = tight()
    made = assign_evenly(pairs)
    with pytest.raises(BadFile, match="unknown id X"):
        check_even_assignment(
            whole(pairs), made.pairs, replace(made.certificate, **{part: {"X": 1}})
        )


@pytest.mark.parametrize(
    "price",
    [
        "1",
        1,
        None,
        [],
        [1],
        [1, "0", "0"],
        [1, 0],
        ["1", "0"],
        [True, "0"],
        [0, "01"],
        [0, "-0"],
        [0, "1.0"],
        [0, " 1"],
        [0, str(2**60 + 1)],
        [0, "9" * 30],
    ],
)
def test_another_spelling_of_a_price_is_refused(price: Any) -> None:
    value = {"squares": 1, "load": 1, "cost": "1", "target": {"A": [0, "1"]}, "hub": {}}
    value["inspector"] = {}
    assert EvenCertificate.from_value(value).target == {"A": 1}
    with pytest.raises(BadFile, match=r"certificate\.json"):
        EvenCertificate.from_value({**value, "target": {"A": price}})


@pytest.mark.parametrize(
    "fields",
    [{"cost": "-1"}, {"cost": 1}, {"load": "1"}, {"squares": -1}, {"cut": None}, {"hub": []}],
)
def test_another_form_of_the_certificate_is_refused(fields: dict[str, Any]) -> None:
    value = {"squares": 0, "load": 0, "cost": "0", "target": {}, "hub": {}, "inspector": {}}
    assert EvenCertificate.from_value(value) == NOBODY
    with pytest.raises(BadFile, match=r"certificate\.json"):
        EvenCertificate.from_value({**value, **fields})


def test_where_nobody_visits_all_numbers_are_0_and_prices_absent() -> None:
    pairs = tight()
    empty = replace(whole(pairs), targets=(), able=())
    nobody = replace(whole(pairs), size=0, leads=0)
    for candidates in (empty, nobody):
        check_even_assignment(candidates, [], NOBODY)
        for bad in (replace(NOBODY, load=1), replace(NOBODY, inspector={"a": 1})):
            with pytest.raises(BadFile, match="nobody is drawn"):
                check_even_assignment(candidates, [], bad)
    with pytest.raises(BadFile, match=r"teams\.csv"):
        check_even_assignment(nobody, [("A", "a")], NOBODY)


@pytest.mark.parametrize(
    "rows",
    [
        [("A", "a")],
        [("A", "a"), ("A", "a")],
        [("A", "b"), ("A", "c")],
        [("A", "a"), ("A", "b"), ("X", "a"), ("X", "b")],
    ],
)
def test_teams_that_break_a_rule_are_refused_by_their_own_file(rows: list[tuple[str, str]]) -> None:
    pairs = tight()
    made = assign_evenly(pairs)
    others = [row for row in made.pairs if row[0] != "A"]
    with pytest.raises(BadFile) as refused:
        check_even_assignment(whole(pairs), [*rows, *others], made.certificate)
    assert refused.value.file == "teams.csv"
