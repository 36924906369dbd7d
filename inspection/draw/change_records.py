"""Records of changes after the draw (递补 · 更换检查人员): strict reading, check against the log, replay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from double_random.core.errors import BadFile, DoubleRandomError
from double_random.core.translation import N_, _
from double_random.inspection.protocol import canonical_json, notices
from double_random.inspection.protocol.fields import StrictObject
from double_random.inspection.protocol.succession import Change, CurrentAssignment

if TYPE_CHECKING:
    from double_random.inspection.draw.draw_state import DrawState
    from double_random.inspection.draw.versions import Plan

FILE = "records.jsonl"
KINDS = (N_("replace"), N_("substitute"))  # 递补 · 更换检查人员
FIELDS = ("draw", "seq", "kind", "old", "new", "target", "inspectors", "reason", "date")


@dataclass(frozen=True)
class ChangeRecord:
    """One change as it is stored: the draw, the change's number from 1, the change, and its day."""

    draw: str
    seq: int
    change: Change
    date: str

    @classmethod
    def read(cls, line: bytes) -> ChangeRecord:
        """The record of a canonical line; BadFile for records.jsonl if it is invalid."""
        value = canonical_json.load_canonical(line, FILE)
        fields = StrictObject(FILE, value, FIELDS)
        change = Change(
            kind=fields.one_of("kind", KINDS),
            old=fields.text("old"),
            new=fields.text("new", empty=True),
            target=fields.text("target", empty=True),
            inspectors=fields.texts("inspectors"),
            reason=fields.text("reason"),
        )
        return cls(fields.id("draw"), fields.number("seq", least=1), change, fields.day("date"))

    def dump(self) -> bytes:
        """The canonical bytes."""
        change = self.change
        return canonical_json.dump_canonical(
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


def check_record_hashes(
    plan: Plan, state: DrawState, records: Sequence[bytes], secret: str
) -> None:
    """BadFile for records.jsonl unless it has exactly one record per change in the log, in the same order."""
    if len(records) != len(state.changes):
        raise BadFile(
            FILE,
            _("{records} records, but the log has {entries} changes").format(
                records=len(records), entries=len(state.changes)
            ),
        )
    for number, (line, entry) in enumerate(zip(records, state.changes, strict=True), start=1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            text = ""
        if plan.digest(f"{text}:{secret}") != entry["record"]:
            raise BadFile(
                FILE, _("line {number} is not the one that was logged").format(number=number)
            )


def replay_changes(
    start: CurrentAssignment, plan: Plan, state: DrawState, records: Sequence[bytes]
) -> CurrentAssignment:
    """Repeat every change, starting from the assignment after the draw; BadFile if a record differs."""
    current = start
    for number, (line, entry) in enumerate(zip(records, state.changes, strict=True), start=1):
        record = ChangeRecord.read(line)
        change = record.change
        if (record.draw, record.seq, change.kind) != (plan.draw, number, entry["kind"]):
            raise BadFile(FILE, _("line {number} belongs elsewhere").format(number=number))
        try:
            if change.kind == "replace":
                current, expected = current.replace(change.old, change.reason)
            else:
                current, expected = current.substitute(change.target, change.old, change.reason)
        except DoubleRandomError as error:
            raise BadFile(FILE, error.message) from None
        if expected != change or changed_notice_hash(current, expected) != entry["notice"]:
            raise BadFile(FILE, _("line {number}: the tickets say otherwise").format(number=number))
    return current


def changed_notice_hash(after: CurrentAssignment, change: Change) -> str:
    """The leaf hash of the notice that replaces a former one; "" if the target is not replaced."""
    if not change.target:
        return ""
    tickets = after.selection.tickets
    return notices.notice_leaf_hash(
        notices.build_notice(change.target, change.inspectors, tickets), tickets
    )
