"""Scores are read if a run of the same policy and day is still true; else they are computed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from double_random import data
from double_random.credit.policy.loader import read_policy
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord
from double_random.credit.scoring.kept_scores import (
    has_fresh_scores,
    last_run_number,
    last_score_day,
    load_scores,
)

DAY = date(2020, 6, 30)
RISK = read_policy(data.path("policies", "risk-100.toml"))


def kept(book: Casebook, run: int, day: date, points: int = 12_34) -> None:
    """Scores as a score run keeps them; the points are no real ones, to tell them from computed ones."""
    book.connection.execute("INSERT INTO runs VALUES (?, 'score', ?)", [run, day])
    key = [RISK.id, RISK.edition]
    book.connection.execute("INSERT INTO score_days VALUES (?, ?, ?, ?, NULL)", [*key, day, run])
    book.connection.execute("UPDATE score_history SET known_to = ? WHERE known_to IS NULL", [run])
    book.connection.execute(
        "INSERT INTO score_history VALUES (?, ?, '示例甲所', ?, 'D', ?, NULL)", [*key, points, run]
    )


def book() -> Casebook:
    made = Casebook()
    made.add_institution("示例甲所")
    made.add_cases(
        [
            MadeUpRecord(
                institution="示例甲所",
                record_class="penalty",
                decided=date(2020, 1, 1),
                kinds=("fine",),
            )
        ]
    )
    return made


def test_a_kind_of_institution_that_the_policy_does_not_name_is_not_graded() -> None:
    with Casebook() as book:
        book.add_institution("L:1", "arbitration")
        book.add_institution("L:2", "law_firm")
        assert load_scores(book, DAY, RISK)["institution"].to_list() == ["L:2"]


def test_what_is_kept_is_read_and_the_rest_computed() -> None:
    with book() as known:
        assert load_scores(known, DAY, RISK).rows() == [("示例甲所", 85_00, "B")]
        kept(known, 2, DAY)
        assert load_scores(known, DAY, RISK).rows() == [("示例甲所", 12_34, "D")]
        assert load_scores(known, date(2020, 6, 29), RISK)["points"].to_list() == [85_00]
        assert load_scores(known, DAY, RISK, known_at=1)["points"].to_list() == [85_00]
        assert load_scores(known, DAY, replace(RISK, edition="x"))["points"].to_list() == [85_00]


def test_kept_scores_are_no_longer_true_after_another_run() -> None:
    with book() as known:
        kept(known, 2, DAY)
        kept(known, 3, date(2020, 7, 31))
        assert has_fresh_scores(known, RISK, DAY)  # only scores were written since
        known.connection.execute("INSERT INTO runs VALUES (4, 'load', DATE '2020-08-01')")
        assert not has_fresh_scores(known, RISK, DAY)


def test_the_newest_day_and_run_are_named() -> None:
    with book() as known:
        assert (last_score_day(known, RISK), last_run_number(known)) == (None, 1)
        kept(known, 2, DAY)
        kept(known, 3, date(2020, 5, 31))
        assert (last_score_day(known, RISK), last_run_number(known)) == (date(2020, 5, 31), 3)


def test_what_became_known_later_is_left_out() -> None:
    with book() as known:
        known.add_cases(
            [
                MadeUpRecord(
                    institution="示例甲所",
                    record_class="penalty",
                    decided=date(2020, 2, 1),
                    kinds=("warning",),
                    night=2,
                )
            ]
        )
        now, then = (load_scores(known, DAY, RISK, run)["points"].item() for run in (2, 1))
    assert then == 85_00 and now == 85_00 - 8_00 - 5_00  # with a repeat


def test_a_release_without_scores_has_no_day() -> None:
    with Casebook() as known:
        known.connection.execute("DROP VIEW scores; DROP TABLE score_days")
        assert last_score_day(known, RISK) is None and not has_fresh_scores(known, RISK, DAY)
