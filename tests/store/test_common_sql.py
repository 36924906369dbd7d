"""Every .sql file that scales stays in the subset that DuckDB and Spark answer alike."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

from double_random.credit.policy.catalog import load_policy
from double_random.credit.scoring import score_run
from double_random.inspection.draw.sql_tickets import find_least_tickets
from double_random.inspection.planning.plan_builder import freeze_plan
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.registry.quality.coverage import compute_coverage
from double_random.store.engine.duckdb import DuckDB
from double_random.store.home import Home
from tests.generated import DAY, generate

ROOT = Path(__file__).parent.parent.parent
SCALES = sorted(
    file
    for package in ("credit", "registry", "inspection", "store")
    for file in (ROOT / package).rglob("*.sql")
    if file.name != "schema.sql"
)

spec = importlib.util.spec_from_file_location(
    "common_sql", Path(__file__).with_name("common_sql.py")
)
assert spec and spec.loader
common_sql = importlib.util.module_from_spec(spec)
spec.loader.exec_module(common_sql)


@pytest.mark.parametrize("file", SCALES, ids=lambda file: str(file.relative_to(ROOT)))
def test_sql_that_scales_is_the_same_on_both_engines(file: Path) -> None:
    assert not list(common_sql.differences(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT list(x ORDER BY y) FROM t",
        "SELECT array_agg(x ORDER BY y) FROM t",
        "SELECT date_diff('month', a, b) FROM t",
        "SELECT date_diff('year', a, b) FROM t",
        "SELECT SUM(x) FROM t",
        "SELECT SUM(x) OVER (PARTITION BY y) FROM t",
        "SELECT x / 2 FROM t",
        "SELECT CAST(x AS HUGEINT) FROM t",
        "SELECT CAST(x AS DOUBLE) FROM t",
        "SELECT to_months(3)",
        "SELECT round(x, 2) FROM t",
        "SELECT random()",
        "SELECT current_date",
        "SELECT * FROM a ASOF JOIN b ON a.x >= b.x",
    ],
)
def test_what_differs_is_refused(sql: str) -> None:
    assert list(common_sql.differences(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT CAST(SUM(x) AS BIGINT) AS x FROM t",
        "SELECT CAST(SUM(x) FILTER (WHERE y > 1) AS BIGINT) AS x FROM t",
        "SELECT CAST(SUM(x) OVER (PARTITION BY y ORDER BY z) AS BIGINT) AS x FROM t",
        "SELECT x // 2 AS half, x % 2 AS odd FROM t",
        "SELECT date_diff('day', a, b) AS days FROM t",
        "SELECT sha256(x) AS ticket FROM t",
        "SELECT * FROM t QUALIFY row_number() OVER (PARTITION BY y ORDER BY sha256(x)) <= 3",
    ],
)
def test_what_is_the_same_passes(sql: str) -> None:
    assert not list(common_sql.differences(sql))


def test_whatever_goes_through_an_engine_is_of_the_subset(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home", "示例市司法局", "11310000XXXX00071R")
    generate(home, institutions=200, records=1_000)
    said: list[str] = []

    class Listening(DuckDB):
        """DuckDB, and every statement is looked at."""

        def make(self, name: str, sql: str) -> None:
            said.append(sql)
            super().make(name, sql)

        def ask(self, sql: str) -> pl.DataFrame:
            said.append(sql)
            return super().ask(sql)

    engine = Listening(duckdb.connect())
    rule = load_policy(home)
    wish = DrawRequest(
        protocol=1,
        draw="d1",
        items=("law-firm-practice",),
        as_of=DAY,
        sources=("balls:示例:7",),
        not_before="2026-11-03T06:00:00Z",
        publish_by=DAY.replace(2027),
    )
    freeze_plan(home, wish, engine)
    with home.releases.read() as release:
        compute_coverage(release, DAY, engine)
    score_run.score_institutions(home, DAY, replace(rule, branch_records="shared"), engine)
    engine.give("frame", pl.DataFrame({"id": ["L:示例"], "salt": ["0" * 32]}))
    find_least_tickets(engine, "5e" * 32, 3)
    assert len(said) > 25
    for sql in said:
        assert not list(common_sql.differences(sql)), sql
