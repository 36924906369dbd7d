"""A night of a city or of the nation, each stage's time and memory, beside the floor of reading the same files once.

    python -m benchmarks.nightly [INSTITUTIONS RECORDS CHANGES]

A city is 2100 530000 300 (what runs without numbers), the nation 60000 16000000 20000.

The first night takes everything in; the second reads all of it again with the changes. Fictitious data, the same at
every run; it lies in a folder that is removed at the end. `--as-of` is fixed.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.decisions import HEADER, decisions

PENALTY = (
    *("CF_XDR_MC", "CF_XDR_SHXYM", "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ", "CF_CFLB", "CF_NR"),
    *("CF_NR_FK", "CF_JDRQ", "CF_GSJZQ", "CF_CFJG"),
)
PART = 2_000_000  # rows of one file


def penalties(institutions: int, first: int, rows: int) -> Any:
    """Penalties of the firms in turn, from number `first` on, as text."""
    import polars as pl

    frame = decisions(institutions, institutions).select(
        firm=pl.int_range(institutions, dtype=pl.Int64),
        name=pl.first(),
        uscc=pl.nth(2),
    )
    number = pl.col("n")
    day = pl.date(2010, 1, 1) + pl.duration(days=number * 13 % 6100)
    return (
        pl.select(pl.int_range(first, first + rows, dtype=pl.Int64).alias("n"))
        .with_columns(firm=number % institutions)
        .join(frame, on="firm", how="left", maintain_order="left")
        .select(
            "name",
            "uscc",
            pl.format("示例司罚决字〔{}〕第{}号", day.dt.year(), number),
            pl.lit("违规收费").alias("what"),
            pl.format("经查,该所于{}违规收费{}元。", day, number % 90000 + 100).alias("facts"),
            pl.lit("《中华人民共和国律师法》第五十条").alias("basis"),
            pl.when(number % 3 == 0).then(pl.lit("罚款")).otherwise(pl.lit("警告")).alias("kind"),
            pl.lit("警告").alias("content"),
            pl.when(number % 3 == 0).then(pl.lit("0.5")).otherwise(pl.lit("")).alias("fine"),
            day.cast(pl.String).alias("day"),
            day.dt.offset_by("12mo").cast(pl.String).alias("until"),
            pl.lit("示例市司法局").alias("by"),
        )
    )


def drop(folder: Path, institutions: int, records: int, changes: int = 0) -> None:
    """The bureau's files; with changes, some more decisions and penalties."""
    folder.mkdir(parents=True, exist_ok=True)
    permits = decisions(institutions, institutions * 4, changes // 2)
    permits.rename(dict(zip(permits.columns, HEADER, strict=True))).write_csv(folder / "许可.csv")
    extra = changes - changes // 2
    for part, first in enumerate(range(0, records + extra, PART)):
        rows = penalties(institutions, first, min(PART, records + extra - first))
        rows.columns = list(PENALTY)
        rows.write_csv(folder / f"处罚{part:02d}.csv")


def floor(folder: Path) -> float:
    """Seconds for reading the same files once, best of three."""
    import polars as pl

    best = 1e9
    for _ in range(3):
        started = time.perf_counter()
        for file in sorted(folder.iterdir()):
            pl.read_csv(file, infer_schema=False)
        best = min(best, time.perf_counter() - started)
    return best


def main(institutions: int = 2_100, records: int = 530_000, changes: int = 300) -> None:
    """Make the files, run two nights, print the second's stages."""
    from publish.night import nightly
    from store.home import Home

    with tempfile.TemporaryDirectory(prefix="double-random-night-") as place:
        folder = Path(place)
        drop(folder / "one", institutions, records)
        drop(folder / "two", institutions, records, changes)
        size = sum(file.stat().st_size for file in (folder / "two").iterdir())
        home = Home.create(folder / "home", "示例市司法局", "")

        def tell(event: dict[str, Any]) -> None:
            if event["event"] == "done":
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
                print(f"  {event['stage']:8} {event['ms'] / 1000:8.2f} s   {peak:6} MB", flush=True)

        for night, name in enumerate(("one", "two"), start=1):
            print(f"night {night}: {institutions} institutions, {records} records", flush=True)
            started = time.perf_counter()
            nightly(home, [folder / name], date(2026, 11, night), tell)
            print(f"  {'whole':8} {time.perf_counter() - started:8.2f} s", flush=True)
        print(
            json.dumps({"floor_s": round(floor(folder / "two"), 2), "input_mb": size // 1_000_000})
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
