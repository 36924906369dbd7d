"""Preview of a plan before it is sealed: pools, institutions left out and why, load, tight spots, blind spots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from double_random.core import translation
from double_random.core.translation import _, append_note
from double_random.core.vocabulary import STATUS, code_word
from double_random.inspection.casework.reconciliation import find_waiting_draws
from double_random.inspection.draw import versions
from double_random.inspection.planning.items import find_item
from double_random.inspection.planning.plan_builder import draft_plan
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.inspection.planning.wording import format_group
from double_random.inspection.protocol import feasibility
from double_random.inspection.protocol.files import INSPECTORS_LEFT_OUT, LEFT_OUT
from double_random.registry.institutions.kinds import load_kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from double_random.inspection.planning.plan_builder import PlanDraft
    from double_random.inspection.protocol.strata import Stratum
    from double_random.store.home import Home

DAYS = 30  # changes of the register are shown for so many days back


@dataclass(frozen=True)
class StratumPreview:
    """One group's numbers: `least` and `most` differ only if rounding is by lot."""

    stratum: str
    population: int
    least: int
    most: int


@dataclass(frozen=True, kw_only=True)
class PlanPreview:
    """Everything a supervisor should see before the commit."""

    population: int
    in_pool: int
    left_out: Mapping[str, int]  # by reason; reasons are coarse, none reveals a complaint
    groups: tuple[StratumPreview, ...]
    inspectors: int
    inspectors_left_out: Mapping[str, int]
    load: tuple[int, int]  # the most visits of one inspector, at least and at most
    recusals: Mapping[str, int]  # excluded pairs, by reason
    possible: (
        bool  # false if rotation leaves an institution without a team: the first of the tight spots
    )
    tight: tuple[str, ...]
    blind: tuple[str, ...]
    changed: tuple[tuple[str, str], ...]  # (name, change): left or moved in the last 30 days
    unbound: tuple[str, ...]  # recusals that match no known pair: planning stops at them
    together: Mapping[str, tuple[str, ...]]  # institutions that await a visit of another draw

    @property
    def drawn(self) -> tuple[int, int]:
        """The number of institutions to be drawn, at least and at most."""
        return sum(group.least for group in self.groups), sum(group.most for group in self.groups)


def preview_plan(home: Home, wish: DrawRequest) -> PlanPreview:
    """Preview the plan of a request; Misuse or Refused as in planning. Nothing is written."""
    draft = draft_plan(home, wish)
    files = versions.read_files(draft.plan, draft.files)
    named = {kind.code: kind.name(translation.current_language()) for kind in load_kinds(home)}
    left = LEFT_OUT.load(draft.files["left_out.csv"])
    away = INSPECTORS_LEFT_OUT.load(draft.files["inspectors_left_out.csv"])
    groups = tuple(_count_stratum(stratum) for stratum in files.strata.strata)
    size = wish.team.size
    people = size * wish.team.groups if wish.team.groups else len(files.inspectors)
    drawn = sum(group.least for group in groups), sum(group.most for group in groups)
    waiting = find_waiting_draws(home)
    return PlanPreview(
        population=len(files.frame) + len(left),
        in_pool=len(files.frame),
        left_out=dict(Counter(row[1] for row in left)),
        groups=groups,
        inspectors=len(files.inspectors),
        inspectors_left_out=dict(Counter(row[1] for row in away)),
        load=(-(-drawn[0] * size // people), -(-drawn[1] * size // people)),
        recusals=dict(Counter(why for _target, _inspector, why in draft.apart.rows())),
        possible=draft.refusal is None,
        tight=tuple(_find_tight_spots(draft, files, groups, named)),
        blind=tuple(_find_blind_spots(home, wish, draft)),
        changed=tuple(_find_register_changes(home, wish)),
        unbound=draft.unbound,
        together={row.name: waiting[row.id] for row in files.frame if row.id in waiting},
    )


def _count_stratum(stratum: Stratum) -> StratumPreview:
    numerator, denominator = stratum.ratio
    exact = stratum.population * numerator
    if stratum.rounding == "up":
        number = min(max(-(-exact // denominator), stratum.minimum), stratum.population)
        return StratumPreview(stratum.stratum, stratum.population, number, number)
    most = min(-(-exact // denominator), stratum.population)
    return StratumPreview(stratum.stratum, stratum.population, exact // denominator, most)


def _find_tight_spots(
    draft: PlanDraft,
    files: versions.Files,
    groups: Sequence[StratumPreview],
    kinds: Mapping[str, str],
) -> Iterator[str]:
    names = {row.id: row.name for row in files.frame}
    if draft.refusal is not None:
        yield f"{draft.refusal.message} → {draft.refusal.hint}"
    alone = set(_find_forced_targets(files, draft)) if draft.forced else set()
    for id in draft.forced[:20]:
        sentence = _("{name}: only one team is possible").format(name=names[id])
        yield sentence if id in alone else append_note(sentence, _("because of rotation"))
    for stratum, group in zip(files.strata.strata, groups, strict=True):
        if feasibility.is_more_than_doubled(stratum, group.most):
            yield _("{group}: rounding or minimum more than doubles its ratio").format(
                group=format_group(group.stratum, kinds)
            )
        if group.population == 1:
            yield _("{group}: a group of one; whoever is in it knows the chance").format(
                group=format_group(group.stratum, kinds)
            )
    leads = sum(inspector.lead for inspector in files.inspectors)
    if leads <= draft.plan.team.leads:
        yield _("only {count} leads: nobody could stand in for one").format(count=leads)


def _find_forced_targets(files: versions.Files, draft: PlanDraft) -> Iterator[str]:
    """Return the targets that have only one possible team even without rotation."""
    reach = feasibility.measure_reach(
        files.frame, files.inspectors, draft.apart.declared, draft.plan.team
    )
    return (row.target for row in reach if row.count_teams(draft.plan.team) == 1)


def _find_blind_spots(home: Home, wish: DrawRequest, draft: PlanDraft) -> Iterator[str]:
    yield from draft.blind
    if not draft.apart.declared:
        yield _("no recusals are known between these institutions and inspectors")
    for id in wish.items:
        item_row = find_item(home, id)
        if not (item_row.confirmed and item_row.rule_on(wish.as_of).confirmed):
            yield _("{item}: its basis or ratio has not been confirmed").format(item=item_row.title)


def _find_register_changes(home: Home, wish: DrawRequest) -> Iterator[tuple[str, str]]:
    """Yield institutions in scope thirty days ago that have left it or moved to another district since."""
    from double_random.registry.institutions import queries

    scope = {kind for id in wish.items for kind in find_item(home, id).kinds}
    with home.releases.read() as release:
        days = (wish.as_of - timedelta(days=DAYS), wish.as_of)
        before, current = (
            {
                row["id"]: row
                for row in queries.institutions_as_of(release, day).iter_rows(named=True)
            }
            for day in days
        )
    for id, row in before.items():
        if row["kind"] not in scope or row["status"] != "active":
            continue
        after = current.get(id)
        if after is None or after["status"] != "active":
            status = after["status"] if after else "withdrawn"
            yield row["name"], _("is {status} now").format(status=code_word(STATUS, status))
        elif after["district"] != row["district"]:
            yield (
                row["name"],
                _("has moved from {old} to {new}").format(
                    old=row["district"] or "—", new=after["district"] or "—"
                ),
            )
