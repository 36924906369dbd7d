"""A bare draw: any tables give a bundle that is intact, drawn as the protocol says, and fair."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from double_random.core.errors import Misuse
from double_random.inspection.bare.drawn_bundle import DrawnBundle, check_values, draw_plan
from double_random.inspection.bare.table_draws import draw_tables, seal_tables
from double_random.inspection.verification.bare_bundle import verify_bare_bundle
from tests.inspection.bare.bare import (
    GRANTS,
    LATER,
    NOW,
    NUMBERS,
    SOURCE,
    at,
    people,
    seal,
    targets,
)


def drawn(**named: Any) -> DrawnBundle:
    sealed = seal(**named)
    with at(LATER):
        return draw_plan(sealed, {SOURCE: NUMBERS})


def test_both_bundles_are_intact_with_the_code_from_outside() -> None:
    made = drawn()
    for files, kind in ((made.auditor_files, "auditor"), (made.public_files, "public")):
        verdict = verify_bare_bundle(files, made.code)
        assert verdict.intact and verdict.kind == kind, verdict.first_line
        assert "public entropy 24 bits" in verdict.notes
    assert len(made.targets) == 4 and len(made.reserves) == 2
    assert all(len(team) == 2 for team in made.teams.values())
    assert made.names["N:CASE-1"] == "示例案卷1" and made.names["p1"] == "示例人员1"


def test_internal_strata_stay_out_of_the_public_bundle() -> None:
    public = drawn(rule={"strata_by": "internal"}).public_files
    assert not {"frame.csv", "strata.json", "targets.csv", "inner", "recusals.csv"} & set(public)
    assert verify_bare_bundle(public).intact


def test_a_lottery_of_grants_has_no_teams() -> None:
    with at(NOW):
        made = draw_tables(targets(40), rule=GRANTS, entropy="local")
    assert len(made.targets) == 4 and set(made.teams.values()) == {()}
    assert verify_bare_bundle(made.public_files).intact


def test_the_same_plan_and_numbers_give_the_same_bytes() -> None:
    sealed = seal()
    with at(LATER):
        first, second = (draw_plan(sealed, {SOURCE: NUMBERS}) for _ in range(2))
        other = draw_plan(sealed, {SOURCE: "01.02.03.04.05.06.07"})
    assert first.auditor_files == second.auditor_files != other.auditor_files


def test_a_source_may_be_named_without_its_issue() -> None:
    with at(LATER):
        assert check_values(seal(), {"lottery:双色球": NUMBERS}) == {SOURCE: NUMBERS}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "is missing"),
        ({SOURCE: "1.2"}, "numbers were expected"),
        ({"lottery:快乐8": "1"}, "does not name"),
        ({SOURCE: NUMBERS.replace("02.07", "07.02")}, "ascending"),
    ],
)
def test_wrong_values_are_refused(values: dict[str, str], words: str) -> None:
    with at(LATER), pytest.raises(Misuse, match=words):
        draw_plan(seal(), values)


def test_a_value_of_the_future_is_refused() -> None:
    with at("2026-12-01T13:14:59Z"), pytest.raises(Misuse, match="cannot be known before"):
        draw_plan(seal(), {SOURCE: NUMBERS})


def test_a_proof_belongs_to_its_round() -> None:
    import hashlib

    sealed = seal("drand:quicknet", not_before="2026-12-02T04:00:00Z")
    source = sealed.sources[0].source
    signature = "ab" * 48
    value = hashlib.sha256(bytes.fromhex(signature)).hexdigest()
    with at(LATER):
        with pytest.raises(Misuse, match="not the SHA-256"):
            draw_plan(sealed, {source: value}, {source: "cd" * 48})
        with pytest.raises(Misuse, match="did not sign"):
            draw_plan(sealed, {source: value}, {source: signature})
        assert verify_bare_bundle(draw_plan(sealed, {source: value}).auditor_files).intact


@settings(max_examples=30, deadline=None)
@given(
    rows=st.integers(1, 30),
    share=st.sampled_from(["1/1", "1/2", "1/7", "0/1"]),
    by=st.sampled_from(["all", "kind", "district", "kind/district", "internal"]),
    size=st.integers(0, 2),
    reserve=st.sampled_from(["0/1", "1/3", "1/1"]),
    hash=st.sampled_from(["sha256", "sm3"]),
)
def test_any_tables_give_intact_bundles(
    rows: int, share: str, by: str, size: int, reserve: str, hash: str
) -> None:
    rule = {**GRANTS, "ratio": share, "strata_by": by, "reserve": reserve, "hash": hash}
    del rule["count"]
    if size:
        rule["team"] = {"size": size, "leads": min(size, 1)}
    with at(NOW):
        made = draw_tables(targets(rows), people() if size else None, rule=rule)
    for files in (made.auditor_files, made.public_files):
        assert verify_bare_bundle(files, made.code).intact
    frame = {row.id for row in made.draw.files.frame}
    assert set(made.targets) <= frame and len(frame) == rows
    assert not set(made.targets) & set(made.reserves)
    loads = Counter(person for team in made.teams.values() for person in team)
    assert sum(loads.values()) == size * len(made.targets)


def test_everybody_has_the_same_chance() -> None:
    """Over 400 seals of 12 rows, 4 drawn: each row's count stays within five standard deviations."""
    rule = GRANTS | {"draw": "fair"}
    counts: Counter[str] = Counter()
    with at(NOW):
        for _ in range(400):
            sealed = seal_tables(targets(), rule=rule, entropy="local")
            from double_random.inspection.protocol.v2.draw import select_targets

            counts.update(select_targets(sealed.plan, sealed.parsed, "local=", sealed.secret).drawn)
    assert len(counts) == 12 and sum(counts.values()) == 1600
    assert all(abs(count - 400 / 3) < 5 * 9.43 for count in counts.values())
