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

from double_random.core.china_time import day_there, shown
from double_random.core.clock import today
from double_random.core.errors import Misuse
from double_random.core.translation import _, listed
from double_random.inspection.draw.bundle_files import UNBOUND
from double_random.inspection.draw.draw_folder import Folder, is_sealed
from double_random.inspection.draw.sql_tickets import populations
from double_random.inspection.planning import pools
from double_random.inspection.planning.exclusions import Apart, without_team
from double_random.inspection.planning.history_gaps import blind_spots
from double_random.inspection.planning.items import Item, Rule, item
from double_random.inspection.planning.pools import LeftOut, Refused, Scope, salt
from double_random.inspection.planning.rotation import rotation
from double_random.inspection.protocol import canonical_csv, canonical_json, feasibility, sources
from double_random.inspection.protocol.digest import NAMES, Digest
from double_random.inspection.protocol.files import TABLES, Files, Inspector, Target
from double_random.inspection.protocol.plan import Plan, Team
from double_random.inspection.protocol.strata import Strata, Stratum
from double_random.inspection.protocol.text import is_short_id, is_time
from double_random.store import durable_files as disk
from double_random.store.log import merkle

if TYPE_CHECKING:
    from double_random.store.engine.duckdb import Engine
    from double_random.store.home import Home
    from double_random.store.releases import Release

PAIR = Team(size=2, leads=1, groups=None, match_kind=False, other_district=False)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """The supervisor's request; the registers and the item's rule supply everything else."""

    draw: str
    items: tuple[str, ...]
    as_of: date
    sources: tuple[str, ...]
    not_before: str
    publish_by: date
    team: Team = PAIR
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
class Planned:
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
class Prepared:
    """A plan before it is written, for freezing it and for the preview."""

    plan: Plan
    files: dict[str, bytes]
    badges: dict[str, str]
    secret: str
    inner: str
    forced: tuple[str, ...]
    bits: int
    apart: Apart
    blind: tuple[str, ...]
    unbound: tuple[str, ...]  # recusals that match no known party, so they exclude no pair
    refusal: (
        Refused | None
    )  # rotation leaves an institution without a team: for the preview, never frozen


def plan(home: Home, wish: Wish, engine: Engine | None = None) -> Planned:
    """Freeze a plan into HOME/draws/DRAW/; Misuse or Refused, with nothing written, if it cannot work.

    The plan replaces an unsealed plan of the same name. `engine`: an external engine that computes
    grades and counts groups.
    """
    home.releases.require_sound()
    made = prepare(home, wish, engine)
    if made.refusal is not None:
        raise made.refusal
    if made.unbound and not wish.accept_unbound:
        raise Refused(
            _("these recusals (回避) name nobody known, so they would bind nobody"),
            list(made.unbound),
            _("correct their rows and sync again, or go on with --accept-unbound"),
        )
    replaced = (home.draws / wish.draw).exists()
    folder = Folder.make(
        home,
        wish.draw,
        made.plan.data,
        files=made.files,
        badges=made.badges,
        secret=made.secret,
        inner=made.inner,
        apart=made.apart.rows(),
    )
    if made.unbound:
        disk.once(folder.path / UNBOUND, canonical_json.dump(list(made.unbound)))
    strata = Strata.read(made.files["strata.json"]).strata
    return Planned(
        folder=folder.path,
        plan=made.plan,
        strata=strata,
        forced=made.forced,
        bits=made.bits,
        unbound=made.unbound,
        recusals=dict(Counter(why for _target, _inspector, why in made.apart.rows())),
        blind=made.blind,
        replaced=replaced,
    )


