"""The command to type next after an act on a draw or its case file: the first step not yet done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from double_random.commands.current_home import command
from double_random.commands.render.terminal import say
from double_random.core.translation import _

if TYPE_CHECKING:
    from double_random.inspection.case.model import Case


def say_next(*words: str) -> None:
    """Print the command to type next."""
    say(_("Next: {command}").format(command=command(*words)))


def say_next_of(case: Case) -> None:
    """Print the next command for a draw's case file; nothing if no institution remains to be visited."""
    if case.standing:
        say_next(*_next_of(case))


def _next_of(case: Case) -> tuple[str, ...]:
    from double_random.inspection.case.events import Task
    from double_random.inspection.case.steps import Step

    draw, standing = case.draw, case.standing
    tasks = (act for act in case.acts if isinstance(act.content, Task))
    if not any(act.seq not in case.withdrawn for act in tasks):
        return ("inspection", "task", draw, "--first-day", _("DATE"), "--last-day", _("DATE"))
    for step in (Step.approved, Step.notified, Step.recorded, Step.told, Step.published):
        without = [target.id for target in standing if not target.has(step)]
        if not without:
            continue
        if step is not Step.recorded:
            some = without if len(without) < len(standing) else []
            return _paper(draw, str(step), some)
        return ("inspection", "results", draw)
    return ("inspection", "to-credit")


def _paper(draw: str, step: str, institutions: list[str]) -> tuple[str, ...]:
    return (
        "inspection",
        "paper",
        draw,
        step,
        *institutions,
        "--number",
        _("NUMBER"),
        "--date",
        _("DATE"),
    )
