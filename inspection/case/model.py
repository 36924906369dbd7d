"""A case: one draw and its targets, and how each act changes it. Pure: no disk and no clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from double_random.core.china_time import china_day
from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.inspection.case.events import Act, Finding, Joint, Paper, Task, Withdrawal
from double_random.inspection.case.target import Target
from double_random.inspection.draw.draw_state import DrawState
from double_random.inspection.draw.versions import Plan


@dataclass(frozen=True, kw_only=True)
class Case:
    """One draw and its targets, according to the log and the case file."""

    plan: Plan
    state: DrawState
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
        return china_day(self.state.drawn["time"]) if self.state.drawn else ""

    @property
    def active_targets(self) -> tuple[Target, ...]:
        """The targets to be visited: neither replaced nor void."""
        return tuple(target for target in self.targets.values() if target.end is None)

    def target(self, id: str) -> Target:
        """Return one target; Misuse if it was never drawn."""
        if id not in self.targets:
            raise Misuse(
                _("{id} was not drawn in {draw}").format(id=id, draw=self.draw),
                _("see who was: double-random inspection show {draw}").format(draw=self.draw),
            )
        return self.targets[id]

    def apply_acts(self, *acts: Act) -> Case:
        """Return the case with further acts, without checking them; it is copied once for all of them."""
        all_acts, targets, withdrawn, task = (
            list(self.acts),
            dict(self.targets),
            set(self.withdrawn),
            self.task,
        )
        for act in acts:
            all_acts.append(act)
            content = act.content
            if isinstance(content, Task):
                task = content
            elif isinstance(content, Withdrawal):
                withdrawn.add(content.withdrawn)
                former = all_acts[content.withdrawn - 1].content
                if isinstance(former, Withdrawal):
                    raise AssertionError("refused when it was written")
                if isinstance(former, Task):
                    task = _find_newest_task(all_acts, withdrawn) or default_task(self.plan)
                else:
                    targets[former.target] = _remove_content(targets[former.target], former)
            else:
                targets[content.target] = _add_content(targets[content.target], content)
        return replace(
            self, acts=tuple(all_acts), targets=targets, withdrawn=frozenset(withdrawn), task=task
        )


def _add_content(target: Target, content: Paper | Joint | Finding) -> Target:
    if isinstance(content, Paper):
        return replace(target, papers={**target.papers, content.step: content})
    if isinstance(content, Joint):
        return replace(target, joint=content)
    return replace(target, findings={**target.findings, content.item: content})


def _remove_content(target: Target, content: Paper | Joint | Finding) -> Target:
    if isinstance(content, Paper):
        return replace(target, papers={k: v for k, v in target.papers.items() if k != content.step})
    if isinstance(content, Joint):
        return replace(target, joint=None)
    return replace(target, findings={k: v for k, v in target.findings.items() if k != content.item})


def _find_newest_task(acts: Sequence[Act], withdrawn: Collection[int]) -> Task | None:
    tasks = (act.content for act in reversed(acts) if act.seq not in withdrawn)
    return next((content for content in tasks if isinstance(content, Task)), None)


def default_task(plan: Plan) -> Task:
    """Return the task if none is on file: visits from the draw's day to the plan's last day."""
    return Task(
        number=plan.number,
        year_plan="",
        batch="",
        type="undirected",
        first_day=china_day(plan.not_before),
        last_day=plan.publish_by,
    )
