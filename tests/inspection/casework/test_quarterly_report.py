"""The quarter's numbers, each counted by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.casework import quarterly_report
from double_random.inspection.casework.quarterly_report import Quarter
from tests.inspection.filing import put_task


def test_the_quarters_report(filing: Any) -> None:
    put_task(filing)
    first, second, third, _fourth = filing.ids
    for one in (first, second, third):
        filing.paper(one, "inspected", "2026-11-10")
    filing.finding(first, "clean")
    filing.finding(second, "corrected", correct_by="2026-12-10", filed="示立1号")
    filing.finding(third, "problem", transferred="示例市律师协会")
    filing.paper(first, "published", "2026-11-20")
    lines = quarterly_report.report_quarter(filing.home, Quarter.read("2026Q4"))
    (mine,) = [line for line in lines if line.item == "law-firm-archives"]
    assert (mine.drawn, mine.done, mine.problems, mine.corrected) == (4, 3, 2, 1)
    assert (mine.filed, mine.transferred, mine.published, mine.overdue) == (1, 1, 1, 3)
    sums = quarterly_report.sum_reports(lines)
    assert (sums["items"], sums["items_drawn"], sums["done"]) == (5, 1, 3)
    assert not any(
        line.drawn for line in quarterly_report.report_quarter(filing.home, Quarter.read("2026Q3"))
    )
    with pytest.raises(Misuse):
        Quarter.read("2026Q5")


def test_a_quarter_has_its_first_and_last_day() -> None:
    days = [
        (Quarter(2026, number).first_day, Quarter(2026, number).last_day) for number in range(1, 5)
    ]
    assert days == [
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), date(2026, 9, 30)),
        (date(2026, 10, 1), date(2026, 12, 31)),
    ]
    quarter = Quarter.read("2026Q4")
    assert quarter.contains("2026-10-01") and quarter.contains("2026-12-31")
    assert not (
        quarter.contains("2026-09-30") or quarter.contains("2027-01-01") or quarter.contains("")
    )


@pytest.mark.parametrize("text", ["2026Q0", "2026q1", "2026 Q1", "26Q1", "２０２６Q1", ""])
def test_another_spelling_of_a_quarter_is_refused(text: str) -> None:
    with pytest.raises(Misuse, match="no such quarter") as refused:
        Quarter.read(text)
    assert "2026Q1" in refused.value.hint


def test_a_report_without_items_has_no_sums() -> None:
    assert quarterly_report.sum_reports([]) == {"items": 0, "items_drawn": 0}
