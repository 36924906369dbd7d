"""Assignment problems from matrices of costs, for tests of teams and their certificates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy
from hypothesis import strategies as st

from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.pairs import Candidates, CostedPairs
from double_random.inspection.protocol.tickets import Priced, Tickets


@dataclass(frozen=True)
class Written(Tickets):
    """Costs from a matrix instead of hashes, so that ties and tight spots can be made."""

    pairs: CostedPairs

    def costs(self, inner: str, target: str, inspectors: Iterable[str]) -> list[int]:
        row = self.pairs.cost[self.pairs.targets.index(target)]
        return [int(row[self.pairs.takers.index(one)]) for one in inspectors]

    def takers_below(
        self, inner: str, target: str, priced: Sequence[Priced], limit: int
    ) -> list[int]:
        costs = self.costs(inner, target, [id.decode() for _price, _place, id in priced])
        rows = zip(priced, costs, strict=True)
        return [place for (price, place, _id), cost in rows if cost + price < limit]


def whole(pairs: CostedPairs) -> Candidates:
    """The problem of a matrix as its checker takes it."""
    return Candidates(
        targets=pairs.targets,
        takers=pairs.takers,
        is_lead=tuple(map(bool, pairs.is_lead)),
        size=pairs.size,
        leads=pairs.leads,
        able=tuple(frozenset(numpy.flatnonzero(row).tolist()) for row in pairs.admissible),
        tickets=Written(Digest("sha256"), "", pairs),
        inner="",
    )


@st.composite
def problems(draw: st.DrawFn, targets: int = 4, takers: int = 5, largest: int = 12) -> CostedPairs:
    """Small problems; small costs make many ties, and -1 stands for a recusal."""
    rows, columns = draw(st.integers(1, targets)), draw(st.integers(1, takers))
    size = draw(st.integers(1, min(3, columns)))
    cost = draw(
        st.lists(
            st.lists(st.integers(-1, largest), min_size=columns, max_size=columns),
            min_size=rows,
            max_size=rows,
        )
    )
    return CostedPairs(
        targets=tuple(f"T{row}" for row in range(rows)),
        takers=tuple(f"I{column}" for column in range(columns)),
        is_lead=numpy.array(
            draw(st.lists(st.booleans(), min_size=columns, max_size=columns)), dtype=bool
        ),
        size=size,
        leads=draw(st.integers(0, size)),
        cost=numpy.array(cost, dtype=numpy.int64),
    )


def tight() -> CostedPairs:
    """Six targets, four inspectors; all but one may be visited by the first two alone: load 5."""
    cost = numpy.full((6, 4), -1, dtype=numpy.int64)
    cost[:, :2] = numpy.arange(12).reshape(6, 2) + 5
    cost[5] = (900, 901, 3, 4)
    return CostedPairs(
        targets=tuple("ABCDEF"),
        takers=("a", "b", "c", "d"),
        is_lead=numpy.array([True, False, True, False]),
        size=2,
        leads=1,
        cost=cost,
    )
