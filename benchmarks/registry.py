"""The register's speed, against the floor and against dlt: `python -m benchmarks.registry` (a million decisions).

(a) the floor: Polars reads the same file and writes it as Parquet. (b) dlt's scd2 merge into DuckDB, in an environment
of its own (`--dlt-python`: a Python that has dlt[duckdb], Polars and pandas; dlt is no dependency). Each in a process
of its own, best of so many rounds; the register's memory is the highest peak of its process.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.decisions import decisions, write
from benchmarks.frozen import Row, freeze

DLT = Path(".venv-peers/bin/python")


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
    from double_random.registry.sync.sync_run import sync_registers
    from double_random.store.home import Home

    shutil.rmtree(folder / "home", ignore_errors=True)
    home = Home.create(folder / "home")
    told: dict[str, Any] = {}
    for name, day in (("first", 1), ("night", 2), ("snapshot", 3)):
        started = time.perf_counter()
        report = sync_registers(home, [folder / name], date(2026, 1, day))
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


def same_history(folder: Path, institutions: int) -> None:
    """The snapshot's end must be the one that its rows say by themselves: the last name and seat of each code."""
    import polars

    from double_random.store.home import Home

    said = (
        polars.read_csv(folder / "snapshot" / "decisions.csv", infer_schema=False)
        .sort("XK_JDRQ", maintain_order=True)
        .group_by("XK_XDR_SHXYM")
        .agg(polars.col("XK_JDRQ", "XK_XDR_MC", "住所").last())
        .sort("XK_XDR_SHXYM")
    )
    with Home.open(folder / "home").releases.read() as release:
        kept = release.frame(
            """SELECT id, CAST(valid_from AS TEXT), name, address FROM institutions
               WHERE known_to IS NULL AND valid_to IS NULL ORDER BY id"""
        )
    assert said.height == kept.height == institutions
    assert said.rows() == kept.rows()


SCD2 = """
import sys, time, dlt, polars
from dlt.sources.helpers.transform import add_row_hash_to_table
file, rows, folder, form = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
table = polars.read_csv(file, infer_schema=False, n_rows=rows)
given = table.to_arrow() if form == "arrow" else table.to_dicts()
started = time.perf_counter()
pipeline = dlt.pipeline(
    "scd2", pipelines_dir=folder, dataset_name="d", destination=dlt.destinations.duckdb(folder + "/dlt.duckdb")
)
scd2 = {"disposition": "merge", "strategy": "scd2"}
if form == "arrow":
    scd2["row_version_column_name"] = "row_hash"
resource = dlt.resource(given, name="decisions", write_disposition=scd2)
if form == "arrow":
    resource = resource.add_map(add_row_hash_to_table("row_hash"))
pipeline.run(resource)
print(time.perf_counter() - started)
"""


def dlt_scd2(folder: Path, python: Path, rows: int, form: str) -> float:
    """Seconds of dlt's merge with history (scd2) of the first `rows` rows, all columns; form: rows or arrow."""
    (folder / form).mkdir()
    words = [
        str(python),
        "-c",
        SCD2,
        str(folder / "first" / "decisions.csv"),
        str(rows),
        form,
        form,
    ]
    done = subprocess.run(words, cwd=folder, check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


def apart(function: Callable[..., Any], *arguments: Any) -> Any:
    """Run it in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def lines(told: dict[str, Any]) -> list[Row]:
    """The result as rows."""
    first, best = told["first"], told["floor"]
    size = f"{told['rows']:,} decisions of {told['institutions']:,} institutions"
    rows = [
        Row(f"read and write {size} with Polars: the floor", best),
        Row(
            f"first load of {size}, with history", first, "s", first / best,
            "at most 6 x the floor", first <= 6 * best, "ratio to the floor",
        ),
        Row(
            "memory of the process", told["memory_mb"] / 1024, "GiB", None, "under 2 GiB", told["memory_mb"] < 2048,
            f"{told['memory_mb'] * 1.048576 / 1000:.2f} GB of a thousand million bytes",
        ),
        Row(
            "a night of 0.1 % changes", told["night"], "s", told["night"] / first,
            "at most 10 % of the first load", told["night"] <= first / 10, "ratio to the first load",
        ),
        Row(
            "a full snapshot with 0.1 % changes", told["snapshot"], "s", told["snapshot"] / first,
            "at most 60 % of the first load", told["snapshot"] <= first * 0.6, "ratio to the first load",
        ),
    ]  # fmt: skip
    for form, what in (
        ("rows", "as Python rows"),
        ("arrow", "as one Arrow table, hashed beforehand"),
    ):
        if form in told["dlt"]:
            took = told["dlt"][form]
            ratio = took / told["dlt_rows"] / (first / told["rows"])
            rows.append(
                Row(
                    f"dlt scd2 into DuckDB, the first {told['dlt_rows']:,} rows, {what}", took, "s", ratio,
                    "double-random at least 30 x as fast", ratio >= 30, "ratio by the row",
                )
            )  # fmt: skip
    return rows


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--institutions", type=int, default=60_000)
    words.add_argument("--rows", type=int, default=1_000_000)
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--dlt-rows", type=int, default=60_000)
    words.add_argument("--dlt-python", type=Path, default=DLT)
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
        apart(same_history, folder, asked.institutions)
        peer = asked.dlt_python.absolute()
        forms = ("rows", "arrow") if peer.exists() else ()
        told = {
            "rows": asked.rows,
            "institutions": asked.institutions,
            "floor": min(floors),
            **{which: min(one[which] for one in ours) for which in ("first", "night", "snapshot")},
            "memory_mb": max(one["memory_mb"] for one in ours),
            "history": ours[0]["history"],
            "dlt": {form: dlt_scd2(folder, peer, asked.dlt_rows, form) for form in forms},
            "dlt_rows": asked.dlt_rows,
        }
    print(json.dumps(told))
    if asked.rows == words.get_default("rows"):
        freeze("registry", "The register: first load, a night, a snapshot", lines(told))


if __name__ == "__main__":
    main()
