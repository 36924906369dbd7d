"""Scoring against its floor in one run: `python -m benchmarks.credit [bureau] [nation] [most]`.

530,000 records of 4,000 institutions (the figure of a bureau's report of 2016), 16 million of 1 million, 100 million
of 5 million. Records are made by SQL from their number, so every run has the same. The policy is the shipped risk-100:
steps by age, caps per rule and group, repeat windows, vetoes.

Two floors: the bare join and group-by of the records as a bureau has them (codes and kinds as text), and the same of
the ledger, where they are whole numbers already.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from credit import ledger
from credit.parameters import Question
from credit.policy import Policy
from credit.scoring import apply_schema, asked, grades, worded
from store.releases import frame

ROOT = Path(__file__).parent.parent
DAY = date(2016, 12, 31)
SIZES = {
    "bureau": (530_000, 4_000),
    "nation": (16_000_000, 1_000_000),
    "most": (100_000_000, 5_000_000),
}


@dataclass
class Bench:
    """A database with made-up institutions and records, asked like a release."""

    connection: duckdb.DuckDBPyConnection

    def frame(self, sql: str, parameters: tuple[object, ...] = ()) -> Any:
        return frame(self.connection, sql, parameters)


MADE = """
INSERT INTO institutions (id, kind, name, folded, status, valid_from, known_from)
SELECT 'L:' || lpad(CAST(i AS TEXT), 9, '0'), 'law_firm', 'x', 'x', 'active', DATE '2000-01-01', 0
FROM range({institutions}) AS t(i);
INSERT INTO runs VALUES (1, 'load', DATE '2016-12-31');
"""

# The ledger as ledger.sql would make it of such records: hash() only makes the data, it is no part of the product.
LEDGER = """
CREATE TABLE ledger_holders AS
SELECT id AS institution, CAST(row_number() OVER (ORDER BY id) AS INTEGER) AS who FROM institutions;
CREATE TABLE ledger_sorts AS SELECT * FROM (VALUES
    ('complaint', '', 'unfounded', 1), ('complaint', '', 'upheld', 2), ('penalty', 'fine', 'decided', 3),
    ('penalty', 'suspension', 'decided', 4), ('penalty', 'warning', 'decided', 5),
    ('commendation', 'city', 'decided', 6)
) AS s(class, kinds, state, sort);
CREATE TABLE ledger AS
SELECT CAST(1 + hash(i) % {institutions} AS INTEGER) AS who, i AS number,
    CAST(1 + hash(i * 7 + 1) % 6 AS INTEGER) AS sort,
    DATE '2012-01-01' + CAST(hash(i * 11 + 3) % 1826 AS INTEGER) AS decided,
    DATE '2012-01-01' + CAST(hash(i * 11 + 3) % 1826 + hash(i * 5 + 2) % 300 AS INTEGER) AS ended,
    CAST(0 AS BIGINT) AS fine,
    CASE WHEN i % 50 = 0 THEN CAST(i // 100 AS INTEGER) END AS own_key,
    CAST(NULL AS INTEGER) AS named_key, 1 AS known_from, CAST(NULL AS INTEGER) AS known_to
FROM range({records}) AS t(i) ORDER BY who, decided, number;
"""

FLOOR = """
CREATE OR REPLACE TEMP TABLE floor_scores AS
SELECT l.who, CAST(sum(p.points) AS BIGINT) AS points
FROM ledger AS l JOIN floor_points AS p ON p.sort = l.sort GROUP BY l.who
"""

TEXTS = """
CREATE TABLE texts AS
SELECT h.institution, s.class || ':' || s.kinds || ':' || s.state AS kind, l.decided
FROM ledger AS l JOIN ledger_holders AS h ON h.who = l.who JOIN ledger_sorts AS s ON s.sort = l.sort
ORDER BY l.number
"""

FLOOR_OF_TEXTS = """
CREATE OR REPLACE TEMP TABLE floor_scores AS
SELECT t.institution, CAST(sum(p.points) AS BIGINT) AS points
FROM texts AS t JOIN floor_texts AS p ON p.kind = t.kind GROUP BY t.institution
"""


def made(folder: Path, records: int, institutions: int, memory: str) -> Bench:
    """The database, on disk as a release is."""
    connection = duckdb.connect(
        str(folder / "bench.duckdb"),
        config={
            "memory_limit": memory,
            "temp_directory": str(folder),
            "preserve_insertion_order": False,
        },
    )
    apply_schema(connection)
    connection.execute("CREATE TABLE runs (run INTEGER, kind TEXT, as_of DATE)")
    connection.execute(MADE.format(institutions=institutions))
    connection.execute(LEDGER.format(records=records, institutions=institutions))
    connection.execute(f"CREATE TABLE ledger_state AS {ledger.STATE}")
    connection.execute(
        "CREATE TABLE floor_points AS SELECT sort, sort * 100 AS points FROM ledger_sorts"
    )
    connection.execute(TEXTS)
    connection.execute(
        "CREATE TABLE floor_texts AS SELECT kind, length(kind) AS points FROM (SELECT DISTINCT kind FROM texts)"
    )
    connection.execute("CHECKPOINT")
    return Bench(connection)


def best(times: int, run: Callable[[], object]) -> float:
    """The shortest of several runs, in seconds."""
    found = []
    for _turn in range(times):
        began = time.perf_counter()
        run()
        found.append(time.perf_counter() - began)
    return min(found)


def scored(bench: Bench, rule: Policy, lines: bool) -> int:
    """All scores; with `lines` every explanation row kept in a table."""
    with asked(bench, rule, Question(DAY, 1), lines):
        bench.connection.execute(f"CREATE OR REPLACE TEMP TABLE bench_scores AS {grades()}")
        if lines:
            bench.connection.execute(f"CREATE OR REPLACE TEMP TABLE bench_lines AS {worded()}")
    table = "bench_lines" if lines else "bench_scores"
    ((count,),) = bench.connection.execute(f"SELECT count(*) FROM {table}").fetchall()
    return int(count)


def measured(size: str, times: int, memory: str) -> dict[str, Any]:
    """One size: the floor, scores, scores with lines, in seconds; lines add up to the scores."""
    records, institutions = SIZES[size]
    rule = replace(Policy.read(ROOT / "data" / "policies" / "risk-100.toml"), pairs="dearer")
    with TemporaryDirectory() as folder:
        bench = made(Path(folder), records, institutions, memory)
        floor = best(times, lambda: bench.connection.execute(FLOOR))
        texts = best(times, lambda: bench.connection.execute(FLOOR_OF_TEXTS))
        scores = best(times, lambda: scored(bench, rule, lines=False))
        found: dict[str, Any] = {
            "records": records,
            "institutions": institutions,
            "floor_of_texts_s": round(texts, 3),
            "floor_of_numbers_s": round(floor, 3),
            "scores_s": round(scores, 3),
            "scores_x": round(scores / texts, 2),
            "scores_x_of_numbers": round(scores / floor, 2),
        }
        if size != "most":
            lines = best(times, lambda: scored(bench, rule, lines=True))
            ((wrong,),) = bench.connection.execute(
                """SELECT count(*) FROM bench_scores AS s JOIN (
                       SELECT institution, sum(points) AS points FROM bench_lines GROUP BY institution
                   ) AS l ON l.institution = s.institution WHERE l.points <> s.points"""
            ).fetchall()
            found |= {
                "lines_s": round(lines, 3),
                "lines_x": round(lines / texts, 2),
                "lines_x_of_numbers": round(lines / floor, 2),
                "lines": scored(bench, rule, lines=True),
                "not_adding_up": wrong,
            }
        bench.connection.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return found | {
        "peak_mb": peak,
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", default=["bureau"], choices=list(SIZES))
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--memory", default="5GB")
    asked_for = parser.parse_args()
    for one in asked_for.sizes:
        json.dump({one: measured(one, asked_for.times, asked_for.memory)}, sys.stdout, indent=2)
        print()
