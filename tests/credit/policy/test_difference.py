"""What two policies say otherwise, and a policy's own change log."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from double_random.credit.policy.difference import diff_policies, list_policy_changes
from double_random.credit.policy.loader import read_policy
from double_random.credit.policy.model import Policy
from double_random.credit.reports.publication_end import find_publication_end

POLICIES = Path(__file__).parents[3] / "data" / "policies"


def read(name: str) -> Policy:
    return read_policy(POLICIES / f"{name}.toml")


@pytest.mark.parametrize("name", ["risk-100", "evaluation-1000", "stars"])
def test_a_policy_does_not_differ_from_itself(name: str) -> None:
    assert not diff_policies(read(name), read(name))


def test_the_change_log_names_periods_and_kinds() -> None:
    found = [
        (c.part, c.kinds, c.start, c.until) for c in list_policy_changes(read("evaluation-1000"))
    ]
    assert found == [
        ("repair", "", date(2026, 4, 1), None),
        ("publication", "penalty", date(2026, 4, 1), None),
    ]
    assert not list_policy_changes(read("risk-100"))


def test_one_changed_number_is_one_change_with_its_span(tmp_path: Path) -> None:
    text = (POLICIES / "risk-100.toml").read_text(encoding="utf-8")
    later = text.replace(
        'cap = -20_00\nreference = "示例：有效投诉计分"\nconfirmed = false',
        'cap = -20_00\nreference = "示例：有效投诉计分"\nconfirmed = false\n\n[[rule.value]]\n'
        'from = 2024-01-01\nsteps = [{ months = 24, points = -6_00 }]\ncap = -20_00\nreference = "示例二"',
    )
    (tmp_path / "other.toml").write_text(later, encoding="utf-8")
    (change,) = diff_policies(read("risk-100"), read_policy(tmp_path / "other.toml"))
    assert (change.part, change.id, change.start, change.until) == (
        "rule",
        "complaint-upheld",
        date(2024, 1, 1),
        None,
    )
    assert "-5.00" in change.before and "-6.00" in change.after
    assert change.reference == "示例二"


@pytest.mark.parametrize(
    ("day", "kinds", "fine", "level", "until"),
    [
        (date(2026, 3, 31), ["warning"], 0, "minor", date(2026, 6, 1)),
        (date(2026, 4, 1), ["warning"], 0, "minor", None),
        (date(2026, 3, 31), ["fine"], 100_00, "general", date(2028, 6, 1)),
        (date(2026, 4, 1), ["fine"], 100_00, "minor", None),
        (date(2026, 4, 1), ["fine"], 2000_00, "general", date(2026, 6, 1)),
        (date(2026, 4, 1), ["fine", "warning"], 100000_00, "serious", date(2028, 6, 1)),
    ],
)
def test_the_term_of_publication_changes_with_2026_04_01(
    day: date, kinds: list[str], fine: int, level: str, until: date | None
) -> None:
    found = find_publication_end(
        read("evaluation-1000").in_force_on(day), kinds, fine, date(2025, 6, 1)
    )
    assert found is not None
    assert (found.level, found.until) == (level, until)


def test_what_was_repaired_is_shown_up_to_the_day_before() -> None:
    rules = read("evaluation-1000").in_force_on(date(2026, 4, 1))
    found = find_publication_end(rules, ["revocation"], 0, date(2025, 6, 1), None, date(2026, 1, 1))
    assert found is not None and found.until == date(2025, 12, 31)
