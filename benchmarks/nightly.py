"""A city's night, each stage's time and memory, beside the floor of reading the same files once.

2,100 institutions, 530,000 records, 300 changes. A bureau hands in its files of all years every night: the permits,
and the penalties in one file a year; last year's are the same bytes as yesterday, the newest one has grown. The first
night takes everything in and builds the whole site, the second one is the night that is measured; each is a process
of its own. Fictitious data, the same at every run; they lie in a folder that is removed at the end.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.decisions import HEADER, decisions
from benchmarks.frozen import Row, freeze

PENALTY = (
    *("CF_XDR_MC", "CF_XDR_SHXYM", "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ", "CF_CFLB", "CF_NR"),
    *("CF_NR_FK", "CF_JDRQ", "CF_GSJZQ", "CF_CFJG"),
)
YEARS = range(2011, 2027)
NIGHTS = (date(2026, 11, 1), date(2026, 11, 2))


@dataclass(frozen=True)
class Size:
    """How much there is, and what had been hoped for."""

    name: str
    institutions: int
    records: int
    changes: int
    seconds: int
    megabytes: int | None = None
    parts: bool = (
        False  # the first load goes year by year: nobody holds all of it in memory at once
    )
    memory: str = ""  # of the databases; "": as the product has it
    whole: bool = True  # with fewer records than the goal speaks of, the goal is not judged


CITY = Size("city", 2_100, 530_000, 300, 20)


def drop(folder: Path, size: Size, before: Path | None = None) -> Path:
    """The bureau's files; with the drop before, the same files, and the changes in the permits and the newest year."""
    import polars as pl

    folder.mkdir(parents=True)
    more = size.changes if before else 0
    permits = decisions(size.institutions, size.institutions * 4, more // 2)
    permits.rename(dict(zip(permits.columns, HEADER, strict=True))).write_csv(folder / "许可.csv")
    firms = decisions(size.institutions, size.institutions).select(
        firm=pl.int_range(size.institutions, dtype=pl.Int64), name=pl.first(), uscc=pl.nth(2)
    )
    each = size.records // len(YEARS)
    for place, year in enumerate(YEARS):
        file = folder / f"处罚{year}.csv"
        newest = year == YEARS[-1]
        if before and not newest:
            os.link(before / file.name, file)
            continue
        rows = each + (more - more // 2 if newest else size.records % len(YEARS) * (place == 0))
        rows_of_a_year = _penalties(firms, year, place * each, rows, 300 if newest else 365)
        rows_of_a_year.columns = list(PENALTY)
        rows_of_a_year.write_csv(file)
    return folder


def _penalties(firms: Any, year: int, first: int, rows: int, days: int) -> Any:
    """A year's penalties of the firms in turn, from number `first` on, as text."""
    import polars as pl

    number = pl.col("n")
    day = pl.date(year, 1, 1) + pl.duration(days=number * 13 % days)
    fined = number % 3 == 0
    return (
        pl.select(pl.int_range(first, first + rows, dtype=pl.Int64).alias("n"))
        .with_columns(firm=number % firms.height)
        .join(firms, on="firm", how="left", maintain_order="left")
        .select(
            "name",
            "uscc",
            pl.format("示例司罚决字〔{}〕第{}号", pl.lit(year), number),
            pl.lit("违规收费").alias("what"),
            pl.format("经查,该所于{}违规收费{}元。", day, number % 90000 + 100).alias("facts"),
            pl.lit("《中华人民共和国律师法》第五十条").alias("basis"),
            pl.when(fined).then(pl.lit("罚款")).otherwise(pl.lit("警告")).alias("kind"),
            pl.lit("警告").alias("content"),
            pl.when(fined).then(pl.lit("0.5")).otherwise(pl.lit("")).alias("fine"),
            day.cast(pl.String).alias("day"),
            day.dt.offset_by("12mo").cast(pl.String).alias("until"),
            pl.lit("示例市司法局").alias("by"),
        )
    )


def floor(folder: Path) -> dict[str, Any]:
    """Reading the same files once, as text, one after another; nothing else."""
    import polars as pl

    started = time.perf_counter()
    rows = sum(pl.read_csv(file, infer_schema=False).height for file in sorted(folder.iterdir()))
    return {"seconds": time.perf_counter() - started, "megabytes": _peak(), "rows": rows}


def load_by_parts(home: Path, folder: Path) -> dict[str, Any]:
    """The first load of what is too much for one night: a file at a time, the permits first, by sync and load."""
    from double_random.credit.records.load import load_records
    from double_random.registry.sync.sync_run import sync_registers
    from double_random.store.home import Home

    started = time.perf_counter()
    opened = Home.open(home)
    for file in sorted(folder.iterdir(), key=lambda file: (file.name != "许可.csv", file.name)):
        sync_registers(opened, [file], NIGHTS[0])
        load_records(opened, [file], NIGHTS[0])
    return {"seconds": time.perf_counter() - started, "megabytes": _peak()}


def night(home: Path, folder: Path, day: date) -> list[dict[str, Any]]:
    """A night's stages: what each said, and the most memory that the process held during it."""
    from double_random.pipeline.nightly import run_nightly
    from double_random.store.home import Home

    stages: list[dict[str, Any]] = []

    def tell(event: dict[str, Any]) -> None:
        if event["event"] == "done":
            stages.append(event | {"megabytes": _peak()})
            Path("/proc/self/clear_refs").write_text("5")  # the next stage's peak is its own
            print(f"  {event['stage']:8} {event['ms'] / 1000:8.2f} s {_peak():6} MB", flush=True)

    run_nightly(Home.open(home), [folder], day, tell)
    return stages


def measured(size: Size, place: Path) -> list[Row]:
    """Two nights of a size; rows of the second one, and of the site from nothing. Rows are counted at the end."""
    from double_random.store.home import Home

    if size.memory:
        os.environ["DOUBLE_RANDOM_MEMORY"] = size.memory
    one = drop(place / "one", size)
    two = drop(place / "two", size, one)
    home = Home.create(place / "home", "示例市司法局", "").path
    rows = []
    if size.parts:
        loaded = apart(load_by_parts, home, one)
        rows.append(Row(f"{size.name}: first load, a file at a time", loaded["seconds"]))
    first = apart(night, home, one, NIGHTS[0])
    before = {file.stat().st_ino for file in _shown(home)}
    second = apart(night, home, two, NIGHTS[1])
    read = apart(floor, two)
    anew = sum(file.stat().st_ino not in before for file in _shown(home))
    return [*rows, *told(size, first, second, read, home, anew)]


def told(
    size: Size,
    first: list[dict[str, Any]],
    second: list[dict[str, Any]],
    read: dict[str, Any],
    home: Path,
    anew: int,
) -> list[Row]:
    """The rows of a size."""
    whole = sum(stage["ms"] for stage in second) / 1000
    peak = max(stage["megabytes"] for stage in second)
    site = next(stage["ms"] for stage in first if stage["stage"] == "publish") / 1000
    rows = [
        Row(f"{size.name}: floor, the same {read['rows']:,} rows read once", read["seconds"]),
        Row(
            f"{size.name}: a night with {size.changes:,} changes",
            whole,
            ratio=whole / read["seconds"],
            goal=f"under {size.seconds} s" if size.whole else "",
            met=whole < size.seconds if size.whole else None,
            note=f"{size.institutions:,} institutions, {size.records:,} records; peak {peak:,} MB"
            + (f"; --memory {size.memory}" if size.memory else ""),
        ),
    ]
    if size.megabytes:
        goal = f"under {size.megabytes:,} MB" if size.whole else ""
        met = peak < size.megabytes if size.whole else None
        rows.append(Row(f"{size.name}: most memory of the night", peak, "MB", goal=goal, met=met))
    for stage in second:
        note = f"peak {stage['megabytes']:,} MB"
        rows.append(Row(f"{size.name}: {stage['stage']}", stage["ms"] / 1000, note=note))
    pages, largest = len(_shown(home)), _searched(home)
    large = size.institutions >= 60_000
    rows.append(
        Row(
            f"{size.name}: the whole site from nothing",
            site,
            goal="under 60 s" if large else "",
            met=site < 60 if large else None,
            note=f"{pages:,} files; with gathering, masking and proofreading",
        )
    )
    rows.append(
        Row(
            f"{size.name}: files written anew on the second night",
            anew,
            "files",
            note=f"of {pages:,}",
        )
    )
    rows.append(
        Row(
            f"{size.name}: most that a search loads",
            largest,
            "KB",
            goal="at most 100 KB a query",
            met=largest <= 100,
            note="the script, and as many of the largest files of each kind as a query may load",
        )
    )
    _count(home, size)
    return rows


def _shown(home: Path) -> list[Path]:
    """The files of the site that is shown."""
    return [file for file in (home / "public").resolve().rglob("*") if file.is_file()]


def _searched(home: Path) -> float:
    """The most KB that a query of the search loads: script, index, a file of texts, five of keys, twenty of cards."""
    public = (home / "public").resolve()

    def largest(names: str) -> int:
        return max(file.stat().st_size for file in public.glob(names))

    parts = ((1, "search.js"), (1, "search/index.js"), (1, "search/e*.js"), (5, "search/k*.js"))
    return sum(count * largest(names) for count, names in (*parts, (20, "search/c*.js"))) / 1000


def _count(home: Path, size: Size) -> None:
    """Every record that was handed in is there, once."""
    from double_random.store.home import Home

    with Home.open(home).releases.read() as release:
        counted = release.frame("SELECT count(*), count(DISTINCT number) FROM records").row(0)
    wanted = size.records + size.changes - size.changes // 2
    assert counted == (wanted, wanted), (counted, wanted)


def _peak() -> int:
    """The most memory that this process held since it began, or since its peak was set back: MB."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def apart(function: Callable[..., Any], *arguments: Any) -> Any:
    """Run it in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def main(size: Size, name: str, title: str) -> int:
    """Measure a size and freeze its rows."""
    with tempfile.TemporaryDirectory(prefix="double-random-night-") as folder:
        freeze(name, title, measured(size, Path(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main(CITY, "nightly", "A city's night, stage by stage"))
