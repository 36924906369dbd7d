"""The plan of version 2 has exactly its fields; each is refused in any other form."""

from __future__ import annotations

import json
from typing import Any

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.protocol.plan import Plan as FirstPlan
from double_random.inspection.protocol.v2.plan import Plan, names_this_version
from tests.inspection.protocol.conftest import make_case as make_first_case
from tests.inspection.protocol.v2.cases import make_case

HEAD = {"origin": "example.cn/log", "size": 3, "root": "0" * 64}


@pytest.mark.parametrize(
    "fields",
    [
        {"protocol": "double-random/1"},
        {"protocol": "double-random/3"},
        {"hash": "md5"},
        {"draw": "示例"},
        {"draw": ""},
        {"title": ""},
        {"number": None},
        {"authority": {"name": "", "code": ""}},
        {"items": []},
        {"items": [{"id": "L1", "title": "示例", "basis": "示例"}] * 2},
        {"scope": {"districts": ["310101", "310101"], "kinds": []}},
        {"scope": {"districts": [], "kinds": ["law firm"]}},
        {"scope": {"districts": [], "kinds": ["law\u3000firm"]}},
        {"scope": {"districts": []}},
        {"as_of": "2026-02-30"},
        {"release": "0" * 63},
        {"release": None},
        {"log": {**HEAD, "size": -1}},
        {"log": {**HEAD, "root": "00"}},
        {"log": {**HEAD, "origin": ""}},
        {"log": {"origin": "x", "size": 1}},
        {"log": ""},
        {"strata_by": "grade"},
        {"strata_by": None},
        {
            "team": {
                "size": -1,
                "leads": 0,
                "groups": None,
                "match_kind": True,
                "other_district": True,
            }
        },
        {
            "team": {
                "size": 1,
                "leads": 2,
                "groups": None,
                "match_kind": True,
                "other_district": True,
            }
        },
        {"team": {"size": 1, "leads": 0, "groups": 0, "match_kind": True, "other_district": True}},
        {"team": {"size": 0, "leads": 0, "groups": 1, "match_kind": True, "other_district": True}},
        {"team": {"size": 1, "leads": 0, "groups": None, "match_kind": 1, "other_district": True}},
        {"not_before": "2026-03-02T24:00:00Z"},
        {"not_before": "2026-03-02 12:00:00"},
        {"publish_by": "2026-12-31T00:00:00Z"},
        {"secret": "0" * 63},
        {"inner": "A" * 64},
        {"replaces": {"draw": "a b", "reason": "示例"}},
        {"replaces": {"draw": "a", "reason": ""}},
        {"entropy": {"sources": [], "not_before": "2026-03-02T12:00:00Z"}},
        {"strata": {"sha256": "0" * 64, "rows": 1}},
        {"frame": {"sha256": "0" * 64, "rows": 1}},
        {"pool": {"sha256": "0" * 64}},
        {"sources": {"sha256": "0"}},
    ],
)
def test_a_field_that_breaks_a_rule_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(BadFile) as refused:
        make_case(plan=fields)
    assert refused.value.file == "plan.json"


@pytest.mark.parametrize("field", sorted(json.loads(make_case().plan.data)))
def test_a_missing_field_is_refused(field: str) -> None:
    value = json.loads(make_case().plan.data)
    del value[field]
    with pytest.raises(BadFile, match=field):
        Plan.read(
            json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        )


def test_a_draw_without_register_log_bounds_and_visits_has_a_plan() -> None:
    nobody = {"size": 0, "leads": 0, "groups": None, "match_kind": False, "other_district": False}
    plan = make_case(
        plan={"release": "", "scope": {"districts": [], "kinds": []}, "team": nobody}
    ).plan
    assert (plan.release, plan.log, plan.districts, plan.team.size) == ("", None, (), 0)
    head = make_case(plan={"log": HEAD}).plan.log
    assert head is not None and (head.origin, head.size) == ("example.cn/log", 3)


@pytest.mark.parametrize(
    ("strata_by", "stratum"),
    [
        ("internal", None),
        ("all", "all"),
        ("kind", "law_firm"),
        ("district", "310101"),
        ("kind/district", "law_firm/310101"),
    ],
)
def test_public_columns_say_the_stratum(strata_by: str, stratum: str | None) -> None:
    plan = make_case(plan={"strata_by": strata_by}).plan
    assert plan.find_stratum("law_firm", "310101") == stratum
    assert plan.has_public_strata == (stratum is not None)


def test_the_two_versions_do_not_read_each_other() -> None:
    first, second = make_first_case().plan.data, make_case().plan.data
    assert names_this_version(second) and not names_this_version(first)
    assert not any(map(names_this_version, (b"", b"[]", b"{}", b"{", b"\xff", b"[" * 100_000)))
    with pytest.raises(BadFile):
        Plan.read(first)
    with pytest.raises(BadFile):
        FirstPlan.read(second)
