"""Both pools of a draw (参与抽取名单): the institutions and inspectors that can be drawn, and those left out."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import _, append_note, join_label, join_words
from double_random.inspection.draw.inspector_numbers import number_inspectors
from double_random.inspection.planning import visit_limits
from double_random.inspection.planning.items import ItemRatios
from double_random.inspection.protocol import feasibility
from double_random.inspection.protocol.files import Inspector, Target
from double_random.inspection.protocol.plan import TeamRule
from double_random.inspection.protocol.text import clean_name

if TYPE_CHECKING:
    from double_random.store.engine.duckdb import Engine
    from double_random.store.home import Home
    from double_random.store.releases import Release


class PlanNotFeasible(DoubleRandomError):
    """The plan is not feasible: the message names the rows."""

    def __init__(self, message: str, rows: Iterable[str], hint: str = "") -> None:
        self.rows = tuple(rows)
        shown = join_words(self.rows[:20]) + (" …" if len(self.rows) > 20 else "")
        super().__init__(join_label(message, shown), hint)


def check_teams(
    team: TeamRule, files: feasibility.Pools, lacking_words: str, hint: str
) -> tuple[str, ...]:
    """The rows with a forced team; PlanNotFeasible if the groups cannot be dealt, or a row cannot get a team.

    `lacking_words`: what is said of such rows, with `{size}` and `{leads}`; `hint`: what helps them.
    """
    if not feasibility.can_deal(files.inspectors, team):
        raise PlanNotFeasible(
            _(
                "{groups} groups of {size} with {leads} leads each need more inspectors than these"
            ).format(groups=team.groups, size=team.size, leads=team.leads),
            [f"{inspector.id} {inspector.name}" for inspector in files.inspectors] or ["—"],
            _("ask for fewer or smaller groups"),
        )
    reaches = feasibility.measure_reach(files.frame, files.inspectors, files.recusals, team)
    teams = [(reach, reach.count_teams(team)) for reach in reaches]
    names = {row.id: row.name for row in files.frame}
    lacking = [
        _("{id} {name} ({free} admissible, {leads} of them leads)").format(
            id=reach.target, name=names[reach.target], free=reach.inspectors, leads=reach.leads
        )
        for reach, number in teams
        if not number
    ]
    if lacking:
        raise PlanNotFeasible(lacking_words.format(size=team.size, leads=team.leads), lacking, hint)
    return tuple(reach.target for reach, number in teams if number == 1)


@dataclass(frozen=True)
class LeftOut:
    """A row of a register that is not in the pool (未参与抽取名单), with a reason of the closed list."""

    id: str
    reason: str
    name: str


@dataclass(frozen=True)
class Scope:
    """Districts and kinds: every active institution in the scope is in the frame or left out."""

    districts: tuple[str, ...]
    kinds: tuple[str, ...]


def build_frame(
    home: Home,
    release: Release,
    rule: ItemRatios,
    day: date,
    kinds: tuple[str, ...],
    districts: tuple[str, ...],
    engine: Engine | None = None,
) -> tuple[Scope, list[Target], list[LeftOut]]:
    """The frame and the left-out list of a scope, from the register as of a day.

    Without `districts` the scope has every district with an active institution of these kinds. An institution
    of unknown district is in every scope, and is left out with that reason.
    """
    from double_random.registry.institutions import queries

    table = queries.institutions_as_of(release, day)
    rows = [
        row
        for row in table.iter_rows(named=True)
        if row["status"] == "active" and row["kind"] in kinds
    ]
    known_districts = sorted({row["district"] for row in rows if row["district"]})
    unknown = sorted(set(districts) - set(known_districts))
    if unknown:
        raise Misuse(
            _("no active institution of these kinds has its office in {districts}").format(
                districts=join_words(unknown)
            ),
            _("these districts have one: {districts}").format(
                districts=join_words(known_districts)
            ),
        )
    scope = Scope(tuple(sorted(districts)) or tuple(known_districts), tuple(sorted(kinds)))
    grades = _load_grades(home, release, rule, day, engine)
    spared = visit_limits.institutions_to_spare(home, release, rule, day)
    strata = _Strata.for_rule(release, rule, day)
    frame, left_out, without_ratio = [], [], []
    for row in rows:
        name, district = clean_name(row["name"]), row["district"] or ""
        if not district:
            left_out.append(LeftOut(row["id"], "district not known", name))
        elif district in scope.districts:
            if row["id"] in spared:
                left_out.append(LeftOut(row["id"], "inspected within 12 months", name))
                continue
            grade = grades.get(row["id"], "")
            stratum = strata.stratum_of(row["id"], row["kind"], grade)
            if stratum not in strata.known:
                without_ratio.append(append_note(f"{row['id']} {name}", grade or "—"))
            frame.append(Target(row["id"], stratum, row["kind"], district, name, new_salt()))
    _refuse_empty(scope, day, frame, left_out, without_ratio, spared)
    return scope, frame, left_out


@dataclass(frozen=True)
class _Strata:
    """Finds the stratum (抽取分组) of a rule to which an institution belongs."""

    known: frozenset[str]
    ungraded: frozenset[str]  # kinds that are drawn independently of the grade
    clean: Mapping[str, frozenset[str]]  # group → institutions clean for the years that it requires

    @classmethod
    def for_rule(cls, release: Release, rule: ItemRatios, day: date) -> _Strata:
        return cls(
            frozenset(share.stratum for share in rule.shares),
            frozenset(share.kind for share in rule.shares if not share.grade),
            {
                share.group: visit_limits.clean_institutions(release, share.clean, day)
                for share in rule.shares
                if share.clean
            },
        )

    def stratum_of(self, institution: str, kind: str, grade: str) -> str:
        """The stratum's name; it is not in `known` if the rule has no ratio for the grade."""
        group = kind if kind in self.ungraded else f"{kind}/{grade}"
        return f"{group}/clean" if institution in self.clean.get(group, ()) else group


