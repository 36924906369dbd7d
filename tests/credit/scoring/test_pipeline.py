"""The pipeline: steps in slices of the institutions, and no record without a rule."""

from __future__ import annotations

import re
from datetime import date

import pytest

from double_random import data
from double_random.core.errors import Misuse, Stopped
from double_random.credit.policy.loader import read_policy
from double_random.credit.scoring import pipeline
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord
from double_random.credit.scoring.kept_scores import load_scores
from double_random.credit.scoring.pipeline import (
    RULE,
    grades_sql,
    numbered_lines_sql,
    pipeline_steps,
    query_slices,
    read_scoring_sql,
    scored_slices,
)
from double_random.credit.scoring.policy_tables import ScoringQuery

DAY = date(2020, 6, 30)
FIRM = "L:示例"
RISK = read_policy(data.path("policies", "risk-100.toml"))
QUESTION = ScoringQuery(DAY, 9)


def book() -> Casebook:
    """Five institutions, each with a fine."""
    made = Casebook()
    firms = [f"L:{number}" for number in range(5)]
    made.add_institutions(firms, "law_firm")
    made.add_cases(
        [
            MadeUpRecord(
                institution=firm, record_class="penalty", decided=date(2020, 1, 1), kinds=("fine",)
            )
            for firm in firms
        ]
    )
    return made


def test_a_kind_that_no_list_knows_stops_the_scoring_instead_of_counting_nothing() -> None:
    with Casebook() as book:
        book.add_institution(FIRM)
        book.add_cases(
            [
                MadeUpRecord(
                    institution=FIRM, record_class="penalty", decided=DAY, kinds=("示例新种类",)
                )
            ]
        )
        with pytest.raises(Stopped, match="penalty:示例新种类"):
            load_scores(book, DAY, RISK)


def test_slices_together_are_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    with book() as known:
        (whole,) = query_slices(known, RISK, QUESTION, grades_sql())
        monkeypatch.setattr(pipeline, "SLICE", 2)
        with scored_slices(known, RISK, QUESTION) as slices:
            bounds = list(slices)
        (parts,) = query_slices(known, RISK, QUESTION, grades_sql())
    assert bounds == [(1, 1), (2, 3), (4, 5)]
    assert whole.sort("institution").equals(parts.sort("institution"))
    assert set(whole["points"]) == {85_00}


def test_a_question_about_some_is_one_slice_and_answers_only_them() -> None:
    with book() as known:
        (found,) = query_slices(known, RISK, ScoringQuery(DAY, 9, ("L:1", "L:3")), grades_sql())
        (nobody,) = query_slices(known, RISK, ScoringQuery(DAY, 9, ("示例",)), grades_sql())
    assert sorted(found["institution"]) == ["L:1", "L:3"]
    assert nobody.is_empty()


def test_lines_are_numbered_from_the_base_on() -> None:
    with book() as known:
        (lines,) = query_slices(known, RISK, ScoringQuery(DAY, 9, ("L:1",)), numbered_lines_sql())
    rows = lines.sort("line").select("line", "part", "rule", "points").rows()
    assert rows == [(0, "base", "base", 100_00), (1, "record", "fine", -15_00)]


def test_nothing_is_left_behind_in_the_release() -> None:
    with book() as known:
        query_slices(known, RISK, QUESTION, grades_sql())
        left = known.frame(
            "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'policy_%'"
        )
        assert left.is_empty()
        left = known.frame(
            "SELECT view_name FROM duckdb_views() WHERE NOT internal AND NOT temporary"
        )
        assert set(left["view_name"]) == {"scores", "score_lines"}


def test_a_day_without_the_policy_is_misuse() -> None:
    with book() as known, pytest.raises(Misuse, match="not in force on 2009-12-31"):
        query_slices(known, RISK, ScoringQuery(date(2009, 12, 31), 9), grades_sql())


def test_every_step_is_a_file_with_its_values_filled_in() -> None:
    made = dict(pipeline_steps(RISK, QUESTION, 1, 5))
    assert list(made) == list(RULE)
    for name, (file, reads_known) in RULE.items():
        text = read_scoring_sql(file)
        assert text.startswith("-- "), file
        assert "$" not in made[name], file
        assert reads_known == bool(re.search(r"\b(FROM|JOIN) known\b", text)), file


@pytest.mark.parametrize(
    ("later", "points"), [(date(2020, 1, 1), -5_00), (date(2020, 1, 2), None)], ids=str
)
def test_a_repeat_counts_up_to_the_last_day_of_its_months(later: date, points: int | None) -> None:
    """Twelve months from 2019-01-01 end with 2020-01-01."""
    with Casebook() as known:
        known.add_institution(FIRM)
        known.add_cases(
            [
                MadeUpRecord(institution=FIRM, record_class="penalty", decided=day, kinds=("fine",))
                for day in (date(2019, 1, 1), later)
            ]
        )
        (lines,) = query_slices(known, RISK, ScoringQuery(DAY, 9), numbered_lines_sql())
    repeats = lines.filter(lines["part"] == "repeat")["points"].to_list()
    assert repeats == ([] if points is None else [points])
