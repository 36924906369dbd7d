"""Two policies over everybody: each mover is counted once, with the lines that move it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars
import pytest

from double_random import data
from double_random.core.errors import Misuse
from double_random.credit.policy.catalog import load_policy
from double_random.credit.policy.loader import read_policy
from double_random.credit.policy.model import Policy
from double_random.credit.reports.comparison import FORMAT, Comparison, compare_policies, count_tied
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord
from double_random.store.home import Home
from double_random.store.releases import Release

DAY = date(2016, 12, 31)
FIRM = "示例律师事务所"
RISK = read_policy(data.path("policies", "risk-100.toml"))
THOUSAND = read_policy(data.path("policies", "evaluation-1000.toml"))


def book() -> Casebook:
    made = Casebook()
    made.add_institutions([FIRM, "示例乙律师事务所"], "law_firm")
    made.add_cases(
        [
            MadeUpRecord(
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
        return compare_policies(known, a, b, day)  # type: ignore[arg-type]


def test_a_comparison_counts_everybody_once_and_says_why(
    scored: Home, release: Release, tmp_path: Path
) -> None:
    rule = load_policy(scored)
    text = scored.fact_file("policies", "risk-100.toml").read_text(encoding="utf-8")
    text = text.replace("{ months = 12, points = -15_00 }", "{ months = 12, points = -25_00 }")
    (tmp_path / "harder.toml").write_text(text, encoding="utf-8")
    found = compare_policies(release, rule, read_policy(tmp_path / "harder.toml"), DAY)
    cells = found.matrix.drop("grade_a")
    assert sum(sum(row) for row in cells.iter_rows()) == found.graded == 58
    assert found.movers.height and set(found.rules["rule"]) == {"fine"}
    for row in found.movers.iter_rows(named=True):
        mine = found.reasons.filter(found.reasons["institution"] == row["institution"])
        gained = (mine["points_b"] - mine["points_a"]).sum()
        assert gained == row["points_b"] - row["points_a"] and row["change"] < 0
    assert compare_policies(release, rule, rule, DAY).movers.height == 0


def test_a_change_of_score_that_crosses_no_bound_is_listed(tmp_path: Path) -> None:
    """D-050."""
    found = compared(RISK, dearer(tmp_path))
    assert found.movers.select("institution", "points_a", "points_b", "change").rows() == [
        (FIRM, 92_00, 93_00, 0)
    ]
    assert found.regraded_count == 0 and found.reasons.height == 1


def test_what_everybody_starts_with_is_no_reason_between_scales_of_different_length() -> None:
    """D-050."""
    found = compared(RISK, THOUSAND, date(2026, 10, 31))
    assert (found.top_a, found.top_b) == (100_00, 1000_00)
    assert "base" not in found.reasons["part"].to_list()


def test_a_policy_compared_with_itself_moves_nobody() -> None:
    found = compared(RISK, RISK)
    assert (found.graded, found.movers.height, found.rules.height) == (2, 0, 0)
    assert found.matrix["A"].sum() + found.matrix["B"].sum() == 2
    assert (found.tied_a, found.tied_b) == (0, 0)
    assert found.json()["format"] == FORMAT


def test_tied_are_those_who_share_their_points() -> None:
    assert count_tied(polars.Series("points", [95_00, 95_00, 80_00, 95_00, 70_00])) == 3
    assert count_tied(polars.Series("points", [95_00, 80_00])) == 0


def test_a_comparison_of_nobody_is_misuse() -> None:
    with Casebook() as empty, pytest.raises(Misuse, match="nobody is graded by both"):
        compare_policies(empty, RISK, THOUSAND, date(2026, 10, 31))  # type: ignore[arg-type]
