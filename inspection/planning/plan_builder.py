"""Build a plan (抽查方案): freeze both pools, recusals, groups and rules; refuse a plan that cannot work."""

from __future__ import annotations

import secrets
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.core.china_time import china_day, localize_times
from double_random.core.clock import china_today
from double_random.core.errors import Misuse
from double_random.core.translation import _, join_words
from double_random.inspection.draw.bundle_files import UNBOUND
from double_random.inspection.draw.draw_folder import DrawFolder, is_sealed
from double_random.inspection.draw.seal_checks import check_sources
from double_random.inspection.draw.sql_tickets import count_populations
from double_random.inspection.planning import pools
from double_random.inspection.planning.exclusions import Exclusions, rotation_refusal
from double_random.inspection.planning.history_gaps import find_history_gaps
from double_random.inspection.planning.items import InspectionItem, ItemRatios, find_item
from double_random.inspection.planning.pools import (
    LeftOut,
    PlanNotFeasible,
    Scope,
    check_teams,
    new_salt,
)
from double_random.inspection.planning.rotation import find_rotation
from double_random.inspection.protocol import canonical_csv, canonical_json, sources
from double_random.inspection.protocol.digest import NAMES, Digest
from double_random.inspection.protocol.files import TABLES, Files, Inspector, Target
from double_random.inspection.protocol.plan import Plan, TeamRule
from double_random.inspection.protocol.strata import Strata, Stratum
from double_random.inspection.protocol.text import is_short_id, is_time
from double_random.inspection.sources.source_catalogue import load_home_catalogue
from double_random.store import durable_files as disk
from double_random.store.log import merkle

if TYPE_CHECKING:
    from double_random.store.engine.duckdb import Engine
    from double_random.store.home import Home
    from double_random.store.releases import Release

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
    accept_unbound: bool = (
        False  # continue although a recusal matches no known party; this is recorded
    )


@dataclass(frozen=True, kw_only=True)
class FrozenPlan:
    """A written plan, and the facts that a supervisor reviews before the commit."""

    folder: Path
    plan: Plan
    strata: tuple[Stratum, ...]
    forced: tuple[str, ...]  # rows with exactly one possible team
    bits: int
    unbound: tuple[str, ...]  # accepted recusals that match no known party
    recusals: dict[str, int]  # number of excluded pairs by reason
    blind: tuple[str, ...]  # gaps in the inspection history
    replaced: bool = False  # an unsealed plan of the same name was removed


LONGEST_NAME = 64  # letters


@dataclass(frozen=True, kw_only=True)
class PlanDraft:
    """A plan before it is written, for freezing it and for the preview."""

    plan: Plan
    files: dict[str, bytes]
    badges: dict[str, str]
    secret: str
    inner: str
    forced: tuple[str, ...]
    bits: int
    apart: Exclusions
    blind: tuple[str, ...]
    unbound: tuple[str, ...]  # recusals that match no known party, so they exclude no pair
    refusal: (
        PlanNotFeasible | None
    )  # rotation leaves an institution without a team: for the preview, never frozen


def freeze_plan(home: Home, wish: DrawRequest, engine: Engine | None = None) -> FrozenPlan:
    """Freeze a plan into HOME/draws/DRAW/; Misuse or Refused, with nothing written, if it cannot work.

    The plan replaces an unsealed plan of the same name. `engine`: an external engine that computes
    grades and counts groups.
    """
    home.releases.require_sound()
    draft = draft_plan(home, wish, engine)
    if draft.refusal is not None:
        raise draft.refusal
    if draft.unbound and not wish.accept_unbound:
        raise PlanNotFeasible(
            _("these recusals (回避) name nobody known, so they would bind nobody"),
            list(draft.unbound),
            _("correct their rows and sync again, or go on with --accept-unbound"),
        )
    replaced = (home.draws / wish.draw).exists()
    folder = DrawFolder.create(
        home,
        wish.draw,
        draft.plan.data,
        files=draft.files,
        badges=draft.badges,
        secret=draft.secret,
        inner=draft.inner,
        apart=draft.apart.rows(),
    )
    if draft.unbound:
        disk.write_new_file(
            folder.path / UNBOUND, canonical_json.dump_canonical(list(draft.unbound))
        )
    strata = Strata.read(draft.files["strata.json"]).strata
    return FrozenPlan(
        folder=folder.path,
        plan=draft.plan,
        strata=strata,
        forced=draft.forced,
        bits=draft.bits,
        unbound=draft.unbound,
        recusals=dict(Counter(why for _target, _inspector, why in draft.apart.rows())),
        blind=draft.blind,
        replaced=replaced,
    )


