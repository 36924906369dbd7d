"""What would improve a grade: waiting, and the fewest repairs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from double_random import data
from double_random.credit.policy.catalog import load_policy
from double_random.credit.policy.loader import read_policy
from double_random.credit.policy.model import Policy, Repair
from double_random.credit.policy.publication_terms import PublicationTerms
from double_random.credit.reports.what_if import FORMAT, WhatIf, compute_what_if
from double_random.credit.scoring.explanation import explain_score
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord
from double_random.store.home import Home
from double_random.store.releases import Release

DAY = date(2016, 12, 31)
FIRM = "31310000XXXX300238"
RISK = read_policy(data.path("policies", "risk-100.toml"))
REPAIR = Repair(date(2010, 1, 1), None, "dropped", "示例", False)
DROPPING = replace(RISK, repairs=(REPAIR,))


def test_waiting_lifts_the_grade_on_the_day_that_is_said_and_not_before(
    scored: Home, release: Release
) -> None:
    rule = load_policy(scored)
    found = compute_what_if(release, FIRM, DAY, rule)
    assert found.lifted is not None
    assert explain_score(release, FIRM, found.lifted, rule).grade == "A"
    assert explain_score(release, FIRM, found.lifted - timedelta(days=1), rule).grade == "B"
    for one in found.waiting:
        assert explain_score(release, FIRM, one.day, rule).points == one.points
        assert explain_score(release, FIRM, one.day - timedelta(days=1), rule).points != one.points
    assert not found.repairs  # this policy does not drop what was repaired


def test_repairs_that_lift_the_grade_are_found(
    scored: Home, release: Release, tmp_path: Path
) -> None:
    text = scored.fact_file("policies", "risk-100.toml").read_text(encoding="utf-8")
    text += '\n[[repair]]\nfrom = 2010-01-01\neffect = "dropped"\nreference = "示例"\n'
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    rule = read_policy(tmp_path / "own.toml")
    found = compute_what_if(release, FIRM, DAY, rule)
    assert [one.documents for one in found.repairs] == [("沪司罚决字〔2016〕第14号",)]
    assert found.fewest is not None and (found.fewest.grade, found.fewest.points) == ("A", 95_00)
    assert explain_score(release, FIRM, DAY, rule).points == 80_00  # trying changes nothing


def tried(
    policy: Policy,
    *penalties: tuple[str, date],
    day: date = DAY,
    terms: PublicationTerms | None = None,
) -> WhatIf:
    """What if, for an institution with these penalties."""
    with Casebook() as book:
        book.add_institution("示例甲所")
        book.add_cases(
            [
                MadeUpRecord(
                    institution="示例甲所",
                    record_class="penalty",
                    decided=decided,
                    kinds=(kind,),
                    document=f"罚{number}号",
                )
                for number, (kind, decided) in enumerate(penalties, 1)
            ]
        )
        return compute_what_if(book, "示例甲所", day, policy, terms)


def test_without_records_there_is_nothing_to_wait_for_or_to_repair() -> None:
    found = tried(DROPPING)
    assert (found.waiting, found.lifted, found.repairs, found.fewest) == ((), None, (), None)
    assert found.json()["format"] == FORMAT and found.json()["lifted"] is None


def test_waiting_names_each_day_on_which_the_score_changes() -> None:
    found = tried(RISK, ("fine", date(2016, 6, 15)))
    changes = [(point.day, point.points, point.grade) for point in found.waiting]
    assert changes == [(date(2017, 6, 16), 92_00, "B"), (date(2018, 6, 16), 100_00, "A")]
    assert found.lifted == date(2018, 6, 16)


def test_several_repairs_are_needed_where_one_is_not_enough() -> None:
    found = tried(DROPPING, ("fine", date(2015, 11, 15)), ("warning", date(2016, 12, 1)))
    assert (found.now.points, found.now.grade) == (84_00, "B")
    assert [(one.points, one.grade) for one in found.repairs] == [(92_00, "B"), (92_00, "B")]
    assert found.fewest is not None and found.fewest.grade == "A"
    assert sorted(found.fewest.documents) == ["罚1号", "罚2号"]


def test_a_repair_says_from_which_day_on_the_law_allows_it(home: Home) -> None:
    day, terms = date(2026, 6, 20), PublicationTerms.from_home(home)
    found = tried(
        DROPPING, ("fine", date(2026, 6, 14)), ("fine", date(2026, 1, 5)), day=day, terms=terms
    )
    since = {one.documents[0]: one.since for one in found.repairs}
    assert since == {"罚1号": date(2026, 9, 15), "罚2号": None}
    assert found.fewest is not None and found.fewest.since == date(2026, 9, 15)
