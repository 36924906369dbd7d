"""Every scenario file holds: what a jurist wrote down is what the policy answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from double_random import data
from double_random.core.errors import BadFile
from double_random.credit.policy.loader import read_policy
from double_random.credit.scoring import scenarios
from double_random.credit.scoring.scenarios import Scenario, read_scenarios

FOLDER = Path(__file__).parent.parent.parent / "scenarios"
POLICIES = {p.id: p for p in map(read_policy, sorted(data.path("policies").glob("*.toml")))}
SCENARIOS = [s for file in sorted(FOLDER.glob("*.toml")) for s in scenarios.read_scenarios(file)]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: f"{s.policy}: {s.name}")
def test_scenario(scenario: scenarios.Scenario) -> None:
    (outcome,) = scenarios.run_scenarios([scenario], POLICIES)
    assert outcome.holds, outcome.sentence()


def test_every_shipped_policy_has_scenarios() -> None:
    assert {s.policy for s in SCENARIOS} == set(POLICIES)


def test_a_scenario_that_is_wrong_does_not_hold() -> None:
    file = next(FOLDER.glob("risk-100.toml"))
    first = scenarios.read_scenarios(file)[1]
    wrong = scenarios.Scenario(**{**vars(first), "points": first.points + 1})
    (outcome,) = scenarios.run_scenarios([wrong], POLICIES)
    assert not outcome.holds
    assert str(first.points) in outcome.sentence()


@pytest.mark.parametrize("more", ['document = "示例1号"', ""])
def test_a_record_that_stands_twice_in_a_scenario_is_refused(tmp_path: Path, more: str) -> None:
    """D-053."""
    record = f"""
[[scenario.records]]
class = "penalty"
kinds = ["warning"]
decided = 2016-03-01
{more}
"""
    file = tmp_path / "twice.toml"
    head = """policy = "risk-100"
[[scenario]]
name = "示例"
as_of = 2016-12-31
expected = { grade = "A", points = 84_00 }
"""
    file.write_text(head + record + record, encoding="utf-8")
    with pytest.raises(BadFile, match="stands already"):
        read_scenarios(file)
    assert len(read_one(file, head + record)) == 1


def read_one(file: Path, text: str) -> list[Scenario]:
    """The scenarios of a text."""
    file.write_text(text, encoding="utf-8")
    return read_scenarios(file)
