"""Preview of a plan before it is sealed: pools, institutions left out and why, load, tight spots, blind spots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from double_random.core import translation
from double_random.core.translation import _, noted
from double_random.core.vocabulary import STATUS, word
from double_random.inspection.casework.reconciliation import together
from double_random.inspection.planning.items import item
from double_random.inspection.planning.plan_builder import Wish, prepare
from double_random.inspection.planning.wording import group_named
from double_random.inspection.protocol import feasibility
from double_random.inspection.protocol.files import INSPECTORS_LEFT_OUT, LEFT_OUT, Files
from double_random.registry.institutions.kinds import kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from double_random.inspection.planning.plan_builder import Prepared
    from double_random.inspection.protocol.strata import Stratum
    from double_random.store.home import Home

DAYS = 30  # changes of the register are shown for so many days back


@dataclass(frozen=True)
class Group:
    """One group's numbers: `least` and `most` differ only if rounding is by lot."""

    stratum: str
    population: int
    least: int
    most: int


@dataclass(frozen=True, kw_only=True)
class Preview:
    """Everything a supervisor should see before the commit."""

    population: int
    in_pool: int
    left_out: Mapping[str, int]  # by reason; reasons are coarse, none reveals a complaint
    groups: tuple[Group, ...]
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
        return sum(one.least for one in self.groups), sum(one.most for one in self.groups)


def preview(home: Home, wish: Wish) -> Preview:
    """Preview the plan of a request; Misuse or Refused as in planning. Nothing is written."""
    made = prepare(home, wish)
    files = Files.read(made.plan, made.files)
    named = {kind.code: kind.name(translation.current()) for kind in kinds(home)}
    left = LEFT_OUT.load(made.files["left_out.csv"])
    away = INSPECTORS_LEFT_OUT.load(made.files["inspectors_left_out.csv"])
    groups = tuple(_group(stratum) for stratum in files.strata.strata)
    size = wish.team.size
    people = size * wish.team.groups if wish.team.groups else len(files.inspectors)
    drawn = sum(one.least for one in groups), sum(one.most for one in groups)
    waiting = together(home)
    return Preview(
        population=len(files.frame) + len(left),
        in_pool=len(files.frame),
        left_out=dict(Counter(row[1] for row in left)),
        groups=groups,
        inspectors=len(files.inspectors),
        inspectors_left_out=dict(Counter(row[1] for row in away)),
        load=(-(-drawn[0] * size // people), -(-drawn[1] * size // people)),
        recusals=dict(Counter(why for _target, _inspector, why in made.apart.rows())),
        possible=made.refusal is None,
        tight=tuple(_tight(made, files, groups, named)),
        blind=tuple(_blind(home, wish, made)),
        changed=tuple(_changed(home, wish)),
        unbound=made.unbound,
        together={row.name: waiting[row.id] for row in files.frame if row.id in waiting},
    )


def _group(stratum: Stratum) -> Group:
    part, whole = stratum.ratio
    exact = stratum.population * part
    if stratum.rounding == "up":
        number = min(max(-(-exact // whole), stratum.minimum), stratum.population)
        return Group(stratum.stratum, stratum.population, number, number)
    most = min(-(-exact // whole), stratum.population)
    return Group(stratum.stratum, stratum.population, exact // whole, most)


def _tight(
    made: Prepared, files: Files, groups: Sequence[Group], kinds: Mapping[str, str]
) -> Iterator[str]:
    names = {row.id: row.name for row in files.frame}
    if made.refusal is not None:
        yield f"{made.refusal.message} → {made.refusal.hint}"
    alone = set(_forced(files, made)) if made.forced else set()
    for id in made.forced[:20]:
        told = _("{name}: only one team is possible").format(name=names[id])
        yield told if id in alone else noted(told, _("because of rotation"))
    for stratum, group in zip(files.strata.strata, groups, strict=True):
        if feasibility.more_than_doubled(stratum, group.most):
            yield _("{group}: rounding or minimum more than doubles its ratio").format(
                group=group_named(group.stratum, kinds)
            )
        if group.population == 1:
            yield _("{group}: a group of one; whoever is in it knows the chance").format(
                group=group_named(group.stratum, kinds)
            )
    leads = sum(one.lead for one in files.inspectors)
    if leads <= made.plan.team.leads:
        yield _("only {count} leads: nobody could stand in for one").format(count=leads)


def _forced(files: Files, made: Prepared) -> Iterator[str]:
    """Return the targets that have only one possible team even without rotation."""
    reach = feasibility.reach(files.frame, files.inspectors, made.apart.declared, made.plan.team)
    return (row.target for row in reach if row.teams(made.plan.team) == 1)


def _blind(home: Home, wish: Wish, made: Prepared) -> Iterator[str]:
    yield from made.blind
    if not made.apart.declared:
        yield _("no recusals are known between these institutions and inspectors")
    for id in wish.items:
        one = item(home, id)
        if not (one.confirmed and one.rule(wish.as_of).confirmed):
            yield _("{item}: its basis or ratio has not been confirmed").format(item=one.title)


def _changed(home: Home, wish: Wish) -> Iterator[tuple[str, str]]:
    """Yield institutions in scope thirty days ago that have left it or moved to another district since."""
    from double_random.registry.institutions import queries

    scope = {kind for id in wish.items for kind in item(home, id).kinds}
    with home.releases.read() as release:
        days = (wish.as_of - timedelta(days=DAYS), wish.as_of)
        before, now = (
            {row["id"]: row for row in queries.as_of(release, day).iter_rows(named=True)}
            for day in days
        )
    for id, row in before.items():
        if row["kind"] not in scope or row["status"] != "active":
            continue
        after = now.get(id)
        if after is None or after["status"] != "active":
            status = after["status"] if after else "withdrawn"
            yield row["name"], _("is {status} now").format(status=word(STATUS, status))
        elif after["district"] != row["district"]:
            yield (
                row["name"],
                _("has moved from {old} to {new}").format(
                    old=row["district"] or "—", new=after["district"] or "—"
                ),
            )
