"""Back-test on the own records: only what was decided afterwards is an outcome."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from double_random.core.errors import Misuse, Stopped
from double_random.credit.backtest.own_data import backtest_own_data
from double_random.credit.policy.loader import read_policy
from double_random.credit.policy.model import Match
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord

ROOT = Path(__file__).parents[3]
PENALTY = Match("penalty", (), ("decided",))


def test_in_house_only_what_was_decided_afterwards_is_the_outcome() -> None:
    rule = read_policy(ROOT / "data" / "policies" / "risk-100.toml")
    fine = ("fine",)
    with Casebook() as book:
        for name in ("L:1", "L:2", "L:3", "L:4"):
            book.add_institution(name)
        book.add_cases(
            [
                MadeUpRecord(
                    institution="L:1",
                    record_class="penalty",
                    decided=date(2015, 6, 1),
                    kinds=fine,
                    document="1",
                ),
                MadeUpRecord(
                    institution="L:1",
                    record_class="penalty",
                    decided=date(2016, 6, 1),
                    kinds=fine,
                    document="2",
                ),
                MadeUpRecord(
                    institution="L:2",
                    record_class="penalty",
                    decided=date(2015, 6, 1),
                    kinds=fine,
                    document="3",
                ),
                MadeUpRecord(
                    institution="L:3",
                    record_class="penalty",
                    decided=date(2016, 6, 1),
                    kinds=fine,
                    document="4",
                ),
                MadeUpRecord(
                    institution="L:3",
                    record_class="correction",
                    decided=date(2016, 7, 1),
                    kinds=("revoked",),
                    related="4",
                ),
            ]
        )
        book.connection.execute("INSERT INTO runs VALUES (2, 'load', DATE '2016-12-31')")
        found = backtest_own_data(
            book, rule, date(2015, 12, 31), 12, PENALTY, against=date(2016, 12, 31)
        )
        assert found.separation.steps == ((85_00, 1, 1), (100_00, 0, 2))
        assert found.shift is not None and found.shift.psi > 0
        with pytest.raises(Misuse, match="is not over"):
            backtest_own_data(book, rule, date(2016, 6, 1), 12, PENALTY)


def test_an_outcome_that_nobody_has_stops_the_measure() -> None:
    rule = read_policy(ROOT / "data" / "policies" / "risk-100.toml")
    with Casebook() as book:
        book.add_institutions(["L:1", "L:2"], "law_firm")
        book.connection.execute("INSERT INTO runs VALUES (2, 'load', DATE '2016-12-31')")
        with pytest.raises(Stopped, match="happened to 0 of 2"):
            backtest_own_data(book, rule, date(2015, 12, 31), 12, PENALTY)
