"""The scoring SQL runs unchanged on DuckDB and through Spark Connect, with the same answers to the last bit."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from double_random.credit.policy.loader import read_policy
from double_random.credit.policy.model import Objection
from double_random.credit.scoring.engine_runner import compute_scores
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord
from double_random.credit.scoring.policy_tables import ScoringQuery
from double_random.store.engine.duckdb import DuckDB
from double_random.store.engine.spark import Spark

DAY = date(2020, 6, 30)
ROOT = Path(__file__).parents[2]
POLICIES = ROOT / "data" / "policies"
KINDS = ("fine", "suspension", "warning", "revocation")


def lot(*parts: object) -> int:
    """A number that follows from its parts: cases of every shape, the same in every run."""
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:6])


def cases(count: int) -> list[MadeUpRecord]:
    found = []
    for n in range(count):
        who = f"示例{lot(n, 'who') % 40}所"
        day = date(2014, 1, 1) + timedelta(days=lot(n, "day") % 2600)
        shape = lot(n, "class") % 10
        if shape < 5:
            kinds = tuple(sorted({KINDS[lot(n, k) % 4] for k in range(1 + n % 2)}))
            ends = day + timedelta(days=lot(n, "ends") % 400) if n % 3 else None
            fine = lot(n, "fine") % 20000_00 if "fine" in kinds else None
            case = MadeUpRecord(
                institution=who,
                record_class="penalty",
                decided=day,
                kinds=kinds,
                state="decided",
                ends=ends,
                document=f"罚{lot(n, 'no') % 60}号",
                fine=fine,
            )
        elif shape < 7:
            state = ("upheld", "partly_upheld", "unfounded")[n % 3]
            related = f"罚{lot(n, 'no') % 60}号" if n % 2 else None
            case = MadeUpRecord(
                institution=who,
                record_class="complaint",
                decided=day,
                kinds=(),
                state=state,
                ends=None,
                document=f"TS{lot(n, 'ts') % 80}",
                related=related,
            )
        elif shape == 7:
            case = MadeUpRecord(
                institution=who, record_class="commendation", decided=day, kinds=("city",)
            )
        elif shape == 8:
            case = MadeUpRecord(
                institution=who,
                record_class="repair",
                decided=day,
                related=f"罚{lot(n, 'no') % 60}号",
            )
        else:
            state = ("accepted", "corrected", "kept")[n % 3]
            case = MadeUpRecord(
                institution=who,
                record_class="objection",
                decided=day,
                kinds=(),
                state=state,
                ends=None,
                document=f"YY{n % 9}",
                related=f"罚{lot(n, 'no') % 60}号",
            )
        found.append(replace(case, night=1 + n % 4))
    return found


@pytest.mark.parametrize(
    ("name", "known_at"), [("risk-100", 4), ("stars", 4), ("evaluation-1000", 2)]
)
def test_both_engines_give_the_same_scores_and_lines(
    spark_server: str, name: str, known_at: int
) -> None:
    rule = read_policy(POLICIES / f"{name}.toml")
    waits = Objection(rule.start, None, "suspended", "示例", False)
    rule = replace(rule, branch_records="shared", objections=(waits,))
    day = max(DAY, rule.start + timedelta(days=100))
    question = ScoringQuery(day, known_at)
    with Casebook() as book:
        book.add_institutions([f"示例{n}所" for n in range(40)], "law_firm")
        book.connection.execute(
            "UPDATE institutions SET head_office = '示例1所' WHERE id IN ('示例2所', '示例3所')"
        )
        book.add_cases(cases(1500))
        sources = {
            t: book.frame(f"SELECT * FROM {t}") for t in ("institutions", "records", "links")
        }
    here = compute_scores(DuckDB(duckdb.connect()), sources, rule, question)
    with Spark(spark_server) as spark:
        there = compute_scores(spark, sources, rule, question)
    assert here.scores.height == 40
    if name == "risk-100":
        assert here.lines.height > 300 and len(set(here.lines["part"])) >= 5
    assert here.scores.equals(there.scores)
    assert here.lines.equals(there.lines)
    assert here.scores.schema == there.scores.schema
