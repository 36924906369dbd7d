"""A score run keeps scores with their lines, once for a policy and a day."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from double_random import data
from double_random.core.errors import Misuse, Stopped
from double_random.credit.policy.catalog import load_policy
from double_random.credit.policy.loader import read_policy
from double_random.credit.schema import apply_schema
from double_random.credit.scoring.score_run import score_institutions
from double_random.store.engine.duckdb import DuckDB
from double_random.store.home import Home
from double_random.store.soundness import refuse_damaged

DAY = date(2016, 12, 31)
RISK = read_policy(data.path("policies", "risk-100.toml"))


def fined(home: Home, *documents: str) -> None:
    """A release with one institution and a fine for each document."""
    with home.releases.write("load", DAY) as release:
        apply_schema(release.connection)
        release.connection.execute(
            """INSERT INTO added.institutions (id, kind, name, folded, status, valid_from, known_from)
               SELECT '示例甲所', 'law_firm', '示例甲所', '示例甲所', 'active', DATE '2000-01-01', $run
               WHERE NOT EXISTS (FROM institutions)""",
            {"run": release.run},
        )
        for number, document in enumerate(documents, 1):
            release.connection.execute(
                """INSERT INTO added.records (record, number, class, kinds, state, document, document_key, decided,
                                        name, known_from)
                   VALUES (sha256($d), $n, 'penalty', 'fine', 'decided', $d, $d, DATE '2016-01-05',
                           '示例甲所', $run)""",
                {"d": document, "n": release.run * 100 + number, "run": release.run},
            )
            release.connection.execute(
                "INSERT INTO added.links VALUES (sha256($d), '示例甲所', 'code', $run, NULL)",
                {"d": document, "run": release.run},
            )


def test_a_run_keeps_points_and_lines_and_says_how_many_have_which_grade(home: Home) -> None:
    fined(home, "罚1号")
    done = score_institutions(home, DAY, RISK)
    assert (done.institutions, done.grades, done.new) == (1, {"A": 0, "B": 1, "C": 0, "D": 0}, True)
    assert done.release == home.releases.current() and done.json()["as_of"] == "2016-12-31"
    with home.releases.read() as release:
        assert release.frame("SELECT institution, points, grade FROM scores").rows() == [
            ("示例甲所", 85_00, "B")
        ]
        assert release.frame("SELECT part, points FROM score_lines ORDER BY points").rows() == [
            ("record", -15_00),
            ("base", 100_00),
        ]


def test_the_same_scores_again_make_no_new_release(home: Home) -> None:
    fined(home, "罚1号")
    first = score_institutions(home, DAY, RISK)
    second = score_institutions(home, DAY, RISK)
    assert not second.new and home.releases.current() == first.release


def test_new_records_replace_the_scores_of_the_day(home: Home) -> None:
    fined(home, "罚1号")
    score_institutions(home, DAY, RISK)
    fined(home, "罚2号")
    assert score_institutions(home, DAY, RISK).new
    with home.releases.read() as release:
        assert release.frame("SELECT points, run FROM scores").rows() == [(70_00, 4)]


def test_another_engine_makes_the_same_release(home: Home) -> None:
    fined(home, "罚1号", "罚2号")
    here = score_institutions(home, DAY, RISK)
    with duckdb.connect() as connection:
        there = score_institutions(home, DAY, RISK, DuckDB(connection))
    assert not there.new and there.grades == here.grades


def test_a_day_before_the_policy_is_misuse_and_makes_no_release(home: Home) -> None:
    with pytest.raises(Misuse, match="not in force"):
        score_institutions(home, date(2009, 12, 31), RISK)
    assert home.releases.current() is None


def test_an_empty_register_is_no_result(home: Home) -> None:
    with pytest.raises(Stopped, match="no active institution"):
        score_institutions(home, DAY, RISK)
    assert home.releases.current() is None


def test_scores_of_other_days_and_policies_leave_the_hash_true(loaded: Home) -> None:
    for day in (DAY, date(2016, 6, 30), DAY):
        score_institutions(loaded, day, load_policy(loaded))
    with loaded.releases.read() as release:
        days = release.frame("SELECT DISTINCT as_of FROM scores ORDER BY 1")["as_of"].to_list()
        name, kept = release.name, release.hash
    assert days == [date(2016, 6, 30), DAY]
    assert refuse_damaged(loaded.releases, name) == kept


def test_scoring_another_day_keeps_the_lines_of_the_day_before(loaded: Home) -> None:
    """D-052."""
    rule = load_policy(loaded)
    for day in (date(2016, 12, 31), date(2016, 7, 31), date(2016, 12, 31)):
        score_institutions(loaded, day, rule)
    with loaded.releases.read() as release:
        for table in ("scores", "score_lines"):
            days = release.frame(f"SELECT DISTINCT as_of FROM {table} ORDER BY as_of")
            assert days["as_of"].to_list() == [date(2016, 7, 31), date(2016, 12, 31)]
        sums = release.frame(
            """SELECT s.institution FROM scores s JOIN
                   (SELECT as_of, institution, sum(points) AS points FROM score_lines GROUP BY ALL) l
               USING (as_of, institution) WHERE s.points <> l.points"""
        )
    assert sums.is_empty()


def test_a_line_that_stays_the_same_is_written_once(loaded: Home) -> None:
    """Ten days on which nothing ages add a row for the day alone, and a day's scores are what they were."""
    rule = load_policy(loaded)
    score_institutions(loaded, date(2016, 12, 1), rule)
    with loaded.releases.read() as release:
        first = release.frame("SELECT * EXCLUDE (as_of, run) FROM score_lines ORDER BY ALL")
        begun = release.frame("SELECT count(*) FROM score_line_history").item()
    score_institutions(loaded, date(2016, 12, 2), rule)
    with loaded.releases.read() as release:
        days = "SELECT * EXCLUDE (as_of, run) FROM score_lines WHERE as_of = ? ORDER BY ALL"
        second = release.frame(days, (date(2016, 12, 2),))
        assert release.frame(days, (date(2016, 12, 1),)).equals(first)
        history = release.frame("SELECT count(*) FROM score_line_history").item()
        changed = len(set(second.rows()) ^ set(first.rows()))
        assert begun <= history <= begun + changed and history < 2 * begun