def draft_plan(home: Home, wish: DrawRequest, engine: Engine | None = None) -> PlanDraft:
    """Make a plan without writing it; Misuse or Refused if it cannot work.

    If only rotation leaves an institution without a team, `refusal` is set instead, and the preview shows it.
    """
    bits = _check_request(home, wish)
    chosen = [find_item(home, chosen_item) for chosen_item in wish.items]
    rule = _shared_rule(chosen, wish.as_of)
    kinds = tuple(sorted({kind for chosen_item in chosen for kind in chosen_item.kinds}))
    with home.releases.read() as release:
        scope, frame, left_out = pools.build_frame(
            home,
            release,
            rule,
            day=wish.as_of,
            kinds=kinds,
            districts=wish.districts,
            engine=engine,
        )
        roster, stand_aside, badges = pools.divide_roster(
            release, wish.as_of, scope, wish.units, wish.team.match_kind
        )
        declared = pools.find_recusals(release, frame, roster, badges, wish.as_of)
        current_rotation = find_rotation(home, release, chosen, wish.as_of)
        apart = Exclusions(
            declared, pools.find_rotation_pairs(current_rotation.last, frame, roster, badges)
        )
        blind = tuple(find_history_gaps(home, release, rule, current_rotation, wish.as_of))
        release_hash = release.hash
        unbound = tuple(_list_unbound(release, wish.as_of))
    counts = count_populations([row.stratum for row in frame], engine)
    files = {
        **_rule_files(wish, chosen, rule, scope, counts),
        **_target_files(frame, left_out),
        **_inspector_files(roster, stand_aside, apart.pairs),
    }
    secret, inner = secrets.token_hex(32), secrets.token_hex(32)
    frozen = _build_plan(
        home, wish, chosen, scope, release_hash, files=files, secret=secret, inner=inner
    )
    plan_files = Files.read(frozen, files)
    refusal = rotation_refusal(plan_files, frozen.team, apart, current_rotation.months, wish.as_of)
    forced = () if refusal else _check_feasibility(frozen, plan_files)
    return PlanDraft(
        plan=frozen,
        files=files,
        badges=badges,
        secret=secret,
        inner=inner,
        forced=forced,
        bits=bits,
        apart=apart,
        blind=blind,
        unbound=unbound,
        refusal=refusal,
    )


def _list_unbound(release: Release, day: date) -> Iterator[str]:
    """Each recusal valid on a day that matches no known party: its origin, the party named, and the reason."""
    from double_random.registry.inspectors.recusals import find_unmatched

    for recusal in find_unmatched(release, day):
        origin = " ".join(
            filter(None, (recusal["file"], recusal["sheet"], str(recusal["row"] or "")))
        )
        whom = " ".join(filter(None, (recusal["value"], recusal["name"])))
        yield f"{origin}: {whom}: {_(recusal['reason'])}".removeprefix(": ")


def _check_name(home: Home, name: str) -> None:
    """Misuse if a draw's name cannot be a folder's name, also on systems that ignore case (d1 and D1)."""
    if not is_short_id(name):
        raise Misuse(
            _("a draw's name may hold 0-9, A-Z, a-z, _ and - alone: {name}").format(
                name=ascii(name)
            ),
            _("choose another name with --draw"),
        )
    if len(name) > LONGEST_NAME:
        raise Misuse(
            _("a draw's name has at most {number} letters: {name} …").format(
                number=LONGEST_NAME, name=name[:20]
            ),
            _("choose another name with --draw"),
        )
    taken = home.draws.iterdir() if home.draws.is_dir() else ()
    for folder in taken:
        if folder.name == name and not is_sealed(home, name):
            continue  # the new plan replaces it
        if folder.name.lower() == name.lower():
            raise Misuse(
                _("there is a draw {name} already").format(name=folder.name),
                _("choose another name with --draw"),
            )


def _check_request(home: Home, wish: DrawRequest) -> int:
    """Check what is known before the registers are read; returns the bits of public entropy."""
    _check_name(home, wish.draw)
    _check_texts(wish)
    _check_authority(home)
    _check_times(wish)
    _check_team(wish.team)
    _check_hash(wish.hash)
    plan_sources = sources.read_sources(wish.sources)
    return check_sources(plan_sources, wish.not_before, load_home_catalogue(home))


def _check_texts(wish: DrawRequest) -> None:
    for text in (wish.title, wish.number):
        if any(unicodedata.category(letter) == "Cf" for letter in text):
            raise Misuse(
                _("title and number may hold no invisible characters: {text}").format(
                    text=ascii(text)
                ),
                _("type them anew; such characters come along when text is copied"),
            )


def _check_authority(home: Home) -> None:
    if not home.settings.get("authority", {}).get("name") or not home.settings["authority"].get(
        "code"
    ):
        raise Misuse(
            _("the settings do not say which authority supervises"),
            _("fill in name and code under [authority] in {file}").format(
                file=home.path / "settings.toml"
            ),
        )


def _check_times(wish: DrawRequest) -> None:
    if not is_time(wish.not_before):
        raise Misuse(
            _("--not-before must be a time in UTC, YYYY-MM-DDThh:mm:ssZ: {given}").format(
                given=wish.not_before
            )
        )
    if wish.as_of > china_today() and wish.as_of.isoformat() > china_day(wish.not_before):
        raise Misuse(
            _(
                "the registers' day {day} is still to come, and later than the draw, which may begin {time}"
            ).format(day=wish.as_of, time=localize_times(wish.not_before)),
            _("correct --as-of"),
        )
    if wish.publish_by.isoformat() < wish.not_before[:10]:
        raise Misuse(_("--publish-by lies before --not-before"))


