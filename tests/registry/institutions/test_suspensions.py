"""Penalties that change a status: suspensions and revocations, linked or waiting for their institution."""

from __future__ import annotations

from datetime import date

import polars
import pytest

from double_random.intake.record_types import table_schema
from double_random.registry import reasons
from double_random.registry.institutions.suspensions import find_differing_spans

A = "31310000XXXX00001A"


def penalties(*rows: dict[str, object]) -> polars.DataFrame:
    """Penalties as intake gives them."""
    placed = [{**row, "file": "0", "sheet": "", "row": at} for at, row in enumerate(rows, 2)]
    return polars.DataFrame(placed, schema=table_schema("penalties"))


def test_a_penalty_that_is_known_is_not_taken_twice(register, permit, penalty):
    register.night(permits=[permit()], penalties=[penalty(), penalty()])
    register.night(penalties=[penalty()])
    assert register.rows("SELECT institution, event, known_from, known_to FROM suspensions") == [
        {"institution": A, "event": "suspended", "known_from": 1, "known_to": None}
    ]


def test_a_fine_is_no_suspension_and_a_revocation_goes_before_one(register, permit, penalty):
    register.night(
        permits=[permit()],
        penalties=[
            penalty(kinds=["fine"]),
            penalty(document="第2号", kinds=["suspension", "revocation"]),
        ],
    )
    assert register.rows("SELECT event FROM suspensions") == [{"event": "revoked"}]


def test_an_unlinked_suspension_is_stored_and_linked_later(register, permit, penalty):
    register.night(penalties=[penalty()])
    assert register.rows("SELECT institution FROM suspensions") == [{"institution": None}]
    register.night(permits=[permit()])
    known = "SELECT institution, known_from FROM suspensions WHERE known_to IS NULL"
    assert register.rows(known) == [{"institution": A, "known_from": 2}]


@pytest.mark.parametrize(
    ("content", "noted"),
    [
        ("停业整顿十二个月", True),
        ("停业整顿九十日", False),
        ("停止执业两周", True),
        ("罚款", False),
    ],
)
def test_a_span_in_words_is_compared_with_the_dates(content: str, noted: bool) -> None:
    row = {"kinds": ["suspension"], "content": content, "name": "示例所"}
    found = find_differing_spans(
        penalties(row | {"decided": date(2005, 1, 1), "ends": date(2005, 4, 1)})
    )
    assert found["reason"].to_list() == [reasons.OTHER_SPAN] * noted
    assert all("2005-01-01 – 2005-04-01" in value for value in found["value"])


def test_without_an_end_nothing_is_compared() -> None:
    row = {"kinds": ["suspension"], "content": "停业整顿一年", "decided": date(2005, 1, 1)}
    assert find_differing_spans(penalties(row)).height == 0


@pytest.mark.parametrize(
    ("content", "ends", "noted"),
    [
        ("停业整顿一个月", date(2006, 1, 1), True),
        ("责令停业整顿十五日", date(2006, 1, 1), True),
        ("停业整顿3个月", date(2005, 4, 1), False),
        ("停业整顿半年", date(2005, 7, 1), False),
        ("停业整顿1年", date(2006, 1, 1), False),
        ("停业整顿", date(2006, 1, 1), False),
    ],
)
def test_a_suspension_whose_words_and_dates_differ_is_noted(
    register, permit, penalty, content, ends, noted
):  # D-047
    _files, issues = register.night(
        permits=[permit()], penalties=[penalty(content=content, ends=ends)]
    )
    reason = "the content says another length of time than the dates"
    assert [row["reason"] for row in issues] == [reason] * noted
