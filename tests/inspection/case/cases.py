"""A small fictitious case in memory: three drawn institutions and a team of two; no disk and no clock."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from double_random.inspection.case.events import Act, Content, Finding, Paper
from double_random.inspection.case.model import Case, default_task
from double_random.inspection.case.steps import Step
from double_random.inspection.case.target import Target
from double_random.inspection.draw.draw_state import DrawStage, DrawState
from tests.inspection.protocol.conftest import make_case

ITEM = "示例事项"
DRAWN_ON = "2026-03-03"
FIRST, SECOND, THIRD = (f"31310000XXXX{number:05d}A" for number in range(3))


def target(id: str = FIRST, **other: Any) -> Target:
    """A drawn institution without papers, with other fields if they are given."""
    fields = {
        "id": id,
        "name": f"示例律师事务所{id[-3:-1]}",
        "stratum": "law_firm/A",
        "items": (ITEM,),
        "team": ("SL000", "SL001"),
        "since": DRAWN_ON,
    }
    return Target(**{**fields, **other})  # type: ignore[arg-type]


def paper(step: Step, day: str, number: str = "", target: str = FIRST) -> Paper:
    """A paper of an institution, the first one's unless another is named."""
    return Paper(target, step, number, day)


def finding(*codes: str, target: str = FIRST, **other: Any) -> Finding:
    """A finding for the draw's item."""
    return Finding(target=target, item=ITEM, codes=codes, **other)


def case(*contents: Content, targets: tuple[Target, ...] = ()) -> Case:
    """The case after these acts; nothing is checked. Drawn at 2026-03-03 00:30 in China, 2026-03-02 in UTC."""
    plan = make_case().plan
    entry = {"kind": "plan", "draw": plan.draw}
    drawn = {"kind": "draw", "time": "2026-03-02T16:30:00Z"}
    begun = Case(
        plan=plan,
        state=DrawState(draw=plan.draw, stage=DrawStage.drawn, plan=entry, drawn=drawn),
        targets={one.id: one for one in targets or map(target, (FIRST, SECOND, THIRD))},
        names={"SL000": "示例检查员0", "SL001": "示例检查员1"},
        task=default_task(plan),
    )
    return begun.apply_acts(*acts(*contents))


def acts(*contents: Content, first: int = 1) -> list[Act]:
    """Contents as numbered acts."""
    return [
        Act(number, "2026-04-01T00:00:00Z", content)
        for number, content in enumerate(contents, start=first)
    ]


def ended(one: Target, step: Step, day: str = "2026-03-05") -> Target:
    """The institution after it was replaced, or after its draw became void."""
    return replace(one, end=step, ended=day, reason="ceased")
