"""Answers at the command line: `python -m benchmarks.answers` (a register of 60,000 institutions).

`registry list` and `registry show` as JSON, and `--help`, each a process of its own, beside the process that imports
duckdb and does nothing; best of so many rounds, one after the other.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks.decisions import decisions, write
from benchmarks.frozen import Row, freeze


def seconds(words: list[str]) -> tuple[float, bytes]:
    """How long a process takes, and what it says."""
    started = time.perf_counter()
    done = subprocess.run([sys.executable, *words], check=True, capture_output=True)
    return time.perf_counter() - started, done.stdout


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--institutions", type=int, default=60_000)
    words.add_argument("--rounds", type=int, default=9)
    asked = words.parse_args()
    from double_random.registry.sync.sync_run import sync_registers
    from double_random.store.home import Home

    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as installed: byte code is kept between runs
    with tempfile.TemporaryDirectory(prefix="double-random-bench-") as name:
        folder = Path(name)
        frame = decisions(asked.institutions, asked.institutions * 4)
        write(frame, folder / "drop" / "permits.csv")
        sync_registers(Home.create(folder / "home"), [folder / "drop"], date(2026, 1, 1))
        one = frame["uscc"][asked.institutions // 2]
        ask = ["-m", "double_random.cli", "--home", str(folder / "home"), "registry"]
        processes = {
            "import": ["-c", "import duckdb"],
            "list": [*ask, "list", "--format", "json"],
            "show": [*ask, "show", one, "--format", "json"],
            "help": ["-m", "double_random.cli", "--help"],
        }
        times: dict[str, list[float]] = {which: [] for which in processes}
        for _ in range(asked.rounds):
            for which, process in processes.items():
                took, said = seconds(process)
                times[which].append(took)
                if which == "list":
                    assert len(json.loads(said)) == asked.institutions
                if which == "show":
                    assert json.loads(said)["id"] == one
    best = {which: min(each) for which, each in times.items()}
    base = best["import"]

    def row(which: str, what: str, goal: int) -> Row:
        ratio = best[which] / base
        note = "ratio to the import"
        return Row(
            what, best[which], "s", ratio, f"at most {goal} x the import", ratio <= goal, note
        )

    rows = [
        Row('python -c "import duckdb"', base),
        row("list", f"registry list of {asked.institutions:,} institutions as JSON", 5),
        row("show", "registry show of one of them as JSON", 5),
        row("help", "--help", 2),
    ]
    freeze("answers", "Answers at the command line", rows)


if __name__ == "__main__":
    main()
