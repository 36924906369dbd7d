"""季度报表: items, planned, drawn, done, problems, ordered to correct, filed, transferred, published, overdue."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.inspection.case.case_file import read_cases
from double_random.inspection.case.steps import Step
from double_random.inspection.casework.deadlines import Deadlines
from double_random.inspection.planning.items import load_items

if TYPE_CHECKING:
    from double_random.inspection.case.model import Case
    from double_random.inspection.case.target import Target
    from double_random.store.home import Home

NO_PROBLEM = frozenset({"clean", "not_trading"})


@dataclass(frozen=True)
class Quarter:
    """Three months of a year, written 2026Q1."""

    year: int
    number: int

    @classmethod
    def read(cls, text: str) -> Quarter:
        """Read a text such as 2026Q1; Misuse for any other form."""
        match = re.fullmatch(r"((?:19|2[01])[0-9]{2})Q([1-4])", text, re.ASCII)
        if not match:
            raise Misuse(_("no such quarter: {text}").format(text=text), _("as in 2026Q1"))
        return cls(int(match[1]), int(match[2]))

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        following = date(self.year + self.number // 4, self.number % 4 * 3 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)

    def contains(self, day: str) -> bool:
        """Whether a day is in the quarter; "" never is."""
        return bool(day) and self.first_day <= date.fromisoformat(day) <= self.last_day


@dataclass(frozen=True, kw_only=True)
class ItemReport:
    """One item's line; a draw of several items counts in the line of each."""

    item: str
    title: str
    planned: int  # institutions in the year plan's batches that begin in the quarter
    drawn: int  # places drawn in the quarter
    directed: int  # of these by directed draws (定向)
    done: int  # visits made in it
    problems: int  # of the findings of these visits
    corrected: int  # 责令改正
    filed: int  # 立案
    transferred: int  # 移送
    published: int  # results published in it
    overdue: int  # not visited or not published in time, at the end of the quarter's last past day


def report_quarter(
    home: Home, quarter: Quarter, as_of: date | None = None
) -> tuple[ItemReport, ...]:
    """Report a quarter by item: first the items of the list in its order, then items that only draws have.

    `as_of`: the day of the report, if the quarter is not over; duties due on that day or later are not overdue.
    """
    from double_random.inspection.casework.year_plan import count_planned

    all_cases = read_cases(home)
    titles = {item_row.id: item_row.title for item_row in load_items(home)}
    for case in all_cases:
        for entry in case.plan.items:
            titles.setdefault(entry.id, entry.title)
    planned_counts = count_planned(home, quarter.first_day, quarter.last_day)
    deadlines = Deadlines.from_home(home)
    end = min(quarter.last_day, as_of - timedelta(days=1)) if as_of else quarter.last_day

    lines = []
    for item, title in titles.items():
        item_cases = [
            case for case in all_cases if item in {item_row.id for item_row in case.plan.items}
        ]
        places = [(case, entry) for case in item_cases for entry in case.targets.values()]
        visited = [entry for _case, entry in places if quarter.contains(entry.visited)]
        lots = [
            case
            for case, entry in places
            if not entry.instead_of
            and entry.end is not Step.void
            and quarter.contains(case.drawn_on)
        ]
        findings = [entry.findings[item] for entry in visited if item in entry.findings]
        lines.append(
            ItemReport(
                item=item,
                title=title,
                planned=planned_counts.get(item, 0),
                drawn=len(lots),
                directed=sum(case.task.type == "directed" for case in lots),
                done=len(visited),
                problems=sum(not set(finding.codes) <= NO_PROBLEM for finding in findings),
                corrected=sum(
                    bool(finding.correct_by) or "corrected" in finding.codes for finding in findings
                ),
                filed=sum(bool(finding.filed) for finding in findings),
                transferred=sum(bool(finding.transferred) for finding in findings),
                published=sum(quarter.contains(entry.published) for _case, entry in places),
                overdue=sum(_is_overdue(case, entry, deadlines, end) for case, entry in places),
            )
        )
    return tuple(lines)


def _is_overdue(case: Case, target: Target, deadlines: Deadlines, end: date) -> bool:
    """Whether a target's visit or publication was due by `end` and not done in time."""
    if target.end is not None:
        return False
    if not target.visited or target.visited > end.isoformat():
        return case.task.last_day <= end.isoformat()
    by = deadlines.publication_deadline(target)[0]
    done = date.fromisoformat(target.published) if target.published else None
    return by.is_over(end + timedelta(days=1)) and (done is None or by.is_over(done))


def sum_reports(lines: Iterable[ItemReport]) -> dict[str, Any]:
    """Return the sums of the columns, the number of items and of items drawn: 事项总数、已抽查事项."""
    reports = list(lines)
    sums = (
        {
            name: sum(getattr(line, name) for line in reports)
            for name in asdict(reports[0])
            if name not in ("item", "title")
        }
        if reports
        else {}
    )
    return {"items": len(reports), "items_drawn": sum(line.drawn > 0 for line in reports), **sums}
