"""Which inspectors visit which target: the smallest feasible load, and for it the assignment of least cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from double_random.core.errors import DoubleRandomError
from double_random.core.translation import _, join_words
from double_random.inspection.protocol.canonical_csv import CsvTable
from double_random.inspection.protocol.certificate import Certificate, LoadCut
from double_random.inspection.protocol.pairs import CostedPairs
from double_random.inspection.protocol.potentials import compute_potentials

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

TEAMS = CsvTable("teams.csv", ("target", "inspector", "role"), key=2)
# A target's best team is nearly always among its cheapest pairs; the check of all pairs adds the others.
CHEAPEST = 40


@dataclass(frozen=True)
class Assignment:
    """The pairs (target, taker) of least cost, in order, and the certificate that proves it."""

    pairs: tuple[tuple[str, str], ...]
    certificate: Certificate


def assign_takers(pairs: CostedPairs, cheapest: int = CHEAPEST) -> Assignment:
    """The assignment that the protocol defines; DoubleRandomError if a target cannot get a team.

    OR-Tools solves it for each target's cheapest pairs. The prices of that solution are then checked on
    all pairs, and the pairs that violate them are added, until the proof holds for all pairs.
    """
    if not pairs.targets:
        return Assignment(
            (), Certificate(load=0, cost=0, target={}, hub={}, inspector={}, cut=None)
        )
    if pairs.impossible_targets:
        raise DoubleRandomError(
            _("Too few inspectors may go to: {ids}").format(
                ids=join_words(pairs.impossible_targets)
            ),
            _("Look at recusals, kinds and districts; planning names such rows beforehand."),
        )
    considered = find_cheapest(pairs, pairs.admissible, cheapest)
    load, cut = -(-pairs.size * len(pairs.targets) // len(pairs.takers)), None
    used = _solve_least_cost(pairs, considered, load)
    if used is None:
        load, cut = _find_smallest_load(pairs, considered, load)
        used = _solve_least_cost(pairs, considered, load)
    while used is not None:
        u, w, v = compute_potentials(pairs, considered, used, load)
        if not _add_unexplained(pairs, considered, used, u, w, v):
            return _build_assignment(pairs, used, load, cut=cut, u=u, w=w, v=v)
        used = _solve_least_cost(pairs, considered, load)
    raise AssertionError("a load that works has an assignment")


def teams_csv(teams: tuple[tuple[str, str, str], ...]) -> bytes:
    """The bytes of teams.csv: target, inspector, role (lead or member)."""
    return TEAMS.dump(teams)


def _build_assignment(
    pairs: CostedPairs,
    used: NDArray[numpy.bool_],
    load: int,
    cut: LoadCut | None,
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


def find_cheapest(
    pairs: CostedPairs, allowed: NDArray[numpy.bool_], number: int
) -> NDArray[numpy.bool_]:
    """Each target's cheapest allowed pairs, and its cheapest allowed leads if a team needs leads."""
    import numpy

    considered = numpy.zeros(pairs.cost.shape, dtype=bool)
    for columns in (numpy.arange(len(pairs.takers)), numpy.flatnonzero(pairs.is_lead)):
        cost = numpy.where(
            allowed[:, columns], pairs.cost[:, columns], numpy.iinfo(numpy.int64).max
        )
        if len(columns) > number:
            best = numpy.argpartition(cost, number - 1, axis=1)[:, :number]
        else:
            best = numpy.broadcast_to(numpy.arange(len(columns)), cost.shape)
        considered[numpy.arange(len(considered))[:, None], columns[best]] = True
        if not pairs.leads:
            break
    return considered & allowed


def _reduced_costs(
    pairs: CostedPairs,
    u: NDArray[numpy.int64],
    w: NDArray[numpy.int64],
    v: NDArray[numpy.int64],
    rows: slice,
) -> NDArray[numpy.int64]:
    """r = cost − u + v (+ w if the taker is not a lead) for some rows; meaningless for inadmissible pairs."""
    priced: NDArray[numpy.int64] = pairs.cost[rows] - u[rows, None] + v[None, :]
    priced[:, ~pairs.is_lead] += w[rows, None]
    return priced


