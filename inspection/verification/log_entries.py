"""Checks the fields of each log entry about a draw; the log may come from a stranger, so no form is assumed."""

from __future__ import annotations

from double_random.core.translation import _
from double_random.inspection.draw.draw_state import LOST
from double_random.inspection.protocol.fields import StrictObject
from double_random.store.log.signed_log import FIELDS, Entry

FILE = "log.jsonl"


def check_log_entry(entry: Entry, number: int) -> None:
    """Check that every field of an entry has the form of the protocol; BadFile names entry and field."""
    kind = str(entry["kind"])
    fields = StrictObject(
        FILE, entry, FIELDS[kind] | {"kind", "time"}, _("entry {number}").format(number=number)
    )
    fields.time("time")
    if "draw" in FIELDS[kind]:
        fields.id("draw")
    if kind == "plan":
        _check_plan_fields(fields)
    elif kind == "entropy":
        fields.text("source")
        fields.text("value", empty=True)
    elif kind == "draw":
        fields.text("entropy")
        _check_text_object(fields, entry, "proofs")
        fields.hex("result")
        fields.hex("notices")
    elif kind in ("replace", "substitute"):
        fields.hex("record")
        if entry["notice"] != "":
            fields.hex("notice")
    elif kind == "attest":
        fields.hex("sha256")
        fields.texts("witnesses")
    elif kind == "publish":
        fields.hex("secret")
    elif kind == "void":
        fields.text("reason")
        if entry["secret"] != "" or entry["reason"] != LOST:
            fields.hex("secret")
        fields.text("entropy", empty=True)
        _check_text_object(fields, entry, "proofs")
    elif kind == "clock":
        fields.time("newest")
        fields.text("reason")
    else:
        for name in FIELDS[kind]:
            fields.text(name)


def _check_plan_fields(fields: StrictObject) -> None:
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


def _check_text_object(fields: StrictObject, entry: Entry, name: str) -> None:
    value = entry[name]
    if type(value) is not dict or any(type(part) is not str for part in value.values()):
        raise fields.refuse(name, _("an object of texts was expected"))
