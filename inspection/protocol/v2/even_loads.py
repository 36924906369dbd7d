"""Which inspectors visit which target: the most even loads that are possible, and among these the least cost.

Two stages, because a solver with 64-bit costs cannot hold both objectives at once. The first makes the sum of squared
loads least; its prices say which pairs, hubs and loads every such assignment has. The second makes the tickets' cost
least among these. The prices of both together are the certificate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from double_random.core.errors import DoubleRandomError
from double_random.core.translation import _, join_words
from double_random.inspection.protocol.pairs import CostedPairs
from double_random.inspection.protocol.potentials import shortest_distances
from double_random.inspection.protocol.teams import CHEAPEST, find_cheapest
from double_random.inspection.protocol.v2.certificate import EVENNESS, NOBODY, EvenCertificate

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Flags = NDArray[numpy.bool_]
    Numbers = NDArray[numpy.int64]


@dataclass(frozen=True)
class EvenAssignment:
    """The pairs (target, taker), in order, and the certificate that proves them."""

    pairs: tuple[tuple[str, str], ...]
    certificate: EvenCertificate


@dataclass(frozen=True)
class _Prices:
    """Prices of targets, hubs and takers in one stage."""

    u: Numbers
    w: Numbers
    p: Numbers


@dataclass(frozen=True, kw_only=True)
class _Bounds:
    """What every most even assignment has: free and forced pairs, loads from `low` to `high`, hubs that are full."""

    free: Flags
    forced: Flags
    low: Numbers
    high: Numbers
    full: Flags


def assign_evenly(pairs: CostedPairs, cheapest: int = CHEAPEST) -> EvenAssignment:
    """The assignment that the protocol defines; DoubleRandomError if a target cannot get a team."""
    if not pairs.targets or not pairs.size:
        return EvenAssignment((), NOBODY)
    if pairs.impossible_targets:
        raise DoubleRandomError(
            _("Too few inspectors may go to: {ids}").format(
                ids=join_words(pairs.impossible_targets)
            ),
            _("Look at recusals, kinds and districts; planning names such rows beforehand."),
        )
    allowed = pairs.admissible
    if pairs.size == pairs.leads:
        allowed = allowed & pairs.is_lead[None, :]  # there is no place for the others
    used, first = _even_out(pairs, allowed, cheapest)
    bounds = _find_bounds(pairs, allowed, first)
    used, second = _choose_by_cost(pairs, bounds, used, cheapest)
    return _build_assignment(pairs, used, first, second)


def _even_out(pairs: CostedPairs, allowed: Flags, cheapest: int) -> tuple[Flags, _Prices]:
    """Stage 1: an assignment with the least sum of squared loads, and its prices, correct on all allowed pairs."""
    considered = find_cheapest(pairs, allowed, cheapest)
    while True:
        used = _solve_squares(pairs, considered)
        prices = _price_loads(pairs, considered, used)
        bargains = (_reduce(pairs, prices, None) < 0) & allowed & ~considered
        if not bargains.any():
            return used, prices
        considered |= bargains


def _solve_squares(pairs: CostedPairs, considered: Flags) -> Flags:
    """The considered pairs with the least sum of squared loads; the k-th visit of a taker costs 2k − 1."""
    import numpy

    count, takers = pairs.cost.shape
    mean = -(-pairs.size * count // takers)
    cap = min(count, 2 * mean)
    hubs, ends = numpy.arange(count), 2 * count + numpy.arange(takers)
    supply = numpy.zeros(2 * count + takers + 1, dtype=numpy.int64)
    supply[:count], supply[-1] = pairs.size, -pairs.size * count
    while True:
        tails = numpy.concatenate([hubs, numpy.repeat(ends, cap)])
        heads = numpy.concatenate([count + hubs, numpy.full(takers * cap, 2 * count + takers)])
        capacity = numpy.ones(len(tails), dtype=numpy.int64)
        capacity[:count] = pairs.size - pairs.leads
        cost = numpy.zeros(len(tails), dtype=numpy.int64)
        cost[count:] = numpy.tile(2 * numpy.arange(cap) + 1, takers)
        arcs = numpy.stack([tails, heads, capacity, cost])
        used = _solve(pairs, considered, numpy.zeros_like(pairs.cost), arcs, supply)
        # A taker below the cap could take one more: then the cap binds nobody.
        if used is not None and (cap == count or int(used.sum(axis=0).max()) < cap):
            return used
        cap = min(count, 2 * cap)


def _solve(
    pairs: CostedPairs, considered: Flags, cost: Numbers, arcs: Numbers, supply: Numbers
) -> Flags | None:
    """The least-cost flow over the considered pairs and further arcs (rows: tail, head, capacity, cost).

    Nodes: targets, hubs, takers, sink. The pairs that carry flow as a matrix; None if there is no flow.
    """
    import numpy
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    rows, columns = numpy.nonzero(considered)
    count = len(pairs.targets)
    starts = numpy.where(pairs.is_lead[columns], rows, count + rows)
    tails = numpy.concatenate([starts, arcs[0]]).astype(numpy.int32)
    heads = numpy.concatenate([2 * count + columns, arcs[1]]).astype(numpy.int32)
    capacity = numpy.concatenate([numpy.ones(len(rows), dtype=numpy.int64), arcs[2]])
    solver = SimpleMinCostFlow()
    handles = solver.add_arcs_with_capacity_and_unit_cost(
        tails, heads, capacity, numpy.concatenate([cost[considered], arcs[3]])
    )
    solver.set_nodes_supplies(numpy.arange(len(supply), dtype=numpy.int32), supply)
    status = solver.solve()
    # After INFEASIBLE, asking the library for flows crashes the whole process.
    if status == solver.INFEASIBLE:
        return None
    if status != solver.OPTIMAL:
        raise AssertionError(f"minimum cost flow: {status}")
    used = numpy.zeros(considered.shape, dtype=bool)
    used[considered] = solver.flows(handles)[: len(rows)] > 0
    return used


def _price_loads(pairs: CostedPairs, considered: Flags, used: Flags) -> _Prices:
    """The prices of stage 1: pairs cost nothing, and a taker with load k has the next visit for 2k + 1."""
    import numpy

    loads = used.sum(axis=0).astype(numpy.int64)
    takers = numpy.arange(len(loads))
    busy = takers[loads > 0]
    ends = (takers, 2 * loads + 1, busy, 1 - 2 * loads[busy])
    open_hubs = numpy.ones(len(pairs.targets), dtype=bool)
    return _price(pairs, considered, used, numpy.zeros_like(pairs.cost), ends, open_hubs)


def _price(
    pairs: CostedPairs,
    considered: Flags,
    used: Flags,
    cost: Numbers,
    ends: tuple[Numbers, Numbers, Numbers, Numbers],
    open_hubs: Flags,
) -> _Prices:
    """Prices from shortest distances in the residual network of an assignment.

    `ends`: takers with an arc to the sink and its length, takers with an arc back and its length. A hub that is not
    open has no arc to its target: its price may have any sign.
    """
    import numpy

    count, takers = pairs.cost.shape
    sink = 2 * count + takers
    rows, columns = numpy.nonzero(considered)
    start = numpy.where(pairs.is_lead[columns], rows, count + rows)
    back, length = used[rows, columns], cost[rows, columns]
    through = used[:, ~pairs.is_lead].sum(axis=1)
    free = numpy.flatnonzero(open_hubs & (through < pairs.size - pairs.leads))
    busy = numpy.flatnonzero(open_hubs & (through > 0))
    forward, forward_length, backward, backward_length = ends
    end = 2 * count + columns
    tails = [numpy.where(back, end, start), free, count + busy]
    heads = [numpy.where(back, start, end), count + free, busy]
    tails += [2 * count + forward, numpy.full(len(backward), sink)]
    heads += [numpy.full(len(forward), sink), 2 * count + backward]
    level = numpy.zeros(len(free) + len(busy), dtype=numpy.int64)
    weights = [numpy.where(back, -length, length), level, forward_length, backward_length]
    distance = shortest_distances(
        numpy.concatenate(tails), numpy.concatenate(heads), numpy.concatenate(weights), sink + 1
    )
    hubs = distance[count : 2 * count] - distance[:count]
    return _Prices(
        distance[sink] - distance[:count],
        numpy.where(open_hubs, numpy.maximum(0, hubs), hubs),
        distance[sink] - distance[2 * count : sink],
    )


def _reduce(pairs: CostedPairs, prices: _Prices, cost: Numbers | None) -> Numbers:
    """r = cost − u + p, plus w if the taker is no lead; meaningless for pairs that are not admissible."""
    import numpy

    reduced = numpy.subtract.outer(-prices.u, -prices.p)
    if cost is not None:
        reduced += cost
    reduced[:, ~pairs.is_lead] += prices.w[:, None]
    return reduced


def _find_bounds(pairs: CostedPairs, allowed: Flags, first: _Prices) -> _Bounds:
    """What the prices of stage 1 leave to stage 2: exactly the most even assignments."""
    import numpy

    reduced = _reduce(pairs, first, None)
    return _Bounds(
        free=allowed & (reduced == 0),
        forced=allowed & (reduced < 0),
        low=numpy.maximum(0, first.p // 2),
        high=numpy.maximum(0, (first.p + 1) // 2),
        full=first.w > 0,
    )


def _choose_by_cost(
    pairs: CostedPairs, bounds: _Bounds, used: Flags, cheapest: int
) -> tuple[Flags, _Prices]:
    """Stage 2: the most even assignment of least cost, and its prices, correct on all free pairs."""
    import numpy

    considered = find_cheapest(pairs, bounds.free, cheapest) | (used & bounds.free)
    while True:
        chosen = _solve_cost(pairs, bounds, considered)
        loads = chosen.sum(axis=0)
        more = numpy.flatnonzero(loads < bounds.high)
        less = numpy.flatnonzero(loads > bounds.low)
        ends = (more, numpy.zeros_like(more), less, numpy.zeros_like(less))
        prices = _price(pairs, considered, chosen, pairs.cost, ends, ~bounds.full)
        bargains = (_reduce(pairs, prices, pairs.cost) < 0) & bounds.free & ~considered
        if not bargains.any():
            return chosen, prices
        considered |= bargains


def _solve_cost(pairs: CostedPairs, bounds: _Bounds, considered: Flags) -> Flags:
    """The free and forced pairs of least cost within the bounds of stage 1."""
    import numpy

    count, takers = pairs.cost.shape
    room = pairs.size - pairs.leads
    forced_leads = (bounds.forced & pairs.is_lead[None, :]).sum(axis=1)
    forced_others = (bounds.forced & ~pairs.is_lead[None, :]).sum(axis=1)
    forced_loads = bounds.forced.sum(axis=0)
    low = numpy.maximum(0, bounds.low - forced_loads)
    supply = numpy.zeros(2 * count + takers + 1, dtype=numpy.int64)
    supply[:count] = pairs.size - forced_leads - room * bounds.full
    supply[count : 2 * count] = room * bounds.full - forced_others
    supply[2 * count : -1] = -low
    supply[-1] = -supply[:-1].sum()
    hubs = numpy.flatnonzero(~bounds.full)
    tails = numpy.concatenate([hubs, 2 * count + numpy.arange(takers)])
    heads = numpy.concatenate([count + hubs, numpy.full(takers, 2 * count + takers)])
    capacity = numpy.concatenate([numpy.full(len(hubs), room), bounds.high - forced_loads - low])
    arcs = numpy.stack([tails, heads, capacity, numpy.zeros_like(tails)])
    chosen = _solve(pairs, considered, pairs.cost, arcs, supply)
    if chosen is None:
        raise AssertionError("the assignment of stage 1 keeps the bounds")
    return chosen | bounds.forced


def _build_assignment(
    pairs: CostedPairs, used: Flags, first: _Prices, second: _Prices
) -> EvenAssignment:
    import numpy

    def combine(evenness: Numbers, cost: Numbers) -> list[int]:
        return [a * EVENNESS + b for a, b in zip(evenness.tolist(), cost.tolist(), strict=True)]

    def by_id(ids: tuple[str, ...], prices: list[int]) -> dict[str, int]:
        return {id: price for id, price in zip(ids, prices, strict=True) if price}

    u, w = combine(first.u, second.u), combine(first.w, second.w)
    p = combine(first.p, second.p)
    if pairs.size == pairs.leads:
        # Non-leads have no place: the hub's price is as high as needed to exclude all of them.
        others = numpy.where(
            pairs.admissible & ~pairs.is_lead, first.p, numpy.iinfo(numpy.int64).max // 2
        )
        high = numpy.maximum(0, first.u - others.min(axis=1) + 1)
        w = combine(high, numpy.zeros_like(high))
    loads = used.sum(axis=0).tolist()
    certificate = EvenCertificate(
        squares=sum(load * load for load in loads),
        load=max(loads),
        cost=int(pairs.cost[used].sum()),
        target=by_id(pairs.targets, u),
        hub=by_id(pairs.targets, w),
        inspector=by_id(pairs.takers, p),
    )
    chosen = sorted((pairs.targets[t], pairs.takers[i]) for t, i in numpy.argwhere(used))
    return EvenAssignment(tuple(chosen), certificate)
