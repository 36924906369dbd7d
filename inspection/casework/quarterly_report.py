"""季度报表: items, planned, drawn, done, problems, ordered to correct, filed, transferred, published, overdue."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.inspection.case.case_file import cases
from double_random.inspection.case.steps import Step
from double_random.inspection.casework.deadlines import Deadlines
from double_random.inspection.planning.items import items

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
        found = re.fullmatch(r"((?:19|2[01])[0-9]{2})Q([1-4])", text, re.ASCII)
        if not found:
            raise Misuse(_("no such quarter: {text}").format(text=text), _("as in 2026Q1"))
        return cls(int(found[1]), int(found[2]))

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        following = date(self.year + self.number // 4, self.number % 4 * 3 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)

    def holds(self, day: str) -> bool:
        """Whether a day is in the quarter; "" never is."""
        return bool(day) and self.first <= date.fromisoformat(day) <= self.last


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


def report(home: Home, quarter: Quarter, as_of: date | None = None) -> tuple[ItemReport, ...]:
    """Report a quarter by item: first the items of the list in its order, then items that only draws have.

    `as_of`: the day of the report, if the quarter is not over; duties due on that day or later are not overdue.
    """
    from double_random.inspection.casework.year_plan import planned

    found = cases(home)
    titles = {listed.id: listed.title for listed in items(home)}
    for case in found:
        for one in case.plan.items:
            titles.setdefault(one.id, one.title)
    wanted = planned(home, quarter.first, quarter.last)
    deadlines = Deadlines.of(home)
    end = min(quarter.last, as_of - timedelta(days=1)) if as_of else quarter.last

    def late(case: Case, one: Target) -> bool:
        if one.end is not None:
            return False
        if not one.visited or one.visited > end.isoformat():
            return case.task.last_day <= end.isoformat()
        by = deadlines.publish(one)[0]
        done = date.fromisoformat(one.published) if one.published else None
        return by.passed(end + timedelta(days=1)) and (done is None or by.passed(done))

    lines = []
    for item, title in titles.items():
        mine = [case for case in found if item in {listed.id for listed in case.plan.items}]
        places = [(case, one) for case in mine for one in case.targets.values()]
        made = [one for _case, one in places if quarter.holds(one.visited)]
        lots = [
            case
            for case, one in places
            if not one.instead_of and one.end is not Step.void and quarter.holds(case.drawn_on)
        ]
        findings = [one.findings[item] for one in made if item in one.findings]
        lines.append(
            ItemReport(
                item=item,
                title=title,
                planned=wanted.get(item, 0),
                drawn=len(lots),
                directed=sum(case.task.type == "directed" for case in lots),
                done=len(made),
                problems=sum(not set(finding.codes) <= NO_PROBLEM for finding in findings),
                corrected=sum(
                    bool(finding.correct_by) or "corrected" in finding.codes for finding in findings
                ),
                filed=sum(bool(finding.filed) for finding in findings),
                transferred=sum(bool(finding.transferred) for finding in findings),
                published=sum(quarter.holds(one.published) for _case, one in places),
                overdue=sum(late(case, one) for case, one in places),
            )
        )
    return tuple(lines)


def total(lines: Iterable[ItemReport]) -> dict[str, Any]:
    """Return the sums of the columns, the number of items and of items drawn: 事项总数、已抽查事项."""
    listed = list(lines)
    sums = (
        {
            name: sum(getattr(line, name) for line in listed)
            for name in asdict(listed[0])
            if name not in ("item", "title")
        }
        if listed
        else {}
    )
    return {"items": len(listed), "items_drawn": sum(line.drawn > 0 for line in listed), **sums}
