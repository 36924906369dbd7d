"""Answers that leave nothing out: every change of score, why a day has no grade."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from double_random import data
from double_random.credit.policy.loader import read_policy
from double_random.credit.policy.model import Policy
from double_random.credit.reports.comparison import Comparison, compare
from double_random.credit.scoring.in_memory import Case, Casebook
from double_random.credit.scoring.trend import NOT_IN_FORCE, UNKNOWN, point, trend

DAY = date(2016, 12, 31)
FIRM = "示例律师事务所"
RISK = read_policy(data.path("policies", "risk-100.toml"))
THOUSAND = read_policy(data.path("policies", "evaluation-1000.toml"))


def book() -> Casebook:
    made = Casebook()
    made.found_all([FIRM, "示例乙律师事务所"], "law_firm")
    made.add(
        [
            Case(
                institution=FIRM,
                record_class="penalty",
                decided=date(2016, 3, 1),
                kinds=("warning",),
                document="罚1号",
            )
        ]
    )
    return made


def dearer(tmp_path: Path) -> Policy:
    """The same policy, in which a warning costs one point less at first."""
    text = data.path("policies", "risk-100.toml").read_text(encoding="utf-8")
    first = "{ months = 12, points = -8_00 }"
    assert first in text
    file = tmp_path / "risk-101.toml"
    file.write_text(text.replace(first, first.replace("8", "7")), encoding="utf-8")
    return read_policy(file)


def compared(a: Policy, b: Policy, day: date = DAY) -> Comparison:
    with book() as known:
        return compare(known, a, b, day)  # type: ignore[arg-type]


def test_a_change_of_score_that_crosses_no_bound_is_listed(tmp_path: Path) -> None:
    """D-050."""
    found = compared(RISK, dearer(tmp_path))
    assert found.movers.select("institution", "points_a", "points_b", "change").rows() == [
        (FIRM, 92_00, 93_00, 0)
    ]
    assert found.graded_otherwise == 0 and found.reasons.height == 1


def test_what_everybody_starts_with_is_no_reason_between_scales_of_different_length() -> None:
    """D-050."""
    found = compared(RISK, THOUSAND, date(2026, 10, 31))
    assert (found.top_a, found.top_b) == (100_00, 1000_00)
    assert "base" not in found.reasons["part"].to_list()


def test_a_day_without_a_grade_has_a_reason() -> None:
    """D-055."""
    with book() as known:
        known.connection.execute(
            "UPDATE institutions SET status = 'suspended' WHERE id = ?", [FIRM]
        )
        days = trend(known, FIRM, RISK, date(2016, 10, 1), DAY, 1)
        assert {one.reason for one in days} == {"suspended"}
        assert point(known, FIRM, RISK, date(2009, 1, 1), 9).reason == NOT_IN_FORCE
        assert point(known, "示例无", RISK, DAY, 9).reason == UNKNOWN
