"""A plan has exactly its fields, and its code on paper belongs to one commitment."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from double_random.core.errors import BadFile, Misuse
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.draw import Reveal, compute_draw
from double_random.inspection.protocol.files import Files
from double_random.inspection.protocol.plan import Plan, is_short_form_of, short_form

Make = Callable[..., Any]


def test_a_plan_is_what_its_bytes_say(case: Make) -> None:
    plan = case().plan
    assert Plan.read(plan.data) == plan
    assert plan.commitment == Digest("sha256").hash_bytes(plan.data)
    assert plan.team.size == 2 and plan.not_before == "2026-03-02T12:00:00Z"


@pytest.mark.parametrize(
    "change",
    [
        {"protocol": "double-random/2"},
        {"hash": "md5"},
        {"draw": "../x"},
        {"title": ""},
        {"extra": 1},
        {"as_of": "2026-02-30"},
        {"release": "00"},
        {"secret": "A" * 64},
        {"items": []},
        {"items": [{"id": "a", "title": "t", "basis": "b"}] * 2},
        {"scope": {"districts": ["1", "1"], "kinds": ["a"]}},
        {
            "team": {
                "size": 0,
                "leads": 0,
                "groups": None,
                "match_kind": True,
                "other_district": True,
            }
        },
        {
            "team": {
                "size": 2,
                "leads": 3,
                "groups": None,
                "match_kind": True,
                "other_district": True,
            }
        },
        {"team": {"size": 2, "leads": 1, "groups": 0, "match_kind": True, "other_district": True}},
        {
            "team": {
                "size": True,
                "leads": 1,
                "groups": None,
                "match_kind": True,
                "other_district": True,
            }
        },
        {"team": {"size": 2, "leads": 1, "groups": None, "match_kind": 1, "other_district": True}},
        {"entropy": {"sources": ["local", "balls:a:6"], "not_before": "2026-03-02T12:00:00Z"}},
        {"entropy": {"sources": ["balls:a:6"], "not_before": "2026-03-02"}},
        {"entropy": {"sources": [], "not_before": "2026-03-02T12:00:00Z"}},
        {"replaces": {"draw": "x"}},
        {"rules": {"sha256": "0" * 64, "rows": 1}},
        {"frame": {"sha256": "0" * 64, "rows": 1}},
    ],
    ids=lambda change: json.dumps(change)[:40],
)
def test_other_fields_are_refused(case: Make, change: dict[str, Any]) -> None:
    fields = {**json.loads(case().plan.data), **change}
    with pytest.raises(BadFile, match=r"plan\.json"):
        Plan.read(canonical_json.dump_canonical(fields))


def test_a_missing_field_is_named(case: Make) -> None:
    fields = json.loads(case().plan.data)
    del fields["publish_by"]
    with pytest.raises(BadFile, match="publish_by"):
        Plan.read(canonical_json.dump_canonical(fields))


def test_the_code_on_paper_belongs_to_one_commitment() -> None:
    commitment = Digest("sha256")("示例")
    code = short_form(commitment)
    assert len(code) == 39 and not set(code) & set("0O1I")
    assert is_short_form_of(code, commitment)
    assert is_short_form_of(code.lower().replace("-", " "), commitment)
    assert not is_short_form_of(code[:-1] + ("2" if code[-1] != "2" else "3"), commitment)
    for wrong in ("", code[:-1], "O" + code[1:]):
        with pytest.raises(Misuse):
            is_short_form_of(wrong, commitment)


def test_the_code_is_the_first_160_bits() -> None:
    assert short_form("0" * 39 + "1" + "f" * 24) == "2222-2222-2222-2222-2222-2222-2222-2223"
    assert short_form("f" * 40 + "0" * 24) == "-".join(["ZZZZ"] * 8)


def test_values_that_are_not_the_plans_own_are_refused(case: Make) -> None:
    made = case()
    files, good = Files.read(made.plan, made.files), made.reveal
    wrong = {
        "secret": Reveal(good.entropy, "0" * 64, good.inner),
        "inner": Reveal(good.entropy, good.secret, "0" * 64),
        "entropy": Reveal(good.entropy[:-1], good.secret, good.inner),
    }
    for name, reveal in wrong.items():
        with pytest.raises(BadFile) as refused:
            compute_draw(made.plan, files, reveal)
        assert refused.value.file == name
