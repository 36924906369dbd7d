"""How a night grows with what is known already: `python -m benchmarks.nights 1 4 16` (millions of records).

A home is filled with so many records of 51,200 institutions, a million in a run. Then two nights bring new penalties, a
thousandth of what is known, and their scores: the first warms the disk's cache, the second is measured. Each step is a
process of its own. CPU seconds are of all threads; bytes are what the step has added to the releases. Beside each
stands the size of the new rows as text. The exponent is the slope from the smallest to the largest size.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.frozen import Row, freeze
from benchmarks.nightly import PENALTY, _peak, _penalties, apart

SIZES = (1, 4, 16)
MILLION = 1_000_000
INSTITUTIONS = 51_200
DAYS = (date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 2))
STEPS = ("sync", "load", "score")
GOAL = 1.5  # of the smallest size's CPU

KNOWN = """
INSERT INTO added.records
    (record, number, class, kinds, state, document, document_key, happened, decided, publish_until, fine_fen, conduct,
     facts, basis, authority, name, code, known_from)
SELECT sha256('known' || i), i, 'penalty', CASE WHEN i % 3 = 0 THEN 'fine' ELSE 'warning' END, 'decided',
    '示例司罚决字〔' || year(day) || '〕第' || i || '号', '示例司罚决字(' || year(day) || ')第' || i || '号',
    day, day, CAST(day + INTERVAL 1 YEAR AS DATE), CASE WHEN i % 3 = 0 THEN 500000 END, '违规收费',
    '经查,该所于' || day || '违规收费' || (i % 90000 + 100) || '元。', '《中华人民共和国律师法》第五十条',
    '示例市司法局', f.name, f.uscc, $run
FROM (SELECT i, DATE '2010-01-01' + CAST(i * 13 % 6100 AS INTEGER) AS day, i % $firms AS firm
      FROM range($first, $last) AS t(i)) AS made
JOIN firms AS f ON f.firm = made.firm
"""
CLAIMED = """
INSERT INTO added.claims SELECT r.record, r.code, NULL, r.name, f.folded, r.decided, $run
FROM added.records AS r JOIN firms AS f ON f.uscc = r.code
"""
LINKED = "INSERT INTO added.links SELECT record, code, 'code', $run, NULL FROM added.records"
FIRMS = """
CREATE TEMP TABLE firms AS
SELECT row_number() OVER (ORDER BY uscc) - 1 AS firm, uscc, any_value(name) AS name, any_value(folded) AS folded
FROM institutions WHERE known_to IS NULL AND uscc IS NOT NULL GROUP BY uscc
"""


def fill(home: Path, folder: Path, millions: int) -> dict[str, Any]:
    """A home with the register of the drop and so many records."""
    from double_random.credit.policy.catalog import load_policy
    from double_random.credit.schema import apply_schema
    from double_random.credit.scoring.score_run import score_institutions
    from double_random.registry.sync.sync_run import sync_registers
    from double_random.store.home import Home

    opened = Home.create(home, "示例市司法局", "330000")
    sync_registers(opened, [folder / "许可.csv"], DAYS[0])
    for part in range(millions):
        with opened.releases.write("load", DAYS[0]) as draft:
            apply_schema(draft.connection)
            draft.connection.execute(FIRMS)
            ((firms,),) = draft.connection.execute("SELECT count(*) FROM firms").fetchall()
            run = {"run": draft.run}
            span = {"first": part * MILLION, "last": (part + 1) * MILLION, "firms": firms}
            draft.connection.execute(KNOWN, {**run, **span})
            draft.connection.execute(CLAIMED, run)
            draft.connection.execute(LINKED, run)
    score_institutions(opened, DAYS[0], load_policy(opened))
    return {}


def penalties(folder: Path, rows: int, night: int) -> Path:
    """The new penalties of a night, in a file."""
    import polars as pl

    place = folder / f"night-{night}"
    place.mkdir()
    firms = pl.read_csv(folder / "firms.csv").with_row_index("firm").cast({"firm": pl.Int64})
    new = _penalties(firms, 2026, night * 10_000_000, rows, 300)
    new.rename(dict(zip(new.columns, PENALTY, strict=True))).write_csv(place / "处罚.csv")
    return place


def step(home: Path, folder: Path, name: str, day: date) -> dict[str, Any]:
    """One step of a night, as its command does it."""
    from double_random.credit.policy.catalog import load_policy
    from double_random.credit.records.load import load_records
    from double_random.credit.scoring.score_run import score_institutions
    from double_random.registry.sync.sync_run import sync_registers
    from double_random.store.home import Home

    opened = Home.open(home)
    before = size_of(home)
    if name == "sync":
        sync_registers(opened, [folder], day)
    elif name == "load":
        load_records(opened, [folder], day)
    else:
        score_institutions(opened, day, load_policy(opened))
    return {"bytes": size_of(home) - before}


def size_of(home: Path) -> int:
    """The bytes of a home's releases."""
    return sum(file.stat().st_size for file in (home / "releases").rglob("*") if file.is_file())


