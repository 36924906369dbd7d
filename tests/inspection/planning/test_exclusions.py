"""Excluded pairs have their reason; a rotation that leaves no team is refused with the longest one that works."""

from __future__ import annotations

from datetime import date

from double_random.inspection.planning.exclusions import Exclusions, rotation_refusal
from double_random.inspection.protocol.files import Files
from double_random.inspection.protocol.plan import TeamRule
from tests.inspection.protocol.conftest import make_case

DAY = date(2026, 10, 31)
PAIR = TeamRule(2, 1, None, False, False)
FIRM, OTHER = "31310000XXXX00000A", "31310000XXXX00001A"


def planned(apart: Exclusions) -> Files:
    """Twelve firms, inspectors SL000 to SL003, the first two leads, with these recusals."""
    pairs = tuple((int(firm[12:17]), int(person[2:])) for firm, person in apart.pairs)
    case = make_case(inspectors=4, leads=(0, 1), recusals=pairs)
    return Files.read(case.plan, case.files)


def test_a_pair_that_is_declared_and_in_rotation_has_the_reason_declared() -> None:
    apart = Exclusions(
        frozenset({(FIRM, "SL000")}),
        {(FIRM, "SL000"): date(2026, 5, 1), (OTHER, "SL001"): date(2026, 6, 1)},
    )
    assert apart.rows() == [(FIRM, "SL000", "declared"), (OTHER, "SL001", "rotation")]
    assert apart.pairs == {(FIRM, "SL000"), (OTHER, "SL001")}


def test_a_shorter_rotation_keeps_the_declared_pairs_and_the_later_visits() -> None:
    apart = Exclusions(
        frozenset({(FIRM, "SL003")}),
        {(FIRM, "SL000"): date(2026, 5, 1), (OTHER, "SL001"): date(2026, 6, 1)},
    )
    assert apart.pairs_after(date(2026, 5, 1)) == {(FIRM, "SL003"), (OTHER, "SL001")}


def test_a_rotation_that_leaves_no_lead_is_refused_with_the_longest_that_works() -> None:
    """Both leads visited the firm, one five months ago and one eight: seven months let one of them go."""
    apart = Exclusions(
        frozenset(),
        {(FIRM, "SL000"): date(2026, 3, 1), (FIRM, "SL001"): date(2026, 6, 1)},
    )
    refusal = rotation_refusal(planned(apart), PAIR, apart, 12, DAY)
    assert refusal is not None
    assert "a rotation of 12 months leaves these institutions no team of 2" in refusal.message
    assert [row.split()[0] for row in refusal.rows] == [FIRM]
    assert "(2 admissible, 0 of them leads)" in refusal.rows[0]
    assert "with a rotation of at most 7 months" in refusal.hint


def test_if_every_rotation_is_too_long_the_way_out_is_none_at_all() -> None:
    visited = date(2026, 10, 30)
    apart = Exclusions(frozenset(), {(FIRM, "SL000"): visited, (FIRM, "SL001"): visited})
    refusal = rotation_refusal(planned(apart), PAIR, apart, 12, DAY)
    assert refusal is not None and "without rotation alone" in refusal.hint


def test_rotation_is_not_blamed_where_it_leaves_a_team_or_where_nothing_would_help() -> None:
    harmless = Exclusions(frozenset(), {(FIRM, "SL000"): date(2026, 6, 1)})
    assert rotation_refusal(planned(harmless), PAIR, harmless, 12, DAY) is None
    declared = Exclusions(
        frozenset({(FIRM, "SL000"), (FIRM, "SL001")}), {(FIRM, "SL002"): date(2026, 6, 1)}
    )
    assert rotation_refusal(planned(declared), PAIR, declared, 12, DAY) is None
    none = Exclusions(frozenset({(FIRM, "SL000"), (FIRM, "SL001")}), {})
    assert rotation_refusal(planned(none), PAIR, none, 12, DAY) is None
