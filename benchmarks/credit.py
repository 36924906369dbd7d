"""Scoring against its floors and beside other tools: `python -m benchmarks.credit [--large] [--data FOLDER]`.

530,000 records of 4,000 institutions (the figure of a bureau's report of 2016), 16 million of 1 million, and with
--large 100 million of 5 million. Records are made by SQL from their number, so every run has the same. The policy is
the shipped risk-100: steps by age, caps per rule and group, repeat windows, vetoes.

Two floors: the bare join and group-by of the records as a bureau has them (codes and kinds as text), by which the goals
go, and the same of the ledger, where they are whole numbers already. pandas, OpenFisca and zen-engine reckon the same
rule in `.venv-peers` (make bench-peers), each in a process of its own over records in memory; the answers must be ours.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from benchmarks.frozen import Row, freeze
from double_random.core.periods import last_day_of_period
from double_random.credit.policy.loader import read_policy
from double_random.credit.policy.model import Policy
from double_random.credit.records import ledger
from double_random.credit.schema import apply_schema
from double_random.credit.scoring.pipeline import grades_sql, scored_slices, worded_lines_sql
from double_random.credit.scoring.policy_tables import ScoringQuery, Sort
from double_random.store.frames import query_frame

ROOT = Path(__file__).parent.parent
PEERS = ROOT / ".venv-peers" / "bin" / "python"
DAY = date(2016, 12, 31)
SIZES = {  # records, institutions, what the database may hold in memory, how often
    "bureau": (530_000, 4_000, "2GB", 7),
    "nation": (16_000_000, 1_000_000, "4GB", 3),
    "most": (100_000_000, 5_000_000, "3GB", 2),
}
SMALLER = (53_000, 400)  # for the peer that takes minutes for 530,000


@dataclass
class Bench:
    """A database with made-up institutions and records, asked like a release."""

    connection: duckdb.DuckDBPyConnection

    def frame(self, sql: str, parameters: tuple[object, ...] = ()) -> Any:
        return query_frame(self.connection, sql, parameters)


SORTS: list[Sort] = [
    (1, "complaint", "", "unfounded"),
    (2, "complaint", "", "upheld"),
    (3, "penalty", "fine", "decided"),
    (4, "penalty", "suspension", "decided"),
    (5, "penalty", "warning", "decided"),
    (6, "commendation", "city", "decided"),
]

# hash() only makes the data, it is no part of the product.
MADE = """
CREATE TABLE runs (run INTEGER, kind TEXT, as_of DATE);
INSERT INTO runs VALUES (1, 'load', DATE '2016-12-31');
INSERT INTO institutions (id, kind, name, folded, status, valid_from, known_from)
SELECT 'L:' || lpad(CAST(i AS TEXT), 9, '0'), 'law_firm', 'x', 'x', 'active', DATE '2000-01-01', 0
FROM range({institutions}) AS t(i);
CREATE TABLE ledger_holders AS
SELECT id AS institution, CAST(row_number() OVER (ORDER BY id) AS INTEGER) AS who FROM institutions;
CREATE TABLE made AS
SELECT CAST(1 + hash(i) % {institutions} AS INTEGER) AS who, i AS number,
    CAST(1 + hash(i * 7 + 1) % 6 AS INTEGER) AS sort,
    DATE '2012-01-01' + CAST(hash(i * 11 + 3) % 1826 AS INTEGER) AS decided,
    DATE '2012-01-01' + CAST(hash(i * 11 + 3) % 1826 + hash(i * 5 + 2) % 300 AS INTEGER) AS ended,
    CASE WHEN i % 50 = 0 THEN CAST(i // 50 AS INTEGER) END AS own_key
FROM range({records}) AS t(i);
CREATE TABLE ledger AS
SELECT who, number, sort,
    CAST((year(decided) * 12 + month(decided)) * 32 + day(decided) AS INTEGER) AS decided,
    CAST((year(ended) * 12 + month(ended)) * 32 + day(ended) AS INTEGER) AS ended,
    CAST(0 AS BIGINT) AS fine, own_key, CAST(NULL AS INTEGER) AS named_key, 1 AS came, 1 AS known_from,
    CAST(NULL AS INTEGER) AS known_to
FROM made ORDER BY who, decided, number;
CREATE TABLE texts AS
SELECT 'L:' || lpad(CAST(m.who - 1 AS TEXT), 9, '0') AS institution,
    s.class || ':' || s.kinds || ':' || s.state AS kind, m.decided
FROM made AS m JOIN ledger_sorts AS s ON s.sort = m.sort ORDER BY m.number;
CREATE TABLE floor_texts AS
SELECT class || ':' || kinds || ':' || state AS kind, sort * 100 AS points FROM ledger_sorts;
"""

FLOORS = {
    "texts": """CREATE OR REPLACE TEMP TABLE floor_scores AS
        SELECT t.institution, CAST(sum(p.points) AS BIGINT) AS points
        FROM texts AS t JOIN floor_texts AS p ON p.kind = t.kind GROUP BY t.institution""",
    "numbers": """CREATE OR REPLACE TEMP TABLE floor_scores AS
        SELECT l.who, CAST(sum(s.sort * 100) AS BIGINT) AS points
        FROM ledger AS l JOIN ledger_sorts AS s ON s.sort = l.sort GROUP BY l.who""",
}


def policy() -> Policy:
    """The shipped example of 100 points."""
    return replace(read_policy(ROOT / "data" / "policies" / "risk-100.toml"), pairs="dearer")


@contextmanager
def opened(folder: Path, size: str) -> Iterator[Bench]:
    """The database of a size, on disk as a release is; made where it is not there."""
    records, institutions, memory, _times = SIZES[size]
    file = folder / f"{size}.duckdb"
    there = file.exists()
    config = {"memory_limit": memory, "temp_directory": str(folder / f"{size}.spill")}
    connection = duckdb.connect(str(file), config=config)  # type: ignore[arg-type]
    try:
        if not there:
            connection.execute("SET preserve_insertion_order = false")
            apply_schema(connection)
            connection.execute(
                "CREATE TABLE ledger_sorts (sort INTEGER, class TEXT, kinds TEXT, state TEXT)"
            )
            connection.executemany("INSERT INTO ledger_sorts VALUES (?, ?, ?, ?)", SORTS)
            connection.execute(MADE.format(records=records, institutions=institutions))
            connection.execute("CHECKPOINT")
            connection.execute("SET preserve_insertion_order = true")
        connection.execute(f"CREATE TEMP TABLE ledger_state AS {ledger.STATE}")
        yield Bench(connection)
    finally:
        connection.close()


def best(times: int, run: Callable[[], object]) -> float:
    """The shortest of several runs, in seconds."""
    found = []
    for _turn in range(times):
        began = time.perf_counter()
        run()
        found.append(time.perf_counter() - began)
    return min(found)


def scored(bench: Bench, rule: Policy, lines: bool) -> None:
    """All scores kept in a table; with `lines` every explanation row, too, with its words, as scoring keeps them."""
    rows = f"SELECT institution, part, rule, number, points, reference FROM ({worded_lines_sql()}) AS worded"
    kept = {"bench_scores": grades_sql(), **({"bench_lines": rows} if lines else {})}
    with scored_slices(bench, rule, ScoringQuery(DAY, 1)) as slices:
        for place, _slice in enumerate(slices):
            for name, sql in kept.items():
                verb = f"INSERT INTO {name}" if place else f"CREATE OR REPLACE TEMP TABLE {name} AS"
                bench.connection.execute(f"{verb} {sql}")


def measured(folder: Path, size: str) -> dict[str, Any]:
    """One size: floors, scores, scores with lines, in seconds; lines must add up to the scores."""
    rule, times = policy(), SIZES[size][3]
    with opened(folder, size) as bench:
        ask = bench.connection.execute
        found: dict[str, Any] = {
            name: best(times, lambda sql=sql: ask(sql)) for name, sql in FLOORS.items()
        }
        found["scores"] = best(times, lambda: scored(bench, rule, lines=False))
        ((found["graded"],),) = ask("SELECT count(*) FROM bench_scores").fetchall()
        if size != "most":
            found["lines"] = best(times, lambda: scored(bench, rule, lines=True))
            ((found["rows"],),) = ask("SELECT count(*) FROM bench_lines").fetchall()
            ((wrong,),) = ask(
                """SELECT count(*) FROM bench_scores AS s JOIN (
                       SELECT institution, sum(points) AS points FROM bench_lines GROUP BY institution
                   ) AS l ON l.institution = s.institution WHERE l.points <> s.points"""
            ).fetchall()
            assert wrong == 0, f"the lines of {wrong} institutions do not add up"
    assert found["graded"] == SIZES[size][1]
    return found | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20}


# ── peers ───────────────────────────────────────────────────────────────────────────────────────────────────


def spoken(rule: Policy, institutions: int) -> dict[str, Any]:
    """The rule of the day as a peer is given it: sorts by number, the first day on which each step still runs."""
    found = rule.in_force_on(DAY)
    sorts: dict[str, list[int]] = {}
    for sort, name, kinds, state in SORTS:
        if one := found.rule_for(name, kinds.split(), state):
            sorts.setdefault(one.id, []).append(sort)
    names = [bound.grade for bound in found.scale.bounds]
    return {
        "institutions": institutions,
        "base": found.scale.base,
        "floor": found.scale.floor,
        "ceiling": found.scale.ceiling,
        "bounds": [bound.lowest for bound in found.scale.bounds if bound.lowest is not None],
        "groups": {group.id: limit.cap for group, limit in found.groups},
        "rules": [
            {
                "sorts": sorts.get(one.id, []),
                "start": {"ends": "ended"}.get(one.counts_from, one.counts_from),
                "steps": [[str(since(step.months)), step.points] for step in price.steps],
                "cap": price.cap,
                "group": one.group,
                "family": one.family,
                "repeat": price.repeat and [price.repeat.within, price.repeat.points],
            }
            for one, price in found.rules
        ],
        "vetoes": [
            {
                "sorts": [s for s, n, k, state in SORTS if veto.match.fits(n, k.split(), state)],
                "since": str(since(end.months)),
                "rank": names.index(end.grade),
            }
            for veto, end in found.vetoes
        ],
    }


def since(months: int | None) -> date:
    """The first start whose period of so many months still runs on the day."""
    if months is None:
        return date(1970, 1, 1)
    day = date(DAY.year - months // 12 - 1, 1, 1)
    while last_day_of_period(day, months) < DAY:
        day += timedelta(days=1)
    return day


def beside(folder: Path, peer: str, institutions: int) -> float | None:
    """A peer's seconds over so many records, its answer the same as ours; None where it is not installed."""
    import polars

    if not PEERS.exists():
        print("no .venv-peers: make bench-peers installs what is compared with", file=sys.stderr)
        return None
    rule = policy()
    given, asked_for, answer = (
        folder / f"{peer}.{end}" for end in ("parquet", "json", "out.parquet")
    )
    with opened(folder, "bureau") as bench:
        share = (
            SIZES["bureau"][1] // institutions
        )  # every tenth institution, with all of its records
        bench.frame(
            "SELECT (who - 1) // $1 + 1 AS who, sort, decided, ended FROM made WHERE (who - 1) % $1 = 0",
            (share,),
        ).with_columns(polars.col("who").cast(polars.Int32)).write_parquet(given)
        scored(bench, rule, lines=False)
        ours = bench.frame(
            """SELECT (h.who - 1) // $1 + 1 AS who, s.points, s.grade FROM bench_scores AS s
               JOIN ledger_holders AS h ON h.institution = s.institution WHERE (h.who - 1) % $1 = 0 ORDER BY who""",
            (share,),
        )
    asked_for.write_text(json.dumps(spoken(rule, institutions)), encoding="utf-8")
    script = ROOT / "benchmarks" / "peers" / f"credit_{peer}.py"
    told = subprocess.run(
        [PEERS, script, given, asked_for, answer], capture_output=True, text=True, check=True
    )
    theirs = polars.read_parquet(answer).sort("who")
    names = [bound.grade for bound in rule.in_force_on(DAY).scale.bounds]
    assert theirs["points"].to_list() == ours["points"].to_list(), f"{peer}: other points"
    assert [names[rank] for rank in theirs["rank"]] == ours["grade"].to_list(), (
        f"{peer}: other grades"
    )
    return float(json.loads(told.stdout)["seconds"])


# ── the table ───────────────────────────────────────────────────────────────────────────────────────────────


def rows(size: str, found: dict[str, Any]) -> Iterator[Row]:
    """A size's lines."""
    records, institutions, _memory, _times = SIZES[size]
    what = f"{records:,} records, {institutions:,} institutions"
    texts, numbers = found["texts"], found["numbers"]

    def line(name: str, seconds: float, most: int, note: str) -> Row:
        by_numbers = f"{seconds / numbers:.1f} x the floor over whole numbers"
        return Row(
            f"{what}: {name}",
            seconds,
            ratio=seconds / texts,
            goal=f"at most {most} x the floor",
            met=seconds <= most * texts,
            note=note + by_numbers,
        )

    yield Row(f"{what}: floor, join and group-by over text codes", texts)
    yield Row(f"{what}: floor, the same over the ledger's whole numbers", numbers)
    yield line("scores with decay, caps, repeats, vetoes", found["scores"], 5, "")
    if "lines" in found:
        told = f"{found['rows']:,} lines, each institution's add up; "
        yield line("with every explanation row written", found["lines"], 8, told)
    most = size == "most"
    goal = "under 6 GB" if most else ""
    met = found["peak"] < 6 if most else None
    yield Row(f"{what}: memory at the most", found["peak"], "GB", goal=goal, met=met)


def peers(folder: Path, ours: float) -> Iterator[Row]:
    """The peers' lines, each by record beside ours."""
    records = SIZES["bureau"][0]
    for peer, name, asked_for in (
        ("pandas", "pandas", SIZES["bureau"][:2]),
        ("openfisca", "openfisca-core", SIZES["bureau"][:2]),
        ("zen", "zen-engine", SMALLER),
    ):
        seconds = beside(folder, peer, asked_for[1])
        if seconds is None:
            continue
        rate = seconds / asked_for[0] / (ours / records)
        yield Row(
            f"the same rule by {name}, {asked_for[0]:,} records",
            seconds,
            ratio=rate,
            goal="slower than double-random",
            met=rate > 1,
            note=f"the same points and grades; {seconds / asked_for[0] * 1e6:.2f} µs a record, ratio by record to the"
            f" scores of 530,000",
        )


def main() -> int:
    """Measure each size in a process of its own, then the peers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--data", type=Path, help="where the databases lie; kept there")
    parser.add_argument("--one", choices=list(SIZES), help=argparse.SUPPRESS)
    asked_for = parser.parse_args()
    if asked_for.one:
        json.dump(measured(asked_for.data, asked_for.one), sys.stdout)
        return 0
    with TemporaryDirectory() as aside:
        folder = asked_for.data or Path(aside)
        folder.mkdir(exist_ok=True)
        table, seconds = [], 0.0
        for size in SIZES if asked_for.large else ("bureau", "nation"):
            with opened(folder, size):
                pass  # made here, measured there: making it must not count as memory
            told = subprocess.run(
                [sys.executable, "-m", "benchmarks.credit", "--one", size, "--data", folder],
                check=True,
                capture_output=True,
                text=True,
            )
            found = json.loads(told.stdout)
            table += rows(size, found)
            if size == "bureau":
                seconds = found["scores"]
        table += peers(folder, seconds)
    freeze("credit", "Scoring, beside its floors and other tools", table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
