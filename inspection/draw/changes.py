"""Changes after the draw: 递补 and 更换检查人员. The log has the hash of each record."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from double_random.core.china_time import china_day
from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.inspection.draw import named_parties, versions
from double_random.inspection.draw.change_records import (
    ChangeRecord,
    changed_notice_hash,
    check_record_hashes,
    replay_changes,
)
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.draw.sql_tickets import SetTickets
from double_random.inspection.protocol.succession import Change, CurrentAssignment
from double_random.inspection.protocol.text import is_day

if TYPE_CHECKING:
    from double_random.inspection.draw.draw_state import DrawState
    from double_random.store.home import Home


def replace_target(
    home: Home, draw: str, target: str, reason: str, date: str, at: str
) -> ChangeRecord:
    """Replace a drawn institution by the next reserve (递补), and log it."""

    def make_replacement(standing: CurrentAssignment) -> tuple[CurrentAssignment, Change]:
        return standing.replace(_find_target(home, draw, standing, target), reason)

    return _log_change(home, draw, date, at, make_replacement)


def substitute_inspector(
    home: Home, draw: str, target: str, inspector: str, reason: str, date: str, at: str
) -> ChangeRecord:
    """Replace an inspector of a team by another, whom the tickets determine (更换检查人员), and log it.

    `inspector`: certificate number, name, or number in the plan of the one who leaves.
    """
    badges = DrawFolder.find(home, draw).read_badges()

    def make_substitution(standing: CurrentAssignment) -> tuple[CurrentAssignment, Change]:
        id = _find_target(home, draw, standing, target)
        names = {person.id: person.name for person in standing.files.inspectors}
        leaves = named_parties.find_inspector(inspector, names, badges, standing.teams[id])
        return standing.substitute(id, leaves, reason)

    return _log_change(home, draw, date, at, make_substitution)


def _find_target(home: Home, draw: str, standing: CurrentAssignment, query: str) -> str:
    """The id of the current target that a code or name matches."""
    files = standing.files
    among = {id: files.target(id).name for id in standing.teams}
    return named_parties.find_institution(home, draw, query, among)


def rebuild_assignment(home: Home, draw: str, state: DrawState) -> CurrentAssignment:
    """The current assignment, recomputed from the draw's files and records."""
    folder = DrawFolder.find(home, draw)
    plan = folder.read_plan()
    records = [folder.read_record(number) for number in range(1, len(state.changes) + 1)]
    check_record_hashes(plan, state, records, folder.secret)
    if state.drawn is None:
        raise Misuse(_("{draw} has not been drawn yet").format(draw=draw))
    files, result = versions.read_files(plan, folder.read_files()), folder.read_result()
    selection = versions.select_targets(
        plan, files, state.drawn["entropy"], folder.secret, SetTickets
    )
    drawn = versions.check_teams(
        selection, files, folder.inner, result["teams.csv"], result["certificate.json"]
    )
    return replay_changes(CurrentAssignment.after_draw(drawn, folder.inner), plan, state, records)


def _log_change(
    home: Home,
    draw: str,
    date: str,
    at: str,
    change: Callable[[CurrentAssignment], tuple[CurrentAssignment, Change]],
) -> ChangeRecord:
    from double_random.inspection.draw import lifecycle

    folder = DrawFolder.find(home, draw)
    plan = folder.read_plan()
    if not is_day(date):
        raise Misuse(_("no such day: {date}").format(date=date), _("as in 2026-11-22"))
    with home.log.hold() as pen:
        state = lifecycle.require_changeable(pen.entries, plan)
        drawn_on = china_day(state.drawn["time"]) if state.drawn else date
        if not drawn_on <= date <= china_day(lifecycle.check_act_time(at)):
            raise Misuse(
                _("{date} lies before the draw of {day}, or is still to come").format(
                    date=date, day=drawn_on
                ),
                _("--date is the day of the decision"),
            )
        after, change_made = change(rebuild_assignment(home, draw, state))
        record = ChangeRecord(draw, len(state.changes) + 1, change_made, date)
        folder.keep_record(record.seq, record.dump())
        entry: dict[str, Any] = {
            "kind": change_made.kind,
            "time": lifecycle.check_act_time(at),
            "draw": draw,
            "record": plan.digest(f"{record.dump().decode()}:{folder.secret}"),
            "notice": changed_notice_hash(after, change_made),
        }
        pen.append(entry)
        return record