def measured(work: Callable[..., dict[str, Any]], *arguments: Any) -> dict[str, Any]:
    """What a process of its own found: its result, CPU and wall seconds, the most memory it held (MB)."""
    found: dict[str, Any] = apart(_report, work, arguments)
    return found


def _report(work: Callable[..., dict[str, Any]], arguments: tuple[Any, ...]) -> dict[str, Any]:
    started = time.perf_counter()
    found = work(*arguments)
    return found | {
        "cpu": time.process_time(),
        "wall": time.perf_counter() - started,
        "peak": _peak(),
    }


def main(sizes: tuple[int, ...]) -> int:
    """Measure every size, freeze."""
    from benchmarks.growth import drop

    nights: dict[int, dict[str, dict[str, Any]]] = {}
    wholes: dict[int, int] = {}
    for millions in sizes:
        with tempfile.TemporaryDirectory(prefix="double-random-nights-") as place:
            folder, home = Path(place) / "drop", Path(place) / "home"
            drop(folder, INSTITUTIONS, 1)
            _list_firms(folder)
            measured(fill, home, folder, millions)
            for night, day in enumerate(DAYS[1:], 1):
                files = penalties(folder, millions * MILLION // 1000, night)
                nights[millions] = {
                    name: measured(step, home, files, name, day) for name in STEPS
                } | {"change": {"bytes": (files / "处罚.csv").stat().st_size}}
            wholes[millions] = size_of(home)
        print(millions, nights[millions], file=sys.stderr, flush=True)
    rows = [row for name in STEPS for row in _lines(name, nights, sizes)]
    for millions in sizes:
        added = sum(nights[millions][name]["bytes"] for name in STEPS)
        change = nights[millions]["change"]["bytes"]
        rows.append(
            Row(
                f"{millions} million: bytes that a night adds to the releases, beside its new rows as text",
                round(added / 1e6, 2),
                "MB",
                ratio=round(added / change, 2),
                goal="at most 3 x the new rows" if millions > 1 else "",
                met=added <= 3 * change if millions > 1 else None,
                note=f"all releases: {wholes[millions] / 1e6:.0f} MB",
            )
        )
    title = f"A night of 0.1 % new records at {', '.join(map(str, sizes))} million"
    curves = {
        name: [[millions, round(nights[millions][name]["cpu"], 3)] for millions in sizes]
        for name in STEPS
    }
    freeze("nights", title, rows, curves=curves)
    return 0 if all(row.met is not False for row in rows) else 1


def _lines(name: str, nights: dict[int, Any], sizes: tuple[int, ...]) -> list[Row]:
    """A step's line: its CPU at the largest size beside that at the smallest."""
    first, last = sizes[0], sizes[-1]
    small, large = nights[first][name]["cpu"], nights[last][name]["cpu"]
    exponent = math.log(large / small) / math.log(last / first) if last > first else 0.0
    seconds = ", ".join(f"{nights[millions][name]['cpu']:.2f}" for millions in sizes)
    peaks = ", ".join(f"{nights[millions][name]['peak']:.0f}" for millions in sizes)
    return [
        Row(
            f"{name}: CPU at {last} million",
            round(large, 2),
            "s",
            ratio=round(large / small, 2),
            goal=f"at most {GOAL} x that at {first} million",
            met=large <= GOAL * small,
            note=f"exponent {exponent:.2f}; CPU s {seconds}; memory {peaks} MiB",
        )
    ]


def _list_firms(folder: Path) -> None:
    """The institutions of the drop, for the penalties of the nights."""
    import polars as pl

    from benchmarks.decisions import decisions

    decisions(INSTITUTIONS, INSTITUTIONS).select(name=pl.first(), uscc=pl.nth(2)).write_csv(
        folder / "firms.csv"
    )


if __name__ == "__main__":
    sys.exit(main(tuple(map(int, sys.argv[1:])) or SIZES))
