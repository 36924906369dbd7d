"""Objections are listed with their record, their state, and the last day for checking an open one."""

from __future__ import annotations

from datetime import date

import pytest

from double_random.core.working_days import LastDay
from double_random.credit.records.rulings import Ruling
from double_random.credit.reports.objections import list_objections
from double_random.credit.schema import apply_schema
from double_random.store import durable_files
from double_random.store.home import Home

ACCEPTED = date(2026, 11, 2)
AT = "2026-11-02T08:00:00Z"


def step(number: str, state: str, day: date, about: str = "a" * 64) -> Ruling:
    return Ruling(
        record_class="objection",
        kind="",
        state=state,
        about=about,
        document=number,
        decided=day,
        authority="示例市司法局",
        note="",
    )


def enter(home: Home, *steps: Ruling) -> None:
    file = home.path / "acts" / "credit.jsonl"
    file.parent.mkdir(exist_ok=True)
    for one in steps:
        durable_files.append_line(file, one.to_line(AT))


@pytest.fixture
def home(home: Home) -> Home:
    """A home with one record."""
    with home.releases.write("load", ACCEPTED) as release:
        apply_schema(release.connection)
        release.connection.execute(
            """INSERT INTO added.records (record, number, class, kinds, state, document, name, known_from)
               VALUES (?, 1, 'penalty', 'fine', 'decided', '罚1号', '示例甲所', 1)""",
            ["a" * 64],
        )
    return home


def test_a_home_without_objections_has_none(home: Home) -> None:
    assert list_objections(home) == ()


def test_an_open_objection_has_its_record_and_its_last_day(home: Home) -> None:
    enter(home, step("异1号", "accepted", ACCEPTED), step("异1号", "checking", date(2026, 11, 4)))
    (found,) = list_objections(home)
    assert (found.number, found.document, found.name) == ("异1号", "罚1号", "示例甲所")
    assert (found.state, found.accepted, found.since) == ("checking", ACCEPTED, date(2026, 11, 4))
    assert found.until == LastDay(date(2026, 11, 16))  # ten working days from its acceptance


def test_a_closed_objection_has_no_last_day_and_the_order_is_that_of_the_first_steps(
    home: Home,
) -> None:
    enter(
        home,
        step("异2号", "accepted", ACCEPTED),
        step("异1号", "accepted", ACCEPTED, "b" * 64),
        step("异2号", "checking", ACCEPTED),
        step("异2号", "kept", date(2026, 11, 9)),
    )
    closed, other = list_objections(home)
    assert (closed.number, closed.state, closed.until) == ("异2号", "kept", None)
    assert (other.number, other.document, other.name) == ("异1号", None, None)  # no such record
    assert other.until is not None
