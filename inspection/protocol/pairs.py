"""Which inspector may go to which institution, and what each such pair costs in the draw of teams."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspection.protocol.files import Inspector, Target
from inspection.protocol.plan import Team
from inspection.protocol.tickets import Tickets

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

# What stands in the matrix of costs where a pair is not admissible.
NOT_ADMISSIBLE = -1


def is_admissible(
    target: Target, inspector: Inspector, recusals: Collection[tuple[str, str]], team: Team
) -> bool:
    """May this inspector go there: no recusal (回避), and kind and district as the plan demands."""
    if (target.id, inspector.id) in recusals:
        return False
    if team.match_kind and target.kind not in inspector.kinds:
        return False
    return not (team.other_district and target.district == inspector.district)


def admissible(
    targets: Sequence[Target],
    inspectors: Sequence[Inspector],
    recusals: Collection[tuple[str, str]],
    team: Team,
) -> NDArray[numpy.bool_]:
    """The same for all pairs: a matrix, targets × inspectors."""
    import numpy

    found = numpy.ones((len(targets), len(inspectors)), dtype=bool)
    if team.match_kind:
        by_kind = {
            kind: numpy.array([kind in inspector.kinds for inspector in inspectors], dtype=bool)
            for kind in {target.kind for target in targets}
        }
        for row, target in enumerate(targets):
            found[row] &= by_kind[target.kind]
    if team.other_district:
        elsewhere = {
            district: numpy.array([i.district != district for i in inspectors], dtype=bool)
            for district in {target.district for target in targets}
        }
        for row, target in enumerate(targets):
            found[row] &= elsewhere[target.district]
    rows = {target.id: row for row, target in enumerate(targets)}
    columns = {inspector.id: column for column, inspector in enumerate(inspectors)}
    for target_id, inspector_id in recusals:
        if target_id in rows and inspector_id in columns:
            found[rows[target_id], columns[inspector_id]] = False
    return found


@dataclass(frozen=True)
class Pairs:
    """The problem of teams: every target gets `size` takers, of them at least `leads` leads.

    Takers are inspectors, or fixed groups numbered from 1. `cost` is a matrix targets × takers of
    int64, NOT_ADMISSIBLE where a pair may not be.
    """

    targets: tuple[str, ...]
    takers: tuple[str, ...]
    is_lead: NDArray[numpy.bool_]
    size: int
    leads: int
    cost: NDArray[numpy.int64]

    @classmethod
    def of_inspectors(
        cls,
        targets: Sequence[Target],
        inspectors: Sequence[Inspector],
        recusals: Collection[tuple[str, str]],
        team: Team,
        tickets: Tickets,
        inner: str,
    ) -> Pairs:
        """Teams from single inspectors."""
        import numpy

        ids = tuple(inspector.id for inspector in inspectors)
        return cls(
            tuple(target.id for target in targets),
            ids,
            numpy.array([inspector.lead for inspector in inspectors], dtype=bool),
            team.size,
            team.leads,
            tickets.matrix(
                inner,
                [target.id for target in targets],
                ids,
                admissible(targets, inspectors, recusals, team),
            ),
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
    ) -> Pairs:
        """Fixed groups: one group a target; a group counts as no lead and goes where all its members may."""
        import numpy

        numbers = tuple(str(number) for number in range(1, len(groups) + 1))
        may = groups_admissible(targets, inspectors, groups, recusals, team)
        return cls(
            tuple(target.id for target in targets),
            numbers,
            numpy.zeros(len(groups), dtype=bool),
            1,
            0,
            tickets.matrix(inner, [target.id for target in targets], numbers, may),
        )

    @property
    def admissible(self) -> NDArray[numpy.bool_]:
        """Which pairs may be."""
        may: NDArray[numpy.bool_] = self.cost != NOT_ADMISSIBLE
        return may

    @property
    def impossible(self) -> list[str]:
        """The targets with fewer than `size` admissible takers or fewer than `leads` admissible leads."""
        may = self.admissible
        few = (may.sum(axis=1) < self.size) | (may[:, self.is_lead].sum(axis=1) < self.leads)
        return [target for target, bad in zip(self.targets, few, strict=True) if bad]


def groups_admissible(
    targets: Sequence[Target],
    inspectors: Sequence[Inspector],
    groups: Sequence[Sequence[str]],
    recusals: Collection[tuple[str, str]],
    team: Team,
) -> NDArray[numpy.bool_]:
    """Where each group may go: a matrix, targets × groups."""
    import numpy

    single = admissible(targets, inspectors, recusals, team)
    columns = {inspector.id: column for column, inspector in enumerate(inspectors)}
    members = [[columns[id] for id in group] for group in groups]
    return numpy.column_stack([single[:, group].all(axis=1) for group in members])
