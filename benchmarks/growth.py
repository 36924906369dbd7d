"""How cost grows with size: sync, score, draw, teams and publish at 1×, 4×, 16×, 64× (`python -m benchmarks.growth`).

One process a size, so that nothing is warm and each has its own memory; a bureau's files are made, read into a fresh
home, scored, drawn from and published. Seconds are CPU time of the process and what it starts, all threads added: on
several cores wall time would flatter the larger sizes. Teams grow by pairs (targets × inspectors), the rest by rows.

The exponent is the slope of a least-squares line through the logarithms of the three upper sizes; at the smallest one
starting up outweighs the work. A line that is flatter than 1 there still carries such fixed cost: the last step alone,
from 16× to 64×, is given beside it.
"""

from __future__ import annotations

import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.frozen import Row, freeze

SIZES = (1, 4, 16, 64)
INSTITUTIONS, RECORDS = 800, 16_000  # at 1×; four decisions an institution
TARGETS, INSPECTORS = 160, 100  # of teams at 1×: 16,000 pairs
UPPER = 3
GOAL = 1.1
DAY = date(2026, 10, 31)
SOURCE = "dice:示例会议室:8"
PEOPLE = "姓名,执法证号,工作单位,专业,是否主办,状态,证件有效期至\n"


def cpu() -> float:
    """Seconds of work of this process, of those it has waited for, and of those that still run for it.

    Workers end with the server that began them, which waits for them and lives as long as this process.
    """
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used) + _running_children()


def _running_children() -> float:
    """Seconds of work of this process's running children, and of the children that those have waited for."""
    found = 0.0
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    for child in children:
        with suppress(OSError):  # it has ended just now
            times = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[11:15]
            found += sum(map(int, times)) / os.sysconf("SC_CLK_TCK")
    return found


def drop(folder: Path, institutions: int, records: int) -> Path:
    """A bureau's files: four permits an institution, penalties in turn, twelve inspectors; the same at every run."""
    import polars as pl

    from benchmarks.decisions import HEADER, decisions

    folder.mkdir()
    permits = decisions(institutions, institutions * 4)
    permits.rename(dict(zip(permits.columns, HEADER, strict=True))).write_csv(folder / "许可.csv")
    firms = decisions(institutions, institutions).select(
        firm=pl.int_range(institutions, dtype=pl.Int64), name=pl.first(), uscc=pl.nth(2)
    )
    number = pl.col("n")
    day = pl.date(2010, 1, 1) + pl.duration(days=number * 13 % 6100)
    pl.select(pl.int_range(records, dtype=pl.Int64).alias("n")).with_columns(
        firm=number % institutions
    ).join(firms, on="firm", how="left", maintain_order="left").select(
        pl.col("name").alias("CF_XDR_MC"),
        pl.col("uscc").alias("CF_XDR_SHXYM"),
        pl.format("示例司罚决字〔{}〕第{}号", day.dt.year(), number).alias("CF_WSH"),
        pl.lit("违规收费").alias("CF_WFXW"),
        pl.format("经查,该所于{}违规收费{}元。", day, number % 90000 + 100).alias("CF_SY"),
        pl.lit("《中华人民共和国律师法》第五十条").alias("CF_YJ"),
        pl.when(number % 3 == 0).then(pl.lit("罚款")).otherwise(pl.lit("警告")).alias("CF_CFLB"),
        pl.lit("警告").alias("CF_NR"),
        pl.when(number % 3 == 0).then(pl.lit("0.5")).otherwise(pl.lit("")).alias("CF_NR_FK"),
        day.cast(pl.String).alias("CF_JDRQ"),
        day.dt.offset_by("12mo").cast(pl.String).alias("CF_GSJZQ"),
        pl.lit("示例市司法局").alias("CF_CFJG"),
    ).write_csv(folder / "处罚.csv")
    people = [
        f"检查员示例{n},ZF99XXXX{n:04d},示例市司法局,律师,{'是' if n % 2 else '否'},在岗,2030-12-31\n"
        for n in range(12)
    ]
    (folder / "检查人员.csv").write_text(PEOPLE + "".join(people), encoding="utf-8")
    return folder


