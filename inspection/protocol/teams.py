"""Which inspectors visit which target: the smallest feasible load, and for it the assignment of least cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from double_random.core.errors import DoubleRandomError
from double_random.core.translation import _, listed
from double_random.inspection.protocol.canonical_csv import Table
from double_random.inspection.protocol.certificate import Certificate, Cut
from double_random.inspection.protocol.pairs import Pairs
from double_random.inspection.protocol.potentials import potentials

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

TEAMS = Table("teams.csv", ("target", "inspector", "role"), key=2)
# A target's best team is nearly always among its cheapest pairs; the check of all pairs adds the others.
CHEAPEST = 40


@dataclass(frozen=True)
class Assignment:
    """The pairs (target, taker) of least cost, in order, and the certificate that proves it."""

    pairs: tuple[tuple[str, str], ...]
    certificate: Certificate


def assign(pairs: Pairs, cheapest: int = CHEAPEST) -> Assignment:
    """The assignment that the protocol defines; DoubleRandomError if a target cannot get a team.

    OR-Tools solves it for each target's cheapest pairs. The prices of that solution are then checked on
    all pairs, and the pairs that violate them are added, until the proof holds for all pairs.
    """
    if not pairs.targets:
        return Assignment(
            (), Certificate(load=0, cost=0, target={}, hub={}, inspector={}, cut=None)
        )
    if pairs.impossible:
        raise DoubleRandomError(
            _("Too few inspectors may go to: {ids}").format(ids=listed(pairs.impossible)),
            _("Look at recusals, kinds and districts; planning names such rows beforehand."),
        )
    kept = _cheapest(pairs, cheapest)
    load, cut = -(-pairs.size * len(pairs.targets) // len(pairs.takers)), None
    used = _least_cost(pairs, kept, load)
    if used is None:
        load, cut = _smallest_load(pairs, kept, load)
        used = _least_cost(pairs, kept, load)
    while used is not None:
        u, w, v = potentials(pairs, kept, used, load)
        if not _add_unexplained(pairs, kept, used, u, w, v):
            return _assignment(pairs, used, load, cut=cut, u=u, w=w, v=v)
        used = _least_cost(pairs, kept, load)
    raise AssertionError("a load that works has an assignment")


def teams_csv(teams: tuple[tuple[str, str, str], ...]) -> bytes:
    """The bytes of teams.csv: target, inspector, role (lead or member)."""
    return TEAMS.dump(teams)


def _assignment(
    pairs: Pairs,
    used: NDArray[numpy.bool_],
    load: int,
    cut: Cut | None,
    u: NDArray[numpy.int64],
    w: NDArray[numpy.int64],
    v: NDArray[numpy.int64],
) -> Assignment:
    import numpy

    chosen = sorted((pairs.targets[t], pairs.takers[i]) for t, i in numpy.argwhere(used))
    certificate = Certificate(
        load=load,
        cost=int(pairs.cost[used].sum()),
        target={id: int(price) for id, price in zip(pairs.targets, u, strict=True) if price},
        hub={id: int(price) for id, price in zip(pairs.targets, w, strict=True) if price},
        inspector={id: int(price) for id, price in zip(pairs.takers, v, strict=True) if price},
        cut=cut,
    )
    return Assignment(tuple(chosen), certificate)


def _cheapest(pairs: Pairs, number: int) -> NDArray[numpy.bool_]:
    """Each target's cheapest pairs, and its cheapest leads if a team needs leads."""
    import numpy

    kept = numpy.zeros(pairs.cost.shape, dtype=bool)
    for columns in (numpy.arange(len(pairs.takers)), numpy.flatnonzero(pairs.is_lead)):
        cost = numpy.where(
            pairs.cost[:, columns] < 0, numpy.iinfo(numpy.int64).max, pairs.cost[:, columns]
        )
        if len(columns) > number:
            best = numpy.argpartition(cost, number - 1, axis=1)[:, :number]
        else:
            best = numpy.broadcast_to(numpy.arange(len(columns)), cost.shape)
        kept[numpy.arange(len(kept))[:, None], columns[best]] = True
        if not pairs.leads:
            break
    return kept & pairs.admissible


def _shortfall(
    pairs: Pairs,
    u: NDArray[numpy.int64],
    w: NDArray[numpy.int64],
    v: NDArray[numpy.int64],
    rows: slice,
) -> NDArray[numpy.int64]:
    """r = cost − u + v (+ w if the taker is not a lead) for some rows; meaningless for inadmissible pairs."""
    priced: NDArray[numpy.int64] = pairs.cost[rows] - u[rows, None] + v[None, :]
    priced[:, ~pairs.is_lead] += w[rows, None]
    return priced


