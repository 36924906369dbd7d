"""Measures follow from grades and from records; a list that cannot be is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from double_random import data
from double_random.core.errors import BadFile, Misuse
from double_random.credit.policy.catalog import load_policies, load_policy
from double_random.credit.policy.loader import read_policy
from double_random.credit.reports import measures
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord
from double_random.credit.scoring.kept_scores import load_scores
from double_random.store.home import Home
from double_random.store.releases import Release

DAY = date(2016, 12, 31)
RISK = read_policy(data.path("policies", "risk-100.toml"))


def test_measures_follow_from_grades_and_records(scored: Home, release: Release) -> None:
    known = {one.id: one for one in load_policies(scored)}
    rows = measures.list_applied_measures(scored, release, DAY, known)
    graded = load_scores(release, DAY, load_policy(scored))
    best = set(graded.filter(graded["grade"] == "A")["institution"])
    found = rows.filter(rows["measure"] == "fewer-checks")
    assert set(found["institution"]) == best
    awards = rows.filter(rows["measure"] == "no-awards")
    assert awards.height and all(day > date(2014, 12, 31) for day in awards["since"])
    assert all(until >= DAY for until in awards["until"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('grades = ["D"]', 'grades = ["D"]\nclass = "penalty"'), "either from grades"),
        (('id = "more-checks"', 'id = "fewer-checks"'), "stands already"),
        (("months = 24", "months = 0"), "months count from 1"),
        (('kinds = ["fine"]', 'kinds = ["sheep"]'), "sheep is not known"),
    ],
)
def test_a_measure_that_cannot_be_is_refused_with_its_line(
    home: Home, tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    text = home.fact_file("measures.toml").read_text(encoding="utf-8")
    assert change[0] in text
    (tmp_path / "measures.toml").write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(BadFile, match=said) as caught:
        measures.read_measure_file(tmp_path / "measures.toml")
    assert "line " in caught.value.message


OWN = """
[[measure]]
id = "best"
title = "示例激励"
department = "示例部门"
policy = "risk-100"
grades = ["A"]
from = 2010-01-01
basis = "示例依据"

[[measure]]
id = "fined"
title = "示例惩戒"
department = "示例部门"
class = "penalty"
kinds = ["fine"]
months = 12
from = 2010-01-01
until = 2017-01-01
basis = "示例依据"
"""


def applied(home: Home, day: date, *cases: MadeUpRecord) -> list[tuple[object, ...]]:
    """The measures of two institutions: measure, institution, because, since, until."""
    (home.path / "facts" / "measures.toml").write_text(OWN, encoding="utf-8")
    with Casebook() as book:
        book.add_institutions(["示例甲所", "示例乙所"], "law_firm")
        book.add_cases(cases)
        table = measures.list_applied_measures(home, book, day, {"risk-100": RISK})  # type: ignore[arg-type]
    return table.select("measure", "institution", "because", "since", "until").rows()


FINE = MadeUpRecord(
    institution="示例甲所",
    record_class="penalty",
    decided=date(2016, 1, 31),
    kinds=("fine",),
    document="罚1号",
)


def test_a_measure_names_whom_it_meets_and_why(home: Home) -> None:
    good = f"{RISK.title} A"
    assert applied(home, DAY, FINE) == [
        ("best", "示例乙所", good, None, None),
        ("fined", "示例甲所", "penalty fine", date(2016, 1, 31), date(2017, 1, 31)),
    ]


def test_a_measure_ends_with_its_months_and_with_its_own_last_day(home: Home) -> None:
    before = [row[0] for row in applied(home, date(2015, 6, 30), FINE)]
    assert before == ["best", "best"]  # nothing was decided yet
    assert "fined" not in [row[0] for row in applied(home, date(2017, 1, 1), FINE)]


def test_a_repaired_record_leads_to_nothing(home: Home) -> None:
    repair = MadeUpRecord(
        institution="示例甲所", record_class="repair", decided=date(2016, 6, 1), related="罚1号"
    )
    assert "fined" not in [row[0] for row in applied(home, DAY, FINE, repair)]


def test_a_policy_that_is_not_here_is_named(home: Home) -> None:
    with Casebook() as book, pytest.raises(Misuse, match="names the policy risk-100") as caught:
        measures.list_applied_measures(home, book, DAY, {"示例": RISK})  # type: ignore[arg-type]
    assert "示例" in caught.value.hint