def measure(size: int) -> dict[str, Any]:
    """All stages at one size: {stage: [CPU seconds, wall seconds]}, and how many rows there were."""
    from double_random.credit.policy.catalog import load_policy
    from double_random.credit.records.load import load_records
    from double_random.credit.scoring.score_run import score_institutions
    from double_random.demo.bureau import CITY_CODE
    from double_random.inspection.draw import lifecycle
    from double_random.inspection.planning.plan_builder import freeze_plan
    from double_random.inspection.planning.plan_fields import DrawRequest
    from double_random.inspection.protocol.plan import TeamRule
    from double_random.publish.site.build import build_site
    from double_random.registry.sync.sync_run import sync_registers
    from double_random.store.home import Home

    found: dict[str, Any] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        before, started = cpu(), time.perf_counter()
        made = work()
        found[name] = [cpu() - before, time.perf_counter() - started]
        return made

    with tempfile.TemporaryDirectory(prefix="double-random-growth-") as place:
        files = drop(Path(place) / "drop", INSTITUTIONS * size, RECORDS * size)
        home = Home.create(Path(place) / "home", "示例市司法局", CITY_CODE)
        timed("sync", lambda: sync_registers(home, [files], DAY))
        timed("load", lambda: load_records(home, [files], DAY))
        done = timed("score", lambda: score_institutions(home, DAY, load_policy(home)))
        found["institutions"] = done.json()["institutions"]

        def draw() -> None:
            wish = DrawRequest(
                protocol=1,
                draw="growth",
                items=("law-firm-archives",),
                as_of=DAY,
                sources=(SOURCE,),
                not_before="2026-11-02T06:00:00Z",
                publish_by=date(2026, 12, 15),
                team=TeamRule(2, 1, 4, False, False),
            )
            freeze_plan(home, wish)
            lifecycle.commit_plan(home, "growth", "2026-11-01T06:00:00Z")
            lifecycle.log_entropy(home, "growth", f"{SOURCE}=41526163", "2026-11-02T06:10:00Z", "")
            lifecycle.run_draw(home, "growth", "2026-11-02T06:20:00Z")
            lifecycle.publish_draw(home, "growth", "2026-11-03T06:00:00Z")

        timed("draw", draw)
        timed("publish", lambda: build_site(home, date(2026, 11, 4)))
    root = math.isqrt(size)
    timed("teams", lambda: teams(TARGETS * root, INSPECTORS * root))
    return found


def teams(targets: int, inspectors: int) -> None:
    """Teams of two at least cost, with the certificate, for so many targets and inspectors."""
    from double_random.inspection.draw.sql_tickets import SetTickets
    from double_random.inspection.protocol.digest import Digest
    from double_random.inspection.protocol.files import Inspector, Target
    from double_random.inspection.protocol.pairs import Candidates, CostedPairs
    from double_random.inspection.protocol.plan import TeamRule
    from double_random.inspection.protocol.teams import assign_takers

    where = [
        Target(f"31310000XXXX{n:06d}", "s", "law_firm", "990101", "示例", "0" * 32)
        for n in range(targets)
    ]
    who = [
        Inspector(f"ZFXXXX{n:04d}", n % 2 == 0, frozenset(["law_firm"]), "990101", "示例")
        for n in range(inspectors)
    ]
    tickets = SetTickets(Digest("sha256"), "5e" * 32)
    team = TeamRule(2, 1, None, False, False)
    asked = Candidates.of_inspectors(where, who, frozenset(), team, tickets, "1a" * 32)
    assert len(assign_takers(CostedPairs.from_candidates(asked)).pairs) == 2 * targets


def slope(points: Sequence[tuple[float, float]]) -> float:
    """The exponent: least squares through the logarithms."""
    xs = [math.log(x) for x, _y in points]
    ys = [math.log(y) for _x, y in points]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    over = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
    return over / sum((x - middle_x) ** 2 for x in xs)


def main() -> int:
    """Measure every size, fit, freeze."""
    found: dict[int, dict[str, Any]] = {}
    for size in SIZES:
        code = f"import json; from benchmarks.growth import measure; print(json.dumps(measure({size})))"
        said = subprocess.check_output([sys.executable, "-c", code], text=True)
        found[size] = json.loads(said.splitlines()[-1])
        print(size, found[size], file=sys.stderr, flush=True)
    curves, rows = {}, []
    for stage in ("sync", "load", "score", "draw", "teams", "publish"):
        points = [(size, found[size][stage][0]) for size in SIZES]
        curves[stage] = [[size, round(seconds, 4)] for size, seconds in points]
        exponent = slope(points[-UPPER:])
        last = slope(points[-2:])
        bound = stage not in ("load", "teams")
        rows.append(
            Row(
                f"{stage}: exponent",
                round(exponent, 3),
                "",
                goal=f"at most {GOAL}" if bound else "",
                met=exponent <= GOAL if bound else None,
                note=f"16× to 64× alone {last:.2f}; CPU s "
                + ", ".join(f"{seconds:.2f}" for _size, seconds in points),
            )
        )
    most = SIZES[-1]
    title = (
        f"Growth from {INSTITUTIONS:,} institutions and {RECORDS:,} records (1×) to "
        f"{INSTITUTIONS * most:,} and {RECORDS * most:,} ({most}×)"
    )
    wall = {stage: [round(found[size][stage][1], 4) for size in SIZES] for stage in curves}
    freeze("growth", title, rows, curves=curves, wall=wall, sizes=list(SIZES))
    return 0 if all(row.met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
