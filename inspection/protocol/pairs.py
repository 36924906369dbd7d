"""Which inspector may visit which institution, and the cost of each pair in the draw of teams."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from double_random.inspection.protocol.files import Inspector, Target
from double_random.inspection.protocol.plan import Team
from double_random.inspection.protocol.tickets import Tickets

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

# The value in the cost matrix of a pair that is not admissible.
NOT_ADMISSIBLE = -1


def is_admissible(
    target: Target, inspector: Inspector, recusals: Collection[tuple[str, str]], team: Team
) -> bool:
    """May this inspector visit the target: no recusal (回避), and kind and district as the plan requires."""
    if (target.id, inspector.id) in recusals:
        return False
    if team.match_kind and target.kind not in inspector.kinds:
        return False
    return not (team.other_district and target.district == inspector.district)


def able(
    targets: Sequence[Target],
    inspectors: Sequence[Inspector],
    recusals: Collection[tuple[str, str]],
    team: Team,
) -> tuple[frozenset[int], ...]:
    """For each target the indexes of the inspectors who may visit it.

    Targets of one kind and district share one set unless a recusal applies.
    """
    columns = {inspector.id: column for column, inspector in enumerate(inspectors)}
    away: dict[str, set[int]] = {}
    for target_id, inspector_id in recusals:
        if inspector_id in columns:
            away.setdefault(target_id, set()).add(columns[inspector_id])
    alike: dict[tuple[str, str], frozenset[int]] = {}
    found = []
    for target in targets:
        which = (target.kind, target.district)
        if which not in alike:
            alike[which] = frozenset(
                column
                for column, inspector in enumerate(inspectors)
                if is_admissible(target, inspector, (), team)
            )
        may = alike[which]
        found.append(may - away[target.id] if target.id in away else may)
    return tuple(found)


def groups_able(
    targets: Sequence[Target],
    inspectors: Sequence[Inspector],
    groups: Sequence[Sequence[str]],
    recusals: Collection[tuple[str, str]],
    team: Team,
) -> tuple[frozenset[int], ...]:
    """For each target the indexes of the groups whose members may all visit it."""
    columns = {inspector.id: column for column, inspector in enumerate(inspectors)}
    members = [frozenset(columns[id] for id in group) for group in groups]
    known: dict[frozenset[int], frozenset[int]] = {}
    found = []
    for may in able(targets, inspectors, recusals, team):
        if may not in known:
            known[may] = frozenset(place for place, group in enumerate(members) if group <= may)
        found.append(known[may])
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """The assignment problem: every target gets `size` takers, at least `leads` of them leads.

    Takers are inspectors, or fixed groups numbered from 1. `able`: for each target the indexes of the
    takers who may visit it. The tickets give the cost of each pair.
    """

    targets: tuple[str, ...]
    takers: tuple[str, ...]
    is_lead: tuple[bool, ...]
    size: int
    leads: int
    able: tuple[frozenset[int], ...]
    tickets: Tickets
    inner: str

    @classmethod
    def of_inspectors(
        cls,
        targets: Sequence[Target],
        inspectors: Sequence[Inspector],
        recusals: Collection[tuple[str, str]],
        team: Team,
        tickets: Tickets,
        inner: str,
    ) -> Candidates:
        """Teams from single inspectors."""
        return cls(
            targets=tuple(target.id for target in targets),
            takers=tuple(inspector.id for inspector in inspectors),
            is_lead=tuple(inspector.lead for inspector in inspectors),
            size=team.size,
            leads=team.leads,
            able=able(targets, inspectors, recusals, team),
            tickets=tickets,
            inner=inner,
        )

    @classmethod
    def of_groups(
        cls,
        targets: Sequence[Target],
        inspectors: Sequence[Inspector],
        groups: Sequence[Sequence[str]],
        recusals: Collection[tuple[str, str]],
        team: Team,
        tickets: Tickets,
        inner: str,
    ) -> Candidates:
        """Fixed groups: one per target. A group is not a lead; it is admissible if all its members are."""
        return cls(
            targets=tuple(target.id for target in targets),
            takers=tuple(str(number) for number in range(1, len(groups) + 1)),
            is_lead=(False,) * len(groups),
            size=1,
            leads=0,
            able=groups_able(targets, inspectors, groups, recusals, team),
            tickets=tickets,
            inner=inner,
        )


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """The same problem with all costs, for a solver.

    `cost` is an int64 matrix, targets × takers; pairs that are not admissible have NOT_ADMISSIBLE.
    """

    targets: tuple[str, ...]
    takers: tuple[str, ...]
    is_lead: NDArray[numpy.bool_]
    size: int
    leads: int
    cost: NDArray[numpy.int64]

    @classmethod
    def of(cls, who: Candidates) -> Pairs:
        """Compute the cost of every pair."""
        import numpy

        may = numpy.zeros((len(who.targets), len(who.takers)), dtype=bool)
        places: dict[frozenset[int], NDArray[numpy.int64]] = {}
        for row, allowed in enumerate(who.able):
            if allowed not in places:
                places[allowed] = numpy.array(sorted(allowed), dtype=numpy.int64)
            may[row, places[allowed]] = True
        return cls(
            targets=who.targets,
            takers=who.takers,
            is_lead=numpy.array(who.is_lead, dtype=bool),
            size=who.size,
            leads=who.leads,
            cost=who.tickets.matrix(who.inner, who.targets, who.takers, may),
        )

    @property
    def admissible(self) -> NDArray[numpy.bool_]:
        """The mask of the admissible pairs."""
        may: NDArray[numpy.bool_] = self.cost != NOT_ADMISSIBLE
        return may

    @property
    def impossible(self) -> list[str]:
        """The targets with fewer admissible takers than `size` or fewer admissible leads than `leads`."""
        may = self.admissible
        few = (may.sum(axis=1) < self.size) | (may[:, self.is_lead].sum(axis=1) < self.leads)
        return [target for target, bad in zip(self.targets, few, strict=True) if bad]
