"""Case checks (个案检查): after a complaint, a transfer or a clue; not drawn, and not counted in ratio and cap.

HOME/case_checks.jsonl has one line for the opening and one for the closing of each; no line ever changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from double_random.core.errors import Misuse
from double_random.core.translation import N_, _, join_words
from double_random.inspection.casework.sanitise_text import to_plain_text
from double_random.inspection.draw import lifecycle as draw_acts
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.text import is_day
from double_random.store import durable_files as disk
from double_random.store.locks import hold_lock

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


def open_case_check(
    home: Home, target: str, ground: str, item: str, number: str, day: str, at: str
) -> CaseCheck:
    """Open a case check; Misuse if its ground is not on the list, its number is taken or its target unknown."""
    from double_random.inspection.planning.items import find_item
    from double_random.registry.institutions.queries import identify_institution, list_institutions

    if ground not in GROUNDS:
        raise Misuse(_("{ground} is no ground").format(ground=ground), join_words(GROUNDS))
    if not number or not is_day(day):
        raise Misuse(_("a case check is approved first: --number and --date"))
    find_item(home, item)
    with home.releases.read() as release:
        id = identify_institution(release, target)
        name = next(
            institution.name for institution in list_institutions(release) if institution.id == id
        )
    act = {
        "kind": "opened",
        "number": to_plain_text(number),
        "target": id,
        "name": to_plain_text(name),
        "ground": ground,
        "item": item,
        "approved": day,
    }
    with hold_lock(_case_checks_path(home).with_suffix(".lock"), "case-check", 10):
        if act["number"] in read_case_checks(home):
            raise Misuse(_("there is a case check {number} already").format(number=number))
        _append_act(home, act, at)
    return read_case_checks(home)[act["number"]]


def close_case_check(
    home: Home, number: str, day: str, codes: tuple[str, ...], at: str
) -> CaseCheck:
    """Record the visit and its result; Misuse if the check is closed already or the result is not on the list."""
    from double_random.intake.code_lists import load_code_list

    kinds_by_code = {
        kind.code: kind for kind in load_code_list(home.fact_file("inspection_results.toml"))
    }
    alone = any(kinds_by_code[code].alone for code in codes if code in kinds_by_code)
    if not codes or set(codes) - set(kinds_by_code) or (alone and len(codes) > 1):
        raise Misuse(
            _(
                "{codes} cannot be a result: one or more of the list, and 未发现问题 only alone"
            ).format(codes=join_words(codes) or "—"),
            join_words(kinds_by_code),
        )
    with hold_lock(_case_checks_path(home).with_suffix(".lock"), "case-check", 10):
        case_check = read_case_checks(home).get(number)
        if case_check is None or case_check.visited:
            raise Misuse(_("there is no open case check {number}").format(number=number))
        if not is_day(day) or day < case_check.approved:
            raise Misuse(_("the visit lies before the approval, or is no day"))
        act = {"kind": "closed", "number": number, "visited": day, "codes": sorted(set(codes))}
        _append_act(home, act, at)
    return read_case_checks(home)[number]


def read_case_checks(home: Home) -> dict[str, CaseCheck]:
    """Read all case checks by number, in the order in which they were opened."""
    by_number: dict[str, CaseCheck] = {}
    for line in disk.read_lines(_case_checks_path(home)):
        act = canonical_json.load_canonical(line, _case_checks_path(home).name)
        if act["kind"] == "opened":
            fields = ("number", "target", "name", "ground", "item", "approved")
            by_number[act["number"]] = CaseCheck(**{name: act[name] for name in fields})
        else:
            by_number[act["number"]] = replace(
                by_number[act["number"]], visited=act["visited"], codes=tuple(act["codes"])
            )
    return by_number


def _append_act(home: Home, act: dict[str, Any], at: str) -> None:
    disk.append_line(
        _case_checks_path(home),
        canonical_json.dump_canonical({**act, "at": draw_acts.check_act_time(at)}),
    )


def _case_checks_path(home: Home) -> Path:
    return home.path / "case_checks.jsonl"
