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

from double_random.core.china_time import china_day
from double_random.core.errors import BadFile
from double_random.core.translation import _
from double_random.inspection.case.events import FILE, Act, Content, Task, Withdrawal
from double_random.inspection.case.model import Case, default_task
from double_random.inspection.case.steps import Step
from double_random.inspection.case.target import Target
from double_random.inspection.case.validation import validate_content
from double_random.inspection.draw.change_records import ChangeRecord
from double_random.inspection.draw.changes import rebuild_assignment
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.draw.draw_state import DrawStage, DrawState, find_state
from double_random.store import durable_files as disk
from double_random.store.locks import hold_lock

if TYPE_CHECKING:
    from double_random.store.home import Home
    from double_random.store.log.signed_log import Entry


def read_case(home: Home, draw: str, state: DrawState | None = None) -> Case:
    """Read the case of a draw; Misuse if it has not been drawn, BadFile if its file is damaged."""
    case = begin_case(home, draw, state or find_state(home.log.entries(), draw))
    acts = _read_acts(_case_path(home, draw))
    for act in acts:
        _check_act(case, act)
    return case.apply_acts(*acts)


def read_cases(home: Home, entries: Sequence[Entry] | None = None) -> tuple[Case, ...]:
    """Read the cases of all draws that were drawn, void ones included, in the order of their plans.

    `entries`: those of the log that count; all by default.
    """
    from double_random.inspection.draw.draw_state import replay_states

    by_name = replay_states(home.log.entries() if entries is None else entries)
    return tuple(read_case(home, name, state) for name, state in by_name.items() if state.drawn)


def begin_case(home: Home, draw: str, state: DrawState) -> Case:
    """Return the case before its first act: targets and teams according to the log, after every change."""
    current = rebuild_assignment(home, draw, state)
    folder = DrawFolder.find(home, draw)
    plan, files = folder.read_plan(), current.files
    items = tuple(entry.id for entry in plan.items)
    drawn_on = china_day(state.drawn["time"]) if state.drawn else ""
    targets: dict[str, Target] = {}

    def add_target(id: str, since: str, instead_of: str = "") -> None:
        row = files.target(id)
        team = tuple(current.teams.get(id, ()))
        targets[id] = Target(
            id=id,
            name=row.name,
            stratum=row.stratum,
            items=items,
            team=team,
            since=since,
            instead_of=instead_of,
        )

    for id in current.selection.visits:
        add_target(id, drawn_on)
    for number in range(1, len(state.changes) + 1):
        record = ChangeRecord.read(folder.read_record(number))
        change = record.change
        if change.kind == "replace":
            targets[change.old] = replace(
                targets[change.old],
                end=Step.replaced,
                reason=change.reason,
                ended=record.date,
                successor=change.new,
            )
            if change.new:
                add_target(change.new, record.date, change.old)
    if state.stage is DrawStage.void and state.end is not None:
        for entry in targets.values():
            if entry.end is None:
                reason, ended = str(state.end["reason"]), china_day(state.end["time"])
                targets[entry.id] = replace(entry, end=Step.void, reason=reason, ended=ended)
    names = {entry.id: entry.name for entry in files.inspectors}
    return Case(plan=plan, state=state, targets=targets, names=names, task=default_task(plan))


def append_acts(home: Home, draw: str, contents: Sequence[Content], at: str) -> Case:
    """Append acts to the file, all of them or none; Misuse says which act is refused, and why."""
    from double_random.inspection.draw.lifecycle import check_act_time
    from double_random.intake.code_lists import load_code_list

    file = _case_path(home, draw)
    at = check_act_time(at)
    codes = load_code_list(home.fact_file("inspection_results.toml"))
    with hold_lock(file.with_suffix(".lock"), "case", 10):
        case = read_case(home, draw)
        lines = disk.read_lines(file)
        for content in contents:
            validate_content(case, content, codes, china_day(at))
            act = Act(len(case.acts) + 1, at, content)
            case = case.apply_acts(act)
            lines.append(act.dump(_hash_last_line(lines[-1:])))
        disk.replace_file(file, b"".join(line + b"\n" for line in lines), private=True)
        return case


def _check_act(case: Case, act: Act) -> None:
    """Raise BadFile if an act refers to a target or an act that does not exist."""
    content = act.content
    is_known = (
        content.withdrawn < act.seq
        if isinstance(content, Withdrawal)
        else isinstance(content, Task) or content.target in case.targets
    )
    if not is_known:
        raise BadFile(FILE, _("line {number} belongs elsewhere").format(number=act.seq))


def _read_acts(file: Path) -> list[Act]:
    acts, previous = [], ""
    for number, line in enumerate(disk.read_lines(file), start=1):
        acts.append(Act.read(line, previous, number))
        previous = _hash_last_line([line])
    return acts


def _case_path(home: Home, draw: str) -> Path:
    return DrawFolder.find(home, draw).path / FILE


def _hash_last_line(last: Sequence[bytes]) -> str:
    return hashlib.sha256(last[0]).hexdigest() if last else ""
