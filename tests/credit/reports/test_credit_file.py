"""The credit file names what stands beside an institution's own records: a branch's, and what was replaced by what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from double_random.commands.credit_options import add_record_words
from double_random.commands.render.explanation_view import describe_line
from double_random.credit.policy.loader import read_policy
from double_random.credit.reports.credit_file import build_credit_file
from double_random.credit.scoring.explanation import explain_score
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord

DAY = date(2020, 6, 30)
FINED = date(2020, 1, 1)
HEAD, BRANCH = "示例总所", "示例分所"
RULE = read_policy(Path(__file__).parents[3] / "data" / "policies" / "risk-100.toml")


def test_a_branch_s_record_that_counts_is_in_its_head_s_file_under_the_branch_s_name() -> None:
    with Casebook() as book:
        book.add_institution(HEAD)
        book.add_institution(BRANCH, "law_firm_branch")
        book.connection.execute(
            "UPDATE institutions SET head_office = ? WHERE id = ?", [HEAD, BRANCH]
        )
        book.add_cases(
            [
                MadeUpRecord(
                    institution=HEAD, record_class="penalty", decided=FINED, kinds=("warning",)
                ),
                MadeUpRecord(
                    institution=BRANCH, record_class="penalty", decided=FINED, kinds=("fine",)
                ),
            ]
        )
        shared = replace(RULE, branch_records="shared")
        found = build_credit_file(book, HEAD, DAY, shared)  # type: ignore[arg-type]
        branch_s_own = build_credit_file(book, BRANCH, DAY, shared)  # type: ignore[arg-type]
        alone = build_credit_file(book, HEAD, DAY, RULE)  # type: ignore[arg-type]
        lines = explain_score(book, HEAD, DAY, shared).lines
    whose = dict(found.records.select("kinds", "branch").iter_rows())
    assert whose == {"warning": None, "fine": BRANCH}
    assert dict(found.records.select("kinds", "points").iter_rows()) == {
        "warning": -8_00,
        "fine": -15_00,
    }
    assert found.explanation.points == 100_00 - 8_00 - 15_00
    assert [describe_line(line) for line in lines if line.branch] == [
        f"罚款、没收 · branch {BRANCH} · 2020-01-01"
    ]
    assert f"penalty · fine · branch {BRANCH}" in add_record_words(found.records)["what"].to_list()
    assert branch_s_own.records["branch"].to_list() == [None]
    assert alone.records["kinds"].to_list() == ["warning"]


def test_a_corrected_decision_names_what_replaced_it() -> None:
    number = "示例罚〔2020〕1号"
    with Casebook() as book:
        book.add_institution(HEAD)
        old = MadeUpRecord(
            institution=HEAD,
            record_class="penalty",
            decided=FINED,
            kinds=("suspension",),
            document=number,
            night=1,
        )
        new = MadeUpRecord(
            institution=HEAD,
            record_class="penalty",
            decided=FINED,
            kinds=("warning",),
            document="示例罚(2020)1号",
            night=2,
        )
        book.add_cases([old, new])
        book.connection.execute("UPDATE runs SET as_of = DATE '2020-03-01' WHERE run = 2")
        rows = build_credit_file(book, HEAD, DAY, RULE).records  # type: ignore[arg-type]
        then = build_credit_file(book, HEAD, DAY, RULE, known_at=1).records  # type: ignore[arg-type]
    found = {row["record"]: row for row in rows.to_dicts()}
    assert (found[old.id]["standing"], found[old.id]["replaced_by"]) == ("replaced", new.id)
    assert (found[new.id]["standing"], found[new.id]["replaced_by"]) == ("counts", None)
    said = dict(add_record_words(rows).select("record", "standing").iter_rows())
    assert said[old.id] == f"replaced by {new.id[:12]} on 2020-03-01"
    assert then["standing"].to_list() == ["counts"]


def test_of_a_complaint_s_decisions_the_newest_one_stands() -> None:
    with Casebook() as book:
        book.add_institution(HEAD)
        first = MadeUpRecord(
            institution=HEAD,
            record_class="complaint",
            decided=FINED,
            state="upheld",
            document="TS1",
            night=1,
        )
        later = MadeUpRecord(
            institution=HEAD,
            record_class="complaint",
            decided=date(2020, 2, 1),
            state="unfounded",
            document="TS1",
            night=1,
        )
        book.add_cases([first, later])
        rows = build_credit_file(book, HEAD, DAY, RULE).records  # type: ignore[arg-type]
    standings = dict(rows.select("state", "standing").iter_rows())
    assert standings == {"upheld": "replaced", "unfounded": "does not count"}
    assert rows["points"].sum() == 0