def _refuse_empty(
    scope: Scope,
    day: date,
    frame: Sequence[Target],
    left_out: Sequence[LeftOut],
    without_ratio: Sequence[str],
    spared: frozenset[str],
) -> None:
    """Refused or Misuse, with the reason, if an institution has no ratio or no institution can be drawn."""
    if without_ratio:
        raise PlanNotFeasible(
            _("the item's rule has no ratio for the grade of these institutions"),
            without_ratio,
            _(
                "add the grade to the rule in HOME/facts/items.toml, or choose a policy that grades them"
            ),
        )
    if frame:
        return
    if any(row.id in spared for row in left_out):
        raise PlanNotFeasible(
            _("everybody was inspected lately, or as often as this place allows in a year"),
            [f"{row.id} {row.name}" for row in left_out],
            _("plan for a later day, or another item"),
        )
    if left_out:
        raise PlanNotFeasible(
            _("nobody knows the district of any active institution of these kinds"),
            [f"{row.id} {row.name}" for row in left_out],
            _("name the bureau's districts in HOME/facts/districts.toml, then sync again"),
        )
    raise Misuse(
        _("the register has no active institution of {kinds} as of {day}").format(
            kinds=join_words(scope.kinds), day=day
        ),
        _("read the approvals first: double-random registry sync DROP --as-of DATE"),
    )


def divide_roster(
    release: Release, day: date, scope: Scope, units: tuple[str, ...], match_kind: bool
) -> tuple[list[Inspector], list[LeftOut], dict[str, str]]:
    """The roster in two parts: the inspectors that can be drawn, and those left out with a reason.

    Both have numbers of this plan as ids; the third result maps certificate numbers to these.
    """
    from double_random.registry.inspectors import roster as register

    pool, left_out = [], []
    roster = list(register.load_roster(release, day=day).iter_rows(named=True))
    badges = number_inspectors(row["id"] for row in roster)
    known_units = sorted({row["unit"] or "" for row in roster})
    if set(units) - set(known_units):
        raise Misuse(
            _("no inspector belongs to {units}").format(
                units=join_words(sorted(set(units) - set(known_units)))
            ),
            _("the roster has these units: {units}").format(units=join_words(known_units)),
        )
    for row in roster:
        inspector = Inspector(
            badges[row["id"]],
            bool(row["lead"]),
            frozenset(row["kinds"].split() if isinstance(row["kinds"], str) else row["kinds"]),
            row["district"] or "",
            clean_name(row["name"]),
        )
        if row["status"] != "on duty":
            left_out.append(LeftOut(inspector.id, row["status"], inspector.name))
        elif units and (row["unit"] or "") not in units:
            left_out.append(LeftOut(inspector.id, "another unit", inspector.name))
        elif match_kind and not inspector.kinds & set(scope.kinds):
            left_out.append(LeftOut(inspector.id, "no kind of this draw", inspector.name))
        else:
            pool.append(inspector)
    return pool, left_out, badges


def find_recusals(
    release: Release,
    frame: list[Target],
    pool: list[Inspector],
    badges: dict[str, str],
    day: date,
) -> frozenset[tuple[str, str]]:
    """The recusals (回避) between both pools that are valid on a day, as pairs (target, inspector)."""
    from double_random.registry.inspectors import recusals as register

    recorded = register.known_recusals(release, day=day).select("target", "inspector").iter_rows()
    in_pools = _pairs_in_pools(recorded, frame, pool, badges)
    return frozenset(pair for pair, _known in in_pools)


def find_rotation_pairs(
    lately: Mapping[tuple[str, str], date],
    frame: list[Target],
    pool: list[Inspector],
    badges: dict[str, str],
) -> dict[tuple[str, str], date]:
    """The pairs (target, inspector) of both pools that rotation (轮换) excludes, with their last visit."""
    return {
        pair: lately[known_pair]
        for pair, known_pair in _pairs_in_pools(lately, frame, pool, badges)
    }


def _pairs_in_pools(
    pairs: Iterable[tuple[str, str]],
    frame: list[Target],
    pool: list[Inspector],
    badges: dict[str, str],
) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """The pairs with both parties in the pools: with the number in the plan, and with the certificate number."""
    targets, inspector_ids = {row.id for row in frame}, {inspector.id for inspector in pool}
    for target, certificate in pairs:
        if target in targets and badges.get(certificate) in inspector_ids:
            yield (target, badges[certificate]), (target, certificate)


def new_salt() -> str:
    """A new salt of 32 hex digits: it prevents guessing a row from its hash."""
    return secrets.token_hex(16)


def _load_grades(
    home: Home, release: Release, rule: ItemRatios, day: date, engine: Engine | None
) -> Mapping[str, str]:
    """Each institution's grade by the rule's policy; empty if the rule has no policy."""
    if not rule.policy:
        return {}
    from double_random.credit.policy.catalog import load_policy
    from double_random.credit.scoring import engine_runner, kept_scores

    if not release.has("records"):
        raise Misuse(
            _("this item draws by grade, and no credit records have been loaded"),
            _("load them first: double-random credit load DROP --as-of DATE"),
        )
    chosen = load_policy(home, rule.policy)
    scores = (
        kept_scores.load_scores(release, day, chosen)
        if engine is None
        else engine_runner.load_engine_scores(engine, release, day, chosen)
    )
    return dict(scores.select("institution", "grade").iter_rows())
