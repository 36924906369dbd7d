"""Millions of tickets: the hashes of `protocol/tickets.py`, computed with SQL and an engine's SHA-256.

The protocol's functions define them; a test checks that both are equal. Few pairs, SM3 and frames in
memory use the protocol's functions: for these Python's own SHA-256 is faster, or the only one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.tickets import Tickets
from double_random.store.database import open_database
from double_random.store.engine.duckdb import Engine

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

MANY = 50_000  # with fewer pairs, DuckDB needs longer to start than Python to hash
BLOCK = 2_000_000  # pairs hashed at a time, to limit memory

# 10 hex digits are 40 bits: every engine represents such a whole number exactly.
COSTS = """
    select targets.place as place, takers.place as taker,
        ('0x' || left(sha256($begun || targets.id || ':' || takers.id), 10))::bigint as cost
    from targets cross join takers
"""


class SetTickets(Tickets):
    """The tickets of one seed; large sets are computed with SQL."""

    @classmethod
    def for_seed(cls, digest: Digest, seed: str) -> Tickets:
        """This class for SHA-256; plain `Tickets` for a hash that DuckDB does not have."""
        return cls(digest, seed) if digest.name == "sha256" else Tickets(digest, seed)

    def cost_matrix(
        self,
        inner: str,
        targets: Sequence[str],
        takers: Sequence[str],
        admissible: NDArray[numpy.bool_],
    ) -> NDArray[numpy.int64]:
        """The same as in `Tickets`: the costs of the admissible pairs, −1 for all others."""
        if admissible.size < MANY:
            return super().cost_matrix(inner, targets, takers, admissible)
        import numpy
        import pyarrow

        cost = numpy.empty(admissible.shape, dtype=numpy.int64)
        connection = open_database()
        connection.register("takers", _number_ids(takers))
        prefix = f"{self.seed}:team:{inner}:"
        step = max(1, BLOCK // len(takers))
        for start in range(0, len(targets), step):
            block: pyarrow.Table = _number_ids(targets[start : start + step])
            connection.register("targets", block)
            rows = connection.execute(COSTS, {"begun": prefix}).fetchnumpy()
            cost[start + rows["place"], rows["taker"]] = rows["cost"]
        cost[~admissible] = -1
        return cost


@dataclass(frozen=True)
class TicketsOf:
    """Makes tickets whose smallest an engine finds (store/engine/duckdb.py); costs of pairs are computed here."""

    engine: Engine

    def for_seed(self, digest: Digest, seed: str) -> Tickets:
        """Tickets on the engine for SHA-256; Misuse for a hash that engines do not have."""
        if digest.name != "sha256":
            raise Misuse(
                _("an engine knows no hash but sha256: this plan says {hash}").format(
                    hash=digest.name
                ),
                _("draw without --engine"),
            )
        return _OnEngine(digest, seed, self.engine)


@dataclass(frozen=True)
class _OnEngine(SetTickets):
    engine: Engine

    def least_tickets(self, rows: Sequence[tuple[str, str]], number: int) -> list[tuple[str, str]]:
        import polars

        schema = {"id": polars.String, "salt": polars.String}
        self.engine.give("frame", polars.DataFrame(list(rows), schema, orient="row"))
        return find_least_tickets(self.engine, self.seed, number)


def find_least_tickets(engine: Engine, seed: str, number: int) -> list[tuple[str, str]]:
    """The smallest `number` of (ticket, id) over the engine's table `frame` (id, salt) of any length."""
    import polars

    engine.give("lot", polars.DataFrame({"begun": [f"{seed}:target:"]}))
    rows = engine.ask(f"{_read_sql('least')} LIMIT {number}")
    return sorted((ticket, id) for ticket, id in rows.select("ticket", "id").iter_rows())


def count_populations(strata: Sequence[str], engine: Engine | None = None) -> dict[str, int]:
    """The number of rows of each group, from the group of each row; counted on the engine if there is one."""
    if engine is None:
        return dict(Counter(strata))
    import polars

    engine.give("frame", polars.DataFrame({"stratum": list(strata)}, {"stratum": polars.String}))
    rows = engine.ask(_read_sql("populations")).select("stratum", "population")
    return {stratum: int(population) for stratum, population in rows.iter_rows()}


def _read_sql(name: str) -> str:
    return files("double_random.inspection.draw").joinpath("sql", f"{name}.sql").read_text("utf-8")


def _number_ids(ids: Sequence[str]) -> object:
    import numpy
    import pyarrow

    return pyarrow.table({"place": numpy.arange(len(ids), dtype=numpy.int32), "id": list(ids)})
