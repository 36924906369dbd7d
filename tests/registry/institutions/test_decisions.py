"""Permit decisions: what each one is about, read from the words of its row."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars
import pytest

from double_random.intake.record_types import table_schema
from double_random.registry import reasons
from double_random.registry.institutions import decisions


def permits(*rows: dict[str, Any]) -> polars.DataFrame:
    """Permits as intake gives them."""
    placed = [{**row, "file": "0", "sheet": "", "row": at} for at, row in enumerate(rows, 2)]
    return polars.DataFrame(placed, schema=table_schema("permits"))


@pytest.fixture
def read(facts):
    """Reads permits by the shipped facts."""

    def read_(*rows: dict[str, Any]) -> polars.DataFrame:
        return decisions.classify_permits(
            permits(*rows), facts.kinds, facts.events, facts.districts
        )

    return read_


def test_the_certificate_says_the_kind_and_the_title_the_event(read, permit):
    (row,) = read(permit()).to_dicts()
    assert (row["kind"], row["event"], row["district"]) == ("law_firm", "founded", "310112")
    assert row["address"] == "上海市闵行区示例路1号" and row["head_office"] is None


def test_the_district_is_the_authoritys_without_an_address(read, permit):
    (row,) = read(permit(content="变更名称", authority="上海市徐汇区司法局")).to_dicts()
    assert (row["address"], row["district"]) == (None, "310104")


def test_a_branch_has_the_name_of_its_head_office(read, permit):
    branch = permit("北京示例（上海）律师事务所", certificate="律师事务所分所执业许可证")
    (row,) = read(branch).to_dicts()
    assert (row["kind"], row["head_office"]) == ("law_firm_branch", "北京示例律师事务所")


def test_a_persons_permit_is_of_no_institution(read, permit):
    person = permit(
        "示例某", certificate=None, title="准予行政许可决定书", content="准予在某律师事务所执业"
    )
    frame = read(person)
    assert frame["kind"].to_list() == [None]
    (issue,) = decisions.find_unclassified(frame).to_dicts()
    assert (issue["reason"], issue["severity"]) == (reasons.UNKNOWN_KIND, "quarantined")


def test_an_unknown_event_and_an_address_without_a_district_are_noted(read, permit):
    frame = read(permit(title="决定书", content="住所:示例路1号", authority=None))
    found = decisions.find_unclassified(frame).select("column", "reason", "severity").rows()
    assert found == [
        ("title", reasons.UNKNOWN_EVENT, "noted"),
        ("content", reasons.NO_DISTRICT, "noted"),
    ]


def test_only_a_row_without_an_own_code_or_number_is_unsure(read, facts, permit):
    frame = read(permit(), permit(uscc="52310000XXXX000015", licence=None))
    assert decisions.find_unnumbered(frame, facts.kinds)["row"].to_list() == [3]


def test_two_foundings_under_one_code_are_contested(register, read, permit):
    other = permit("上海示例乙律师事务所", document="第2号")
    frame = read(permit(), other, permit("上海示例丙律师事务所", uscc=None, licence="3"))
    assert decisions.find_contested(register.connection, frame)["row"].to_list() == [2, 3]


def test_a_decision_without_a_day_keeps_the_day_on_which_it_was_first_read(register, read, permit):
    register.connection.execute("INSERT INTO added.runs VALUES (1, 'sync', '2016-01-02')")
    row = permit(decided=None)
    first = decisions.fill_missing_days(register.connection, read(row), 1)
    assert first["decided"].to_list() == [date(2016, 1, 2)]
    register.night(permits=[row])
    register.connection.execute("INSERT INTO added.runs VALUES (2, 'sync', '2017-01-02')")
    again = decisions.fill_missing_days(register.connection, read(row), 2)
    assert again["decided"].to_list() == [date(2016, 1, 2)]


def test_a_decision_that_is_known_is_not_inserted_again(register, permit):
    register.night(permits=[permit(), permit(remark="示例")])
    register.night(permits=[permit()])
    rows = register.rows("SELECT known_from, known_to, arrived FROM decisions")
    assert rows == [{"known_from": 1, "known_to": None, "arrived": 1}]
