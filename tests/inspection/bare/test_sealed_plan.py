"""Sealing refuses what cannot work, and seals exactly what the tables and the rule say."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from double_random.core.errors import BadFile, DoubleRandomError, Misuse
from double_random.inspection.bare.table_draws import seal_tables
from double_random.inspection.planning.pools import PlanNotFeasible
from double_random.inspection.protocol.files import TABLES
from double_random.inspection.protocol.v2.plan import Plan
from tests.inspection.bare.bare import GRANTS, NOW, RULE, SOURCE, at, people, seal, targets


def test_a_plan_has_neither_register_nor_log() -> None:
    sealed = seal()
    plan = sealed.plan
    assert Plan.read(plan.data) == plan and plan.log is None and plan.release == ""
    assert plan.has_public_strata and plan.districts == () and plan.kinds == ()
    assert plan.as_of == "2026-12-01" and plan.publish_by == "2026-12-31"
    assert sealed.known_from == "2026-12-01T13:15:00Z" and sealed.bits == 24
    assert sealed.code == plan.code


def test_two_plans_of_the_same_tables_share_no_secret() -> None:
    first, second = seal(), seal()
    assert first.secret != second.secret and first.code != second.code


def test_left_out_rows_are_listed_with_their_reason() -> None:
    rows = targets()
    rows[0]["left_out"] = "withdrawn"
    staff = [{**one, "left_out": "ill" if one["id"] == "p0" else ""} for one in people()]
    reasons = {"left_out": ["withdrawn"], "inspectors_left_out": ["ill"]}
    sealed = seal(targets=rows, inspectors=staff, rule={"reasons": reasons})
    assert TABLES["left_out.csv"].load(sealed.files["left_out.csv"]) == [
        ("N:CASE-0", "withdrawn", "示例案卷0")
    ]
    (left,) = TABLES["inspectors_left_out.csv"].load(sealed.files["inspectors_left_out.csv"])
    assert left[:3] == ("p0", "ill", "示例人员0")
    assert len(sealed.parsed.frame) == 11 and len(sealed.parsed.inspectors) == 5


def test_a_recusal_of_somebody_left_out_binds_nobody() -> None:
    rows = targets()
    rows[0]["left_out"] = "withdrawn"
    pairs = [{"target": f"case-{i}", "inspector": "p1"} for i in (0, 1)]
    sealed = seal(targets=rows, recusals=pairs, rule={"reasons": {"left_out": ["withdrawn"]}})
    assert sealed.parsed.recusals == {("N:CASE-1", "p1")}


def test_strata_follow_from_columns_or_are_internal() -> None:
    by_kind = seal(rule={"strata_by": "kind/district"})
    assert {row.stratum for row in by_kind.parsed.frame} == {
        f"k{i}/d{j}" for i in range(3) for j in range(2)
    }
    internal = seal(rule={"strata_by": "internal"})
    assert {row.stratum for row in internal.parsed.frame} == {"s0", "s1"}
    assert not internal.plan.has_public_strata


def test_each_stratum_has_its_own_number() -> None:
    named = [{"stratum": "k0", "count": 2}, {"stratum": "k9", "ratio": "1/1"}]
    sealed = seal(rule={"strata_by": "kind", "stratum": named})
    strata = json.loads(sealed.files["strata.json"])["strata"]
    assert [(one["stratum"], one["ratio"]) for one in strata] == [
        ("k0", [2, 4]),
        ("k1", [1, 3]),
        ("k2", [1, 3]),
    ]
    assert sealed.parsed.rules.strata == ("k0", "k1", "k2", "k9")


def test_scope_is_filled_where_teams_depend_on_it() -> None:
    sealed = seal(rule={"team": {"size": 1, "match_kind": True, "other_district": True}})
    assert sealed.plan.kinds == ("k0", "k1", "k2") and sealed.plan.districts == ("d0", "d1")


def test_rows_with_one_possible_team_are_named() -> None:
    pairs = [{"target": "case-3", "inspector": f"p{i}"} for i in (0, 1, 2, 3)]
    assert seal(recusals=pairs).forced == ("N:CASE-3",)


@pytest.mark.parametrize(
    ("changed", "kind", "words"),
    [
        ({"entropy": "lottery:福彩3D"}, Misuse, "at least 19"),
        ({"not_before": NOW}, Misuse, "too late"),
        ({"not_before": "2026-12-01T12:30:00Z"}, Misuse, "less than an hour"),
        ({"not_before": "2026-12-01T13:30:00Z"}, BadFile, "before not_before"),
        ({"inspectors": None}, Misuse, "no table of people"),
        ({"rule": {"team": {"size": 0}}}, Misuse, "how many visit"),
        ({"rule": {"publish_by": date(2026, 11, 30)}}, BadFile, "before the numbers"),
        ({"rule": {"team": {"size": 4, "leads": 4}}}, PlanNotFeasible, "cannot get a team"),
        ({"rule": {"team": {"size": 2, "groups": 4}}}, PlanNotFeasible, "groups of 2"),
        (
            {"rule": {"strata_by": "kind", "stratum": [{"stratum": "k0", "count": 5}]}},
            BadFile,
            "there are 4",
        ),
    ],
)
def test_what_planning_refuses(
    changed: dict[str, Any], kind: type[DoubleRandomError], words: str
) -> None:
    with pytest.raises(kind, match=words):
        seal(**changed)


def test_a_later_round_than_the_first_is_refused() -> None:
    first = seal("drand:quicknet", not_before="2026-12-02T04:00:00Z").sources[0]
    later = f"drand:quicknet:{int(first.issue) + 1}"
    with pytest.raises(Misuse, match="not the first round"):
        seal(later, not_before="2026-12-02T04:00:00Z")


def test_a_ceremony_alone_counts_no_bits_and_comes_after_the_seal() -> None:
    assert seal("ceremony:dice:会议室", not_before="2026-12-02T08:00:00Z").bits == 0


def test_a_ceremony_beside_a_lottery_comes_first() -> None:
    own = {"source": "ceremony:dice:会议室", "known_from": "2026-12-01T06:00:00Z"}
    rule = RULE | {"source": [{**own, "known_from": datetime(2026, 12, 1, 6, tzinfo=UTC)}]}
    sealed = seal(["ceremony:dice:会议室", SOURCE], rule)
    assert sealed.plan.not_before == "2026-12-01T12:15:00Z"
    late = RULE | {"source": [{**own, "known_from": datetime(2026, 12, 1, 3, tzinfo=UTC)}]}
    with pytest.raises(Misuse, match="after the plan is sealed"):
        seal(["ceremony:dice:会议室", SOURCE], late)


def test_all_rows_left_out_is_no_draw() -> None:
    rows = [{"id": "1", "left_out": "withdrawn"}]
    with pytest.raises(Misuse, match="every row"), at(NOW):
        rule = GRANTS | {"reasons": {"left_out": ["withdrawn"]}}
        seal_tables(rows, rule=rule, entropy=SOURCE)
