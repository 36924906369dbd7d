"""Tickets by the million: the same hashes as `protocol/tickets.py` makes one by one, in DuckDB's SHA-256.

The protocol's functions define them; a test holds both equal. Few pairs and SM3 take the plain way; so does a frame in
memory, for which Python's own SHA-256 is the faster one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from inspection.protocol.digest import Digest
from inspection.protocol.tickets import Tickets

if TYPE_CHECKING:
    import duckdb
    import numpy
    from numpy.typing import NDArray

MANY = 50_000  # below it DuckDB takes longer to start than Python to hash
BLOCK = 2_000_000  # pairs hashed at a time, so that they need little memory

LEAST = """
    select sha256($seed || ':target:' || id || ':' || salt) as ticket, id
    from {rows}
    order by ticket, id
    limit $number
"""
# 10 hex digits are 40 bits: a whole number that every engine holds exactly.
COSTS = """
    select targets.place as place, takers.place as taker,
        ('0x' || left(sha256($begun || targets.id || ':' || takers.id), 10))::bigint as cost
    from targets cross join takers
"""


class SetTickets(Tickets):
    """The tickets of one seed, computed as sets where there are many."""

    @classmethod
    def of(cls, digest: Digest, seed: str) -> Tickets:
        """These for SHA-256; the plain ones for a hash that DuckDB does not know."""
        return cls(digest, seed) if digest.name == "sha256" else Tickets(digest, seed)

    def matrix(
        self, inner: str, targets: Sequence[str], takers: Sequence[str], may: NDArray[numpy.bool_]
    ) -> NDArray[numpy.int64]:
        """As in Tickets: the cost of every admissible pair, −1 where there is none."""
        if may.size < MANY:
            return super().matrix(inner, targets, takers, may)
        import numpy
        import pyarrow

        cost = numpy.empty(may.shape, dtype=numpy.int64)
        connection = _connection()
        connection.register("takers", _numbered(takers))
        begun = f"{self.seed}:team:{inner}:"
        step = max(1, BLOCK // len(takers))
        for start in range(0, len(targets), step):
            block: pyarrow.Table = _numbered(targets[start : start + step])
            connection.register("targets", block)
            found = connection.execute(COSTS, {"begun": begun}).fetchnumpy()
            cost[start + found["place"], found["taker"]] = found["cost"]
        cost[~may] = -1
        return cost


def least(
    connection: duckdb.DuckDBPyConnection, rows: str, seed: str, number: int
) -> list[tuple[str, str]]:
    """The first `number` of (ticket, id) over a table or view with columns id and salt, however long."""
    found = connection.execute(LEAST.format(rows=rows), {"seed": seed, "number": number})
    return [(ticket, id) for ticket, id in found.fetchall()]


def _connection() -> duckdb.DuckDBPyConnection:
    import duckdb

    connection = duckdb.connect(":memory:")
    connection.execute("set enable_progress_bar = false")
    return connection


def _numbered(ids: Sequence[str]) -> object:
    import numpy
    import pyarrow

    return pyarrow.table({"place": numpy.arange(len(ids), dtype=numpy.int32), "id": list(ids)})
