"""Gaps in the inspection history are named with the day before which nothing is known."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from double_random.inspection.planning.history_gaps import find_history_gaps
from double_random.inspection.planning.items import ItemRatios
from double_random.inspection.planning.rotation import Rotation
from double_random.store.home import Home
from double_random.store.releases import Release

DAY = date(2026, 10, 31)
NO_ROTATION = Rotation(0, DAY, {})
CAP = """
[[rule]]
what = "yearly_cap"
place = ""
from = 2016-01-01
value = {value}
reference = "示例"
confirmed = false
"""


def rule(cool_down: int = 0) -> ItemRatios:
    return ItemRatios(
        since=date(2016, 1, 1),
        policy="",
        reserve=(0, 1),
        shares=(),
        reference="示例",
        confirmed=False,
        cool_down=cool_down,
    )


def release(*days: str) -> Release:
    """A release whose records have inspections on these days; without days it has no records."""
    connection = duckdb.connect()
    if days:
        connection.execute("CREATE TABLE records (class VARCHAR, happened DATE, known_to INTEGER)")
        rows = [("inspection", day, None) for day in days] + [("penalty", "2000-01-01", None)]
        connection.executemany("INSERT INTO records VALUES (?, ?, ?)", rows)
    return Release(connection, "示例", "")


@pytest.fixture
def capped(home: Home) -> Home:
    """A home whose place has a yearly cap."""
    (home.path / "facts" / "place_rules.toml").write_text(CAP.format(value=2), "utf-8")
    return home


def gaps(home: Home, of: Release, asked: ItemRatios, turned: Rotation = NO_ROTATION) -> list[str]:
    return list(find_history_gaps(home, of, asked, turned, DAY))


def test_without_records_only_own_visits_count(capped: Home) -> None:
    (gap,) = gaps(capped, release(), rule())
    assert "no past inspections are known" in gap


def test_a_cap_needs_the_year_and_a_cool_down_its_months(capped: Home) -> None:
    assert gaps(capped, release("2026-01-01"), rule()) == []
    (gap,) = gaps(capped, release("2026-01-02"), rule())
    assert "blind before 2026-01-02" in gap and "look back to 2026-01-01" in gap
    (gap,) = gaps(capped, release("2026-01-01"), rule(cool_down=12))
    assert "look back to 2025-10-31" in gap


def test_without_cap_and_cool_down_nothing_is_needed(home: Home) -> None:
    (home.path / "facts" / "place_rules.toml").write_text(CAP.format(value=0), "utf-8")
    assert gaps(home, release("2026-10-01"), rule()) == []


def test_a_rotation_names_what_it_cannot_see(capped: Home) -> None:
    since, known = date(2025, 10, 31), release("2020-01-01")
    (gap,) = gaps(capped, known, rule(), Rotation(12, since, {}))
    assert "of no past visit is it known who was there" in gap
    (gap,) = gaps(capped, known, rule(), Rotation(12, since, {}, date(2026, 3, 1)))
    assert "blind before 2026-03-01: rotation looks back to 2025-10-31" in gap
    assert gaps(capped, known, rule(), Rotation(12, since, {}, since)) == []
    (gap,) = gaps(capped, known, rule(), Rotation(12, since, {}, since, ("张示例",)))
    assert "张示例" in gap
