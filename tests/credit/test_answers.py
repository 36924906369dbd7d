"""What is asked of scores beside the score: report, trend, what-if, measures, compare, notices."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from double_random.core.errors import BadFile, Misuse
from double_random.credit.policy.catalog import policies, policy
from double_random.credit.policy.loader import read_policy
from double_random.credit.reports import measures, notices
from double_random.credit.reports.comparison import compare
from double_random.credit.reports.credit_report import report
from double_random.credit.reports.what_if import what_if
from double_random.credit.scoring.explanation import explain
from double_random.credit.scoring.kept_scores import scores
from double_random.credit.scoring.score_run import score
from double_random.credit.scoring.trend import trend
from double_random.store.home import Home
from double_random.store.releases import Release

DAY = date(2016, 12, 31)
FIRM = "31310000XXXX300238"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, district: Path) -> Home:
    path = tmp_path_factory.mktemp("answers") / "home"
    shutil.copytree(district, path, symlinks=True)
    home = Home.open(path)
    score(home, DAY, policy(home))
    return home


@pytest.fixture
def release(loaded: Home) -> Iterator[Release]:
    with loaded.releases.read() as opened:
        yield opened


def test_a_report_has_document_clause_points_end_and_ways_for_each_record(
    loaded: Home, release: Release
) -> None:
    found = report(loaded, release, FIRM, DAY, policy(loaded))
    rows = {row["document"]: row for row in found.rows.to_dicts()}
    fine = rows["沪司罚决字〔2016〕第14号"]
    assert fine["points"] == -15_00 and "律师法" in fine["clause"]
    assert fine["counts_until"] == date(2018, 7, 26)
    assert fine["can_object"]
    assert sum(row["points"] for row in rows.values()) + 100_00 == found.file.explanation.points
    assert set(found.terms) == {"statement", "acceptance", "check", "repair"}
    assert found.json()["format"] == "double-random/credit-report/1"


def test_a_trend_is_the_score_of_each_day(loaded: Home, release: Release) -> None:
    rule = policy(loaded)
    points = trend(release, FIRM, rule, date(2014, 1, 31), DAY, 5)
    assert points[0].day == date(2014, 1, 31) and points[-1].day == DAY
    assert points[1].day == date(2014, 6, 30)
    for one in points:
        found = explain(release, FIRM, one.day, rule)
        assert (found.points, found.grade) == (one.points, one.grade)
    with pytest.raises(Misuse):
        trend(release, FIRM, rule, DAY, date(2014, 1, 1), 1)


def test_waiting_lifts_the_grade_on_the_day_that_is_said_and_not_before(
    loaded: Home, release: Release
) -> None:
    rule = policy(loaded)
    found = what_if(release, FIRM, DAY, rule)
    assert found.lifted is not None
    assert explain(release, FIRM, found.lifted, rule).grade == "A"
    assert explain(release, FIRM, found.lifted - timedelta(days=1), rule).grade == "B"
    for one in found.waiting:
        assert explain(release, FIRM, one.day, rule).points == one.points
        assert explain(release, FIRM, one.day - timedelta(days=1), rule).points != one.points
    assert not found.repairs  # this policy does not drop what was repaired


def test_repairs_that_lift_the_grade_are_found(
    loaded: Home, release: Release, tmp_path: Path
) -> None:
    text = loaded.fact("policies", "risk-100.toml").read_text(encoding="utf-8")
    text += '\n[[repair]]\nfrom = 2010-01-01\neffect = "dropped"\nreference = "示例"\n'
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    rule = read_policy(tmp_path / "own.toml")
    found = what_if(release, FIRM, DAY, rule)
    assert [one.documents for one in found.repairs] == [("沪司罚决字〔2016〕第14号",)]
    assert found.fewest is not None and (found.fewest.grade, found.fewest.points) == ("A", 95_00)
    assert explain(release, FIRM, DAY, rule).points == 80_00  # trying changes nothing


def test_measures_follow_from_grades_and_records(loaded: Home, release: Release) -> None:
    known = {one.id: one for one in policies(loaded)}
    rows = measures.applied(loaded, release, DAY, known)
    graded = scores(release, DAY, policy(loaded))
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
    loaded: Home, tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    text = loaded.fact("measures.toml").read_text(encoding="utf-8")
    assert change[0] in text
    (tmp_path / "measures.toml").write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(BadFile, match=said) as caught:
        measures.read(tmp_path / "measures.toml")
    assert "line " in caught.value.message


def test_a_comparison_counts_everybody_once_and_says_why(
    loaded: Home, release: Release, tmp_path: Path
) -> None:
    rule = policy(loaded)
    text = loaded.fact("policies", "risk-100.toml").read_text(encoding="utf-8")
    text = text.replace("{ months = 12, points = -15_00 }", "{ months = 12, points = -25_00 }")
    (tmp_path / "harder.toml").write_text(text, encoding="utf-8")
    found = compare(release, rule, read_policy(tmp_path / "harder.toml"), DAY)
    cells = found.matrix.drop("grade_a")
    assert sum(sum(row) for row in cells.iter_rows()) == found.graded == 58
    assert found.movers.height and set(found.rules["rule"]) == {"fine"}
    for row in found.movers.iter_rows(named=True):
        mine = found.reasons.filter(found.reasons["institution"] == row["institution"])
        gained = (mine["points_b"] - mine["points_a"]).sum()
        assert gained == row["points_b"] - row["points_a"] and row["change"] < 0
    assert compare(release, rule, rule, DAY).movers.height == 0


def test_only_who_newly_has_a_bad_grade_is_told(loaded: Home, release: Release) -> None:
    rule = policy(loaded)
    everybody = notices.to_be_told(release, DAY, rule, ["B", "C", "D"], None)
    newly = notices.to_be_told(release, DAY, rule, ["B", "C", "D"], date(2016, 6, 30))
    assert FIRM in newly["institution"].to_list()
    assert 0 < newly.height < everybody.height
    for letter in notices.letters(release, newly, DAY, rule):
        assert letter.grade in ("B", "C", "D")
    with pytest.raises(Misuse, match="no grade"):
        notices.to_be_told(release, DAY, rule, ["E"], None)
