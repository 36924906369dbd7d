"""A draw in order has no difference; every difference is a sentence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.case.steps import Step
from double_random.inspection.casework.reconciliation import reconcile_draw
from double_random.inspection.draw import changes
from double_random.inspection.planning.local_rules import load_place_rules
from tests.inspection.filing import put_task


def test_a_draw_in_order_reconciles_without_a_difference(filing: Any) -> None:
    put_task(filing)
    for place, one in enumerate(filing.ids):
        for step in ("approved", "notified", "coded", "inspected"):
            filing.paper(one, step, "2026-11-10", f"{step}{place}")
        filing.finding(one, "clean")
        filing.paper(one, "told", "2026-11-11")
        filing.paper(one, "published", "2026-11-12", "公告1号")
    found = reconcile_draw(filing.home, "d1", date(2026, 12, 31))
    assert found.differences == ()
    assert (found.drawn, found.came_in) == (4, 0)
    assert set(found.reached.values()) == {4}


def test_every_difference_is_told(filing: Any) -> None:
    put_task(filing)
    first, second, third, fourth = filing.ids
    filing.paper(first, "approved", "2026-11-04", "批1号")
    filing.paper(first, "notified", "2026-11-12", "知1号")
    filing.paper(first, "coded", "2026-11-05", "XXXX1")
    filing.paper(first, "inspected", "2026-11-10")
    filing.paper(second, "coded", "2026-11-05", "XXXX1")
    filing.paper(second, "inspected", "2026-11-21")
    filing.finding(second, "clean")
    filing.paper(second, "published", "2026-12-31")
    changes.replace_target(filing.home, "d1", third, "ceased", "2026-11-06", "2026-11-06T01:00:00Z")
    found = reconcile_draw(filing.home, "d1", date(2026, 12, 31))
    told = {(one.target, one.what) for one in found.differences}
    new = found.case.targets[third].successor
    assert told == {
        (first, "notified is dated 2026-11-12, after the visit of 2026-11-10"),
        (first, "result not published by 2026-12-08"),
        (first, "coded: the number XXXX1 stands at 2 institutions"),
        (second, "no paper: approved"),
        (second, "no paper: notified"),
        (second, "no paper: told"),
        (second, "visited on 2026-11-21, after the last day, 2026-11-20"),
        (second, "published on 2026-12-31, after 2026-12-18"),
        (second, "coded: the number XXXX1 stands at 2 institutions"),
        (fourth, "not visited by 2026-11-20"),
        (new, "not visited by 2026-11-20"),
    }
    assert (found.drawn, found.came_in, found.ended[Step.replaced]) == (4, 1, 1)
    assert (found.reached[Step.drawn], found.reached[Step.inspected]) == (4, 2)


def test_whether_a_check_code_is_missing_depends_on_the_place(filing: Any) -> None:
    rules = load_place_rules(filing.home)  # an authority in Shanghai: 310000
    assert not rules.needs_check_code(date(2024, 12, 31))
    assert rules.needs_check_code(date(2025, 1, 1))
    filing.paper(filing.ids[0], "inspected", "2026-11-10")
    told = [one.what for one in reconcile_draw(filing.home, "d1", date(2026, 11, 20)).differences]
    assert "no paper: coded" in told
    text = filing.home.fact_file("place_rules.toml").read_text("utf-8")
    own = filing.home.path / "facts" / "place_rules.toml"
    own.write_text(text.replace('place = "31"\n', 'place = "44"\n'), "utf-8")
    told = [one.what for one in reconcile_draw(filing.home, "d1", date(2026, 11, 20)).differences]
    assert "no paper: coded" not in told
    own.write_text(text.replace("value = 20", 'value = "20"'), "utf-8")
    with pytest.raises(BadFile, match="rule"):
        load_place_rules(filing.home)
