"""Tickets by the million are the protocol's own, one by one."""

from __future__ import annotations

import secrets

import duckdb
import numpy
import pytest

from double_random.inspection.draw import sql_tickets
from double_random.inspection.draw.sql_tickets import SetTickets
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.tickets import Tickets
from double_random.store.engine.duckdb import DuckDB

SEED, INNER = "5e" * 32, "1a" * 32
ODD = ["L:沪司示例〔2010〕第1号", "P:示例0001", "L:É𠮷''\"$%", "31310000XXXX00001A"]


@pytest.fixture(autouse=True)
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_tickets, "MANY", 0)
    monkeypatch.setattr(sql_tickets, "BLOCK", 50)


def test_the_least_tickets_of_a_table_are_the_same() -> None:
    rows = [(id, secrets.token_hex(16)) for id in ODD]
    rows += [(f"31310000XXXX{n:05d}X", secrets.token_hex(16)) for n in range(6000)]
    tickets = Tickets(Digest("sha256"), SEED)
    one_by_one = sorted((tickets.target_ticket(id, salt), id) for id, salt in rows)
    with duckdb.connect() as connection:
        connection.execute("create table frame (id varchar, salt varchar)")
        connection.executemany("insert into frame values (?, ?)", rows[:500])
        for number in (0, 1, 77, 400, 505):
            first = sorted((tickets.target_ticket(id, salt), id) for id, salt in rows[:500])[
                :number
            ]
            assert sql_tickets.find_least_tickets(DuckDB(connection), SEED, number) == first
    for number in (0, 1, 77, 1100, len(rows), len(rows) + 5):
        assert tickets.least_tickets(rows, number) == one_by_one[:number]


def test_the_costs_of_pairs_are_the_same() -> None:
    targets, takers = ODD * 8, [f"ZF-{n}_示例" for n in range(23)]
    may = numpy.random.default_rng(1).random((len(targets), len(takers))) < 0.8
    plain = Tickets(Digest("sha256"), SEED).cost_matrix(INNER, targets, takers, may)
    fast = SetTickets(Digest("sha256"), SEED).cost_matrix(INNER, targets, takers, may)
    assert fast.dtype == plain.dtype and (fast == plain).all()
    assert plain.max() > 2**39 and plain.min() == -1


def test_sm3_takes_the_plain_way() -> None:
    assert type(SetTickets.for_seed(Digest("sm3"), SEED)) is Tickets
    assert type(SetTickets.for_seed(Digest("sha256"), SEED)) is SetTickets