def prepare(home: Home, wish: Wish, engine: Engine | None = None) -> Prepared:
    """Make a plan without writing it; Misuse or Refused if it cannot work.

    If only rotation leaves an institution without a team, `refusal` is set instead, and the preview shows it.
    """
    bits = _check(home, wish)
    chosen = [item(home, one) for one in wish.items]
    rule = _one_rule(chosen, wish.as_of)
    kinds = tuple(sorted({kind for one in chosen for kind in one.kinds}))
    with home.releases.read() as release:
        scope, frame, left_out = pools.candidates(
            home,
            release,
            rule,
            day=wish.as_of,
            kinds=kinds,
            districts=wish.districts,
            engine=engine,
        )
        roster, stand_aside, badges = pools.inspectors(
            release, wish.as_of, scope, wish.units, wish.team.match_kind
        )
        declared = pools.recusals(release, frame, roster, badges, wish.as_of)
        turned = rotation(home, release, chosen, wish.as_of)
        apart = Apart(declared, pools.rotated(turned.last, frame, roster, badges))
        blind = tuple(blind_spots(home, release, rule, turned, wish.as_of))
        named = release.hash
        unbound = tuple(_unbound(release, wish.as_of))
    counts = populations([row.stratum for row in frame], engine)
    files = {
        **_rule_files(wish, chosen, rule, scope, counts),
        **_target_files(frame, left_out),
        **_inspector_files(roster, stand_aside, apart.pairs),
    }
    secret, inner = secrets.token_hex(32), secrets.token_hex(32)
    frozen = _plan(
        home, wish, chosen, scope=scope, release=named, files=files, secret=secret, inner=inner
    )
    read = Files.read(frozen, files)
    refusal = without_team(read, frozen.team, apart, turned.months, wish.as_of)
    forced = () if refusal else _feasible(frozen, read)
    return Prepared(
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


def _unbound(release: Release, day: date) -> Iterator[str]:
    """Each recusal valid on a day that matches no known party: its origin, the party named, and the reason."""
    from double_random.registry.inspectors.recusals import unmatched

    for one in unmatched(release, day):
        place = " ".join(filter(None, (one["file"], one["sheet"], str(one["row"] or ""))))
        named = " ".join(filter(None, (one["value"], one["name"])))
        yield f"{place}: {named}: {_(one['reason'])}".removeprefix(": ")


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


def _check(home: Home, wish: Wish) -> int:
    """Check what is known before the registers are read; returns the bits of public entropy."""
    _check_name(home, wish.draw)
    _check_texts(wish)
    _check_authority(home)
    _check_times(wish)
    _check_team(wish.team)
    _check_hash(wish.hash)
    return _check_sources(wish)


def _check_texts(wish: Wish) -> None:
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


def _check_times(wish: Wish) -> None:
    if not is_time(wish.not_before):
        raise Misuse(
            _("--not-before must be a time in UTC, YYYY-MM-DDThh:mm:ssZ: {given}").format(
                given=wish.not_before
            )
        )
    if wish.as_of > today() and wish.as_of.isoformat() > day_there(wish.not_before):
        raise Misuse(
            _(
                "the registers' day {day} is still to come, and later than the draw, which may begin {time}"
            ).format(day=wish.as_of, time=shown(wish.not_before)),
            _("correct --as-of"),
        )
    if wish.publish_by.isoformat() < wish.not_before[:10]:
        raise Misuse(_("--publish-by lies before --not-before"))


def _check_team(team: Team) -> None:
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
            _("--hash must be one of {names}: {given}").format(names=listed(NAMES), given=name)
        )


def _check_sources(wish: Wish) -> int:
    """The bits of public entropy of the plan's sources; Misuse if they are too few."""
    named = sources.read_all(wish.sources)
    for source in named:
        if source.kind == "drand" and source.count != sources.round_at(wish.not_before):
            raise Misuse(
                _("{source} is not the first round at or after {time}").format(
                    source=source.text, time=shown(wish.not_before)
                ),
                f"drand:quicknet:{sources.round_at(wish.not_before)}",
            )
    bits = sources.bits(named)
    if bits < sources.LEAST_BITS and wish.sources != ("local",):
        raise Misuse(
            _(
                "the sources bring {bits} bits of public entropy, at least {least} are needed"
            ).format(bits=bits, least=sources.LEAST_BITS),
            _("take 快乐8, or add another source"),
        )
    return bits


def _one_rule(chosen: Sequence[Item], day: date) -> Rule:
    """The common rule of all items; Misuse if their groups or ratios differ."""
    rules = [one.rule(day) for one in chosen]
    for one, rule in zip(chosen, rules, strict=True):
        if (rule.shares, rule.policy) != (rules[0].shares, rules[0].policy):
            raise Misuse(
                _("the items {first} and {second} have different groups or ratios").format(
                    first=chosen[0].id, second=one.id
                ),
                _("draw them apart"),
            )
    return rules[0]


