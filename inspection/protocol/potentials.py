"""The prices of a least-cost assignment: shortest paths in what the flow leaves over (Bellman-Ford)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from double_random.inspection.protocol.pairs import Pairs

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray


def potentials(
    pairs: Pairs, kept: NDArray[numpy.bool_], used: NDArray[numpy.bool_], load: int
) -> tuple[NDArray[numpy.int64], NDArray[numpy.int64], NDArray[numpy.int64]]:
    """u and w per target, v per taker, of an assignment that costs least among the kept pairs.

    Residual network: an unused pair can be walked forward at its cost, a used one backward at minus
    its cost; a hub and a taker can be walked forward while they have room, backward while they are in use.
    With d the shortest distances, d(head) <= d(tail) + cost holds on every such arc: u, w and v are
    differences of these distances to the sink's, and the signs that the certificate asks for follow.
    """
    import numpy

    count, takers = pairs.cost.shape
    sink = 2 * count + takers
    room = pairs.size - pairs.leads
    through_hub = used[:, ~pairs.is_lead].sum(axis=1)
    loads = used.sum(axis=0)
    rows, columns = numpy.nonzero(kept)
    start = numpy.where(pairs.is_lead[columns], rows, count + rows)
    end = 2 * count + columns
    cost = pairs.cost[rows, columns]
    back = used[rows, columns]
    hubs, ends = numpy.arange(count), 2 * count + numpy.arange(takers)
    free_hub, busy_hub = hubs[through_hub < room], hubs[through_hub > 0]
    free_taker, busy_taker = ends[loads < load], ends[loads > 0]
    nothing = numpy.zeros(
        len(free_hub) + len(busy_hub) + len(free_taker) + len(busy_taker), dtype=numpy.int64
    )
    tails = numpy.concatenate(
        [
            numpy.where(back, end, start),
            free_hub,
            count + busy_hub,
            free_taker,
            numpy.full(len(busy_taker), sink),
        ]
    )
    heads = numpy.concatenate(
        [
            numpy.where(back, start, end),
            count + free_hub,
            busy_hub,
            numpy.full(len(free_taker), sink),
            busy_taker,
        ]
    )
    weights = numpy.concatenate([numpy.where(back, -cost, cost), nothing])
    distance = _distances(tails, heads, weights, sink + 1)
    u = distance[sink] - distance[:count]
    v = numpy.maximum(0, distance[sink] - distance[2 * count : sink])
    w = numpy.maximum(0, distance[count : 2 * count] - distance[:count])
    if room == 0:
        # No non-lead has a place: the hub's price may be as high as it takes to keep them all out.
        missing = u[:, None] - pairs.cost - v[None, :]
        missing[pairs.is_lead[None, :] | ~pairs.admissible] = 0
        w = numpy.maximum(0, missing.max(axis=1))
    return u, w, v


def _distances(
    tails: NDArray[numpy.int64],
    heads: NDArray[numpy.int64],
    weights: NDArray[numpy.int64],
    nodes: int,
) -> NDArray[numpy.int64]:
    """Shortest distances from a node that reaches all others at no cost."""
    import numpy

    order = numpy.argsort(heads, kind="stable")
    tails, heads, weights = tails[order], heads[order], weights[order]
    first = numpy.flatnonzero(numpy.r_[True, heads[1:] != heads[:-1]])
    reached = heads[first]
    distance = numpy.zeros(nodes, dtype=numpy.int64)
    for _round in range(nodes + 1):
        shorter = numpy.minimum.reduceat(distance[tails] + weights, first)
        if not (shorter < distance[reached]).any():
            return distance
        distance[reached] = numpy.minimum(distance[reached], shorter)
    raise AssertionError("a cycle of negative cost: the assignment does not cost least")
