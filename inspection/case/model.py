"""A case: one draw and its targets, and how each act changes it. Pure: no disk and no clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from double_random.core.china_time import day_there
from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.inspection.case.events import Act, Finding, Joint, Paper, Task, Withdrawal
from double_random.inspection.case.target import Target
from double_random.inspection.draw.draw_state import State
from double_random.inspection.protocol.plan import Plan


@dataclass(frozen=True, kw_only=True)
class Case:
    """One draw and its targets, according to the log and the case file."""

    plan: Plan
    state: State
    targets: Mapping[str, Target]  # in the order in which they were added
    names: Mapping[str, str]  # of the inspectors in the pool
    acts: tuple[Act, ...] = ()
    withdrawn: frozenset[int] = frozenset()
    task: Task = field(
        default_factory=lambda: Task(
            number="", year_plan="", batch="", type="undirected", first_day="", last_day=""
        )
    )

    @property
    def draw(self) -> str:
        """The draw's name."""
        return self.plan.draw

    @property
    def drawn_on(self) -> str:
        """The day of the draw, in China; "" before it."""
        return day_there(self.state.drawn["time"]) if self.state.drawn else ""

    @property
    def standing(self) -> tuple[Target, ...]:
        """The targets to be visited: neither replaced nor void."""
        return tuple(one for one in self.targets.values() if one.end is None)

    def target(self, id: str) -> Target:
        """Return one target; Misuse if it was never drawn."""
        if id not in self.targets:
            raise Misuse(
                _("{id} was not drawn in {draw}").format(id=id, draw=self.draw),
                _("see who was: double-random inspection show {draw}").format(draw=self.draw),
            )
        return self.targets[id]

    def take(self, *acts: Act) -> Case:
        """Return the case with further acts, without checking them; it is copied once for all of them."""
        taken, targets, gone, task = (
            list(self.acts),
            dict(self.targets),
            set(self.withdrawn),
            self.task,
        )
        for act in acts:
            taken.append(act)
            content = act.content
            if isinstance(content, Task):
                task = content
            elif isinstance(content, Withdrawal):
                gone.add(content.withdrawn)
                former = taken[content.withdrawn - 1].content
                if isinstance(former, Withdrawal):
                    raise AssertionError("refused when it was written")
                if isinstance(former, Task):
                    task = _newest_task(taken, gone) or default_task(self.plan)
                else:
                    targets[former.target] = _without(targets[former.target], former)
            else:
                targets[content.target] = _with(targets[content.target], content)
        return replace(
            self, acts=tuple(taken), targets=targets, withdrawn=frozenset(gone), task=task
        )


def _with(one: Target, content: Paper | Joint | Finding) -> Target:
    if isinstance(content, Paper):
        return replace(one, papers={**one.papers, content.step: content})
    if isinstance(content, Joint):
        return replace(one, joint=content)
    return replace(one, findings={**one.findings, content.item: content})


def _without(one: Target, content: Paper | Joint | Finding) -> Target:
    if isinstance(content, Paper):
        return replace(one, papers={k: v for k, v in one.papers.items() if k != content.step})
    if isinstance(content, Joint):
        return replace(one, joint=None)
    return replace(one, findings={k: v for k, v in one.findings.items() if k != content.item})


def _newest_task(acts: Sequence[Act], withdrawn: Collection[int]) -> Task | None:
    tasks = (act.content for act in reversed(acts) if act.seq not in withdrawn)
    return next((content for content in tasks if isinstance(content, Task)), None)


def default_task(plan: Plan) -> Task:
    """Return the task if none is on file: visits from the draw's day to the plan's last day."""
    return Task(
        number=plan.number,
        year_plan="",
        batch="",
        type="undirected",
        first_day=day_there(plan.not_before),
        last_day=plan.publish_by,
    )
