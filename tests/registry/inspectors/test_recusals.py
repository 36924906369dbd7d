"""回避 with its time: from when to when, kept with history, whatever the order in which sheets come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from double_random.registry.inspectors import recusals
from double_random.registry.tables import ensure_tables

A = "31310000XXXX00001A"
DAY = date(2026, 10, 31)


def row(since: date | None = None, until: date | None = None, inspector: str = "ZF01") -> dict:
    return {
        "inspector": inspector,
        "uscc": A,
        "name": None,
        "reason": "曾任职",
        "since": since,
        "until": until,
    }


def held(register, day: date, known_at: int | None = None) -> list[str]:
    return recusals.known_recusals(register.draft, known_at, day)["inspector"].to_list()


def test_a_recusal_holds_from_its_first_to_its_last_day(register, permit):
    register.night(permits=[permit()], recusals=[row(date(2026, 1, 1), date(2026, 6, 30))])
    assert held(register, date(2025, 12, 31)) == []
    assert held(register, date(2026, 1, 1)) == held(register, date(2026, 6, 30)) == ["ZF01"]
    assert held(register, date(2026, 7, 1)) == []
    assert recusals.known_recusals(register.draft).height == 1  # whatever the day


def test_without_times_it_always_holds(register, permit):
    register.night(permits=[permit()], recusals=[row()])
    assert held(register, date(1990, 1, 1)) == held(register, date(2090, 1, 1)) == ["ZF01"]


def test_an_end_that_is_told_later_is_history(register, permit):
    register.night(permits=[permit()], recusals=[row(date(2024, 1, 1))])
    register.night(recusals=[row(date(2024, 1, 1), date(2026, 6, 30))])
    assert held(register, DAY, known_at=1) == ["ZF01"]
    assert held(register, DAY) == []
    register.night(recusals=[row(date(2024, 1, 1))])  # the old sheet once more
    assert held(register, DAY) == []
    register.night(recusals=[row(date(2026, 8, 1))])  # it has begun again
    assert held(register, DAY) == ["ZF01"]
    assert recusals.list_recusals(register.draft)["since"].to_list() == [
        date(2024, 1, 1),
        date(2026, 8, 1),
    ]


def test_a_sheet_with_times_takes_the_place_of_one_without(register, permit):
    register.night(permits=[permit()], recusals=[row()])
    register.night(recusals=[row(date(2020, 1, 1), date(2021, 12, 31))])
    assert held(register, DAY) == []
    assert held(register, DAY, known_at=1) == ["ZF01"]
    register.night(recusals=[row()])
    assert held(register, DAY) == []


def days() -> st.SearchStrategy[date | None]:
    return st.sampled_from([None, *(date(year, 1, 1) for year in (2020, 2022, 2024))])


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.tuples(days(), days()), min_size=1, max_size=4))
def test_the_order_of_sheets_and_nights_does_not_matter(
    rows: list[tuple[date | None, date | None]],
) -> None:
    import duckdb
    import polars

    from double_random.intake.record_types import table_schema

    def register(nights: list[list[tuple[date | None, date | None]]]) -> Iterator[tuple]:
        connection = duckdb.connect(":memory:")
        ensure_tables(connection)
        for run, night in enumerate(nights, start=1):
            frame = polars.DataFrame(
                [row(*times) for times in night], schema=table_schema("recusals")
            )
            recusals.insert_recusals(connection, frame, run)
        sql = "SELECT since, until FROM recusals WHERE known_to IS NULL ORDER BY ALL"
        return connection.execute(sql).fetchall()

    once = register([rows])
    for order in list(permutations(rows))[:6]:
        assert register([[one] for one in order]) == once


def test_an_end_before_the_beginning_is_an_issue(register, permit):
    register.night(permits=[permit()], recusals=[row(date(2026, 6, 30), date(2026, 1, 1))])
    said = [one for one in recusals.find_unmatched(register.draft) if one["column"] == "until"]
    assert [one["reason"] for one in said] == ["a recusal ends before it begins"]


def test_a_home_of_before_goes_on_working(register, permit):
    register.night(permits=[permit()], recusals=[row()])
    view = "CREATE OR REPLACE VIEW recusals AS SELECT * EXCLUDE (since, until) FROM placed.recusals"
    register.connection.execute(view)
    assert held(register, DAY) == ["ZF01"]  # a release that nobody has written since
    assert recusals.list_recusals(register.draft)["until"].to_list() == [None]
    assert recusals.find_unmatched(register.draft)
    register.connection.execute(
        "CREATE OR REPLACE VIEW recusals AS SELECT * EXCLUDE (place) FROM placed.recusals"
    )
    register.night(recusals=[row(date(2026, 1, 1), date(2026, 6, 30))])
    assert held(register, DAY) == []
