"""How fast a draw is: tickets against other libraries, teams against bare solver and bare tickets.

python -m benchmarks.draw [--large]     needs also: pip install consistent_sampler cryptorandom

Writes benchmarks/draw.json, beside it. Every figure is of one run on one machine; floors are measured in the same run.
"""

from __future__ import annotations

import hashlib
import heapq
import json
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

RESULT = Path(__file__).with_suffix(".json")
SEED, INNER = "5e" * 32, "1a" * 32
TARGETS, INSPECTORS = 10_000, 1_000


def best(of: int, work: Callable[[], object]) -> float:
    """Seconds, the best of some runs."""
    found = []
    for _run in range(of):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def peak() -> float:
    """The most memory that this process has had, in gigabytes. (ru_maxrss also counts the process that started it.)"""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 2**20


def few_of_many() -> dict[str, Any]:
    """1,000 of 1,000,000, from rows in memory."""
    from inspection.protocol.digest import Digest
    from inspection.protocol.tickets import Tickets

    rows = [(f"31310000XXXX{n:06d}", f"{n:032x}") for n in range(1_000_000)]
    tickets = Tickets(Digest("sha256"), SEED)

    def standard() -> list[tuple[str, str]]:
        digest = hashlib.sha256
        return heapq.nsmallest(
            1000,
            ((digest(f"{SEED}:target:{id}:{salt}".encode()).hexdigest(), id) for id, salt in rows),
        )

    assert tickets.least(rows, 1000) == standard()
    found: dict[str, Any] = {
        "double_random": best(3, lambda: tickets.least(rows, 1000)),
        "standard_library": best(2, standard),
    }
    try:
        from consistent_sampler import sampler

        ids = [id for id, _salt in rows]
        found["consistent_sampler"] = best(1, lambda: list(sampler(ids, SEED, take=1000)))
    except ImportError:
        print("consistent_sampler is not here: not measured", file=sys.stderr)
    try:
        from cryptorandom.cryptorandom import SHA256
        from cryptorandom.sample import random_sample

        ids = [id for id, _salt in rows]
        for method in ("PIKK", "Waterman_R", "Vitter_Z", "recursive"):
            draw = partial(random_sample, ids, 1000, method=method, prng=SHA256(SEED))
            try:
                found[f"cryptorandom {method}"] = best(1, draw)
            except (
                TypeError,
                RecursionError,
            ) as error:  # two of its methods fail on a Python of today
                found[f"cryptorandom {method}"] = f"fails: {error}"
    except ImportError:
        print("cryptorandom is not here: not measured", file=sys.stderr)
    return found


def many_of_very_many() -> dict[str, Any]:
    """10,000 of 100,000,000, from a Parquet file; in a process of its own, so that its memory can be told."""
    code = """
import duckdb, sys, time, tempfile, pathlib
from benchmarks.draw import peak
from inspection.set_tickets import least
from store.engine import DuckDB
with tempfile.TemporaryDirectory() as folder:
    file = pathlib.Path(folder) / "frame.parquet"
    with duckdb.connect() as writer:
        writer.execute("set enable_progress_bar = false")
        writer.execute(
            "copy (select '31310000XXXX' || lpad(i::varchar, 9, '0') as id, lpad(to_hex(i), 32, '0') as salt "
            f"from range(100000000) t(i)) to '{file}'")
    with duckdb.connect(config={"memory_limit": "2GB"}) as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"create view frame as select * from read_parquet('{file}')")
        start = time.perf_counter()
        rows = least(DuckDB(connection), "5e" * 32, 10000)
        assert len(rows) == 10000
        print(time.perf_counter() - start, peak())
"""
    seconds, gigabytes = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    return {"seconds": float(seconds), "gigabytes": float(gigabytes)}


def teams() -> dict[str, Any]:
    """10,000 targets × 1,000 inspectors with certificate, its check, and the floor: bare tickets and bare solver."""
    code = "from benchmarks.draw import measure_teams; measure_teams()"
    return dict(json.loads(subprocess.check_output([sys.executable, "-c", code], text=True)))


