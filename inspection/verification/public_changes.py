"""Public check of 递补 and 更换检查人员: everything except who had to follow, which needs `inner`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from double_random.core.errors import BadFile
from double_random.core.translation import _
from double_random.inspection.draw.change_records import FILE, ChangeRecord
from double_random.inspection.protocol import notices
from double_random.inspection.protocol.files import REPLACE_REASONS
from double_random.inspection.protocol.succession import SUBSTITUTE_REASONS

if TYPE_CHECKING:
    from double_random.inspection.draw.draw_state import DrawState
    from double_random.inspection.protocol.files import Inspector
    from double_random.inspection.protocol.plan import Plan
    from double_random.inspection.protocol.tickets import Tickets


def check_changes(
    plan: Plan,
    state: DrawState,
    records: Sequence[bytes],
    drawn: Mapping[str, Sequence[str]],
    pool: Collection[str],
    people: Mapping[str, Inspector],
    tickets: Tickets,
) -> None:
    """Check each record's order, form, reason (closed list), team and notice.

    BadFile names records.jsonl and the line. `drawn`: the team of each drawn institution.
    """
    teams, removed = dict(drawn), set[str]()
    for number, (line, entry) in enumerate(zip(records, state.changes, strict=True), start=1):
        record = ChangeRecord.read(line)
        change = record.change
        team = list(change.inspectors)
        valid = (record.draw, record.seq, change.kind) == (plan.draw, number, entry["kind"])
        if change.kind == "replace":
            valid = valid and change.reason in REPLACE_REASONS and change.old in teams
            teams.pop(change.old, None)
            removed.add(change.old)
            fresh = change.new in pool and change.new not in teams and change.new not in removed
            valid = valid and change.new == change.target and (fresh or not (change.new or team))
        else:
            former = teams.get(change.target, ())
            newcomers = ", ".join(sorted(set(team) - set(former)))
            valid = valid and change.reason in SUBSTITUTE_REASONS and change.new == newcomers
            valid = valid and change.old in former and change.old not in team
        if change.target:
            valid = (
                valid and team == sorted(set(team) & set(people)) and len(team) == plan.team.size
            )
            valid = valid and sum(people[id].lead for id in team) >= plan.team.leads
            teams[change.target] = team
        leaf = ""
        if change.target:
            leaf = notices.notice_leaf_hash(
                notices.build_notice(change.target, team, tickets), tickets
            )
        if not valid or entry["notice"] != leaf:
            raise BadFile(FILE, _("line {number}: this change cannot stand").format(number=number))
