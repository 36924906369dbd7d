"""One million entities on DuckDB and through Spark Connect: `python -m benchmarks.engines [ENTITIES RECORDS]`.

The same release is scored here and there, its coverage counted, a draw made of it; all must be the same, bit for bit:
the release's hash (scores and every explanation line), the differences, each file of the draw's result and the log.
The server is Sail, in a process of its own; or the one that DOUBLE_RANDOM_TEST_SPARK names (tests/services/spark.sh).
Not a race: on one machine the way through a server only adds to the work.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.frozen import RESULTS, Row, freeze
from double_random import data
from double_random.credit.policy.catalog import load_policy
from double_random.credit.scoring import score_run
from double_random.inspection.draw import lifecycle
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.planning.plan_builder import freeze_plan
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.inspection.verification import bundle
from double_random.inspection.verification.verify import verify_bundle
from double_random.registry.quality.coverage import compute_coverage
from double_random.store.engine.spark import Spark
from double_random.store.engine.warehouse import Warehouse
from double_random.store.home import Home
from tests.conftest import sail
from tests.generated import DAY, generate

BALLS = "balls:示例摇号室:7"


@contextmanager
def server(folder: Path) -> Iterator[tuple[str, str]]:
    """What the server is, and its address."""
    named = os.environ.get("DOUBLE_RANDOM_TEST_SPARK")
    if named:
        yield "Apache Spark", named
        return
    folder.mkdir()
    with sail(folder) as (address, _process):
        yield "Sail", address


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """A work's answer and its seconds."""
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def made(folder: Path, entities: int, records: int) -> Home:
    """A home of so many entities, of whom every 2,000th is drawn: teams are not what is compared."""
    home = Home.create(folder, "示例市司法局", "11310000XXXX00071R")
    items = data.path("items.toml").read_text(encoding="utf-8")
    few = re.sub(r"ratio = \[1, \d+\]", "ratio = [1, 2000]", items)
    (home.path / "facts" / "items.toml").write_text(few, encoding="utf-8")
    generate(home, entities, records)
    return home


def compared(
    folder: Path, address: str, entities: int, records: int
) -> dict[str, tuple[float, float]]:
    """Seconds here and there of each step; AssertionError where anything differs."""
    here = made(folder / "here", entities, records)
    shutil.copytree(here.path, folder / "there")
    there, tables = Home.open(folder / "there"), folder / "tables"
    found: dict[str, tuple[float, float]] = {}
    with Spark(address, Warehouse(tables, tables.as_uri())) as engine:
        rule = load_policy(here)
        a, mine = timed(lambda: score_run.score_institutions(here, DAY, rule))
        b, theirs = timed(lambda: score_run.score_institutions(there, DAY, rule, engine))
        assert a == b and a.institutions > entities * 0.85, (a, b)
        found["scores and explanations"] = mine, theirs
        with here.releases.read() as one, there.releases.read() as other:
            assert one.hash == other.hash
            c, mine = timed(lambda: compute_coverage(one, DAY))
            d, theirs = timed(lambda: compute_coverage(other, DAY, engine))
        assert c.counts.equals(d.counts) and c.differences.equals(d.differences)
        found["coverage"] = mine, theirs
        wish = DrawRequest(
            protocol=1,
            draw="d1",
            items=("law-firm-practice",),
            as_of=DAY,
            sources=(BALLS,),
            not_before="2026-11-03T06:00:00Z",
            publish_by=date(2026, 11, 30),
        )
        _planned, theirs = timed(lambda: freeze_plan(there, wish, engine))
        _planned, mine = timed(lambda: freeze_plan(here, wish))
        found["plan (salts differ, as they must)"] = mine, theirs
        shutil.rmtree(here.path)
        lifecycle.commit_plan(there, "d1", "2026-11-02T01:00:00Z")
        lifecycle.log_entropy(there, "d1", f"{BALLS}=0730915", "2026-11-03T06:05:00Z")
        shutil.copytree(there.path, here.path)
        here = Home.open(here.path)
        _drawn, mine = timed(lambda: lifecycle.run_draw(here, "d1", "2026-11-03T06:10:00Z"))
        _drawn, theirs = timed(
            lambda: lifecycle.run_draw(there, "d1", "2026-11-03T06:10:00Z", engine)
        )
        found["draw of the same plan"] = mine, theirs
    assert DrawFolder.find(here, "d1").read_result() == DrawFolder.find(there, "d1").read_result()
    assert here.log.file.read_bytes() == there.log.file.read_bytes()
    lifecycle.publish_draw(there, "d1", "2026-11-06T08:00:00Z")
    bundle.write_bundle(bundle.gather_bundle(there, "d1"), folder / "d1.zip")
    assert verify_bundle(folder / "d1.zip", there.log.public).intact
    return found


def main() -> None:
    """Compare, write the frozen result, print it."""
    entities, records = (int(word) for word in sys.argv[1:3] or ("1000000", "1000000"))
    with TemporaryDirectory() as folder, server(Path(folder) / "server") as (name, address):
        found = compared(Path(folder), address, entities, records)
    rows = [row for row in kept() if not row.what.startswith(f"{name}: ")]
    for what, (mine, theirs) in found.items():
        rows.append(Row(f"{name}: {what}: DuckDB, in the process", mine))
        same = "" if what.startswith("plan") else "the same to the last bit"
        met = True if same else None
        rows.append(
            Row(f"{name}: {what}: through {name}", theirs, ratio=theirs / mine, goal=same, met=met)
        )
    freeze("engines", f"Two engines, one answer: {entities:,} entities, {records:,} records", rows)


def kept() -> list[Row]:
    """The lines of an earlier run, perhaps of another server."""
    file = RESULTS / "engines.json"
    return (
        [Row(**row) for row in json.loads(file.read_text("utf-8"))["rows"]] if file.exists() else []
    )


if __name__ == "__main__":
    main()
