"""Seal the plan of a bare draw: tables, rule and sources become plan.json and its nine files, or are refused."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from double_random.core import clock
from double_random.core.china_time import china_day
from double_random.core.errors import BadFile, Misuse
from double_random.core.translation import _
from double_random.inspection.bare.input_tables import PersonRow, TargetRow
from double_random.inspection.bare.rule_file import BareRule, HowMany
from double_random.inspection.planning.pools import check_teams, new_salt
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.files import TABLES
from double_random.inspection.protocol.v2.files import Files
from double_random.inspection.protocol.v2.plan import INTERNAL, Plan, freeze_files
from double_random.inspection.protocol.v2.public_sources import (
    PublicSource,
    count_bits,
    read_public_sources,
)
from double_random.inspection.sources.source_checks import refuse_weak_sources

PUBLISH_WITHIN = timedelta(days=30)
ITEM = "item"


@dataclass(frozen=True)
class DrawTables:
    """What a bare draw is made from: targets, people, and the pairs that exclude each other."""

    targets: Sequence[TargetRow]
    people: Sequence[PersonRow] = ()
    recusals: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class SealedPlan:
    """A plan with its files and the two values that are kept back until the draw.

    `forced`: the targets with exactly one possible team.
    """

    plan: Plan
    files: Mapping[str, bytes]
    parsed: Files
    secret: str
    inner: str
    forced: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[PublicSource, ...]:
        """The sources of its values."""
        return self.parsed.sources

    @property
    def code(self) -> str:
        """方案校验码: somebody outside writes it down before the numbers can be known."""
        return self.plan.code

    @property
    def bits(self) -> int:
        """The bits of public randomness: none with a ceremony, which no log can show to be attested."""
        if any(source.is_ceremony for source in self.sources):
            return 0
        return count_bits(self.sources)

    @property
    def known_from(self) -> str:
        """The time (UTC) from which all values can be known; "" if nothing public is drawn."""
        return max((source.known_from for source in self.sources), default="")


def seal_plan(
    rule: BareRule, tables: DrawTables, sources: Sequence[Mapping[str, Any]], not_before: str
) -> SealedPlan:
    """The plan of these tables under this rule; BadFile or Misuse if it cannot work, with nothing written.

    `sources`: rows of sources.json. `not_before`: nothing of the public values can be known before it (UTC).
    """
    data = canonical_json.dump_canonical({"sources": [dict(row) for row in sources]})
    read = read_public_sources(data)
    refuse_weak_sources(read, not_before, clock.utc_stamp())
    rule = _complete_scope(rule, tables)
    drawn, left_out = _split_left_out(tables.targets)
    strata = {row.id: _name_stratum(rule, row) for row in drawn}
    files = {
        "sources.json": data,
        **_write_rule_files(rule, Counter(strata.values())),
        **_write_target_files(drawn, left_out, strata),
        **_write_people_files(tables, {row.id for row in drawn}),
    }
    secret, inner = secrets.token_hex(32), secrets.token_hex(32)
    fields = _plan_fields(rule, read, not_before)
    digest = Digest(rule.hash)
    fields |= {"secret": digest(secret), "inner": digest(inner), **freeze_files(files, digest)}
    plan = Plan.make(fields)
    frozen = Files.read(plan, files)
    return SealedPlan(
        plan=plan,
        files=files,
        parsed=frozen,
        secret=secret,
        inner=inner,
        forced=_check_teams(plan, frozen),
    )


def _complete_scope(rule: BareRule, tables: DrawTables) -> BareRule:
    """The rule with the kinds and districts that its own tables have, where teams depend on them."""
    kinds, districts = rule.kinds, rule.districts
    if rule.team.match_kind and not kinds:
        kinds = tuple(sorted({row.cells.get("kind", "") for row in tables.targets} - {""}))
    if rule.team.other_district and not districts:
        districts = tuple(sorted({row.cells.get("district", "") for row in tables.targets} - {""}))
    if rule.team.size and not tables.people:
        raise Misuse(
            _("the rule wants teams of {size}, and there is no table of people").format(
                size=rule.team.size
            ),
            _("add --inspectors FILE, or leave [team] away: then only targets are drawn"),
        )
    if tables.people and not rule.team.size:
        raise Misuse(
            _("there is a table of people, and the rule does not say how many visit a target"),
            _("add [team] with size = 2 to the rule, or leave the table away"),
        )
    return replace(rule, kinds=kinds, districts=districts)


def _split_left_out(
    rows: Sequence[TargetRow],
) -> tuple[list[TargetRow], list[TargetRow]]:
    drawn = [row for row in rows if not row.cells.get("left_out")]
    if not drawn:
        raise Misuse(
            _("every row of the targets is left out"), _("leave some column left_out empty")
        )
    return drawn, [row for row in rows if row.cells.get("left_out")]


def _name_stratum(rule: BareRule, row: TargetRow) -> str:
    kind, district = row.cells.get("kind", ""), row.cells.get("district", "")
    bound = {
        "all": "all",
        "kind": kind,
        "district": district,
        INTERNAL: row.cells.get("stratum", ""),
    }
    return bound.get(rule.strata_by, f"{kind}/{district}")


def _write_rule_files(rule: BareRule, rows: Mapping[str, int]) -> dict[str, bytes]:
    """rules.json and strata.json; strata that the rule names stand in the rules even without rows."""
    shares: list[dict[str, Any]] = []
    for name in sorted({*rows, *rule.named}):
        how_many = rule.named.get(name, rule.every)
        if how_many is None:
            raise BadFile(
                rule.file,
                _("it does not say how many of {stratum} are drawn").format(stratum=name),
                _("add [[stratum]] with this name, or a ratio for all others"),
            )
        _refuse_too_many(rule, name, how_many, rows.get(name, 0))
        shares.append(
            {
                "stratum": name,
                "ratio": list(how_many.share_of(rows.get(name, 0))),
                "minimum": how_many.minimum,
                "rounding": how_many.rounding,
            }
        )
    rules = {
        "items": [{"id": ITEM, "strata": shares}],
        "left_out": list(rule.left_out),
        "inspectors_left_out": list(rule.inspectors_left_out),
        "replace": list(rule.replace),
    }
    strata = {
        "salt": new_salt(),
        "reserve": list(rule.reserve),
        "strata": [
            {**share, "population": rows[share["stratum"]]}
            for share in shares
            if share["stratum"] in rows
        ],
    }
    return {
        "rules.json": canonical_json.dump_canonical(rules),
        "strata.json": canonical_json.dump_canonical(strata),
    }


def _refuse_too_many(rule: BareRule, name: str, how_many: HowMany, rows: int) -> None:
    if how_many.count is not None and how_many.count > rows:
        raise BadFile(
            rule.file,
            _("{stratum}: {count} are to be drawn, and there are {rows}").format(
                stratum=name, count=how_many.count, rows=rows
            ),
            _("write a smaller count"),
        )


def _write_target_files(
    drawn: Sequence[TargetRow], left_out: Sequence[TargetRow], strata: Mapping[str, str]
) -> dict[str, bytes]:
    frame = [
        (
            row.id,
            strata[row.id],
            row.cells.get("kind", ""),
            row.cells.get("district", ""),
            _name_of(row),
            new_salt(),
        )
        for row in drawn
    ]
    return {
        "frame.csv": TABLES["frame.csv"].dump(frame),
        "pool.csv": TABLES["pool.csv"].dump([(row[0], row[4]) for row in frame]),
        "left_out.csv": TABLES["left_out.csv"].dump(
            [(row.id, row.cells["left_out"], _name_of(row)) for row in left_out]
        ),
    }


def _name_of(row: TargetRow) -> str:
    return row.cells.get("name") or row.cells.get("id", "")


def _write_people_files(tables: DrawTables, drawn: set[str]) -> dict[str, bytes]:
    """Recusals of whoever is left out bind nobody, so the frozen list does not hold them."""
    there = [person for person in tables.people if not person.cells.get("left_out")]
    ids = {person.id for person in there}
    return {
        "inspectors.csv": TABLES["inspectors.csv"].dump(
            [
                (
                    person.id,
                    "1" if person.lead else "0",
                    " ".join(sorted(person.kinds)),
                    person.cells.get("district", ""),
                    person.cells.get("name", "") or person.id,
                )
                for person in there
            ]
        ),
        "inspectors_left_out.csv": TABLES["inspectors_left_out.csv"].dump(
            [
                (
                    person.id,
                    person.cells["left_out"],
                    person.cells.get("name", "") or person.id,
                    new_salt(),
                )
                for person in tables.people
                if person.cells.get("left_out")
            ]
        ),
        "recusals.csv": TABLES["recusals.csv"].dump(
            [
                (target, person, new_salt())
                for target, person in tables.recusals
                if target in drawn and person in ids
            ]
        ),
    }


def _plan_fields(
    rule: BareRule, sources: Sequence[PublicSource], not_before: str
) -> dict[str, Any]:
    last = max((source.known_from for source in sources if source.known_from), default=not_before)
    earliest = date.fromisoformat(china_day(last))
    publish_by = rule.publish_by or earliest + PUBLISH_WITHIN
    if publish_by < earliest:
        raise BadFile(
            rule.file,
            _("publish_by {day} is before the numbers are drawn").format(day=publish_by),
            _("write a later day"),
        )
    return {
        "hash": rule.hash,
        "draw": rule.draw,
        "title": rule.title,
        "authority": {"name": rule.authority, "code": rule.authority_code},
        "number": rule.number,
        "items": [{"id": ITEM, "title": rule.title, "basis": rule.basis}],
        "scope": {"districts": list(rule.districts), "kinds": list(rule.kinds)},
        "as_of": (rule.as_of or clock.china_today()).isoformat(),
        "release": "",
        "log": None,
        "strata_by": rule.strata_by,
        "team": {
            "size": rule.team.size,
            "leads": rule.team.leads,
            "groups": rule.team.groups,
            "match_kind": rule.team.match_kind,
            "other_district": rule.team.other_district,
        },
        "not_before": not_before,
        "publish_by": publish_by.isoformat(),
        "replaces": None,
    }


def _check_teams(plan: Plan, files: Files) -> tuple[str, ...]:
    """The rows with a forced team; PlanNotFeasible if a row cannot get a team."""
    if not plan.team.size:
        return ()
    return check_teams(
        plan.team,
        files,
        _("these rows cannot get a team of {size} with {leads} leads"),
        _("a smaller team, more people, or without match_kind or other_district"),
    )
