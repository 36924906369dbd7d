"""What the nation would need, computed from the measured curves; writes the tables of docs/concepts/scale.md.

    python -m benchmarks.scale
    python -m benchmarks.scale --measure      also measures again how many bytes a row has, and freezes that

Nothing of this size was run. Each figure is a measured one (results/growth.json, credit.json, draw.json, scale.json)
grown to the number of rows: linearly, or by the exponent of its last step, where that is above 1 (`load`).
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.frozen import RESULTS, Row, freeze
from benchmarks.growth import INSTITUTIONS, slope
from benchmarks.growth import RECORDS as MANY

PAGE = Path(__file__).parent.parent / "docs" / "concepts" / "scale.md"
BEGIN, END = "<!-- python -m benchmarks.scale -->\n", "<!-- end -->\n"

ENTITIES, RECORDS = 190_000_000, 10_000_000_000
DECISIONS = 4 * ENTITIES  # permits, as in the curves
SLOWER = 5  # assumption: core seconds on Spark for one on DuckDB
MACHINES, CORES = 20, 16
BUSY = 0.5  # assumption: share of the cluster's cores that work
PRICE = 0.05  # assumption: US dollars a core hour, rented
NETWORK = 1.25e9 * 0.5  # bytes a second and machine: 10 Gbit/s, half of it reached
LEDGER = (
    52  # bytes a row in memory: eight INTEGER, two BIGINT, validity (credit/records/sql/ledger.sql)
)
LINE = 36  # (credit/scoring/sql/lines.sql)
PAIR = 48  # a claim and its institution as text


def measure() -> None:
    """Bytes a row: what a cluster would read, as Parquet (zstd), and the release's own file."""
    from benchmarks.growth import DAY, drop
    from double_random.credit.records.load import load_records
    from double_random.credit.scoring.engine_runner import SOURCES
    from double_random.registry.sync.sync_run import sync_registers
    from double_random.store.home import Home
    from double_random.store.soundness import load_manifest

    rows = []
    with tempfile.TemporaryDirectory(prefix="double-random-scale-") as place:
        drop(Path(place) / "drop", 3_200, MANY * 4)
        home = Home.create(Path(place) / "home", "示例市司法局", "")
        sync_registers(home, [Path(place) / "drop"], DAY)
        load_records(home, [Path(place) / "drop"], DAY)
        with home.releases.read() as release:
            for table, columns in SOURCES.items():
                file = Path(place) / f"{table}.parquet"
                release.connection.execute(
                    f"COPY (SELECT {columns} FROM {table}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)"
                )
                count = release.frame(f"SELECT count(*) FROM {table}").item()
                rows.append(Row(f"{table}: as Parquet, a row", file.stat().st_size / count, "B"))
        whole = load_manifest(home.releases, str(home.releases.current())).size
        rows.append(Row("release: its segments, a record", whole / (MANY * 4), "B"))
    freeze("scale", "How many bytes a row has, of 3,200 institutions and 64,000 records", rows)


def result(name: str) -> dict[str, Any]:
    """A frozen result."""
    found: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text("utf-8"))
    return found


def value(name: str, beginning: str) -> float:
    """A frozen figure, by the beginning of its line."""
    (row,) = [row for row in result(name)["rows"] if row["what"].startswith(beginning)]
    return float(row["value"])


def work() -> list[tuple[str, float, str, str]]:
    """Each stage: name, core seconds, whether on the cluster, and where it comes from."""
    growth = result("growth")
    most = growth["sizes"][-1]
    curve = {name: dict(points)[most] for name, points in growth["curves"].items()}
    entities, records = INSTITUTIONS * most, MANY * most
    steps = {name: max(1.0, slope(points[-2:])) for name, points in growth["curves"].items()}

    def grown(stage: str, rows: int, measured: int) -> float:
        return float(curve[stage] * (rows / measured) ** steps[stage])

    cores = 2
    score = value("credit", "100,000,000 records, 5,000,000 institutions: scores") * cores / 1e8
    tickets = value("draw", "10,000 of 100,000,000") * cores / 1e8
    return [
        ("sync", grown("sync", ENTITIES, entities), "one process", "growth, 64×, by entity"),
        (
            "load",
            grown("load", RECORDS, records),
            "one process",
            f"growth, 64×, by record, exponent {steps['load']:.2f}",
        ),
        ("score", score * RECORDS * SLOWER, "cluster", f"credit, 100 million records; × {SLOWER}"),
        ("tickets", tickets * ENTITIES * SLOWER, "cluster", f"draw, 100 million rows; × {SLOWER}"),
        ("teams", 8.0, "one process", "draw, 10,000 targets × 1,000 inspectors: one plan"),
        ("publish", grown("publish", ENTITIES, entities), "one process", "growth, 64×, by entity"),
    ]