def _blocks(pairs: Pairs) -> list[slice]:
    """Rows in blocks of about a million pairs, so that checking prices needs little memory."""
    step = max(1, 1_000_000 // max(1, len(pairs.takers)))
    return [slice(at, at + step) for at in range(0, len(pairs.targets), step)]


def _add_unexplained(
    pairs: Pairs,
    kept: NDArray[numpy.bool_],
    used: NDArray[numpy.bool_],
    u: NDArray[numpy.int64],
    w: NDArray[numpy.int64],
    v: NDArray[numpy.int64],
) -> bool:
    """Add the unused pairs that are cheaper than these prices allow; were there any?"""
    found = False
    for rows in _blocks(pairs):
        bargain = (_shortfall(pairs, u, w, v, rows) < 0) & pairs.admissible[rows] & ~used[rows]
        found = found or bool(bargain.any())
        kept[rows] |= bargain
    return found


def _arcs(
    pairs: Pairs, kept: NDArray[numpy.bool_], load: int
) -> tuple[NDArray[numpy.int32], NDArray[numpy.int32], NDArray[numpy.int64], int]:
    """Tails, heads and capacities: considered pairs, then target → hub, then taker → sink; and the sink.

    Nodes: targets, hubs, takers, sink. Arcs to leads start at the target, arcs to others at its hub.
    """
    import numpy

    count, takers = pairs.cost.shape
    sink = 2 * count + takers
    rows, columns = numpy.nonzero(kept)
    starts = numpy.where(pairs.is_lead[columns], rows, count + rows)
    targets, ends = numpy.arange(count), 2 * count + numpy.arange(takers)
    tails = numpy.concatenate([starts, targets, ends])
    heads = numpy.concatenate([2 * count + columns, count + targets, numpy.full(takers, sink)])
    capacity = numpy.concatenate(
        [
            numpy.ones(len(rows), dtype=numpy.int64),
            numpy.full(count, pairs.size - pairs.leads),
            numpy.full(takers, load),
        ]
    )
    return tails.astype(numpy.int32), heads.astype(numpy.int32), capacity, sink


def _least_cost(pairs: Pairs, kept: NDArray[numpy.bool_], load: int) -> NDArray[numpy.bool_] | None:
    """The considered pairs of least total cost with this load, as a matrix; None if there is no assignment."""
    import numpy
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    tails, heads, capacity, sink = _arcs(pairs, kept, load)
    number = int(kept.sum())
    cost = numpy.zeros(len(tails), dtype=numpy.int64)
    cost[:number] = pairs.cost[kept]
    supply = numpy.zeros(sink + 1, dtype=numpy.int64)
    supply[: len(pairs.targets)] = pairs.size
    supply[sink] = -pairs.size * len(pairs.targets)
    solver = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tails, heads, capacity, cost)
    solver.set_nodes_supplies(numpy.arange(sink + 1, dtype=numpy.int32), supply)
    status = solver.solve()
    # After INFEASIBLE, asking the library for flows crashes the whole process.
    if status == solver.INFEASIBLE:
        return None
    if status != solver.OPTIMAL:
        raise AssertionError(f"minimum cost flow: {status}")
    used = numpy.zeros(kept.shape, dtype=bool)
    used[kept] = solver.flows(arcs)[:number] > 0
    return used


def _smallest_load(pairs: Pairs, kept: NDArray[numpy.bool_], lowest: int) -> tuple[int, Cut | None]:
    """The smallest feasible load from `lowest` on, and the cut that excludes the load below it.

    Pairs are added to the considered ones until these contain an assignment with that load.
    """
    cut = _too_narrow(pairs, kept, lowest)
    if cut is None:
        return lowest, None
    bad, good = lowest, lowest + 1
    while (found := _too_narrow(pairs, kept, good)) is not None:
        cut, bad, good = found, good, 2 * good
    while good - bad > 1:
        middle = (bad + good) // 2
        found = _too_narrow(pairs, kept, middle)
        if found is None:
            good = middle
        else:
            cut, bad = found, middle
    return good, cut


def _too_narrow(pairs: Pairs, kept: NDArray[numpy.bool_], load: int) -> Cut | None:
    """A cut that excludes this load, or None if the considered pairs contain an assignment with it.

    A cut of the considered pairs counts only if no other admissible pair crosses it; otherwise those
    pairs are added.
    """
    import numpy
    from ortools.graph.python.max_flow import SimpleMaxFlow

    count = len(pairs.targets)
    while True:
        tails, heads, capacity, sink = _arcs(pairs, kept, load)
        source = sink + 1
        solver = SimpleMaxFlow()
        targets = numpy.arange(count, dtype=numpy.int32)
        solver.add_arcs_with_capacity(tails, heads, capacity)
        solver.add_arcs_with_capacity(
            numpy.full(count, source, dtype=numpy.int32), targets, numpy.full(count, pairs.size)
        )
        if (status := solver.solve(source, sink)) != solver.OPTIMAL:
            raise AssertionError(f"maximum flow: {status}")
        if solver.optimal_flow() == pairs.size * count:
            return None
        inside = numpy.zeros(source + 1, dtype=bool)
        inside[solver.get_source_side_min_cut()] = True
        target, hub, taker = inside[:count], inside[count : 2 * count], inside[2 * count : sink]
        start = numpy.where(pairs.is_lead[None, :], target[:, None], hub[:, None])
        crossing = start & ~taker[None, :] & pairs.admissible & ~kept
        if not crossing.any():
            return Cut(
                tuple(id for id, is_in in zip(pairs.targets, target, strict=True) if is_in),
                tuple(id for id, is_in in zip(pairs.targets, hub, strict=True) if is_in),
                tuple(id for id, is_in in zip(pairs.takers, taker, strict=True) if is_in),
            )
        kept |= crossing
