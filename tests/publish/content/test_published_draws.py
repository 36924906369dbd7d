"""Draws as published: before the list is public, only what the log says."""

from __future__ import annotations

from datetime import date
from typing import Any

from double_random.inspection.protocol.plan import short_form
from double_random.publish.content.inspection_results import UNVISITED, PublishedInspections
from double_random.publish.content.published_draws import load_draws
from double_random.store.home import Home
from tests.publish import editions

LOGGED = set(editions.LIST.classes["draw"].before_publication)


def plan(draw: str, **more: Any) -> dict[str, Any]:
    """A log entry that commits a plan."""
    return {
        "kind": "plan",
        "draw": draw,
        "plan": "ab" * 32,
        "items": [{"id": "a", "title": "示例事项", "basis": "示例依据"}],
        "scope": {"kinds": ["law_firm"], "districts": ["310104"]},
        "time": "2026-10-01T01:00:00Z",
        "not_before": "2026-10-02T01:00:00Z",
        "publish_by": "2026-10-31",
    } | more


def test_a_committed_plan_shows_what_the_log_says(home: Home) -> None:
    release = {"kind": "sync", "release": "000001"}
    (draw,) = load_draws(home, [release, plan("d1")], date(2026, 10, 31), editions.LIST, ())
    assert set(draw.row) >= LOGGED
    assert {name for name, value in draw.row.items() if value is not None} <= LOGGED
    assert draw.row["code"] == short_form("ab" * 32)
    assert (draw.row["items"], draw.row["kinds"]) == (["示例事项"], ["law_firm"])
    assert draw.is_waiting and not draw.is_published and not draw.overdue
    assert (draw.drawn, draw.bundle) == ((), {})


def test_a_draw_is_overdue_from_the_day_after_its_last_one(home: Home) -> None:
    entries = [
        plan("d1"),
        {"kind": "entropy", "draw": "d1", "source": "balls:示例:7", "value": "1"},
        {"kind": "draw", "draw": "d1", "time": "2026-10-02T02:00:00Z"},
    ]
    (draw,) = load_draws(home, entries, date(2026, 11, 1), editions.LIST, ())
    assert draw.overdue and draw.is_waiting
    assert (draw.row["stage"], draw.row["drawn_at"]) == ("drawn", "2026-10-02T02:00:00Z")
    assert draw.row["seed"] is None and draw.row["entropy"] is None


def test_a_void_plan_keeps_its_reason_and_is_never_overdue(home: Home) -> None:
    void = {
        "kind": "void",
        "draw": "d1",
        "reason": "mistake",
        "time": "2026-10-01T02:00:00Z",
    }
    (draw,) = load_draws(home, [plan("d1"), void], date(2026, 11, 1), editions.LIST, ())
    assert (draw.row["stage"], draw.row["reason"]) == ("void", "mistake")
    assert draw.row["ended"] == void["time"]
    assert not (draw.overdue or draw.is_waiting or draw.is_published)


def test_the_latest_plan_is_first(home: Home) -> None:
    draws = load_draws(home, [plan("d1"), plan("d2")], date(2026, 10, 31), editions.LIST, ())
    assert [draw.row["draw"] for draw in draws] == ["d2", "d1"]


def test_institutions_that_were_not_inspected_in_time_are_told_by_their_state() -> None:
    rows = ({"institution": "A", "state": UNVISITED}, {"institution": "B", "state": "open"})
    draw = editions.draw("d1", "published", inspections=PublishedInspections(rows=rows))
    assert draw.is_published and not draw.is_waiting
    assert [row["institution"] for row in draw.unvisited_rows] == ["A"]
