"""Which inspectors may visit which target, and the matrix of costs for the solver."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.files import Inspector, Target
from double_random.inspection.protocol.pairs import (
    NOT_ADMISSIBLE,
    Candidates,
    CostedPairs,
    admissible_groups,
    admissible_inspectors,
    is_admissible,
)
from double_random.inspection.protocol.plan import TeamRule
from double_random.inspection.protocol.tickets import Tickets


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
    team = TeamRule(1, 0, None, data.draw(st.booleans()), data.draw(st.booleans()))
    found = admissible_inspectors(targets, people, recusals, team)
    for row, target in enumerate(targets):
        for column, one in enumerate(people):
            assert (column in found[row]) == is_admissible(target, one, recusals, team)


def target(id: str, kind: str = "law_firm", district: str = "310101") -> Target:
    return Target(id, "s", kind, district, "示例律师事务所", "0" * 32)


def inspector(id: str, lead: bool = False, district: str = "310104") -> Inspector:
    return Inspector(id, lead, frozenset({"law_firm"}), district, "示例检查员")


ANYBODY = TeamRule(2, 1, None, False, False)


def test_a_recusal_a_kind_and_a_district_each_exclude_a_pair() -> None:
    one, other = target("T1"), inspector("J01")
    assert is_admissible(one, other, (), TeamRule(2, 1, None, True, True))
    assert not is_admissible(one, other, {("T1", "J01")}, ANYBODY)
    notary = target("T1", kind="notary_office")
    assert is_admissible(notary, other, (), ANYBODY)
    assert not is_admissible(notary, other, (), TeamRule(2, 1, None, True, False))
    same = target("T1", district="310104")
    assert not is_admissible(same, other, (), TeamRule(2, 1, None, False, True))


def test_a_group_is_admissible_if_all_its_members_are() -> None:
    people = [inspector(f"J{number:02d}") for number in range(4)]
    dealt = [("J00", "J03"), ("J01", "J02")]
    found = admissible_groups([target("T1"), target("T2")], people, dealt, {("T1", "J03")}, ANYBODY)
    assert found == (frozenset({1}), frozenset({0, 1}))


def test_fixed_groups_are_takers_numbered_from_one_and_no_leads() -> None:
    people = [inspector("J01", lead=True), inspector("J02", lead=True)]
    problem = Candidates.of_groups(
        [target("T1")],
        people,
        [("J01",), ("J02",)],
        recusals=(),
        team=ANYBODY,
        tickets=Tickets(Digest("sha256"), "1" * 64),
        inner="2" * 64,
    )
    assert (problem.takers, problem.is_lead) == (("1", "2"), (False, False))
    assert (problem.size, problem.leads) == (1, 0)


def test_the_matrix_has_the_cost_of_each_admissible_pair_alone() -> None:
    tickets, inner = Tickets(Digest("sha256"), "1" * 64), "2" * 64
    people = [inspector("J01", lead=True), inspector("J02"), inspector("J03")]
    problem = Candidates.of_inspectors(
        [target("T1"), target("T2")], people, {("T2", "J01")}, ANYBODY, tickets, inner
    )
    pairs = CostedPairs.from_candidates(problem)
    costs = tickets.costs(inner, "T2", ["J02", "J03"])
    assert pairs.cost.tolist()[1] == [NOT_ADMISSIBLE, *costs]
    assert pairs.admissible.tolist() == [[True, True, True], [False, True, True]]
    assert pairs.impossible_targets == ["T2"]  # its only lead is recused
