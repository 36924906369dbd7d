"""Larger than memory: 100 million entities drawn, 100 million records scored, with databases held to 2 GB.

`python -m benchmarks.large [draw | score] [--data FOLDER]`: each part in a process of its own, whose peak is told; what
does not fit is laid on disk and removed afterwards, but for the records in --data (as benchmarks/credit.py makes them).
Tickets are checked against Python's SHA-256; of the scores the count, and their sum is told.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.frozen import RESULTS, Row, freeze

MEMORY = "2GB"
ENTITIES, DRAWN = 100_000_000, 10_000
SCORED = "most"  # of benchmarks/credit.py: 100,000,000 records of 5,000,000 institutions
SEED = "5e" * 32
STRATA = 4

ENTITY = """
SELECT 'L:示例' || lpad(i::VARCHAR, 9, '0') AS id, 'kind' || (i % {strata}) AS stratum,
    lpad(lower(to_hex(i * 2654435761)), 32, '0') AS salt
FROM range({entities}) AS t(i)
"""


def peak() -> float:
    """The most memory that this process has had, in gigabytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 10**9


def connected(folder: Path, database: str = ":memory:", read_only: bool = False) -> Any:
    """A database as --memory sets it up."""
    import duckdb

    from double_random.store import memory_limit
    from double_random.store.home import Home

    memory_limit.set_memory_flag(MEMORY)
    limit = memory_limit.database_config(Home(folder), folder / "spill")
    connection = duckdb.connect(database, read_only, limit)
    connection.execute("SET enable_progress_bar = false")
    return connection


def score(folder: Path, data: Path) -> dict[str, Any]:
    """Every institution's points and grade, by the shipped rule with decay, caps, repeats and vetoes."""
    from benchmarks import credit

    with credit.opened(data, SCORED):  # made where it is not there
        pass
    bench = credit.Bench(connected(folder, str(data / f"{SCORED}.duckdb"), read_only=True))
    began = time.perf_counter()
    credit.scored(bench, credit.policy(), lines=False)
    took = time.perf_counter() - began
    records, institutions, *_rest = credit.SIZES[SCORED]
    ((graded, points),) = bench.connection.execute(
        "SELECT count(*), CAST(sum(points) AS BIGINT) FROM bench_scores"
    ).fetchall()
    assert graded == institutions
    spilled = sum(file.stat().st_size for file in (folder / "spill").rglob("*") if file.is_file())
    return {
        "seconds": took, "peak": peak(), "records": records, "institutions": institutions,
        "points": points, "spilled": spilled / 10**9,
    }  # fmt: skip


def draw(folder: Path, _data: Path) -> dict[str, Any]:
    """Groups counted, and of each the least tickets: as a draw finds its targets, on the engine's table `frame`."""
    from double_random.inspection.draw import sql_tickets
    from double_random.inspection.protocol.digest import Digest
    from double_random.inspection.protocol.tickets import Tickets
    from double_random.store.engine.duckdb import DuckDB

    connection = connected(folder)
    file = folder / "frame.parquet"
    connection.execute(
        f"COPY ({ENTITY.format(strata=STRATA, entities=ENTITIES)}) TO '{file}' (FORMAT parquet)"
    )
    engine = DuckDB(connection)
    began = time.perf_counter()
    connection.execute(f"CREATE OR REPLACE VIEW frame AS SELECT stratum FROM '{file}'")
    groups = dict(
        engine.ask(sql_tickets._read_sql("populations")).select("stratum", "population").rows()
    )
    counted = time.perf_counter()
    found = []
    for group in sorted(groups):
        connection.execute(
            f"CREATE OR REPLACE VIEW frame AS SELECT id, salt FROM '{file}' WHERE stratum = '{group}'"
        )
        found += sql_tickets.find_least_tickets(engine, SEED, DRAWN // STRATA)
    done = time.perf_counter()
    tickets = Tickets(Digest("sha256"), SEED)
    assert sum(groups.values()) == ENTITIES and len(set(found)) == DRAWN
    for ticket, id in found[:: DRAWN // 200]:
        assert ticket == tickets.target_ticket(id, f"{int(id[4:]) * 2654435761:032x}")
    return {
        "count": counted - began, "tickets": done - counted, "peak": peak(),
        "disk": file.stat().st_size / 10**9,
    }  # fmt: skip


PARTS: dict[str, Callable[[Path, Path], dict[str, Any]]] = {"draw": draw, "score": score}


def main() -> None:
    """Measure what is asked for, write the frozen result (the other part's stays), print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=PARTS)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        print(json.dumps(PARTS[asked.part](asked.inside, asked.data or asked.inside)))
        return
    rows = []
    for part in PARTS:
        if asked.part in (None, part):
            with TemporaryDirectory(dir=Path.cwd()) as folder:
                command = [sys.executable, "-m", "benchmarks.large", part, "--inside", folder]
                command += ["--data", str(asked.data)] if asked.data else []
                rows += ROWS[part](json.loads(subprocess.check_output(command, text=True)))
        else:
            rows += kept(part)
    freeze("large", f"Larger than memory: databases held to {MEMORY}", rows)


def kept(part: str) -> list[Row]:
    """The lines of a part that is not measured now."""
    file = RESULTS / "large.json"
    found = json.loads(file.read_text(encoding="utf-8"))["rows"] if file.exists() else []
    return [Row(**row) for row in found if row["what"].startswith(f"{part}: ")]


def _score_rows(found: dict[str, Any]) -> list[Row]:
    what = f"score: {found['records']:,} records of {found['institutions']:,} institutions"
    note = f"from the ledger, which a load makes once; sum of all points {found['points']:,} hundredths"
    most = found["peak"]
    return [
        Row(f"{what}: points and grades", found["seconds"], note=note),
        Row(f"{what}: peak of the process", most, "GB", goal="at most 2.5 GB", met=most <= 2.5),
    ]


def _draw_rows(found: dict[str, Any]) -> list[Row]:
    what = f"draw: {DRAWN:,} of {ENTITIES:,} entities drawn in {STRATA} groups"
    note = f"frame of {found['disk']:.1f} GB as Parquet; tickets checked against Python's SHA-256"
    return [
        Row(f"{what}: groups counted", found["count"]),
        Row(f"{what}: tickets", found["tickets"], note=note),
        Row(f"{what}: peak of the process", found["peak"], "GB", goal="at most 2.5 GB",
            met=found["peak"] <= 2.5),
    ]  # fmt: skip


ROWS: dict[str, Callable[[dict[str, Any]], list[Row]]] = {"draw": _draw_rows, "score": _score_rows}

if __name__ == "__main__":
    main()
