"""Build a plan (抽查方案): freeze both pools, recusals, groups and rules; refuse a plan that cannot work."""

from __future__ import annotations

import secrets
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.china_time import china_day, localize_times
from double_random.core.clock import china_today
from double_random.core.errors import Misuse
from double_random.core.translation import _, join_words
from double_random.inspection.draw import versions
from double_random.inspection.draw.bundle_files import UNBOUND
from double_random.inspection.draw.draw_folder import DrawFolder, is_sealed
from double_random.inspection.draw.seal_checks import (
    check_public_sources,
    check_release,
    check_sources,
)
from double_random.inspection.draw.sql_tickets import count_populations
from double_random.inspection.draw.versions import Plan
from double_random.inspection.planning import pools
from double_random.inspection.planning.exclusions import Exclusions, rotation_refusal
from double_random.inspection.planning.history_gaps import find_history_gaps
from double_random.inspection.planning.items import InspectionItem, ItemRatios, find_item
from double_random.inspection.planning.plan_fields import (
    DrawnFrom,
    DrawRequest,
    build_plan,
    write_inspector_files,
    write_rule_files,
    write_target_files,
)
from double_random.inspection.planning.pools import PlanNotFeasible, check_teams
from double_random.inspection.planning.rotation import find_rotation
from double_random.inspection.protocol import canonical_json, sources
from double_random.inspection.protocol.digest import NAMES
from double_random.inspection.protocol.plan import TeamRule
from double_random.inspection.protocol.strata import Strata, Stratum
from double_random.inspection.protocol.text import is_short_id, is_time
from double_random.inspection.protocol.v2 import public_sources
from double_random.inspection.sources.source_catalogue import load_home_catalogue
from double_random.inspection.sources.source_checks import describe_sources
from double_random.store import durable_files as disk

if TYPE_CHECKING:
    from double_random.store.engine.duckdb import Engine
    from double_random.store.home import Home
    from double_random.store.releases import Release


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
    if versions.is_second(draft.plan):
        check_release(draft.plan, home.log.entries())
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
    bits, source_files = _check_request(home, wish)
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
        **source_files,
        **write_rule_files(wish, chosen, rule, scope, counts),
        **write_target_files(frame, left_out),
        **write_inspector_files(roster, stand_aside, apart.pairs),
    }
    secret, inner = secrets.token_hex(32), secrets.token_hex(32)
    drawn_from = DrawnFrom(scope, rule, release_hash)
    frozen = build_plan(home, wish, chosen, drawn_from, files, (secret, inner))
    plan_files = versions.read_files(frozen, files)
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


def _check_request(home: Home, wish: DrawRequest) -> tuple[int, dict[str, bytes]]:
    """Check what is known before the registers are read; the bits of public entropy, and the file of the sources."""
    _check_name(home, wish.draw)
    _check_texts(wish)
    _check_authority(home)
    _check_times(wish)
    _check_team(wish.team)
    _check_hash(wish.hash)
    catalogue = load_home_catalogue(home)
    if wish.protocol == versions.FIRST:
        plan_sources = sources.read_sources(wish.sources)
        return check_sources(plan_sources, wish.not_before, catalogue), {}
    rows = describe_sources(catalogue, wish.sources, wish.not_before, wish.known_from)
    data = canonical_json.dump_canonical({"sources": rows})
    read = public_sources.read_public_sources(data)
    bits = check_public_sources(read, wish.not_before, catalogue)
    last = max((one.known_from for one in read), default="")
    if wish.publish_by.isoformat() < china_day(last or wish.not_before):
        raise Misuse(_("--publish-by lies before the day on which the numbers are drawn"))
    return bits, {public_sources.FILE: data}


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


def _check_feasibility(frozen: Plan, files: versions.Files) -> tuple[str, ...]:
    """The rows with a forced team; Refused if a row cannot get a team."""
    return check_teams(
        frozen.team,
        files,
        _("these institutions cannot get a team of {size} with {leads} leads"),
        _("a smaller team, more inspectors, or without --match-kind or --other-district"),
    )
