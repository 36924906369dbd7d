"""A drawn institution with everything on file about it; its step follows from that alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from double_random.inspection.case.events import Finding, Joint, Paper
from double_random.inspection.case.steps import BEFORE_THE_VISIT, ORDER, Step


@dataclass(frozen=True, kw_only=True)
class Target:
    """One institution that was drawn, or that replaced a drawn one."""

    id: str
    name: str
    stratum: str
    items: tuple[str, ...]
    team: tuple[str, ...]  # its inspectors now; empty if it was replaced
    since: str  # the day it was drawn or took its place
    instead_of: str = ""  # the institution that it replaced
    end: Step | None = None  # replaced or void
    reason: str = ""  # of that end
    ended: str = ""  # the day of that end
    successor: str = ""  # the institution that replaced it; "" if no reserve was left
    papers: Mapping[Step, Paper] = field(default_factory=dict)
    findings: Mapping[str, Finding] = field(default_factory=dict)  # by item
    joint: Joint | None = None  # the decision on one visit for this draw and others

    @property
    def step(self) -> Step:
        """Its end, else the furthest step on file."""
        if self.end is not None:
            return self.end
        reached = {Step.drawn, *self.papers}
        if self.has_step(Step.recorded):
            reached.add(Step.recorded)
        return max(reached, key=ORDER.index)

    @property
    def visited(self) -> str:
        """The day of the visit; "" before it."""
        paper = self.papers.get(Step.inspected)
        return paper.date if paper else ""

    @property
    def published(self) -> str:
        """The day of publication; "" before it."""
        paper = self.papers.get(Step.published)
        return paper.date if paper else ""

    def has_step(self, step: Step) -> bool:
        """Whether a step is on file: its paper, or for `recorded` a finding for each item."""
        if step is Step.recorded:
            return set(self.findings) == set(self.items)
        return step in self.papers

    def missing_papers(self, code_binds: bool) -> tuple[Step, ...]:
        """Return the steps before the furthest one whose papers are missing (审批、通知缺失)."""
        furthest = max([Step.drawn, *self.papers], key=ORDER.index)
        return tuple(
            step
            for step in ORDER[1 : ORDER.index(furthest)]
            if not self.has_step(step) and (step is not Step.coded or code_binds)
        )

    def late_papers(self) -> tuple[Step, ...]:
        """Return the steps whose papers must precede the visit but are dated after it."""
        return tuple(
            step
            for step in BEFORE_THE_VISIT
            if self.visited and step in self.papers and self.papers[step].date > self.visited
        )
