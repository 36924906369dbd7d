"""Every scenario file holds: what a jurist wrote down is what the policy answers."""

from __future__ import annotations

from pathlib import Path

import pytest

import data
from credit import scenarios
from credit.policy import Policy

FOLDER = Path(__file__).parent.parent / "scenarios"
POLICIES = {p.id: p for p in map(Policy.read, sorted(data.path("policies").glob("*.toml")))}
SCENARIOS = [s for file in sorted(FOLDER.glob("*.toml")) for s in scenarios.read(file)]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: f"{s.policy}: {s.name}")
def test_scenario(scenario: scenarios.Scenario) -> None:
    (outcome,) = scenarios.run([scenario], POLICIES)
    assert outcome.holds, outcome.sentence()


def test_every_shipped_policy_has_scenarios() -> None:
    assert {s.policy for s in SCENARIOS} == set(POLICIES)


def test_a_scenario_that_is_wrong_does_not_hold() -> None:
    file = next(FOLDER.glob("risk-100.toml"))
    first = scenarios.read(file)[1]
    wrong = scenarios.Scenario(**{**vars(first), "points": first.points + 1})
    (outcome,) = scenarios.run([wrong], POLICIES)
    assert not outcome.holds
    assert str(first.points) in outcome.sentence()
