"""Intake against its floor (`python -m benchmarks.intake [ROWS]`): 1,000,000 decisions in 18 columns.

The floor is Polars reading the same file as text and writing it as Parquet. Both in one process, best of five; the
processor's time stands beside the clock's, for a machine that has other work to do.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from benchmarks.decisions import decisions, write
from double_random.intake.drop_reader import read_drop
from double_random.intake.layouts import load_shipped_layouts

ROUNDS = 5


def measured(job: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    job()
    return time.perf_counter() - clock, time.process_time() - processor


def main(rows: int) -> None:
    """Print the best of each and their ratios."""
    import polars as pl

    layouts = load_shipped_layouts()
    with tempfile.TemporaryDirectory() as folder:
        file = write(decisions(max(1, rows * 60_000 // 1_000_000), rows), Path(folder, "许可.csv"))

        def floor() -> None:
            pl.read_csv(file, infer_schema=False).write_parquet(Path(folder, "floor.parquet"))

        def intake() -> None:
            (reading,) = read_drop(file, date(2099, 1, 1), layouts)
            assert (reading.rows, reading.accepted) == (rows, rows), reading.issues

        times = [(measured(floor), measured(intake)) for _ in range(ROUNDS)]
    best = [[min(one[who][what] for one in times) for what in (0, 1)] for who in (0, 1)]
    answer = {
        "rows": rows,
        "floor": [round(seconds, 2) for seconds in best[0]],
        "intake": [round(seconds, 2) for seconds in best[1]],
        "ratio": [round(ours / theirs, 2) for ours, theirs in zip(best[1], best[0], strict=True)],
        "unit": "seconds: clock, processor",
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
