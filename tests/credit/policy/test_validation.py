"""A policy that makes no sense is refused with its line; and the range of scores that a scale allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from double_random import data
from double_random.core.errors import BadFile
from double_random.credit.policy.loader import read_policy
from double_random.credit.policy.model import Bound, Policy
from double_random.credit.policy.record_classes import load_record_classes
from double_random.credit.policy.toml_entries import TomlEntry
from double_random.credit.policy.validation import check_policy, score_range

FILE = data.path("policies", "risk-100.toml")
RISK = read_policy(FILE)
SCALE = RISK.scales[0]


def refused(policy: Policy) -> str:
    """The message of the first error."""
    with pytest.raises(BadFile) as caught:
        check_policy(policy, TomlEntry.read(FILE), load_record_classes())
    return str(caught.value.message)


def test_the_shipped_policy_passes() -> None:
    check_policy(RISK, TomlEntry.read(FILE), load_record_classes())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"until": date(2010, 1, 1)}, "`until` must come after `from`"),
        ({"subjects": ()}, "a policy needs subjects"),
        ({"ignored": ("sheep",)}, "ignored: sheep is no kind of record"),
        ({"ignored": ("penalty:sheep",)}, "ignored: penalty:sheep is no kind of record"),
        ({"ignored": ("inspection", "complaint")}, "complaint has a rule here, but `ignored`"),
        ({"ignored": ()}, "no rule is for inspection"),
        ({"groups": ()}, "there is no group violations"),
    ],
)
def test_a_frame_that_cannot_be_is_refused(change: dict[str, object], said: str) -> None:
    message = refused(replace(RISK, **change))  # type: ignore[arg-type]
    assert said in message and message.startswith("risk-100.toml: line ")


def test_a_veto_to_a_grade_that_the_scale_does_not_have_is_refused() -> None:
    veto = RISK.vetoes[0]
    wrong = replace(veto, consequences=(replace(veto.consequences[0], grade="E"),))
    message = refused(replace(RISK, vetoes=(wrong, *RISK.vetoes[1:])))
    assert "there is no grade E" in message


def test_a_cap_has_the_sign_of_what_it_caps() -> None:
    group = RISK.groups[0]
    wrong = replace(group, limits=(replace(group.limits[0], cap=100_00),))
    message = refused(replace(RISK, groups=(wrong, *RISK.groups[1:])))
    assert "a cap has the sign of what it caps" in message


def test_a_grade_that_no_score_reaches_is_refused() -> None:
    bounds = (Bound("A+", 110_01), *SCALE.bounds)
    message = refused(replace(RISK, scales=(replace(SCALE, bounds=bounds),)))
    assert "nobody can have the grade A+" in message


def test_scores_reach_as_far_as_caps_floor_and_ceiling_allow() -> None:
    assert score_range(RISK, SCALE) == (0, 110_00)
    open_ = replace(SCALE, floor=None, ceiling=None)
    bad = replace(RISK, rules=tuple(rule for rule in RISK.rules if rule.group == "violations"))
    assert score_range(bad, open_) == (0, 100_00)  # the group's cap is 100 points
    uncapped = tuple(
        replace(group, limits=tuple(replace(limit, cap=None) for limit in group.limits))
        for group in RISK.groups
    )
    assert score_range(replace(bad, groups=uncapped), open_) == (None, 100_00)
    assert score_range(replace(bad, groups=uncapped), SCALE) == (0, 100_00)


def test_without_rules_everybody_keeps_the_base() -> None:
    bare = replace(RISK, rules=(), groups=())
    assert score_range(bare, replace(SCALE, floor=None, ceiling=None)) == (SCALE.base, SCALE.base)
