"""How fast a draw is: tickets against other libraries, teams against bare solver and bare tickets.

python -m benchmarks.draw [--large]     needs also: pip install consistent_sampler cryptorandom

Every figure is of one run on one machine; floors are measured in the same run. Without --large the row of 100,000,000
is left away. Frozen in results/draw.json.
"""

from __future__ import annotations

import hashlib
import heapq
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.frozen import Row, freeze

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
    from double_random.inspection.protocol.digest import Digest
    from double_random.inspection.protocol.tickets import Tickets

    rows = [(f"31310000XXXX{n:06d}", f"{n:032x}") for n in range(1_000_000)]
    tickets = Tickets(Digest("sha256"), SEED)

    def standard() -> list[tuple[str, str]]:
        digest = hashlib.sha256
        return heapq.nsmallest(
            1000,
            ((digest(f"{SEED}:target:{id}:{salt}".encode()).hexdigest(), id) for id, salt in rows),
        )

    assert tickets.least_tickets(rows, 1000) == standard()
    found: dict[str, Any] = {
        "double_random": best(3, lambda: tickets.least_tickets(rows, 1000)),
        "standard_library": best(2, standard),
    }
    try:
        from consistent_sampler import sampler

        ids = [id for id, _salt in rows]
        found["consistent_sampler"] = best(1, lambda: list(sampler(ids, SEED, take=1000)))
    except ImportError:
        print("consistent_sampler is not here: not measured", file=sys.stderr)
    for method in ("PIKK", "Waterman_R", "Vitter_Z", "recursive"):
        found[f"cryptorandom {method}"] = cryptorandom(method)
    return found


CRYPTORANDOM = """
import math, sys, threading, time
import cryptorandom.sample
from benchmarks.draw import SEED
from cryptorandom.cryptorandom import SHA256

class Whole:  # its Vitter_Z hands floats to factorial, which a Python of today refuses
    def __getattr__(self, name):
        return getattr(math, name)
    def factorial(self, number):
        return math.factorial(int(number))

cryptorandom.sample.math = Whole()
sys.setrecursionlimit(100_000)  # its `recursive` goes as deep as the sample is large
threading.stack_size(512 * 2**20)
ids = [f"31310000XXXX{n:06d}" for n in range(1_000_000)]

def run():
    start = time.perf_counter()
    try:
        drawn = cryptorandom.sample.random_sample(ids, 1000, method=METHOD, prng=SHA256(SEED))
        print(time.perf_counter() - start if len(set(drawn)) == 1000 else "fails: fewer than 1,000")
    except Exception as error:
        print(f"fails: {error}")

thread = threading.Thread(target=run)
thread.start()
thread.join()
"""


def cryptorandom(method: str, seconds: int = 20) -> float | str:
    """One of its methods, in a process of its own: what it took, or why not. Two need help on a Python of today."""
    try:
        said = subprocess.check_output(
            [sys.executable, "-c", f"METHOD = {method!r}\n{CRYPTORANDOM}"],
            text=True,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
        ).strip()
    except subprocess.TimeoutExpired:
        return f"fails: not done in {seconds} s"
    except subprocess.CalledProcessError:
        return "fails: it is not here"
    return said if said.startswith("fails") else float(said)


