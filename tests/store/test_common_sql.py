"""Every .sql file that scales stays in the subset that DuckDB and Spark answer alike."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SCALES = sorted(
    file
    for room in ("credit", "registry", "inspection", "store")
    for file in (ROOT / room).rglob("*.sql")
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
