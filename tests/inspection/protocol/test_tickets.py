"""Every ticket is one hash of seed, purpose and text; bulk computations give the same tickets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import numpy

from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.tickets import Tickets, compute_seed

Make = Callable[..., Any]


def test_costs_are_the_first_ten_digits_of_the_team_tickets(case: Make) -> None:
    draw = case().draw()
    tickets, inner = draw.selection.tickets, case().reveal.inner
    whole = [tickets.team_ticket(inner, "T", one) for one in ("a", "b")]
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
        assert tickets.takers_below(inner, "T", priced, limit) == right
    assert 7 not in tickets.takers_below(inner, "T", priced, edge)
    assert 7 in tickets.takers_below(inner, "T", priced, edge + 1)


H = Digest("sha256")


def by_hand(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_seed_is_the_hash_of_commitment_entropy_and_secret() -> None:
    expected = by_hand("double-random/1:seed:ab:balls:示例:2=07:cd")
    assert compute_seed(H, "ab", "balls:示例:2=07", "cd") == expected


def test_each_purpose_has_its_own_ticket() -> None:
    tickets = Tickets.for_seed(H, "5e")
    assert tickets.target_ticket("T1", "00ff") == by_hand("5e:target:T1:00ff")
    assert tickets.visit_ticket("T1") == by_hand("5e:visit:T1")
    assert tickets.inspector_ticket("J01") == by_hand("5e:inspector:J01")
    assert tickets.inspector_ticket("J01", 3) == by_hand("5e:inspector3:J01")
    assert tickets.team_ticket("1a", "T1", "J01") == by_hand("5e:team:1a:T1:J01")
    assert tickets.notice_salt("T1") == by_hand("5e:notice:T1")
    assert tickets.cutoff_salt("1a", "law_firm/A") == by_hand("5e:cutoff:1a:law_firm/A")
    assert tickets.unbound_salt("1a") == by_hand("5e:unbound:1a")


def test_the_least_tickets_of_many_rows_are_those_of_the_sorted_list() -> None:
    tickets = Tickets(H, "5e")
    rows = [(f"T{number}", f"{number:032x}") for number in range(2500)]
    ranked = sorted((tickets.target_ticket(id, salt), id) for id, salt in rows)
    for number in (0, 1, 9, 2500, 2600):
        assert tickets.least_tickets(rows, number) == ranked[:number]


def test_the_matrix_has_minus_one_for_pairs_that_are_not_admissible() -> None:
    tickets = Tickets(H, "5e")
    may = numpy.array([[True, False], [False, False]])
    cost = tickets.cost_matrix("1a", ["T1", "T2"], ["J01", "J02"], may)
    assert cost.tolist() == [[tickets.costs("1a", "T1", ["J01"])[0], -1], [-1, -1]]


def test_ids_are_ordered_by_their_tickets_of_one_purpose() -> None:
    tickets, ids = Tickets(H, "5e"), ["a", "b", "c", "d"]
    assert tickets.sort_by_ticket("visit", ids) == sorted(ids, key=tickets.visit_ticket)
