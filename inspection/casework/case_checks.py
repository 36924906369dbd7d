"""Case checks (个案检查): after a complaint, a transfer or a clue; not drawn, and not counted in ratio and cap.

HOME/case_checks.jsonl has one line for the opening and one for the closing of each; no line ever changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from double_random.core.errors import Misuse
from double_random.core.translation import N_, _, listed
from double_random.inspection.casework.sanitise_text import plain
from double_random.inspection.draw import lifecycle as draw_acts
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.text import is_day
from double_random.store import durable_files as disk
from double_random.store.locks import only_writer

if TYPE_CHECKING:
    from pathlib import Path

    from double_random.store.home import Home

# Internal: no published text reveals that there was a complaint.
GROUNDS = (
    N_("complaint"),
    N_("transferred case"),
    N_("clue from data"),
    N_("ordered by a higher authority"),
)


@dataclass(frozen=True, kw_only=True)
class CaseCheck:
    """One case check: its ground, its approval and its result."""

    number: str  # of its approval, which is required
    target: str
    name: str
    ground: str
    item: str
    approved: str
    visited: str = ""
    codes: tuple[str, ...] = ()


def open_check(
    home: Home, target: str, ground: str, item: str, number: str, day: str, at: str
) -> CaseCheck:
    """Open a case check; Misuse if its ground is not on the list, its number is taken or its target unknown."""
    from double_random.inspection.planning.items import item as item_of
    from double_random.registry.institutions.queries import everybody, identify

    if ground not in GROUNDS:
        raise Misuse(_("{ground} is no ground").format(ground=ground), listed(GROUNDS))
    if not number or not is_day(day):
        raise Misuse(_("a case check is approved first: --number and --date"))
    item_of(home, item)
    with home.releases.read() as release:
        id = identify(release, target)
        name = next(one.name for one in everybody(release) if one.id == id)
    act = {
        "kind": "opened",
        "number": plain(number),
        "target": id,
        "name": plain(name),
        "ground": ground,
        "item": item,
        "approved": day,
    }
    with only_writer(_path(home).with_suffix(".lock"), "case-check", 10):
        if act["number"] in checks(home):
            raise Misuse(_("there is a case check {number} already").format(number=number))
        _append(home, act, at)
    return checks(home)[act["number"]]


def close(home: Home, number: str, day: str, codes: tuple[str, ...], at: str) -> CaseCheck:
    """Record the visit and its result; Misuse if the check is closed already or the result is not on the list."""
    from double_random.intake.code_lists import kinds

    known = {kind.code: kind for kind in kinds(home.fact("inspection_results.toml"))}
    alone = any(known[code].alone for code in codes if code in known)
    if not codes or set(codes) - set(known) or (alone and len(codes) > 1):
        raise Misuse(
            _(
                "{codes} cannot be a result: one or more of the list, and 未发现问题 only alone"
            ).format(codes=listed(codes) or "—"),
            listed(known),
        )
    with only_writer(_path(home).with_suffix(".lock"), "case-check", 10):
        found = checks(home).get(number)
        if found is None or found.visited:
            raise Misuse(_("there is no open case check {number}").format(number=number))
        if not is_day(day) or day < found.approved:
            raise Misuse(_("the visit lies before the approval, or is no day"))
        act = {"kind": "closed", "number": number, "visited": day, "codes": sorted(set(codes))}
        _append(home, act, at)
    return checks(home)[number]


def checks(home: Home) -> dict[str, CaseCheck]:
    """Read all case checks by number, in the order in which they were opened."""
    found: dict[str, CaseCheck] = {}
    for line in disk.lines(_path(home)):
        act = canonical_json.load(line, _path(home).name)
        if act["kind"] == "opened":
            fields = ("number", "target", "name", "ground", "item", "approved")
            found[act["number"]] = CaseCheck(**{name: act[name] for name in fields})
        else:
            found[act["number"]] = replace(
                found[act["number"]], visited=act["visited"], codes=tuple(act["codes"])
            )
    return found


def _append(home: Home, act: dict[str, Any], at: str) -> None:
    disk.append(_path(home), canonical_json.dump({**act, "at": draw_acts.moment(at)}))


def _path(home: Home) -> Path:
    return home.path / "case_checks.jsonl"
