"""The credit report: document, clause, points, end and remedies of each record."""

from __future__ import annotations

from datetime import date

from double_random import data
from double_random.credit.policy.catalog import load_policy
from double_random.credit.policy.loader import read_policy
from double_random.credit.reports.credit_report import FORMAT, CreditReport, build_credit_report
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord
from double_random.store.home import Home
from double_random.store.releases import Release

DAY = date(2016, 12, 31)
FIRM = "31310000XXXX300238"
RISK = read_policy(data.path("policies", "risk-100.toml"))


def test_a_report_has_document_clause_points_end_and_ways_for_each_record(
    scored: Home, release: Release
) -> None:
    found = build_credit_report(scored, release, FIRM, DAY, load_policy(scored))
    rows = {row["document"]: row for row in found.rows.to_dicts()}
    fine = rows["沪司罚决字〔2016〕第14号"]
    assert fine["points"] == -15_00 and "律师法" in fine["clause"]
    assert fine["counts_until"] == date(2018, 7, 26)
    assert fine["can_object"]
    assert sum(row["points"] for row in rows.values()) + 100_00 == found.file.explanation.points
    assert set(found.terms) == {"statement", "acceptance", "check", "repair"}
    assert found.json()["format"] == "double-random/credit-report/1"


def reported(home: Home, *cases: MadeUpRecord, day: date = DAY) -> CreditReport:
    """The report of an institution with these records."""
    with Casebook() as book:
        book.add_institution("示例甲所")
        book.add_cases(cases)
        book.name = "000001-示例"  # type: ignore[attr-defined]
        return build_credit_report(home, book, "示例甲所", day, RISK)  # type: ignore[arg-type]


def penalty(document: str, kind: str, decided: date) -> MadeUpRecord:
    return MadeUpRecord(
        institution="示例甲所",
        record_class="penalty",
        decided=decided,
        kinds=(kind,),
        document=document,
    )


def test_an_institution_without_records_has_an_empty_report(home: Home) -> None:
    found = reported(home)
    assert found.rows.is_empty() and found.lifted is None
    assert found.file.explanation.points == 100_00
    assert found.json()["format"] == FORMAT and found.json()["records"] == []
    assert found.release == "000001-示例"


def test_a_report_on_unconfirmed_rules_is_a_draft(home: Home) -> None:
    found = reported(home)
    assert found.draft and found.json()["draft"]  # the shipped policy is an example


def test_a_record_shows_when_it_ends_and_from_when_it_can_be_repaired(home: Home) -> None:
    day = date(2026, 6, 20)
    rows = {
        row["document"]: row
        for row in reported(
            home,
            penalty("罚1号", "fine", date(2026, 6, 14)),
            penalty("罚2号", "warning", date(2026, 6, 14)),
            day=day,
        ).rows.to_dicts()
    }
    fine, warning = rows["罚1号"], rows["罚2号"]
    assert fine["counts_until"] == date(2028, 6, 14)  # steps of 12 and 24 months
    assert fine["shown_until"] == date(2027, 6, 14)
    assert fine["repair_from"] == date(2026, 9, 15)
    assert (warning["shown_until"], warning["repair_from"]) == (None, None)  # a minor one
    assert fine["can_object"] and fine["can_repair"] and not warning["can_repair"]


def test_a_repaired_record_is_shown_no_more_and_cannot_be_repaired_again(home: Home) -> None:
    repair = MadeUpRecord(
        institution="示例甲所", record_class="repair", decided=date(2016, 6, 1), related="罚1号"
    )
    (row,) = reported(home, penalty("罚1号", "fine", date(2016, 1, 4)), repair).rows.to_dicts()
    assert (row["standing"], row["ruled"]) == ("repaired", date(2016, 6, 1))
    assert row["shown_until"] is None
    assert not row["can_object"] and not row["can_repair"]