def moved() -> list[tuple[str, int, float, str]]:
    """Each exchange of scoring: name, rows, bytes a row, by what."""
    size = {
        name: value("scale", f"{name}:") for name in ("institutions", "records", "links", "release")
    }
    lines = 0.69  # rows of explanation a record: 10,997,362 of 16,000,000 (credit.json)
    return [
        ("read: records, links, institutions", RECORDS, size["records"] + size["links"], "Parquet"),
        ("records with links", 2 * RECORDS, (LEDGER + PAIR) / 2 + 24, "shuffle by record"),
        (
            "with holders (number of the institution)",
            RECORDS,
            LEDGER + 18,
            "shuffle by institution",
        ),
        ("holders", ENTITIES, 30, "**one task**: row_number() over all ids"),
        ("documents that are spoken of", RECORDS // 50, 64, "**one task**: row_number() over all"),
        ("ledger kept, in order", RECORDS, LEDGER, "shuffle by range of institution, written"),
        ("what counts; repeats; pairs", 3 * RECORDS, LEDGER / 2, "shuffle by institution"),
        ("by rule, by group, totals", 3 * ENTITIES, LINE, "partly summed first"),
        ("lines written", int(lines * RECORDS), LINE, "none"),
        ("scores to the process", ENTITIES, 40, "collected"),
    ]


def tables() -> str:
    """The generated part of the page."""
    stages = [
        [
            name,
            where,
            f"{seconds / 3600:,.1f}",
            _time(seconds / (MACHINES * CORES * BUSY if where == "cluster" else 1)),
            f"{seconds / 3600 * PRICE:,.2f}",
            source,
        ]
        for name, seconds, where, source in work()
    ]
    exchanges = [
        [name, f"{rows / 1e6:,.0f} M", f"{size:,.0f}", f"{rows * size / 1e9:,.0f} GB", how]
        for name, rows, size, how in moved()
    ]
    whole = sum(rows * size for _name, rows, size, how in moved() if "shuffle" in how)
    release = value("scale", "release:") * RECORDS
    head = ["stage", "where", "core hours", "time", "USD", "from"]
    assumptions = (
        f"{ENTITIES / 1e6:,.0f} million entities, {RECORDS / 1e9:,.0f} billion records, "
        f"{DECISIONS / 1e6:,.0f} million permits; {MACHINES} machines of {CORES} cores, "
        f"{BUSY:.0%} of them busy; {SLOWER} core seconds on Spark for one of DuckDB; "
        f"10 Gbit/s a machine, half of it reached; {PRICE:.2f} USD a core hour."
    )
    seconds = whole / (NETWORK * MACHINES)
    return "\n".join(
        [
            f"Assumed: {assumptions}\n",
            _table(head, stages),
            "",
            _table(["scoring moves", "rows", "bytes a row", "in all", "how"], exchanges),
            "",
            f"Shuffled: {whole / 1e12:,.1f} TB, {_time(seconds)} of network. The segments of one release would have "
            f"{release / 1e12:,.1f} TB; a run adds its own.\n",
        ]
    )


def _time(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:,.0f} s"
    return f"{seconds / 60:,.0f} min" if seconds < 7200 else f"{seconds / 3600:,.1f} h"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def page() -> str:
    """The page with its tables as the results have them now."""
    text = PAGE.read_text("utf-8")
    before, begun, rest = text.partition(BEGIN)
    _old, ended, after = rest.partition(END)
    assert begun and ended, "the page has lost its marks"
    return before + begun + tables() + ended + after


def main() -> int:
    """Write the page's tables."""
    if "--measure" in sys.argv[1:]:
        measure()
    PAGE.write_text(page(), encoding="utf-8")
    print(tables())
    return 0


if __name__ == "__main__":
    sys.exit(main())
