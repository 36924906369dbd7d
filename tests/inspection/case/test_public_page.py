"""Whoever was drawn and not visited by the last day stands on the public page (未检查), and nobody before that day."""

from __future__ import annotations

from datetime import date
from typing import Any

from inspection import acts
from inspection.case import case_file
from inspection.case.acts import Task
from publish.site import build


def page(filing: Any, day: date) -> str:
    folder = build(filing.home, day)
    return (folder / "draws" / "d1" / "index.html").read_text("utf-8")


def test_who_was_not_visited_in_time_is_shown(filing: Any) -> None:
    acts.publish(filing.home, "d1", "2026-11-06T08:00:00Z")
    assert 'id="unvisited"' not in page(filing, date(2026, 12, 1))  # no case file is kept
    task = Task("", "", "", "undirected", "2026-11-04", "2026-11-20")
    case_file.write(filing.home, "d1", [task], "2026-11-06T09:00:00Z")
    filing.paper(filing.ids[0], "inspected", "2026-11-10")
    assert 'id="unvisited"' not in page(filing, date(2026, 11, 20))
    late = page(filing, date(2026, 11, 21))
    _before, _mark, section = late.partition('id="unvisited"')
    section = section.partition("</section>")[0]
    shown = [one.id for one in filing.case.standing if one.id in section]
    assert shown == filing.ids[1:]
    assert "2026-11-20" in section