def _check_team(team: TeamRule) -> None:
    if (
        team.size < 1
        or not 0 <= team.leads <= team.size
        or (team.groups is not None and team.groups < 1)
    ):
        raise Misuse(
            _("a team has at least one inspector, and not more leads than inspectors"),
            _("as in --team-size 2 --leads 1"),
        )


def _check_hash(name: str) -> None:
    if name not in NAMES:
        raise Misuse(
            _("--hash must be one of {names}: {given}").format(names=join_words(NAMES), given=name)
        )


def _shared_rule(chosen: Sequence[InspectionItem], day: date) -> ItemRatios:
    """The common rule of all items; Misuse if their groups or ratios differ."""
    rules = [chosen_item.rule_on(day) for chosen_item in chosen]
    for chosen_item, rule in zip(chosen, rules, strict=True):
        if (rule.shares, rule.policy) != (rules[0].shares, rules[0].policy):
            raise Misuse(
                _("the items {first} and {second} have different groups or ratios").format(
                    first=chosen[0].id, second=chosen_item.id
                ),
                _("draw them apart"),
            )
    return rules[0]


def _check_feasibility(frozen: Plan, files: Files) -> tuple[str, ...]:
    """The rows with a forced team; Refused if a row cannot get a team."""
    return check_teams(
        frozen.team,
        files,
        _("these institutions cannot get a team of {size} with {leads} leads"),
        _("a smaller team, more inspectors, or without --match-kind or --other-district"),
    )


def _rule_files(
    wish: DrawRequest,
    chosen: Sequence[InspectionItem],
    rule: ItemRatios,
    scope: Scope,
    counts: dict[str, int],
) -> dict[str, bytes]:
    """rules.json and strata.json: each item's ratios, and the strata with their populations and a new salt."""
    shares = rule.shares_for(scope.kinds)
    rules = {
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
    strata = {
        "salt": new_salt(),
        "reserve": list(wish.reserve or rule.reserve),
        "strata": [{**share.rule, "population": counts.get(share.stratum, 0)} for share in shares],
    }
    return {
        "rules.json": canonical_json.dump_canonical(rules),
        "strata.json": canonical_json.dump_canonical(strata),
    }


def _target_files(frame: Sequence[Target], left_out: Sequence[LeftOut]) -> dict[str, bytes]:
    """The institutions that can be drawn, in the internal and the public form, and those left out."""
    return _dump_tables(
        {
            "frame.csv": [tuple(row) for row in frame],
            "pool.csv": [(row.id, row.name) for row in frame],
            "left_out.csv": [(row.id, row.reason, row.name) for row in left_out],
        }
    )


def _inspector_files(
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


def _build_plan(
    home: Home,
    wish: DrawRequest,
    chosen: Sequence[InspectionItem],
    scope: Scope,
    release: str,
    files: dict[str, bytes],
    secret: str,
    inner: str,
) -> Plan:
    """Build plan.json (docs/reference/draw-protocol.md, section Plan)."""
    H = Digest(wish.hash)
    authority = home.settings["authority"]
    leaves = canonical_csv.data_lines(files["frame.csv"])
    file_entries: dict[str, dict[str, Any]] = {}
    for name, content in files.items():
        file_entries[name.partition(".")[0]] = {"sha256": H.hash_bytes(content)}
        if name.endswith(".csv"):
            file_entries[name.partition(".")[0]]["rows"] = len(canonical_csv.data_lines(content))
    file_entries["frame"]["root"] = merkle.tree_head(leaves, H.hash_raw).hex()
    team = wish.team
    return Plan.make(
        {
            "hash": wish.hash,
            "draw": wish.draw,
            "title": wish.title or "、".join(chosen_item.title for chosen_item in chosen),
            "authority": {"name": authority["name"], "code": authority["code"]},
            "number": wish.number,
            "items": [
                {"id": chosen_item.id, "title": chosen_item.title, "basis": chosen_item.basis}
                for chosen_item in chosen
            ],
            "scope": {"districts": list(scope.districts), "kinds": list(scope.kinds)},
            "as_of": wish.as_of.isoformat(),
            "release": release,
            **file_entries,
            "team": {
                "size": team.size,
                "leads": team.leads,
                "groups": team.groups,
                "match_kind": team.match_kind,
                "other_district": team.other_district,
            },
            "entropy": {"sources": list(wish.sources), "not_before": wish.not_before},
            "publish_by": wish.publish_by.isoformat(),
            "secret": H(secret),
            "inner": H(inner),
            "replaces": None
            if wish.replaces is None
            else {"draw": wish.replaces[0], "reason": wish.replaces[1]},
        }
    )
