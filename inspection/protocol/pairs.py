"""Which inspector may visit which institution, and the cost of each pair in the draw of teams."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from double_random.inspection.protocol.files import Inspector, Target
from double_random.inspection.protocol.plan import TeamRule
from double_random.inspection.protocol.tickets import Tickets

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

# The value in the cost matrix of a pair that is not admissible.
NOT_ADMISSIBLE = -1


def is_admissible(
    target: Target, inspector: Inspector, recusals: Collection[tuple[str, str]], team: TeamRule
) -> bool:
    """May this inspector visit the target: no recusal (回避), and kind and district as the plan requires."""
    if (target.id, inspector.id) in recusals:
        return False
    if team.match_kind and target.kind not in inspector.kinds:
        return False
    return not (team.other_district and target.district == inspector.district)


def admissible_inspectors(
    targets: Sequence[Target],
    inspectors: Sequence[Inspector],
    recusals: Collection[tuple[str, str]],
    team: TeamRule,
) -> tuple[frozenset[int], ...]:
    """For each target the indexes of the inspectors who may visit it.

    Targets of one kind and district share one set unless a recusal applies.
    """
    columns = {inspector.id: column for column, inspector in enumerate(inspectors)}
    recused: dict[str, set[int]] = {}
    for target_id, inspector_id in recusals:
        if inspector_id in columns:
            recused.setdefault(target_id, set()).add(columns[inspector_id])
    alike: dict[tuple[str, str], frozenset[int]] = {}
    allowed_by_target = []
    for target in targets:
        kind_and_district = (target.kind, target.district)
        if kind_and_district not in alike:
            alike[kind_and_district] = frozenset(
                column
                for column, inspector in enumerate(inspectors)
                if is_admissible(target, inspector, (), team)
            )
        allowed = alike[kind_and_district]
        allowed_by_target.append(allowed - recused[target.id] if target.id in recused else allowed)
    return tuple(allowed_by_target)


def admissible_groups(
    targets: Sequence[Target],
    inspectors: Sequence[Inspector],
    groups: Sequence[Sequence[str]],
    recusals: Collection[tuple[str, str]],
    team: TeamRule,
) -> tuple[frozenset[int], ...]:
    """For each target the indexes of the groups whose members may all visit it."""
    columns = {inspector.id: column for column, inspector in enumerate(inspectors)}
    members = [frozenset(columns[id] for id in group) for group in groups]
    groups_by_allowed: dict[frozenset[int], frozenset[int]] = {}
    admissible = []
    for allowed in admissible_inspectors(targets, inspectors, recusals, team):
        if allowed not in groups_by_allowed:
            groups_by_allowed[allowed] = frozenset(
                index for index, group in enumerate(members) if group <= allowed
            )
        admissible.append(groups_by_allowed[allowed])
    return tuple(admissible)


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
        team: TeamRule,
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
            able=admissible_inspectors(targets, inspectors, recusals, team),
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
        team: TeamRule,
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
            able=admissible_groups(targets, inspectors, groups, recusals, team),
            tickets=tickets,
            inner=inner,
        )


@dataclass(frozen=True, kw_only=True)
class CostedPairs:
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
    def from_candidates(cls, candidates: Candidates) -> CostedPairs:
        """Compute the cost of every pair."""
        import numpy

        admissible = numpy.zeros((len(candidates.targets), len(candidates.takers)), dtype=bool)
        columns: dict[frozenset[int], NDArray[numpy.int64]] = {}
        for row, allowed in enumerate(candidates.able):
            if allowed not in columns:
                columns[allowed] = numpy.array(sorted(allowed), dtype=numpy.int64)
            admissible[row, columns[allowed]] = True
        return cls(
            targets=candidates.targets,
            takers=candidates.takers,
            is_lead=numpy.array(candidates.is_lead, dtype=bool),
            size=candidates.size,
            leads=candidates.leads,
            cost=candidates.tickets.cost_matrix(
                candidates.inner, candidates.targets, candidates.takers, admissible
            ),
        )

    @property
    def admissible(self) -> NDArray[numpy.bool_]:
        """The mask of the admissible pairs."""
        mask: NDArray[numpy.bool_] = self.cost != NOT_ADMISSIBLE
        return mask

    @property
    def impossible_targets(self) -> list[str]:
        """The targets with fewer admissible takers than `size` or fewer admissible leads than `leads`."""
        mask = self.admissible
        few = (mask.sum(axis=1) < self.size) | (mask[:, self.is_lead].sum(axis=1) < self.leads)
        return [target for target, bad in zip(self.targets, few, strict=True) if bad]
