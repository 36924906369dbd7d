"""A branch's records count for its head office if the policy shares them and one name is meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from double_random import data
from double_random.credit.policy.loader import read_policy
from double_random.credit.records import ledger
from double_random.credit.scoring.branches import (
    find_branch_names,
    find_branches,
    pair_branches_on,
)
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord
from double_random.credit.scoring.kept_scores import load_scores
from double_random.credit.scoring.policy_tables import ScoringQuery
from double_random.store.engine.duckdb import DuckDB

DAY = date(2020, 6, 30)
RISK = read_policy(data.path("policies", "risk-100.toml"))
SHARED = replace(RISK, branch_records="shared")
QUESTION = ScoringQuery(DAY, 9)


def book(*heads: tuple[str, str]) -> Casebook:
    """Two head offices, and branches that name one: (branch, the head office's name as given)."""
    made = Casebook()
    made.add_institutions(["示例总所", "示例另所"], "law_firm")
    for branch, head in heads:
        made.add_institution(branch, "law_firm_branch")
        made.connection.execute(
            "UPDATE institutions SET head_office = ? WHERE id = ?", [head, branch]
        )
    return made


def test_a_branch_counts_for_its_head_office_where_the_policy_says_so() -> None:
    with Casebook() as book:
        book.add_institution("示例总所")
        book.add_institution("示例分所", "law_firm_branch")
        book.connection.execute(
            "UPDATE institutions SET head_office = '示例 总所' WHERE id = '示例分所'"
        )
        book.add_cases(
            [
                MadeUpRecord(
                    institution="示例分所",
                    record_class="penalty",
                    decided=date(2020, 1, 1),
                    kinds=("fine",),
                )
            ]
        )
        found = [
            load_scores(book, DAY, replace(RISK, branch_records=word))["points"].to_list()
            for word in ("own", "shared")
        ]
    assert found == [[85_00, 100_00], [85_00, 85_00]]


def test_names_are_those_of_the_branches_of_one_head_office() -> None:
    with book(
        ("示例一分所", "示例总所"), ("示例二分所", "示例 总所"), ("示例三分所", "示例另所")
    ) as known:
        found = find_branch_names(known, SHARED, QUESTION, "示例总所")
        assert found == {"示例一分所": "示例一分所", "示例二分所": "示例二分所"}
        assert find_branch_names(known, RISK, QUESTION, "示例总所") == {}


def test_a_head_office_that_two_institutions_may_be_is_none() -> None:
    with book(("示例一分所", "示例总所"), ("示例二分所", "示例二分所")) as known:
        known.add_institution("示例同名")
        known.connection.execute(
            """UPDATE institutions SET folded = (SELECT folded FROM institutions WHERE id = '示例总所')
               WHERE id = '示例同名'"""
        )
        assert find_branch_names(known, SHARED, QUESTION, "示例总所") == {}
        assert (
            find_branch_names(known, SHARED, QUESTION, "示例二分所") == {}
        )  # nobody is their own branch


def test_a_branch_that_is_not_in_the_register_on_the_day_does_not_count() -> None:
    with book(("示例一分所", "示例总所")) as known:
        known.connection.execute(
            "UPDATE institutions SET valid_to = DATE '2020-06-30' WHERE id = '示例一分所'"
        )
        assert find_branch_names(known, SHARED, QUESTION, "示例总所") == {}
        assert (
            find_branch_names(known, SHARED, ScoringQuery(date(2020, 6, 29), 9), "示例总所") != {}
        )


def test_branches_are_pairs_of_ledger_numbers() -> None:
    with book(("示例一分所", "示例总所")) as known:
        ledger.ensure_ledger(known.connection)
        number = dict(known.frame("SELECT institution, who FROM ledger_holders").iter_rows())
        engine = DuckDB(known.connection)
        assert find_branches(engine, SHARED, QUESTION).rows() == [
            (number["示例总所"], number["示例一分所"])
        ]
        assert find_branches(engine, RISK, QUESTION).is_empty()


def test_pairs_of_a_day_have_the_ids_of_both() -> None:
    with book(("示例一分所", "示例总所")) as known:
        pairs = pair_branches_on(known, SHARED, QUESTION)
        assert pairs.rows() == [("示例总所", "示例一分所")]
        assert pair_branches_on(known, RISK, QUESTION).is_empty()
