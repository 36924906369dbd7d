"""What the check-up says of fair systems, of bad ones, and of records with holes in them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.frozen import frozen
from double_random.inspection.bias_tests.findings import (
    FALSE_ALARMS,
    TESTS,
    BiasFinding,
    run_bias_tests,
)
from double_random.inspection.bias_tests.history import ListRow, RoundHistory
from tests.inspection.bias_tests import histories

ROOT = Path(__file__).parents[3]
SMALL: dict[str, Any] = {"listed": 60, "drawn": 12, "inspectors": 6, "offices": 3}


def alarms(history: RoundHistory) -> set[str]:
    return {one.test for one in run_bias_tests(history) if one.verdict == "alarm"}


def by_test(history: RoundHistory) -> dict[str, BiasFinding]:
    return {one.test: one for one in run_bias_tests(history)}


def test_counting_off_from_anywhere_is_found() -> None:
    found = by_test(histories.history(1, chosen=histories.counting_off))
    assert found["position"].verdict == found["gaps"].verdict == "alarm"
    assert "tenth 1 of 10 of the list was drawn 30 times, where 60" in found["position"].words
    assert found["position"].meaning and found["pairs"].verdict == "silent"


def test_a_step_that_is_cut_down_leaves_a_third_that_never_comes_up() -> None:
    found = by_test(
        histories.history(
            1, chosen=histories.floored_step, listed=150, drawn=51, sent=lambda *_: [()] * 51
        )
    )
    assert {"position", "gaps", "office", "never", "again", "twins"} == {
        name for name, one in found.items() if one.verdict == "alarm"
    }
    assert "48 institutions were never drawn; chance would give 0" in found["never"].words
    assert found["pairs"].verdict == "not tested"


@pytest.mark.parametrize("sent", [histories.one_offset, histories.two_offsets])
def test_teams_in_turn_from_one_random_place_are_found(sent: histories.Sent) -> None:
    assert alarms(histories.history(1, sent=sent)) == {"pairs", "order"}


def test_a_generator_that_starts_anew_draws_the_same_twice() -> None:
    rows = list(histories.rows(3, rounds=6))
    again = [replace(row, round="示例第7次") for row in rows if row.round == "示例第2次"]
    found = by_test(RoundHistory.from_rows([*rows, *again]))["twins"]
    assert found.verdict == "alarm" and "示例第2次" in found.words and "示例第7次" in found.words


@pytest.mark.parametrize(
    "shape",
    [
        {"sent": histories.any_two},
        {"sent": histories.even_load},
        {"sent": histories.lead_and_member},
        {"chosen": histories.by_grade},
    ],
    ids=["any two", "even load", "lead and member", "by grade"],
)
def test_fair_systems_are_left_in_peace(shape: dict[str, Any]) -> None:
    for seed in range(5):
        assert not alarms(histories.history(seed, **SMALL, **shape))


def test_grades_that_the_history_does_not_name_look_like_favour() -> None:
    rows = [
        ListRow(
            round=row.round,
            institution=row.institution,
            drawn=row.drawn,
            team=row.team,
            office=row.office,
        )
        for row in histories.rows(1, chosen=histories.by_grade)
    ]
    found = by_test(RoundHistory.from_rows(rows))["again"]
    assert found.verdict == "alarm" and "Harmless" in found.meaning


def test_a_fair_chance_is_small_as_rarely_as_it_says() -> None:
    p = [
        one.p
        for seed in range(60)
        for one in run_bias_tests(histories.history(seed, **SMALL, rounds=6))
        if one.p is not None
    ]
    assert len(p) == 60 * len(TESTS)
    for share in (5, 10, 20):  # percent; the bound is three standard errors of independent tests
        bound = len(p) * share / 100 + 3 * (len(p) * share / 100) ** 0.5
        assert sum(one * 100 <= share for one in p) <= bound


def test_the_same_history_gives_the_same_figures_whatever_the_order_of_rounds_in_the_file() -> None:
    one = run_bias_tests(histories.history(4, **SMALL))
    rows = list(histories.rows(4, **SMALL))
    first = [row for row in rows if row.round == rows[0].round]
    mixed = [*first, *(row for pair in zip(*_rounds(rows)[1:], strict=True) for row in pair)]
    assert run_bias_tests(RoundHistory.from_rows(mixed)) == one


def _rounds(rows: list[ListRow]) -> list[list[ListRow]]:
    names = dict.fromkeys(row.round for row in rows)
    return [[row for row in rows if row.round == name] for name in names]


def test_what_cannot_be_tested_is_named_with_its_reason() -> None:
    rows = list(histories.rows(1, **SMALL))
    drawn = RoundHistory.from_rows([row for row in rows if row.drawn], ordered=False)
    found = by_test(drawn)
    assert {name for name, one in found.items() if one.verdict == "not tested"} == {*TESTS} - {
        "pairs"
    }
    assert "whole list" in found["never"].words
    one_office = by_test(histories.history(1, **SMALL | {"offices": 0}))["office"]
    assert (one_office.verdict, one_office.p) == ("not tested", None)
    alone = by_test(histories.history(1, **SMALL, rounds=1))["twins"]
    assert alone.words == "there is only one round"


def test_everybody_drawn_leaves_chance_no_say() -> None:
    everybody = histories.history(1, **SMALL | {"drawn": 60})
    assert by_test(everybody)["position"].verdict == "not tested"


def test_records_with_holes_are_facts_without_statistics() -> None:
    rows = list(histories.rows(1, **SMALL))
    places = [place for place, row in enumerate(rows) if row.drawn]

    def sent(place: int, *team: str) -> None:
        old = rows[place]
        rows[place] = ListRow(
            round=old.round, institution=old.institution, drawn=True, team=team, office=old.office
        )

    sent(places[0], "示例检查员001", "示例检查员001")
    sent(places[1], "示例检查员001")
    sent(places[2])
    facts = [
        one.words for one in run_bias_tests(RoundHistory.from_rows(rows)) if one.verdict == "fact"
    ]
    assert facts == [
        "visits with one inspector named twice: 1",
        "visits of one inspector alone: 1",
        "drawn institutions without inspectors, beside others that have some: 示例第1次",
    ]


def test_the_frozen_count_keeps_what_is_promised_and_the_page_says_it() -> None:
    rows = {row.what: row for row in frozen("lint") or ()}
    fair = int(rows["fair, with an alarm, of 2,000"].value)
    assert FALSE_ALARMS * 200 == 1 and fair * 200 <= 2_000
    found = [row for what, row in rows.items() if what.endswith(", found, of 20")]
    assert len(found) == 4 and all(row.value == 20 and row.met for row in found)
    page = (ROOT / "docs" / "guides" / "lint.md").read_text("utf-8")
    assert f"| fair | 2,000 | {fair} ({fair / 20:.1f} %) |" in page
