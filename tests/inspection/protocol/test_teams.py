"""Teams have the smallest load and cost least; the certificate proves it, and proves nothing else."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from double_random.core.errors import BadFile, DoubleRandomError
from double_random.inspection.protocol import teams
from double_random.inspection.protocol.certificate import Certificate, Cut, check
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.files import Inspector, Target
from double_random.inspection.protocol.pairs import Candidates, Pairs, able, is_admissible
from double_random.inspection.protocol.plan import Team
from double_random.inspection.protocol.teams import assign
from double_random.inspection.protocol.tickets import Priced, Tickets

quiet = settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])


@dataclass(frozen=True)
class Written(Tickets):
    """Costs from a matrix instead of hashes, so that ties and tight spots can be made."""

    pairs: Pairs

    def costs(self, inner: str, target: str, inspectors: Iterable[str]) -> list[int]:
        row = self.pairs.cost[self.pairs.targets.index(target)]
        return [int(row[self.pairs.takers.index(one)]) for one in inspectors]

    def cheaper(self, inner: str, target: str, priced: Sequence[Priced], limit: int) -> list[int]:
        costs = self.costs(inner, target, [id.decode() for _price, _place, id in priced])
        rows = zip(priced, costs, strict=True)
        return [place for (price, place, _id), cost in rows if cost + price < limit]


def whole(pairs: Pairs) -> Candidates:
    """The problem of a matrix as its checker takes it."""
    return Candidates(
        targets=pairs.targets,
        takers=pairs.takers,
        is_lead=tuple(map(bool, pairs.is_lead)),
        size=pairs.size,
        leads=pairs.leads,
        able=tuple(frozenset(numpy.flatnonzero(row).tolist()) for row in pairs.admissible),
        tickets=Written(Digest("sha256"), "", pairs),
        inner="",
    )


def all_assignments(pairs: Pairs) -> Iterator[tuple[int, int]]:
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


@st.composite
def problems(draw: st.DrawFn, targets: int = 4, takers: int = 5, largest: int = 12) -> Pairs:
    """Small problems; small costs make many ties, and -1 stands for a recusal."""
    rows, columns = draw(st.integers(1, targets)), draw(st.integers(1, takers))
    size = draw(st.integers(1, min(3, columns)))
    cost = draw(
        st.lists(
            st.lists(st.integers(-1, largest), min_size=columns, max_size=columns),
            min_size=rows,
            max_size=rows,
        )
    )
    return Pairs(
        targets=tuple(f"T{row}" for row in range(rows)),
        takers=tuple(f"I{column}" for column in range(columns)),
        is_lead=numpy.array(
            draw(st.lists(st.booleans(), min_size=columns, max_size=columns)), dtype=bool
        ),
        size=size,
        leads=draw(st.integers(0, size)),
        cost=numpy.array(cost, dtype=numpy.int64),
    )


@quiet
@given(problems(), st.integers(1, 5))
def test_no_assignment_is_better(pairs: Pairs, cheapest: int) -> None:
    if pairs.impossible:
        assert not any(True for _ in all_assignments(pairs))
        with pytest.raises(DoubleRandomError, match=pairs.impossible[0]):
            assign(pairs)
        return
    found = assign(pairs, cheapest)
    best = min(all_assignments(pairs))
    assert (found.certificate.load, found.certificate.cost) == best
    check(whole(pairs), found.pairs, found.certificate)
    assert Certificate.read(found.certificate.dump()) == found.certificate


@quiet
@given(problems(targets=9, takers=7, largest=2**40 - 1), st.data())
def test_a_changed_price_team_or_load_is_rejected(pairs: Pairs, data: st.DataObject) -> None:
    assume(not pairs.impossible)
    found = assign(pairs)
    good = found.certificate
    change = data.draw(st.sampled_from(["load", "cost", "target", "hub", "inspector", "teams"]))
    if change in ("load", "cost"):
        step = data.draw(st.sampled_from([-1, 1]))
        bad = replace(good, **{change: getattr(good, change) + step})
        with pytest.raises(BadFile):
            check(whole(pairs), found.pairs, bad)
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
                check(whole(pairs), rows, claimed)
    else:
        # Where all places are for leads, the hub keeps non-leads out at any price.
        assume(change != "hub" or pairs.size > pairs.leads)
        ids = pairs.takers if change == "inspector" else pairs.targets
        prices = dict(getattr(good, change))
        one = data.draw(st.sampled_from(ids))
        # Prices are not unique; but this far away a used pair costs more than it is worth.
        prices[one] = prices.get(one, 0) + 2**58 * (-1 if change == "target" else 1)
        with pytest.raises(BadFile):
            check(whole(pairs), found.pairs, replace(good, **{change: prices}))


def tight() -> Pairs:
    """Six targets, four inspectors; all but one may be visited by the first two alone: load 5."""
    cost = numpy.full((6, 4), -1, dtype=numpy.int64)
    cost[:, :2] = numpy.arange(12).reshape(6, 2) + 5
    cost[5] = (900, 901, 3, 4)
    return Pairs(
        targets=tuple("ABCDEF"),
        takers=("a", "b", "c", "d"),
        is_lead=numpy.array([True, False, True, False]),
        size=2,
        leads=1,
        cost=cost,
    )


def test_a_smaller_load_is_disproved_by_a_cut() -> None:
    pairs = tight()
    found = assign(pairs)
    assert found.certificate.load == 5
    assert found.certificate.cut is not None
    check(whole(pairs), found.pairs, found.certificate)


@pytest.mark.parametrize(
    "cut",
    [
        None,
        Cut((), (), ()),
        Cut(tuple("ABCDEF"), (), ()),
        Cut(tuple("ABCDEF"), tuple("ABCDEF"), ("a", "b", "c", "d")),
        Cut(("X",), (), ()),
        Cut(("A",), ("B",), ("z",)),
    ],
)
def test_a_cut_that_is_wide_enough_or_unknown_is_refused(cut: Cut | None) -> None:
    pairs = tight()
    found = assign(pairs)
    with pytest.raises(BadFile) as refused:
        check(whole(pairs), found.pairs, replace(found.certificate, cut=cut))
    assert refused.value.file == "certificate.json"


def test_a_load_that_is_too_large_is_refused_with_any_cut() -> None:
    """Load 6 with honest teams: no set of nodes may show that 5 cannot work."""
    pairs = tight()
    found = assign(pairs)
    free = replace(found.certificate, load=6, inspector={})
    for sides in itertools.product([(), tuple("ABCDE"), tuple("ABCDEF")], repeat=2):
        for takers in [(), ("a",), ("a", "b"), ("a", "b", "c", "d")]:
            with pytest.raises(BadFile):
                check(whole(pairs), found.pairs, replace(free, cut=Cut(*sides, takers)))


def test_nobody_drawn_needs_no_team() -> None:
    empty = Pairs(
        targets=(),
        takers=("a",),
        is_lead=numpy.array([True]),
        size=1,
        leads=1,
        cost=numpy.zeros((0, 1), dtype=numpy.int64),
    )
    found = assign(empty)
    assert found.pairs == () and found.certificate.load == 0
    check(whole(empty), (), found.certificate)
    with pytest.raises(BadFile):
        check(whole(empty), (), replace(found.certificate, load=1))


def test_prices_with_unknown_ids_or_wrong_spelling_are_refused() -> None:
    pairs = tight()
    found = assign(pairs)
    with pytest.raises(BadFile, match="unknown id X"):
        check(whole(pairs), found.pairs, replace(found.certificate, inspector={"X": 1}))
    for price in ("01", "-0", "1.0", "9" * 30, " 1", 1, None):
        with pytest.raises(BadFile):
            Certificate.of(
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
        Certificate.of(
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
    found = assign(pairs)
    others = [row for row in found.pairs if row[0] != "A"]
    with pytest.raises(BadFile) as refused:
        check(whole(pairs), [*rows, *others], found.certificate)
    assert refused.value.file == "teams.csv"


def test_pairs_left_out_at_first_come_back_where_they_are_needed() -> None:
    """Many targets want the same few inspectors: the cheapest pairs alone would not do."""
    chance = numpy.random.default_rng(7)
    cost = chance.integers(0, 2**40, (120, 60)).astype(numpy.int64)
    cost[:, :4] //= 1000
    cost[cost % 3 == 0] = -1
    pairs = Pairs(
        targets=tuple(f"T{at:03d}" for at in range(120)),
        takers=tuple(f"I{at:02d}" for at in range(60)),
        is_lead=numpy.arange(60) % 3 == 0,
        size=2,
        leads=1,
        cost=cost,
    )
    few, all_of_them = assign(pairs, cheapest=3), assign(pairs, cheapest=60)
    assert few.pairs == all_of_them.pairs
    check(whole(pairs), few.pairs, few.certificate)


def test_an_unsolvable_flow_is_not_asked_for_its_result() -> None:
    """OR-Tools crashes the process when flows are read after INFEASIBLE; None comes back instead."""
    pairs = tight()
    assert teams._least_cost(pairs, pairs.admissible, 1) is None


@given(st.data())
@settings(max_examples=40)
def test_who_may_go_where_is_the_rule_for_each_pair(data: st.DataObject) -> None:
    word = st.sampled_from(["a", "b", "c"])
    targets = [
        Target(f"T{at}", "s", data.draw(word), data.draw(word), "示例", "0" * 32)
        for at in range(data.draw(st.integers(1, 5)))
    ]
    people = [
        Inspector(f"I{at}", False, data.draw(st.frozensets(word)), data.draw(word), "示例")
        for at in range(data.draw(st.integers(1, 5)))
    ]
    recusals = data.draw(
        st.frozensets(
            st.tuples(
                st.sampled_from([one.id for one in targets] + ["T9"]),
                st.sampled_from([one.id for one in people]),
            )
        )
    )
    team = Team(1, 0, None, data.draw(st.booleans()), data.draw(st.booleans()))
    found = able(targets, people, recusals, team)
    for row, target in enumerate(targets):
        for column, one in enumerate(people):
            assert (column in found[row]) == is_admissible(target, one, recusals, team)