def many_of_very_many() -> dict[str, Any]:
    """10,000 of 100,000,000, from a Parquet file; in a process of its own, so that its memory can be told."""
    code = """
import duckdb, sys, time, tempfile, pathlib
from benchmarks.draw import peak
from double_random.inspection.draw.sql_tickets import find_least_tickets
from double_random.store.engine.duckdb import DuckDB
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
        rows = find_least_tickets(DuckDB(connection), "5e" * 32, 10000)
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

    from double_random.inspection.draw.sql_tickets import SetTickets
    from double_random.inspection.protocol.certificate import Certificate, check_assignment
    from double_random.inspection.protocol.digest import Digest
    from double_random.inspection.protocol.files import Inspector, Target
    from double_random.inspection.protocol.pairs import Candidates, CostedPairs
    from double_random.inspection.protocol.plan import TeamRule
    from double_random.inspection.protocol.teams import assign_takers

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
    team = TeamRule(2, 1, None, True, True)
    tickets = SetTickets(Digest("sha256"), SEED)
    start = time.perf_counter()
    who = Candidates.of_inspectors(targets, people, recusals, team, tickets, INNER)
    pairs = CostedPairs.from_candidates(who)
    made = time.perf_counter()
    assignment = assign_takers(pairs)
    proof = assignment.certificate.dump()
    done = time.perf_counter()
    anew = Candidates.of_inspectors(targets, people, recusals, team, tickets, INNER)
    check_assignment(anew, assignment.pairs, Certificate.read(proof))
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
    from double_random.inspection.protocol.teams import _build_arcs, find_cheapest

    kept = find_cheapest(pairs, pairs.admissible, 40)
    load = -(-pairs.size * len(pairs.targets) // len(pairs.takers))
    tails, heads, capacity, sink = _build_arcs(pairs, kept, load + 1)
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


def rows_of_few(found: dict[str, Any]) -> list[Row]:
    """1,000 of 1,000,000 beside every peer."""
    ours, standard = found["double_random"], found["standard_library"]
    rows = [
        Row(
            "1,000 of 1,000,000, by salted tickets",
            ours,
            ratio=ours / standard,
            goal="not slower than standard-library SHA-256 with nsmallest",
            met=ours <= standard,
            note="the same 1,000; ratio to the standard library",
        ),
        Row("the same, hashlib.sha256 with heapq.nsmallest", standard),
    ]
    if isinstance(peer := found.get("consistent_sampler"), float):
        rows.append(
            Row(
                "the same number, consistent_sampler 1.0.10",
                peer,
                ratio=peer / ours,
                goal="double-random at least 10 x as fast",
                met=peer >= 10 * ours,
                note="ratio to double-random",
            )
        )
    peers = {name: value for name, value in found.items() if name.startswith("cryptorandom")}
    failed = "; ".join(f"{name} {value}" for name, value in peers.items() if type(value) is str)
    for name, value in peers.items():
        if isinstance(value, float):
            note = "ratio to double-random"
            if name.endswith("recursive"):
                note += (
                    f"; draws places of a list, not members: it hangs on the list's order. {failed}"
                )
            rows.append(Row(f"the same number, {name}", value, ratio=value / ours, note=note))
    return rows


def rows_of_teams(found: dict[str, Any]) -> list[Row]:
    """Teams and their certificate beside the floor; the check beside both."""
    team = found["tickets"] + found["teams_and_certificate"]
    floor = found["floor_tickets"] + found["floor_solver"]
    check = found["check"]
    return [
        Row(
            "teams and certificate, 10,000 targets x 1,000 inspectors",
            team,
            ratio=team / floor,
            goal="at most 2 x the floor",
            met=team <= 2 * floor,
            note=f"{found['admissible']:,} admissible pairs; tickets {found['tickets']:.1f} s of it",
        ),
        Row(
            "floor: bare tickets in DuckDB and OR-Tools on pruned arcs",
            floor,
            note=f"tickets {found['floor_tickets']:.1f} s, solver {found['floor_solver']:.1f} s",
        ),
        Row(
            "memory of it at the most",
            found["gigabytes"],
            "GB",
            goal="at most 1.2 GB",
            met=found["gigabytes"] <= 1.2,
        ),
        Row(
            "checking these teams by their certificate, without a solver",
            check,
            ratio=check / team,
            goal="at most a third of the time of teams and certificate",
            met=3 * check <= team,
            note="who may go where, certificate read, the tickets that the prices leave open and every comparison; "
            f"ratio to teams and certificate; {check / floor:.2f} x the floor",
        ),
    ]


def rows_of_large(found: dict[str, Any]) -> list[Row]:
    """10,000 of 100,000,000."""
    return [
        Row("10,000 of 100,000,000, from a Parquet file", found["seconds"]),
        Row(
            "memory of it at the most",
            found["gigabytes"],
            "GB",
            goal="under 4 GB",
            met=found["gigabytes"] < 4,
        ),
    ]


def main() -> int:
    """Measure all, the largest only if asked, and freeze; 1 where a goal is missed."""
    rows = [*rows_of_few(few_of_many()), *rows_of_teams(teams())]
    if "--large" in sys.argv:
        rows += rows_of_large(many_of_very_many())
    freeze("draw", "Tickets and teams of a draw, beside other libraries and bare floors", rows)
    return int(any(row.met is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
