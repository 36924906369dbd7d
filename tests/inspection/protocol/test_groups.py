"""Fixed groups: lots deal leads first, dealings are repeated, and without a workable one there are no groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.files import Inspector, Target
from double_random.inspection.protocol.groups import DEALINGS, deal_groups, deal_workable_groups
from double_random.inspection.protocol.plan import TeamRule
from double_random.inspection.protocol.tickets import Tickets

Make = Callable[..., Any]


def test_groups_are_dealt_in_turn_leads_first() -> None:
    made_up = TeamRule(3, 1, 2, False, False)
    people = [Inspector(f"I{at}", at < 3, frozenset(), "d", "示例") for at in range(8)]
    tickets = Tickets(Digest("sha256"), "1" * 64)
    order = tickets.sort_by_ticket("inspector", [one.id for one in people])
    leads = [id for id in order if id in ("I0", "I1", "I2")]
    rest = [id for id in order if id not in leads[:2]]
    dealt = deal_groups(people, made_up, tickets)
    assert dealt == (
        tuple(sorted([leads[0], rest[0], rest[2]])),
        tuple(sorted([leads[1], rest[1], rest[3]])),
    )
    second = tickets.sort_by_ticket("inspector2", [one.id for one in people])
    assert second != order and deal_groups(people, made_up, tickets, 2) != dealt


def test_groups_that_cannot_reach_a_firm_are_dealt_anew_and_at_last_given_up(case: Make) -> None:
    """One firm may be visited by inspectors 0 and 1 alone, who are dealt together now and then."""
    everybody = tuple((target, person) for target in range(12) for person in (2, 3, 4, 5))
    whole = {"size": 2, "leads": 0, "groups": 2}
    found = set()
    for seed in range(12):
        draw = case(seed=seed, recusals=everybody[:4], team=whole, strata=(
            ("law_firm/A", 12, [1, 1], 0, "up"),
        )).draw()  # fmt: skip
        found.add(draw.dealing if draw.groups else 0)
        for target, team in draw.members.items():
            assert len(team) == 2
            if target == "31310000XXXX00000A":
                assert team == ("SL000", "SL001")
            if draw.groups:
                assert team in draw.groups
        assert draw.groups is not None or draw.certificate.load >= 2
    assert len(found) > 1  # some were dealt anew


def test_where_no_dealing_works_the_rule_without_groups_applies(case: Make) -> None:
    """Firm 0 is left to inspectors 0 and 1, firm 1 to 1 and 2: two groups can serve one of them at most."""
    recusals = tuple((0, person) for person in (2, 3, 4, 5)) + tuple(
        (1, person) for person in (0, 3, 4, 5)
    )
    made = case(
        recusals=recusals,
        team={"size": 2, "leads": 0, "groups": 2},
        strata=(("law_firm/A", 3, [1, 1], 0, "up"),),
    )
    draw = made.draw()
    assert draw.groups is None
    assert draw.members["31310000XXXX00000A"] == ("SL000", "SL001")
    assert draw.members["31310000XXXX00001A"] == ("SL001", "SL002")


def test_too_few_leads_for_groups_mean_no_groups(case: Make) -> None:
    made = case(leads=(0,), recusals=(), team={"groups": 2})
    files = made.draw().selection.files
    found = deal_workable_groups(
        [], files.inspectors, files.recusals, made.plan.team, Tickets(made.plan.digest, "0" * 64)
    )
    assert found[0] is None


def people(*leads: bool) -> list[Inspector]:
    return [
        Inspector(f"J{at:02d}", lead, frozenset(), "310101", "示例检查员")
        for at, lead in enumerate(leads)
    ]


def test_too_few_inspectors_or_leads_cannot_be_dealt() -> None:
    tickets = Tickets(Digest("sha256"), "1" * 64)
    team = TeamRule(2, 1, 2, False, False)
    assert deal_groups(people(True, True, False), team, tickets) is None
    assert deal_groups(people(True, False, False, False), team, tickets) is None
    assert deal_groups(people(True, True, False, False), team, tickets) is not None


def test_the_first_dealing_that_serves_every_target_is_taken() -> None:
    """The target accepts J00 and J01 only: the dealing that puts them together is the one."""
    tickets = Tickets(Digest("sha256"), "5" * 64)
    team, everybody = TeamRule(2, 0, 2, False, False), people(False, False, False, False)
    firm = Target("T1", "s", "law_firm", "310101", "示例律师事务所", "0" * 32)
    found, dealing = deal_workable_groups(
        [firm], everybody, {("T1", "J02"), ("T1", "J03")}, team, tickets
    )
    together = [
        number
        for number in range(1, DEALINGS + 1)
        if ("J00", "J01") in (deal_groups(everybody, team, tickets, number) or ())
    ]
    assert found is not None and ("J00", "J01") in found
    assert dealing == together[0]
