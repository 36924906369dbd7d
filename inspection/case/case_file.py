"""A draw's case file (案卷): its targets according to the log, and the acts in HOME/draws/DRAW/case.jsonl.

Acts are appended under a lock of the case and never changed; a further act withdraws a mistake. Acts are checked when
they are written, so reading is simple: every target ends in exactly one step.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.china_time import day_there
from double_random.core.errors import BadFile
from double_random.core.translation import _
from double_random.inspection.case.events import FILE, Act, Content, Task, Withdrawal
from double_random.inspection.case.model import Case, default_task
from double_random.inspection.case.steps import Step
from double_random.inspection.case.target import Target
from double_random.inspection.case.validation import admit
from double_random.inspection.draw import lifecycle as draw_acts
from double_random.inspection.draw.change_records import Record
from double_random.inspection.draw.changes import standing
from double_random.inspection.draw.draw_folder import Folder
from double_random.inspection.draw.draw_state import Stage, State, of
from double_random.store import durable_files as disk
from double_random.store.locks import only_writer

if TYPE_CHECKING:
    from double_random.store.home import Home


def read(home: Home, draw: str, state: State | None = None) -> Case:
    """Read the case of a draw; Misuse if it has not been drawn, BadFile if its file is damaged."""
    case = begun(home, draw, state or of(home.log.entries(), draw))
    acts = _lines(_file(home, draw))
    for act in acts:
        _check(case, act)
    return case.take(*acts)


def cases(home: Home) -> tuple[Case, ...]:
    """Read the cases of all draws that were drawn, void ones included, in the order of their plans."""
    from double_random.inspection.draw.draw_state import states

    found = states(home.log.entries())
    return tuple(read(home, name, state) for name, state in found.items() if state.drawn)


def begun(home: Home, draw: str, state: State) -> Case:
    """Return the case before its first act: targets and teams according to the log, after every change."""
    now = standing(home, draw, state)
    folder = Folder.of(home, draw)
    plan, files = folder.plan(), now.selection.files
    items = tuple(one.id for one in plan.items)
    drawn_on = day_there(state.drawn["time"]) if state.drawn else ""
    found: dict[str, Target] = {}

    def place(id: str, since: str, instead_of: str = "") -> None:
        row = files.target(id)
        team = tuple(now.teams.get(id, ()))
        found[id] = Target(
            id=id,
            name=row.name,
            stratum=row.stratum,
            items=items,
            team=team,
            since=since,
            instead_of=instead_of,
        )

    for id in now.selection.visits:
        place(id, drawn_on)
    for number in range(1, len(state.changes) + 1):
        record = Record.read(folder.record(number))
        change = record.change
        if change.kind == "replace":
            found[change.old] = replace(
                found[change.old],
                end=Step.replaced,
                reason=change.reason,
                ended=record.date,
                successor=change.new,
            )
            if change.new:
                place(change.new, record.date, change.old)
    if state.stage is Stage.void and state.end is not None:
        for one in found.values():
            if one.end is None:
                reason, ended = str(state.end["reason"]), day_there(state.end["time"])
                found[one.id] = replace(one, end=Step.void, reason=reason, ended=ended)
    names = {one.id: one.name for one in files.inspectors}
    return Case(plan=plan, state=state, targets=found, names=names, task=default_task(plan))


def write(home: Home, draw: str, contents: Sequence[Content], at: str) -> Case:
    """Append acts to the file, all of them or none; Misuse says which act is refused, and why."""
    from double_random.intake.code_lists import kinds

    file = _file(home, draw)
    at = draw_acts.moment(at)
    codes = kinds(home.fact("inspection_results.toml"))
    with only_writer(file.with_suffix(".lock"), "case", 10):
        case = read(home, draw)
        lines = disk.lines(file)
        for content in contents:
            admit(case, content, codes, day_there(at))
            act = Act(len(case.acts) + 1, at, content)
            case = case.take(act)
            lines.append(act.dump(_hash(lines[-1:])))
        disk.replace(file, b"".join(line + b"\n" for line in lines), private=True)
        return case


def _check(case: Case, act: Act) -> None:
    """Raise BadFile if an act refers to a target or an act that does not exist."""
    content = act.content
    known = (
        content.withdrawn < act.seq
        if isinstance(content, Withdrawal)
        else isinstance(content, Task) or content.target in case.targets
    )
    if not known:
        raise BadFile(FILE, _("line {number} belongs elsewhere").format(number=act.seq))


def _lines(file: Path) -> list[Act]:
    found, after = [], ""
    for number, line in enumerate(disk.lines(file), start=1):
        found.append(Act.read(line, after, number))
        after = _hash([line])
    return found


def _file(home: Home, draw: str) -> Path:
    return Folder.of(home, draw).path / FILE


def _hash(last: Sequence[bytes]) -> str:
    return hashlib.sha256(last[0]).hexdigest() if last else ""
