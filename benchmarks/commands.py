"""Commands at once: `python -m benchmarks.commands` (a register of 60,000 institutions, or `--home FOLDER`).

Each command is a process of its own, as an installed program has it, beside the process that imports duckdb and does
nothing, and the one that does nothing at all; round after round, one after the other. What is compared are medians of
CPU seconds, all threads added: wall time, in the note, is as much about what else the machine did. Without --home there
are four decisions and a penalty an institution, no scores and no draw.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from benchmarks.frozen import Row, freeze
from benchmarks.growth import DAY, drop
from double_random.demo.bureau import CITY_CODE

PROGRAM = "from double_random.cli import main; main()"  # as the installed script does
WHOLE = 60_000  # institutions
LIST = ("registry", "list", "--format", "json")
GOALS = {  # command, and how many times the import it may take
    "--help": 1.2,
    "registry --help": None,
    "status --format json": 2.0,
    "registry list --format json": 4.0,
    "registry show FIRM --format json": None,
    "credit show FIRM --format json": None,
    "log verify": None,
}


def work(words: Sequence[str]) -> tuple[float, float, bytes]:
    """CPU seconds and wall seconds of a process, and what it says."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, *words], check=True, capture_output=True)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall, done.stdout


def register(folder: Path, institutions: int) -> Path:
    """A home with so many institutions, and a penalty of each."""
    from double_random.credit.records.load import load_records
    from double_random.registry.sync.sync_run import sync_registers
    from double_random.store.home import Home

    files = drop(folder / "drop", institutions, institutions)
    home = Home.create(folder / "home", "示例市司法局", CITY_CODE)
    sync_registers(home, [files], DAY)
    load_records(home, [files], DAY)
    assert home.log.entries() == []  # the log is there
    return home.path


def measure(home: Path, rounds: int) -> tuple[dict[str, Any], int]:
    """{command: medians of CPU and wall}, and how many institutions `registry list` found."""
    ask = ["-c", PROGRAM, "--home", str(home)]
    listed = json.loads(work([*ask, *LIST])[2])
    firm = listed[len(listed) // 2]["id"]
    processes = {"python -c pass": ["-c", "pass"], "import duckdb": ["-c", "import duckdb"]} | {
        name: [*ask, *name.replace("FIRM", firm).split()] for name in GOALS
    }
    for process in processes.values():  # byte code and files are in place before anything counts
        work(process)
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in processes}
    for _ in range(rounds):
        for name, process in processes.items():
            took[name].append(work(process)[:2])
    medians = {
        name: [statistics.median(each[place] for each in times) for place in (0, 1)]
        for name, times in took.items()
    }
    return medians, len(listed)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--institutions", type=int, default=WHOLE)
    words.add_argument("--rounds", type=int, default=9)
    words.add_argument("--home", type=Path)
    asked = words.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as installed: byte code is kept between runs
    temporary = tempfile.TemporaryDirectory(prefix="double-random-bench-")
    with temporary if asked.home is None else nullcontext("") as folder:
        home = asked.home or register(Path(folder), asked.institutions)
        medians, institutions = measure(home, asked.rounds)
    base = medians["import duckdb"][0]
    rows = []
    for name, (cpu, wall) in medians.items():
        goal = GOALS.get(name)
        if name == " ".join(LIST) and institutions < WHOLE:
            goal = None  # it is set for a register of 60,000
        ratio = cpu / base
        rows.append(
            Row(
                name,
                cpu,
                "CPU s",
                None if name == "import duckdb" else ratio,
                f"at most {goal} x the import" if goal else "",
                ratio <= goal if goal else None,
                f"ratio to the import; wall {wall:.2f} s"
                if name in GOALS
                else f"wall {wall:.2f} s",
            )
        )
    title = f"Commands at once, in a home of {institutions:,} institutions"
    freeze("commands", title, rows)


if __name__ == "__main__":
    main()
