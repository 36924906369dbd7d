"""The prices of a least-cost assignment: shortest paths in the residual network (Bellman-Ford)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from double_random.inspection.protocol.pairs import CostedPairs

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray


def compute_potentials(
    pairs: CostedPairs, considered: NDArray[numpy.bool_], used: NDArray[numpy.bool_], load: int
) -> tuple[NDArray[numpy.int64], NDArray[numpy.int64], NDArray[numpy.int64]]:
    """u and w per target and v per taker, for an assignment of least cost among the considered pairs.

    Residual network: an unused pair is a forward arc with its cost, a used pair is a backward arc with
    minus its cost; hubs and takers have a forward arc while capacity is left, a backward arc while
    they are used. The shortest distances d satisfy d(head) <= d(tail) + cost on every arc. u, w and v
    are differences between these distances and the sink's; so they have the signs that the certificate
    requires.
    """
    import numpy

    count, takers = pairs.cost.shape
    sink = 2 * count + takers
    room = pairs.size - pairs.leads
    through_hub = used[:, ~pairs.is_lead].sum(axis=1)
    loads = used.sum(axis=0)
    rows, columns = numpy.nonzero(considered)
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
    distance = shortest_distances(tails, heads, weights, sink + 1)
    u = distance[sink] - distance[:count]
    v = numpy.maximum(0, distance[sink] - distance[2 * count : sink])
    w = numpy.maximum(0, distance[count : 2 * count] - distance[:count])
    if room == 0:
        # Non-leads have no place: the hub's price may be as high as needed to exclude all of them.
        missing = u[:, None] - pairs.cost - v[None, :]
        missing[pairs.is_lead[None, :] | ~pairs.admissible] = 0
        w = numpy.maximum(0, missing.max(axis=1))
    return u, w, v


def shortest_distances(
    tails: NDArray[numpy.int64],
    heads: NDArray[numpy.int64],
    weights: NDArray[numpy.int64],
    nodes: int,
) -> NDArray[numpy.int64]:
    """Shortest distances from a virtual node with an arc of cost 0 to every node."""
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
