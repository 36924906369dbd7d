"""After the draw: 递补 and 更换检查人员. A record stays inside; the log holds its hash, so none can be slipped in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from errors import BadFile, DoubleRandomError, Misuse
from inspection import acts
from inspection.draws import Folder
from inspection.protocol import canonical_json, notices
from inspection.protocol.draw import check_teams, select
from inspection.protocol.fields import Fields
from inspection.protocol.files import Files
from inspection.protocol.succession import Change, Standing
from inspection.protocol.text import is_day
from inspection.set_tickets import SetTickets
from language import N_, _

if TYPE_CHECKING:
    from inspection.protocol.plan import Plan
    from inspection.state import State
    from store.home import Home

FILE = "records.jsonl"
KINDS = (N_("replace"), N_("substitute"))  # 递补 · 更换检查人员
FIELDS = ("draw", "seq", "kind", "old", "new", "target", "inspectors", "reason", "date")


@dataclass(frozen=True)
class Record:
    """One change as it is kept: which draw, its number there from 1, what changed, why, and the day."""

    draw: str
    seq: int
    change: Change
    date: str

    @classmethod
    def read(cls, line: bytes) -> Record:
        """The record of a canonical line; BadFile names records.jsonl."""
        value = canonical_json.load(line, FILE)
        fields = Fields(FILE, value, FIELDS)
        change = Change(
            fields.one_of("kind", KINDS),
            fields.text("old"),
            fields.text("new", empty=True),
            fields.text("target", empty=True),
            fields.texts("inspectors"),
            fields.text("reason"),
        )
        return cls(fields.id("draw"), fields.number("seq", least=1), change, fields.day("date"))

    def dump(self) -> bytes:
        """The canonical bytes."""
        change = self.change
        return canonical_json.dump(
            {
                "draw": self.draw,
                "seq": self.seq,
                "kind": change.kind,
                "old": change.old,
                "new": change.new,
                "target": change.target,
                "inspectors": list(change.inspectors),
                "reason": change.reason,
                "date": self.date,
            }
        )


def replace(home: Home, draw: str, target: str, reason: str, date: str, at: str) -> Record:
    """The next reserve takes the place of a drawn institution (递补)."""
    return _change(home, draw, date, at, lambda standing: standing.replace(target, reason))


def substitute(
    home: Home, draw: str, target: str, inspector: str, reason: str, date: str, at: str
) -> Record:
    """Another inspector, found by lot, takes the place of one in a team (更换检查人员).

    The one who leaves may be named by certificate number or by the number in the plan.
    """
    inspector = Folder.of(home, draw).badges().get(inspector, inspector)
    return _change(
        home, draw, date, at, lambda standing: standing.substitute(target, inspector, reason)
    )


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


def check_hashes(plan: Plan, found: State, records: Sequence[bytes], secret: str) -> None:
    """Is there exactly one record per change in the log, in its order? BadFile names records.jsonl."""
    if len(records) != len(found.changes):
        raise BadFile(
            FILE,
            _("{records} records, but the log has {entries} changes").format(
                records=len(records), entries=len(found.changes)
            ),
        )
    for number, (line, entry) in enumerate(zip(records, found.changes, strict=True), start=1):
        try:
            kept = line.decode("utf-8")
        except UnicodeDecodeError:
            kept = ""
        if plan.digest(f"{kept}:{secret}") != entry["record"]:
            raise BadFile(
                FILE, _("line {number} is not the one that was logged").format(number=number)
            )


def replay(start: Standing, plan: Plan, found: State, records: Sequence[bytes]) -> Standing:
    """Make every change again from the standing after the draw; BadFile where a record says otherwise."""
    now = start
    for number, (line, entry) in enumerate(zip(records, found.changes, strict=True), start=1):
        record = Record.read(line)
        change = record.change
        if (record.draw, record.seq, change.kind) != (plan.draw, number, entry["kind"]):
            raise BadFile(FILE, _("line {number} belongs elsewhere").format(number=number))
        try:
            if change.kind == "replace":
                now, right = now.replace(change.old, change.reason)
            else:
                now, right = now.substitute(change.target, change.old, change.reason)
        except DoubleRandomError as error:
            raise BadFile(FILE, error.message) from None
        if right != change or _notice(now, right) != entry["notice"]:
            raise BadFile(FILE, _("line {number}: the tickets say otherwise").format(number=number))
    return now


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
        after, made = change(standing(home, draw, found))
        record = Record(draw, len(found.changes) + 1, made, date)
        folder.keep_record(record.seq, record.dump())
        entry: dict[str, Any] = {
            "kind": made.kind,
            "time": acts.moment(at),
            "draw": draw,
            "record": plan.digest(f"{record.dump().decode()}:{folder.secret}"),
            "notice": _notice(after, made),
        }
        pen.append(entry)
        return record


def _notice(after: Standing, change: Change) -> str:
    """The leaf hash of the notice that takes a former one's place; "" where the place stays empty."""
    if not change.target:
        return ""
    tickets = after.selection.tickets
    return notices.leaf_hash(notices.notice(change.target, change.inspectors, tickets), tickets)
