"""A case: one draw and its targets, and how each act changes it. Pure: neither disk nor clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from errors import Misuse
from inspection.case.acts import Act, Joint, Paper, Task, Withdrawal
from inspection.case.target import Target
from inspection.protocol.plan import Plan
from inspection.state import State
from language import _
from store.beijing import day_there


@dataclass(frozen=True)
class Case:
    """One draw and its targets, as log and case file have them."""

    plan: Plan
    state: State
    targets: Mapping[str, Target]  # in the order in which they got their places
    names: Mapping[str, str]  # of the inspectors in the pool
    acts: tuple[Act, ...] = ()
    withdrawn: frozenset[int] = frozenset()
    task: Task = field(default_factory=lambda: Task("", "", "", "undirected", "", ""))

    @property
    def draw(self) -> str:
        """The draw's name."""
        return self.plan.draw

    @property
    def drawn_on(self) -> str:
        """The day of the draw, in China."""
        return day_there(self.state.drawn["time"]) if self.state.drawn else ""

    @property
    def standing(self) -> tuple[Target, ...]:
        """The targets that are to be visited: neither replaced nor void."""
        return tuple(one for one in self.targets.values() if one.end is None)

    def target(self, id: str) -> Target:
        """One target; Misuse where it was never drawn."""
        if id not in self.targets:
            raise Misuse(
                _("{id} was not drawn in {draw}").format(id=id, draw=self.draw),
                _("see who was: double-random inspection show {draw}").format(draw=self.draw),
            )
        return self.targets[id]

    def take(self, act: Act) -> Case:
        """The case with one more act; nothing is judged here."""
        whole = replace(self, acts=(*self.acts, act))
        content = act.content
        if isinstance(content, Task):
            return replace(whole, task=content)
        if isinstance(content, Withdrawal):
            return whole._without(content.withdrawn)
        one = self.targets[content.target]
        if isinstance(content, Paper):
            one = replace(one, papers={**one.papers, content.step: content})
        elif isinstance(content, Joint):
            one = replace(one, joint=content)
        else:
            one = replace(one, findings={**one.findings, content.item: content})
        return replace(whole, targets={**self.targets, one.id: one})

    def _without(self, seq: int) -> Case:
        content = self.acts[seq - 1].content
        case = replace(self, withdrawn=self.withdrawn | {seq})
        if isinstance(content, Task):
            former = [
                act.content
                for act in case.acts
                if isinstance(act.content, Task) and act.seq not in case.withdrawn
            ]
            return replace(case, task=former[-1] if former else default_task(self.plan))
        if isinstance(content, Withdrawal):
            raise AssertionError("refused when it was written")
        one = self.targets[content.target]
        if isinstance(content, Paper):
            one = replace(one, papers={k: v for k, v in one.papers.items() if k != content.step})
        elif isinstance(content, Joint):
            one = replace(one, joint=None)
        else:
            one = replace(
                one, findings={k: v for k, v in one.findings.items() if k != content.item}
            )
        return replace(case, targets={**self.targets, one.id: one})


def default_task(plan: Plan) -> Task:
    """What holds where no task was written down: visits from the draw's day to the plan's last one."""
    return Task(plan.number, "", "", "undirected", day_there(plan.not_before), plan.publish_by)
