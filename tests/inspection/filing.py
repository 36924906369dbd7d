"""A drawn case of a small bureau: four firms to visit, and the words to file their papers with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from double_random.inspection.case import case_file
from double_random.inspection.case.events import Finding, Paper, Task
from double_random.inspection.case.model import Case
from double_random.inspection.case.steps import Step
from double_random.store.home import Home
from tests.clock import stopped

AT = "2027-01-04T00:00:00Z"  # after every day that a test writes on a paper


@pytest.fixture(autouse=True, scope="module")
def later() -> Iterator[None]:
    """The clock shows a day on which all of a test's papers may have been written."""
    with stopped("2027-01-31"):
        yield


class Filing:
    """One draw, d1, drawn on 2026-11-03, whose papers are filed as the test says."""

    def __init__(self, home: Home) -> None:
        self.home = home

    @property
    def case(self) -> Case:
        return case_file.read_case(self.home, "d1")

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.case.active_targets]

    def paper(self, target: str, step: str, day: str, number: str = "") -> Case:
        content = Paper(target, Step(step), number, day)
        return case_file.append_acts(self.home, "d1", [content], AT)

    def finding(self, target: str, *codes: str, **other: Any) -> Case:
        content = Finding(target=target, item="law-firm-archives", codes=codes, **other)
        return case_file.append_acts(self.home, "d1", [content], AT)

    def to(self, target: str, last: str) -> None:
        """Everything in order up to a step, one day each from 2026-11-04 on."""
        for place, step in enumerate(
            ("approved", "notified", "coded", "inspected", "recorded", "told", "published")
        ):
            if step == "recorded":
                self.finding(target, "clean")
            else:
                self.paper(
                    target, step, date(2026, 11, 4 + place).isoformat(), f"示例〔2026〕{place}号"
                )
            if step == last:
                break


@pytest.fixture
def filing(
    bureau: Callable[..., Home], wish: Callable[..., Any], run: Callable[..., Any]
) -> Filing:
    """A draw of 4 among 40 firms, with 6 inspectors, not yet published."""
    home = bureau(firms=40, inspectors=6)
    run(home, wish(), until="draw")
    return Filing(home)


def put_task(filing: Filing, last_day: str = "2026-11-20") -> None:
    """File the draw's task, with visits from 2026-11-04 on."""
    task = Task(
        number="2026-01",
        year_plan="示司抽〔2026〕1号",
        batch="1",
        type="undirected",
        first_day="2026-11-04",
        last_day=last_day,
    )
    case_file.append_acts(filing.home, "d1", [task], "2026-12-01T00:00:00Z")
