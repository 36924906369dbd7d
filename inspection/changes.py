"""After the draw: 递补 and 更换检查人员. A record stays inside; the log holds its hash, so none can be slipped in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from errors import Misuse
from inspection import acts, naming
from inspection.draws import Folder
from inspection.protocol.draw import check_teams, select
from inspection.protocol.files import Files
from inspection.protocol.succession import Change, Standing
from inspection.protocol.text import is_day
from inspection.records import Record, check_hashes, notice_of, replay
from inspection.set_tickets import SetTickets
from language import _
from store.beijing import day_there

if TYPE_CHECKING:
    from inspection.state import State
    from store.home import Home


def replace(home: Home, draw: str, target: str, reason: str, date: str, at: str) -> Record:
    """The next reserve takes the place of a drawn institution (递补)."""

    def change(standing: Standing) -> tuple[Standing, Change]:
        return standing.replace(_target(home, draw, standing, target), reason)

    return _change(home, draw, date, at, change)


def substitute(
    home: Home, draw: str, target: str, inspector: str, reason: str, date: str, at: str
) -> Record:
    """Another inspector, found by lot, takes the place of one in a team (更换检查人员).

    The one who leaves may be named by certificate number, by name or by the number in the plan.
    """
    badges = Folder.of(home, draw).badges()

    def change(standing: Standing) -> tuple[Standing, Change]:
        id = _target(home, draw, standing, target)
        names = {one.id: one.name for one in standing.selection.files.inspectors}
        leaves = naming.inspector(inspector, names, badges, standing.teams[id])
        return standing.substitute(id, leaves, reason)

    return _change(home, draw, date, at, change)


def _target(home: Home, draw: str, standing: Standing, asked: str) -> str:
    """The standing target that is meant."""
    files = standing.selection.files
    among = {id: files.target(id).name for id in standing.teams}
    return naming.institution(home, draw, asked, among)


def standing(home: Home, draw: str, found: State) -> Standing:
    """Who stands now, by the draw's own files and records: recomputed, never believed."""
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
        found = acts.changeable(pen.entries, plan)
        drawn_on = day_there(found.drawn["time"]) if found.drawn else date
        if not drawn_on <= date <= day_there(acts.moment(at)):
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
            "time": acts.moment(at),
            "draw": draw,
            "record": plan.digest(f"{record.dump().decode()}:{folder.secret}"),
            "notice": notice_of(after, made),
        }
        pen.append(entry)
        return record