def measure_teams() -> None:
    """In a process of its own: prints seconds and gigabytes as JSON."""
    import duckdb
    import numpy
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    from inspection.protocol.certificate import check
    from inspection.protocol.digest import Digest
    from inspection.protocol.files import Inspector, Target
    from inspection.protocol.pairs import Candidates, Pairs
    from inspection.protocol.plan import Team
    from inspection.protocol.teams import assign
    from inspection.set_tickets import SetTickets

    kinds, districts = ("律师事务所", "公证处", "司法鉴定"), [f"3101{n:02d}" for n in range(16)]
    targets = [
        Target(f"31310000XXXX{n:06d}", "s", kinds[n % 3], districts[n % 16], "示例", "0" * 32)
        for n in range(TARGETS)
    ]
    people = [
        Inspector(
            f"ZFXXXX{n:04d}",
            n % 2 == 0,
            frozenset(kinds) if n % 10 else frozenset(kinds[:1]),
            districts[n % 16],
            "示例",
        )
        for n in range(INSPECTORS)
    ]
    recusals = frozenset((targets[n * 7 % TARGETS].id, people[n % 1000].id) for n in range(2000))
    team = Team(2, 1, None, True, True)
    tickets = SetTickets(Digest("sha256"), SEED)
    start = time.perf_counter()
    who = Candidates.of_inspectors(targets, people, recusals, team, tickets, INNER)
    pairs = Pairs.of(who)
    made = time.perf_counter()
    assignment = assign(pairs)
    assignment.certificate.dump()
    done = time.perf_counter()
    check(who, assignment.pairs, assignment.certificate)
    checked = time.perf_counter()
    gigabytes = peak()
    floor_tickets = best(2, lambda: _bare_tickets(duckdb, targets, people))
    floor_solver = best(2, lambda: _bare_solver(numpy, SimpleMinCostFlow, pairs))
    print(
        json.dumps(
            {
                "admissible": int(pairs.admissible.sum()),
                "tickets": made - start,
                "teams_and_certificate": done - made,
                "check": checked - done,
                "gigabytes": gigabytes,
                "floor_tickets": floor_tickets,
                "floor_solver": floor_solver,
                "ratio_to_floor": (done - start) / (floor_tickets + floor_solver),
                "check_share": (checked - done) / (done - start),
            }
        )
    )


def _bare_tickets(duckdb: Any, targets: list[Any], people: list[Any]) -> None:
    import pyarrow

    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")
    connection.register("t", pyarrow.table({"id": [one.id for one in targets]}))
    connection.register("i", pyarrow.table({"id": [one.id for one in people]}))
    begun = f"{SEED}:team:{INNER}:"
    connection.execute(
        "create table cost as select t.id as t, i.id as i, "
        "('0x' || left(sha256($begun || t.id || ':' || i.id), 10))::bigint as cost from t cross join i",
        {"begun": begun},
    )


def _bare_solver(numpy: Any, solver_of: Any, pairs: Any) -> None:
    """OR-Tools on each target's 40 cheapest pairs and 40 cheapest leads, with the load that they need at least."""
    from inspection.protocol.teams import _arcs, _cheapest

    kept = _cheapest(pairs, 40)
    load = -(-pairs.size * len(pairs.targets) // len(pairs.takers))
    tails, heads, capacity, sink = _arcs(pairs, kept, load + 1)
    number = int(kept.sum())
    cost = numpy.zeros(len(tails), dtype=numpy.int64)
    cost[:number] = pairs.cost[kept]
    supply = numpy.zeros(sink + 1, dtype=numpy.int64)
    supply[: len(pairs.targets)] = pairs.size
    supply[sink] = -pairs.size * len(pairs.targets)
    solver = solver_of()
    solver.add_arcs_with_capacity_and_unit_cost(tails, heads, capacity, cost)
    solver.set_nodes_supplies(numpy.arange(sink + 1, dtype=numpy.int32), supply)
    assert solver.solve() == solver.OPTIMAL


PARTS: dict[str, Callable[[], dict[str, Any]]] = {
    "1,000 of 1,000,000": few_of_many,
    "teams": teams,
    "10,000 of 100,000,000": many_of_very_many,
}


def main() -> None:
    """Measure all, the largest only if asked, write the frozen result, print it."""
    found = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else {}
    for name, part in PARTS.items():
        if part is not many_of_very_many or "--large" in sys.argv:
            found[name] = part()
    RESULT.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(RESULT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
