"""A draw follows from plan, files and revealed values, and from nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.protocol import notices
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.draw import check_teams
from double_random.inspection.protocol.files import Inspector
from double_random.inspection.protocol.groups import deal, groups
from double_random.inspection.protocol.plan import Team
from double_random.inspection.protocol.tickets import Tickets
from double_random.store.log import merkle

Make = Callable[..., Any]


def test_seed_and_tickets_can_be_computed_with_nothing_but_a_hash(case: Make) -> None:
    made = case(seed=5)
    draw = made.draw()

    def h(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    seed = h(
        f"double-random/1:seed:{h(made.plan.data.decode())}:{made.reveal.entropy}:{made.reveal.secret}"
    )
    rows = [line.split(",") for line in made.files["frame.csv"].decode().split("\n")[1:-1]]
    ranked = sorted((h(f"{seed}:target:{row[0]}:{row[5]}"), row[0]) for row in rows)
    assert [(place.ticket, place.id) for place in draw.targets] == ranked[:6]  # 4 of 12, 2 reserves
    assert [place.role for place in draw.targets] == ["drawn"] * 4 + ["reserve"] * 2
    assert draw.cutoffs == (ranked[3][0],)
    assert draw.visits == tuple(
        sorted((id for _, id in ranked[:4]), key=lambda id: h(f"{seed}:visit:{id}"))
    )


def test_costs_are_the_first_ten_digits_of_the_team_tickets(case: Make) -> None:
    draw = case().draw()
    tickets, inner = draw.selection.tickets, case().reveal.inner
    whole = [tickets.team(inner, "T", one) for one in ("a", "b")]
    assert tickets.costs(inner, "T", ["a", "b"]) == [int(ticket[:10], 16) for ticket in whole]


def test_a_pair_is_cheap_enough_by_its_cost_and_price_alone(case: Make) -> None:
    draw = case().draw()
    tickets, inner = draw.selection.tickets, case().reveal.inner
    ids = [f"ZF{n}" for n in range(300)]
    priced = sorted((n**3 * 2**12, n, id.encode()) for n, id in enumerate(ids))
    costs = tickets.costs(inner, "T", ids)
    edge = costs[7] + priced[7][0]
    for limit in (-1, 0, 1, edge, edge + 1, 2**38, 2**40 - 1, 2**40, 2**41, 2**60):
        right = [n for price, n, _id in priced if costs[n] + price < limit]
        assert tickets.cheaper(inner, "T", priced, limit) == right
    assert 7 not in tickets.cheaper(inner, "T", priced, edge)
    assert 7 in tickets.cheaper(inner, "T", priced, edge + 1)


def test_files_of_the_result_are_in_their_canonical_form(case: Make) -> None:
    draw = case().draw()
    files = {name: data.decode() for name, data in draw.files.items()}
    assert files["targets.csv"].startswith("id,stratum,role,place,ticket\n")
    assert files["teams.csv"].startswith("target,inspector,role\n")
    assert files["list.csv"].split("\n")[1:-1] == [
        f"{id},示例律师事务所{int(id[12:17])}" for id in draw.selection.drawn
    ]
    assert set(json.loads(files["certificate.json"])) == {
        "load", "cost", "target", "hub", "inspector", "cut",
    }  # fmt: skip


@pytest.mark.parametrize("team", [{}, {"groups": 2}, {"size": 3, "leads": 2}, {"leads": 0}])
def test_teams_are_checked_without_a_solver(case: Make, team: dict[str, Any]) -> None:
    made = case(team=team)
    draw = made.draw()
    teams, certificate = draw.files["teams.csv"], draw.files["certificate.json"]
    assert check_teams(draw.selection, made.reveal.inner, teams, certificate) == draw
    swapped = teams.replace(b",lead\n", b",member\n", 1)
    if swapped != teams:
        with pytest.raises(BadFile) as refused:
            check_teams(draw.selection, made.reveal.inner, swapped, certificate)
        assert refused.value.file == "teams.csv"


def test_no_changed_byte_lets_other_teams_pass(case: Make) -> None:
    for made in (case(), case(team={"groups": 2})):
        draw = made.draw()
        good = {name: draw.files[name] for name in ("teams.csv", "certificate.json")}
        for name, data in good.items():
            for at in range(len(data)):
                bad = {**good, name: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]}
                try:
                    found = check_teams(
                        draw.selection, made.reveal.inner, bad["teams.csv"], bad["certificate.json"]
                    )
                except BadFile as refused:
                    # Where the two do not go together neither alone is wrong; their hashes tell.
                    assert refused.file in good
                else:
                    # Prices are not unique: another last digit may prove the same teams.
                    assert name == "certificate.json" and found.teams == draw.teams


def test_groups_are_dealt_in_turn_leads_first() -> None:
    made_up = Team(3, 1, 2, False, False)
    people = [Inspector(f"I{at}", at < 3, frozenset(), "d", "示例") for at in range(8)]
    tickets = Tickets(Digest("sha256"), "1" * 64)
    order = tickets.order("inspector", [one.id for one in people])
    leads = [id for id in order if id in ("I0", "I1", "I2")]
    rest = [id for id in order if id not in leads[:2]]
    dealt = deal(people, made_up, tickets)
    assert dealt == (
        tuple(sorted([leads[0], rest[0], rest[2]])),
        tuple(sorted([leads[1], rest[1], rest[3]])),
    )
    second = tickets.order("inspector2", [one.id for one in people])
    assert second != order and deal(people, made_up, tickets, 2) != dealt


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
    found = groups(
        [], files.inspectors, files.recusals, made.plan.team, Tickets(made.plan.digest, "0" * 64)
    )
    assert found[0] is None


def test_a_notice_proves_itself_alone(case: Make) -> None:
    draw = case().draw()
    tickets, leaves = draw.selection.tickets, list(draw.notice_leaves)
    root = bytes.fromhex(draw.notices)
    for index, (target, team) in enumerate(draw.members.items()):
        leaf = notices.notice(target, reversed(team), tickets)
        assert json.loads(leaf) == {
            "target": target, "inspectors": list(team), "salt": tickets.ticket("notice", target),
        }  # fmt: skip
        path = [bytes.fromhex(step) for step in notices.path(leaves, index, tickets)]
        hash = bytes.fromhex(notices.leaf_hash(leaf, tickets))
        assert merkle.includes(root, len(leaves), index, hash, path)
        assert not merkle.includes(root, len(leaves), index, merkle.leaf(leaf + b" "), path)


def test_a_draw_of_nobody_has_no_teams(case: Make) -> None:
    draw = case(strata=(("law_firm/A", 12, [0, 1], 0, "up"),)).draw()
    assert draw.teams == () and draw.cutoffs == ("",) and draw.certificate.load == 0
    assert draw.files["list.csv"] == b"id,name\n"


def test_one_other_bit_anywhere_draws_otherwise(case: Make) -> None:
    tickets = {case(seed=1, value=value).draw().targets[0].ticket for value in ("034075", "034076")}
    titles = {
        case(seed=1, plan={"title": title}).draw().targets[0].ticket
        for title in ("示例抽查", "示例抽查 ")
    }
    assert len(tickets) == 2 and len(titles) == 2
