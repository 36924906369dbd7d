"""plan.json and the files that it freezes, as a supervisor's request asks for them, in either protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from double_random.inspection.draw import versions
from double_random.inspection.draw.versions import Plan
from double_random.inspection.planning.items import InspectionItem, ItemRatios
from double_random.inspection.planning.pools import LeftOut, Scope, new_salt
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol import plan as first
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.files import (
    INSPECTOR_REASONS,
    LEFT_OUT_REASONS,
    REPLACE_REASONS,
    TABLES,
    Inspector,
    Target,
)
from double_random.inspection.protocol.plan import TeamRule
from double_random.inspection.protocol.v2 import plan as second
from double_random.store.log.checkpoint import SignedNote

if TYPE_CHECKING:
    from double_random.store.home import Home

PAIR = TeamRule(size=2, leads=1, groups=None, match_kind=False, other_district=False)


@dataclass(frozen=True, kw_only=True)
class DrawRequest:
    """The supervisor's request; the registers and the item's rule supply everything else."""

    draw: str
    items: tuple[str, ...]
    as_of: date
    sources: tuple[str, ...]
    not_before: str
    publish_by: date
    team: TeamRule = PAIR
    title: str = ""
    number: str = ""
    districts: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    reserve: tuple[int, int] | None = None
    replaces: tuple[str, str] | None = None  # a former draw, and the reason
    hash: str = "sha256"
    protocol: int = versions.SECOND
    known_from: Mapping[str, str] = field(default_factory=dict)  # times of sources without calendar
    accept_unbound: bool = (
        False  # continue although a recusal matches no known party; this is recorded
    )


@dataclass(frozen=True)
class DrawnFrom:
    """What a plan is drawn from: the scope, the rule of its items, and the release of the registers."""

    scope: Scope
    rule: ItemRatios
    release: str


def write_rule_files(
    wish: DrawRequest,
    chosen: Sequence[InspectionItem],
    rule: ItemRatios,
    scope: Scope,
    counts: dict[str, int],
) -> dict[str, bytes]:
    """rules.json and strata.json: each item's ratios, and the strata with their populations and a new salt."""
    shares = rule.shares_for(scope.kinds)
    second = wish.protocol == versions.SECOND
    rules: dict[str, Any] = {
        "items": [
            {
                "id": chosen_item.id,
                "strata": [
                    share.rule
                    for share in chosen_item.rule_on(wish.as_of).shares_for(chosen_item.kinds)
                ],
            }
            for chosen_item in chosen
        ]
    }
    if second:
        rules |= {
            "left_out": sorted(LEFT_OUT_REASONS),
            "inspectors_left_out": sorted(INSPECTOR_REASONS),
            "replace": sorted(REPLACE_REASONS),
        }
    strata = {
        "salt": new_salt(),
        "reserve": list(wish.reserve or rule.reserve),
        "strata": [
            {**share.rule, "population": counts.get(share.stratum, 0)}
            for share in shares
            if counts.get(share.stratum) or not second
        ],
    }
    return {
        "rules.json": canonical_json.dump_canonical(rules),
        "strata.json": canonical_json.dump_canonical(strata),
    }


def write_target_files(frame: Sequence[Target], left_out: Sequence[LeftOut]) -> dict[str, bytes]:
    """The institutions that can be drawn, in the internal and the public form, and those left out."""
    return _dump_tables(
        {
            "frame.csv": [tuple(row) for row in frame],
            "pool.csv": [(row.id, row.name) for row in frame],
            "left_out.csv": [(row.id, row.reason, row.name) for row in left_out],
        }
    )


def write_inspector_files(
    roster: Sequence[Inspector], stand_aside: Sequence[LeftOut], recused: frozenset[tuple[str, str]]
) -> dict[str, bytes]:
    """The inspectors that can be drawn, those left out, and the excluded pairs; with new salts."""
    return _dump_tables(
        {
            "inspectors.csv": [
                (i.id, "1" if i.lead else "0", " ".join(sorted(i.kinds)), i.district, i.name)
                for i in roster
            ],
            "inspectors_left_out.csv": [(i.id, i.reason, i.name, new_salt()) for i in stand_aside],
            "recusals.csv": [(target, inspector, new_salt()) for target, inspector in recused],
        }
    )


def _dump_tables(tables: Mapping[str, list[tuple[str, ...]]]) -> dict[str, bytes]:
    return {name: TABLES[name].dump(rows) for name, rows in tables.items()}


def build_plan(
    home: Home,
    wish: DrawRequest,
    chosen: Sequence[InspectionItem],
    drawn_from: DrawnFrom,
    files: Mapping[str, bytes],
    secrets_: tuple[str, str],
) -> Plan:
    """plan.json (docs/reference/draw-protocol.md and draw-protocol-2.md, section Plan)."""
    digest = Digest(wish.hash)
    authority, team = home.settings["authority"], wish.team
    fields: dict[str, Any] = {
        "hash": wish.hash,
        "draw": wish.draw,
        "title": wish.title or "、".join(chosen_item.title for chosen_item in chosen),
        "authority": {"name": authority["name"], "code": authority["code"]},
        "number": wish.number,
        "items": [
            {"id": chosen_item.id, "title": chosen_item.title, "basis": chosen_item.basis}
            for chosen_item in chosen
        ],
        "scope": {
            "districts": list(drawn_from.scope.districts),
            "kinds": list(drawn_from.scope.kinds),
        },
        "as_of": wish.as_of.isoformat(),
        "release": drawn_from.release,
        "team": {
            "size": team.size,
            "leads": team.leads,
            "groups": team.groups,
            "match_kind": team.match_kind,
            "other_district": team.other_district,
        },
        "publish_by": wish.publish_by.isoformat(),
        "secret": digest(secrets_[0]),
        "inner": digest(secrets_[1]),
        "replaces": None
        if wish.replaces is None
        else {"draw": wish.replaces[0], "reason": wish.replaces[1]},
    }
    if wish.protocol == versions.FIRST:
        entropy = {"sources": list(wish.sources), "not_before": wish.not_before}
        return first.Plan.make({**fields, **first.freeze_files(files, digest), "entropy": entropy})
    return second.Plan.make(
        {
            **fields,
            **second.freeze_files(files, digest),
            "log": _read_log_head(home),
            "strata_by": name_strata_column(drawn_from.rule, drawn_from.scope.kinds),
            "not_before": wish.not_before,
        }
    )


def name_strata_column(rule: ItemRatios, kinds: tuple[str, ...]) -> str:
    """From which public column everybody can read a row's stratum; `internal` where it tells a grade or a record."""
    shares = rule.shares_for(kinds)
    by_kind = not rule.policy and all(share.stratum == share.kind for share in shares)
    return "kind" if by_kind else second.INTERNAL


def _read_log_head(home: Home) -> dict[str, Any]:
    """The head of the log that a plan binds: its code then binds everything that the log holds."""
    head = SignedNote.parse(home.log.checkpoint).head
    return {"origin": head.origin, "size": head.size, "root": head.root.hex()}
