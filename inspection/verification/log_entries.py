"""Checks the fields of each log entry about a draw; the log may come from a stranger, so no form is assumed."""

from __future__ import annotations

from collections.abc import Mapping

from double_random.core.errors import BadFile
from double_random.core.translation import _
from double_random.inspection.draw.draw_state import LOST, describe_plan
from double_random.inspection.protocol.fields import StrictObject, read_text_map
from double_random.inspection.protocol.plan import Plan
from double_random.inspection.protocol.v2.plan import Plan as SecondPlan
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
        check_plan_fields(fields)
    elif kind == "entropy":
        fields.text("source")
        fields.text("value", empty=True)
    elif kind == "draw":
        fields.text("entropy")
        read_text_map(fields, "proofs", entry["proofs"])
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
        read_text_map(fields, "proofs", entry["proofs"])
    elif kind == "clock":
        fields.time("newest")
        fields.text("reason")
    else:
        for name in FIELDS[kind]:
            fields.text(name)


def check_plan_entry(plan: Plan | SecondPlan, entry: Mapping[str, object], **more: object) -> None:
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
