"""Changes after the draw: 递补 and 更换检查人员. The log has the hash of each record."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from double_random.core.china_time import day_there
from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.inspection.draw import lifecycle, named_parties
from double_random.inspection.draw.change_records import Record, check_hashes, notice_of, replay
from double_random.inspection.draw.draw_folder import Folder
from double_random.inspection.draw.sql_tickets import SetTickets
from double_random.inspection.protocol.draw import check_teams, select
from double_random.inspection.protocol.files import Files
from double_random.inspection.protocol.succession import Change, Standing
from double_random.inspection.protocol.text import is_day

if TYPE_CHECKING:
    from double_random.inspection.draw.draw_state import State
    from double_random.store.home import Home


def replace(home: Home, draw: str, target: str, reason: str, date: str, at: str) -> Record:
    """Replace a drawn institution by the next reserve (递补), and log it."""

    def change(standing: Standing) -> tuple[Standing, Change]:
        return standing.replace(_target(home, draw, standing, target), reason)

    return _change(home, draw, date, at, change)


def substitute(
    home: Home, draw: str, target: str, inspector: str, reason: str, date: str, at: str
) -> Record:
    """Replace an inspector of a team by another, whom the tickets determine (更换检查人员), and log it.

    `inspector`: certificate number, name, or number in the plan of the one who leaves.
    """
    badges = Folder.of(home, draw).badges()

    def change(standing: Standing) -> tuple[Standing, Change]:
        id = _target(home, draw, standing, target)
        names = {one.id: one.name for one in standing.selection.files.inspectors}
        leaves = named_parties.inspector(inspector, names, badges, standing.teams[id])
        return standing.substitute(id, leaves, reason)

    return _change(home, draw, date, at, change)


def _target(home: Home, draw: str, standing: Standing, asked: str) -> str:
    """The id of the current target that a code or name matches."""
    files = standing.selection.files
    among = {id: files.target(id).name for id in standing.teams}
    return named_parties.institution(home, draw, asked, among)


def standing(home: Home, draw: str, found: State) -> Standing:
    """The current assignment, recomputed from the draw's files and records."""
    folder = Folder.of(home, draw)
    plan = folder.plan()
    records = [folder.record(number) for number in range(1, len(found.changes) + 1)]
    check_hashes(plan, found, records, folder.secret)
    if found.drawn is None:
        raise Misuse(_("{draw} has not been drawn yet").format(draw=draw))
    files, result = Files.read(plan, folder.files()), folder.result()
    selection = select(plan, files, found.drawn["entropy"], folder.secret, SetTickets)
    drawn = check_teams(selection, folder.inner, result["teams.csv"], result["certificate.json"])
    return replay(Standing.after(drawn, folder.inner), plan, found, records)


def _change(
    home: Home,
    draw: str,
    date: str,
    at: str,
    change: Callable[[Standing], tuple[Standing, Change]],
) -> Record:
    folder = Folder.of(home, draw)
    plan = folder.plan()
    if not is_day(date):
        raise Misuse(_("no such day: {date}").format(date=date), _("as in 2026-11-22"))
    with home.log.hold() as pen:
        found = lifecycle.changeable(pen.entries, plan)
        drawn_on = day_there(found.drawn["time"]) if found.drawn else date
        if not drawn_on <= date <= day_there(lifecycle.moment(at)):
            raise Misuse(
                _("{date} lies before the draw of {day}, or is still to come").format(
                    date=date, day=drawn_on
                ),
                _("--date is the day of the decision"),
            )
        after, made = change(standing(home, draw, found))
        record = Record(draw, len(found.changes) + 1, made, date)
        folder.keep_record(record.seq, record.dump())
        entry: dict[str, Any] = {
            "kind": made.kind,
            "time": lifecycle.moment(at),
            "draw": draw,
            "record": plan.digest(f"{record.dump().decode()}:{folder.secret}"),
            "notice": notice_of(after, made),
        }
        pen.append(entry)
        return record