def row_blocks(pairs: CostedPairs) -> list[slice]:
    """Rows in blocks of about a million pairs, so that checking prices needs little memory."""
    step = max(1, 1_000_000 // max(1, len(pairs.takers)))
    return [slice(at, at + step) for at in range(0, len(pairs.targets), step)]


def _add_unexplained(
    pairs: CostedPairs,
    considered: NDArray[numpy.bool_],
    used: NDArray[numpy.bool_],
    u: NDArray[numpy.int64],
    w: NDArray[numpy.int64],
    v: NDArray[numpy.int64],
) -> bool:
    """Add the unused pairs that are cheaper than these prices allow; were there any?"""
    added = False
    for rows in row_blocks(pairs):
        bargain = (_reduced_costs(pairs, u, w, v, rows) < 0) & pairs.admissible[rows] & ~used[rows]
        added = added or bool(bargain.any())
        considered[rows] |= bargain
    return added


def _build_arcs(
    pairs: CostedPairs, considered: NDArray[numpy.bool_], load: int
) -> tuple[NDArray[numpy.int32], NDArray[numpy.int32], NDArray[numpy.int64], int]:
    """Tails, heads and capacities: considered pairs, then target → hub, then taker → sink; and the sink.

    Nodes: targets, hubs, takers, sink. Arcs to leads start at the target, arcs to others at its hub.
    """
    import numpy

    count, takers = pairs.cost.shape
    sink = 2 * count + takers
    rows, columns = numpy.nonzero(considered)
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


def _solve_least_cost(
    pairs: CostedPairs, considered: NDArray[numpy.bool_], load: int
) -> NDArray[numpy.bool_] | None:
    """The considered pairs of least total cost with this load, as a matrix; None if there is no assignment."""
    import numpy
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    tails, heads, capacity, sink = _build_arcs(pairs, considered, load)
    number = int(considered.sum())
    cost = numpy.zeros(len(tails), dtype=numpy.int64)
    cost[:number] = pairs.cost[considered]
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
    used = numpy.zeros(considered.shape, dtype=bool)
    used[considered] = solver.flows(arcs)[:number] > 0
    return used


def _find_smallest_load(
    pairs: CostedPairs, considered: NDArray[numpy.bool_], lowest: int
) -> tuple[int, LoadCut | None]:
    """The smallest feasible load from `lowest` on, and the cut that excludes the load below it.

    Pairs are added to the considered ones until these contain an assignment with that load.
    """
    cut = _find_narrow_cut(pairs, considered, lowest)
    if cut is None:
        return lowest, None
    bad, good = lowest, lowest + 1
    while (narrow_cut := _find_narrow_cut(pairs, considered, good)) is not None:
        cut, bad, good = narrow_cut, good, 2 * good
    while good - bad > 1:
        middle = (bad + good) // 2
        narrow_cut = _find_narrow_cut(pairs, considered, middle)
        if narrow_cut is None:
            good = middle
        else:
            cut, bad = narrow_cut, middle
    return good, cut


def _find_narrow_cut(
    pairs: CostedPairs, considered: NDArray[numpy.bool_], load: int
) -> LoadCut | None:
    """A cut that excludes this load, or None if the considered pairs contain an assignment with it.

    A cut of the considered pairs counts only if no other admissible pair crosses it; otherwise those
    pairs are added.
    """
    import numpy
    from ortools.graph.python.max_flow import SimpleMaxFlow

    count = len(pairs.targets)
    while True:
        tails, heads, capacity, sink = _build_arcs(pairs, considered, load)
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
        crossing = start & ~taker[None, :] & pairs.admissible & ~considered
        if not crossing.any():
            return LoadCut(
                tuple(id for id, is_in in zip(pairs.targets, target, strict=True) if is_in),
                tuple(id for id, is_in in zip(pairs.targets, hub, strict=True) if is_in),
                tuple(id for id, is_in in zip(pairs.takers, taker, strict=True) if is_in),
            )
        considered |= crossing
