"""The register's speed, against the floor and against dlt: `python -m benchmarks.registry` (a million decisions).

(a) the floor: Polars reads the same file and writes it as Parquet. (b) dlt's scd2 merge into DuckDB, where dlt is
installed (`pip install dlt[duckdb]`, in an environment of its own or this one; it is no dependency). Each in a process
of its own, best of so many rounds; the register's memory is the peak of its process.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import multiprocessing
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.decisions import decisions, write


def floor(folder: Path) -> dict[str, Any]:
    """Read and write, nothing else."""
    import polars

    started = time.perf_counter()
    polars.read_csv(folder / "first" / "decisions.csv", infer_schema=False).write_parquet(
        folder / "floor.parquet"
    )
    return {"seconds": time.perf_counter() - started}


def register(folder: Path) -> dict[str, Any]:
    """First load, a night of changes alone, a whole snapshot with other changes; each must end as it says."""
    from registry.sync import sync
    from store.home import Home

    shutil.rmtree(folder / "home", ignore_errors=True)
    home = Home.create(folder / "home")
    told: dict[str, Any] = {}
    for name, day in (("first", 1), ("night", 2), ("snapshot", 3)):
        started = time.perf_counter()
        report = sync(home, [folder / name], date(2026, 1, day))
        told[name] = time.perf_counter() - started
        (file,) = report.files
        assert file.rows == file.accepted, file
    told["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    with home.releases.read() as release:
        told["history"] = release.frame(
            """SELECT count(*) AS versions, count(DISTINCT id) AS institutions
               FROM institutions WHERE known_to IS NULL"""
        ).to_dicts()[0]
    return told


def dlt_scd2(folder: Path, rows: int) -> dict[str, Any]:
    """dlt's merge with history (scd2) of the first `rows` rows; None where dlt is not installed."""
    if importlib.util.find_spec("dlt") is None:
        return {"seconds": None, "why": "dlt is not installed"}
    import dlt  # type: ignore[import-not-found,unused-ignore]
    import polars

    table = polars.read_csv(
        folder / "first" / "decisions.csv", infer_schema=False, n_rows=rows
    ).to_arrow()
    started = time.perf_counter()
    pipeline = dlt.pipeline(
        "scd2", destination=dlt.destinations.duckdb(str(folder / "dlt.duckdb")), dataset_name="d"
    )
    disposition = {"disposition": "merge", "strategy": "scd2"}
    pipeline.run(dlt.resource(table, name="decisions", write_disposition=disposition))
    return {"seconds": time.perf_counter() - started, "rows": rows}


def apart(function: Callable[..., dict[str, Any]], *arguments: Any) -> dict[str, Any]:
    """Run it in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--institutions", type=int, default=60_000)
    words.add_argument("--rows", type=int, default=1_000_000)
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--dlt-rows", type=int, default=60_000)
    asked = words.parse_args()
    changed = asked.rows // 1000
    with tempfile.TemporaryDirectory(prefix="double-random-bench-") as name:
        folder = Path(name)
        whole = decisions(asked.institutions, asked.rows, changed)
        write(whole.head(asked.rows), folder / "first" / "decisions.csv")
        write(whole.tail(changed), folder / "night" / "changes.csv")
        write(whole, folder / "snapshot" / "decisions.csv")
        del whole
        floors, ours = [], []
        for _ in range(asked.rounds):
            floors.append(apart(floor, folder)["seconds"])
            ours.append(apart(register, folder))
        best = min(ours, key=lambda one: one["first"])
        answer = {
            "rows": asked.rows,
            "institutions": asked.institutions,
            "floor": min(floors),
            **best,
            "times_the_floor": best["first"] / min(floors),
            "night_share": best["night"] / best["first"],
            "snapshot_share": best["snapshot"] / best["first"],
            "dlt": apart(dlt_scd2, folder, asked.dlt_rows),
        }
    json.dump(answer, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
