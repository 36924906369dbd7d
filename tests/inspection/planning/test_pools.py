"""Both pools of a draw: pairs between them, strata of institutions, and refusals that name the rows."""

from __future__ import annotations

from datetime import date

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.planning import pools
from double_random.inspection.planning.pools import LeftOut, PlanNotFeasible, Scope
from double_random.inspection.protocol.files import Inspector, Target

DAY = date(2026, 10, 31)
SCOPE = Scope(("310101",), ("law_firm",))
FRAME = [
    Target(f"T{number}", "law_firm/A", "law_firm", "310101", "示例律师事务所", "0" * 32)
    for number in (1, 2)
]
POOL = [Inspector("J01", True, frozenset({"law_firm"}), "310101", "示例检查员")]
BADGES = {"ZFXXXX01": "J01", "ZFXXXX02": "J02"}


def test_rotation_excludes_pairs_of_both_pools_by_the_number_in_the_plan() -> None:
    visited = date(2026, 5, 1)
    lately = {
        ("T1", "ZFXXXX01"): visited,
        ("T1", "ZFXXXX02"): visited,  # left out of the pool
        ("T9", "ZFXXXX01"): visited,  # not in the frame
        ("T2", "ZFXXXX99"): visited,  # not on the roster
    }
    assert pools.find_rotation_pairs(lately, FRAME, POOL, BADGES) == {("T1", "J01"): visited}


def test_a_salt_is_new_each_time() -> None:
    salts = {pools.new_salt() for _time in range(100)}
    assert len(salts) == 100 and all(len(salt) == 32 for salt in salts)


def test_a_refusal_names_twenty_rows_at_most_and_keeps_all() -> None:
    refused = PlanNotFeasible("示例", [f"T{number}" for number in range(30)], "hint")
    assert "T19" in refused.message and "T20" not in refused.message
    assert refused.message.endswith(" …") and len(refused.rows) == 30
    assert not PlanNotFeasible("示例", ["T1"]).message.endswith("…")


def test_the_stratum_of_an_institution_has_its_grade_and_whether_it_is_clean() -> None:
    strata = pools._Strata(
        known=frozenset({"law_firm/A", "law_firm/A/clean", "notary_office"}),
        ungraded=frozenset({"notary_office"}),
        clean={"law_firm/A": frozenset({"T1"})},
    )
    assert strata.stratum_of("T1", "law_firm", "A") == "law_firm/A/clean"
    assert strata.stratum_of("T2", "law_firm", "A") == "law_firm/A"
    assert strata.stratum_of("T1", "notary_office", "A") == "notary_office"
    assert strata.stratum_of("T1", "law_firm", "B") not in strata.known


def refuse(
    left: list[LeftOut], without: tuple[str, ...] = (), spared: tuple[str, ...] = ()
) -> None:
    pools._refuse_empty(SCOPE, DAY, [], left, without, frozenset(spared))


def test_an_empty_pool_is_refused_with_its_reason() -> None:
    row = LeftOut("T1", "示例", "示例律师事务所")
    with pytest.raises(PlanNotFeasible, match="no ratio for the grade"):
        refuse([], without=("T1 (C)",))
    with pytest.raises(PlanNotFeasible, match="was inspected lately"):
        refuse([row], spared=("T1",))
    with pytest.raises(PlanNotFeasible, match="nobody knows the district"):
        refuse([row])
    with pytest.raises(Misuse, match="no active institution of law_firm as of 2026-10-31"):
        refuse([])


def test_a_frame_with_rows_is_not_refused() -> None:
    pools._refuse_empty(SCOPE, DAY, FRAME, [], (), frozenset())
