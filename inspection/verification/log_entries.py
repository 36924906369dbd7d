"""Checks the fields of each log entry about a draw; the log may come from a stranger, so no form is assumed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from double_random.core.errors import BadFile
from double_random.core.translation import _
from double_random.inspection.draw.draw_state import LOST_REASONS, describe_plan
from double_random.inspection.protocol.fields import StrictObject, read_text_map
from double_random.inspection.protocol.v2 import REGISTERS
from double_random.store.log.signed_log import ADDED, RELEASES, entry_fields

if TYPE_CHECKING:
    from double_random.inspection.draw.versions import Plan

FILE = "log.jsonl"
_PROTOCOL = re.compile(r"double-random/[1-9][0-9]*", re.ASCII)

Entry = Mapping[str, Any]


def check_log_entry(entry: object, number: int) -> None:
    """Check that every field of an entry has the form of either protocol; BadFile names entry and field."""
    names = entry_fields(entry) if type(entry) is dict else None
    if type(entry) is not dict or names is None:
        raise BadFile(FILE, _("entry {number} cannot stand there").format(number=number))
    fields = StrictObject(
        FILE, entry, names | {"kind", "time"}, _("entry {number}").format(number=number)
    )
    fields.time("time")
    if "draw" in names:
        fields.id("draw")
    _FORMS[entry["kind"]](fields, entry)
    if ADDED.get(entry["kind"], frozenset()) & names:
        _check_additions(fields, entry)


def check_plan_entry(plan: Plan, entry: Mapping[str, object], **more: object) -> None:
    """BadFile unless a plan's entry says the same as the plan; `more`: further fields that it must have."""
    for name, value in {**more, **describe_plan(plan)}.items():
        if entry.get(name) != value:
            raise BadFile(FILE, _("its plan entry says otherwise: {field}").format(field=name))


def check_plan_fields(fields: StrictObject) -> None:
    """Check the form of the fields that a plan's entry has in either protocol."""
    fields.hex("plan")
    for item in fields.objects("items", ("id", "title", "basis")):
        for name in ("id", "title", "basis"):
            item.text(name)
    scope = fields.object("scope", ("districts", "kinds"))
    scope.texts("districts")
    scope.texts("kinds")
    fields.time("not_before")
    fields.day("publish_by")
    if not fields.is_null("replaces"):
        former = fields.object("replaces", ("draw", "reason"))
        former.id("draw")
        former.text("reason")


def _check_number(fields: StrictObject, entry: Entry) -> None:
    fields.text("source")
    fields.text("value", empty=True)


def _check_draw(fields: StrictObject, entry: Entry) -> None:
    fields.text("entropy")
    read_text_map(fields, "proofs", entry["proofs"])
    fields.hex("result")
    fields.hex("notices")


def _check_change(fields: StrictObject, entry: Entry) -> None:
    fields.hex("record")
    if fields.text("notice", empty=True):
        fields.hex("notice")


def _check_attestation(fields: StrictObject, entry: Entry) -> None:
    fields.hex("sha256")
    fields.texts("witnesses")


def _check_void(fields: StrictObject, entry: Entry) -> None:
    if fields.text("secret", empty=fields.text("reason") in LOST_REASONS):
        fields.hex("secret")
    fields.text("entropy", empty=True)
    read_text_map(fields, "proofs", entry["proofs"])


def _check_key(fields: StrictObject, entry: Entry) -> None:
    fields.text("old")
    fields.text("new")


def _check_correction(fields: StrictObject, entry: Entry) -> None:
    fields.number("entry")
    fields.time("is")


def _check_clock(fields: StrictObject, entry: Entry) -> None:
    fields.time("newest")
    fields.text("reason")


def _check_additions(fields: StrictObject, entry: Entry) -> None:
    """The fields that only the second protocol has."""
    kind = entry["kind"]
    if kind == "plan":
        if not _PROTOCOL.fullmatch(fields.text("protocol")):
            raise fields.refuse("protocol", _("text was expected"))
        for source in fields.objects("sources", ("source", "known_from")):
            source.text("source")
            if not source.is_null("known_from"):
                source.time("known_from")
    elif kind == "key":
        fields.text("proof")
    else:
        registers = entry["registers"]
        if type(registers) is not dict or set(registers) - set(REGISTERS):
            raise fields.refuse("registers", _("an object was expected"))
        within = fields.object("registers", registers)
        for name in registers:
            root = within.object(name, ("rows", "root"))
            root.number("rows")
            root.hex("root")


def _check_release(fields: StrictObject, entry: Entry) -> None:
    fields.text("release")


_FORMS: dict[str, Callable[[StrictObject, Entry], object]] = {
    "plan": lambda fields, _entry: check_plan_fields(fields),
    "entropy": _check_number,
    "draw": _check_draw,
    "replace": _check_change,
    "substitute": _check_change,
    "attest": _check_attestation,
    "publish": lambda fields, _entry: fields.hex("secret"),
    "void": _check_void,
    **dict.fromkeys(RELEASES, _check_release),
    "key": _check_key,
    "clock": _check_clock,
    "correct": _check_correction,
}
