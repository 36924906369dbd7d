"""The command to type next after an act on a draw or its case file: the first step not yet done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from double_random.commands.current_home import format_command
from double_random.commands.render.terminal import print_message
from double_random.core.translation import _

if TYPE_CHECKING:
    from double_random.inspection.case.model import Case


def print_next_command(*words: str) -> None:
    """Print the command to type next."""
    print_message(_("Next: {command}").format(command=format_command(*words)))


def print_next_step(case: Case) -> None:
    """Print the next command for a draw's case file; nothing if no institution remains to be visited."""
    if case.active_targets:
        print_next_command(*_next_step_words(case))


def _next_step_words(case: Case) -> tuple[str, ...]:
    from double_random.inspection.case.events import Task
    from double_random.inspection.case.steps import Step

    draw, standing = case.draw, case.active_targets
    tasks = (act for act in case.acts if isinstance(act.content, Task))
    if not any(act.seq not in case.withdrawn for act in tasks):
        return ("inspection", "task", draw, "--first-day", _("DATE"), "--last-day", _("DATE"))
    for step in (Step.approved, Step.notified, Step.recorded, Step.told, Step.published):
        without = [target.id for target in standing if not target.has_step(step)]
        if not without:
            continue
        if step is not Step.recorded:
            targets = without if len(without) < len(standing) else []
            return _paper_words(draw, str(step), targets)
        return ("inspection", "results", draw)
    return ("inspection", "to-credit")


def _paper_words(draw: str, step: str, institutions: list[str]) -> tuple[str, ...]:
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