def _feasible(frozen: Plan, files: Files) -> tuple[str, ...]:
    """The rows with a forced team; Refused if a row cannot get a team."""
    team = frozen.team
    if not feasibility.can_deal(files.inspectors, team):
        raise Refused(
            _(
                "{groups} groups of {size} with {leads} leads each need more inspectors than these"
            ).format(groups=team.groups, size=team.size, leads=team.leads),
            [f"{one.id} {one.name}" for one in files.inspectors] or ["—"],
            _("ask for fewer or smaller groups"),
        )
    names = {row.id: row.name for row in files.frame}
    lacking = [
        _("{id} {name} ({free} admissible, {leads} of them leads)").format(
            id=row.target, name=names[row.target], free=row.inspectors, leads=row.leads
        )
        for row in feasibility.lacking(files, team)
    ]
    if lacking:
        raise Refused(
            _("these institutions cannot get a team of {size} with {leads} leads").format(
                size=team.size, leads=team.leads
            ),
            lacking,
            _("a smaller team, more inspectors, or without --match-kind or --other-district"),
        )
    return feasibility.forced(files, team)


def _rule_files(
    wish: Wish, chosen: Sequence[Item], rule: Rule, scope: Scope, counts: dict[str, int]
) -> dict[str, bytes]:
    """rules.json and strata.json: each item's ratios, and the strata with their populations and a new salt."""
    shares = rule.strata(scope.kinds)
    rules = {
        "items": [
            {
                "id": one.id,
                "strata": [share.rule for share in one.rule(wish.as_of).strata(one.kinds)],
            }
            for one in chosen
        ]
    }
    strata = {
        "salt": salt(),
        "reserve": list(wish.reserve or rule.reserve),
        "strata": [{**share.rule, "population": counts.get(share.stratum, 0)} for share in shares],
    }
    return {
        "rules.json": canonical_json.dump(rules),
        "strata.json": canonical_json.dump(strata),
    }


def _target_files(frame: Sequence[Target], left_out: Sequence[LeftOut]) -> dict[str, bytes]:
    """The institutions that can be drawn, in the internal and the public form, and those left out."""
    return _tables(
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
    return _tables(
        {
            "inspectors.csv": [
                (i.id, "1" if i.lead else "0", " ".join(sorted(i.kinds)), i.district, i.name)
                for i in roster
            ],
            "inspectors_left_out.csv": [(i.id, i.reason, i.name, salt()) for i in stand_aside],
            "recusals.csv": [(target, one, salt()) for target, one in recused],
        }
    )


def _tables(tables: Mapping[str, list[tuple[str, ...]]]) -> dict[str, bytes]:
    return {name: TABLES[name].dump(rows) for name, rows in tables.items()}


def _plan(
    home: Home,
    wish: Wish,
    chosen: Sequence[Item],
    scope: Scope,
    release: str,
    files: dict[str, bytes],
    secret: str,
    inner: str,
) -> Plan:
    """Build plan.json (docs/reference/draw-protocol.md, section Plan)."""
    H = Digest(wish.hash)
    authority = home.settings["authority"]
    leaves = canonical_csv.lines(files["frame.csv"])
    told: dict[str, dict[str, Any]] = {}
    for name, content in files.items():
        told[name.partition(".")[0]] = {"sha256": H.of(content)}
        if name.endswith(".csv"):
            told[name.partition(".")[0]]["rows"] = len(canonical_csv.lines(content))
    told["frame"]["root"] = merkle.head(leaves, H.raw).hex()
    team = wish.team
    return Plan.make(
        {
            "hash": wish.hash,
            "draw": wish.draw,
            "title": wish.title or "、".join(one.title for one in chosen),
            "authority": {"name": authority["name"], "code": authority["code"]},
            "number": wish.number,
            "items": [{"id": one.id, "title": one.title, "basis": one.basis} for one in chosen],
            "scope": {"districts": list(scope.districts), "kinds": list(scope.kinds)},
            "as_of": wish.as_of.isoformat(),
            "release": release,
            **told,
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
