"""Penalties that change a status: suspension (停业整顿) until it ends, and revocation (吊销).

Penalties without a linked institution are stored too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from double_random.registry import reasons
from double_random.registry.institutions.linking import find_institutions
from double_random.registry.institutions.names import normalize_expression
from double_random.store.tables import end_where, remove_added

if TYPE_CHECKING:
    import duckdb
    import polars

MONTH = 31
SPAN = (
    r"(?:停业(?:整顿)?|停止执业)[^0-9一二三四五六七八九十两半,，;；。]{0,8}"
    r"(?P<count>[0-9]{1,3}|[一二三四五六七八九十两]{1,3}|半)\s*个?(?P<unit>年|月|周|日|天)"
)
DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
EVENTS = {"revocation": "revoked", "suspension": "suspended"}  # penalty kind → its effect


def insert_suspensions(
    connection: duckdb.DuckDBPyConnection, penalties: polars.DataFrame, run: int
) -> None:
    """Insert the penalties of intake that suspend or revoke; known ones are not inserted again."""
    import polars

    kinds = polars.col("kinds")
    orders = penalties.with_columns(
        polars.coalesce(
            polars.when(kinds.list.contains(kind)).then(polars.lit(event))
            for kind, event in EVENTS.items()
        ).alias("event"),
        normalize_expression("name").alias("folded"),
    ).filter(
        polars.col("event").is_not_null(),
        polars.col("name").is_not_null(),
        polars.col("decided").is_not_null(),
    )
    connection.register("orders_read", orders.to_arrow())
    connection.execute(NEW, {"run": run})
    connection.unregister("orders_read")


def find_differing_spans(penalties: polars.DataFrame) -> polars.DataFrame:
    """Noted issues: suspensions whose content states another duration than their dates (一个月, and a year valid).

    file sheet row column value reason name severity. A difference of one month is accepted: a term may begin later.
    """
    import polars

    issue_rows = []
    doubtful = penalties.filter(
        polars.col("kinds").list.contains("suspension"),
        polars.col("decided").is_not_null(),
        polars.col("ends").is_not_null(),
        polars.col("content").str.contains(SPAN),
    )
    columns = ("file", "sheet", "row", "name", "content", "decided", "ends")
    for file, sheet, row, name, content, decided, ends in doubtful.select(columns).iter_rows():
        span = re.search(SPAN, content)
        days = _span_in_days(span["count"], span["unit"]) if span else None
        if span and days is not None and abs((ends - decided).days - days) > MONTH:
            value = f"{span[0]} ≠ {decided} – {ends}"
            issue_rows.append(
                (file, sheet, row, "ends", value, reasons.OTHER_SPAN, name or "", "noted")
            )
    text = polars.String()
    schema = {"file": text, "sheet": text, "row": polars.Int64(), "column": text, "value": text}
    schema |= {"reason": text, "name": text, "severity": text}
    return polars.DataFrame(issue_rows, schema=schema, orient="row")


def _span_in_days(count: str, unit: str) -> int | None:
    """A duration in days; None if the count is not a number."""
    number = float(count) if count.isdecimal() else _parse_chinese_number(count)
    if number is None:
        return None
    return round(number * {"年": 365, "月": 30.44, "周": 7}.get(unit, 1))


def _parse_chinese_number(text: str) -> float | None:
    """一 to 九十九, 两 and 半."""
    if text == "半":
        return 0.5
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return DIGITS.get(text)
    first = DIGITS.get(tens, 0) if tens else 1
    return first * 10 + (DIGITS.get(ones, 0) if ones else 0)


def link_suspensions(connection: duckdb.DuckDBPyConnection, run: int) -> None:
    """Link every suspension to its institution; if the link changes, the row ends and a new row is added."""
    connection.execute(CLAIMS)
    find_institutions(connection)
    connection.execute(MOVED)
    remove_added(connection, "suspensions", NEVER_KNOWN, {"run": run})
    end_where(connection, "suspensions", HAS_MOVED, run)
    connection.execute(ADDED, {"run": run})


NEW = """
INSERT INTO added.suspensions
WITH typed AS (
    SELECT DISTINCT
        sha256(concat_ws(chr(31), event, name, coalesce(uscc, ''), coalesce(document, ''), CAST(decided AS TEXT),
            coalesce(CAST(ends AS TEXT), ''), coalesce(authority, ''), nullif(licence, ''))) AS suspension,
        CAST(NULL AS TEXT) AS institution, event, name, folded, uscc, document, decided, ends, authority, licence
    FROM orders_read
)
SELECT * EXCLUDE (licence), $run, NULL, licence FROM typed
WHERE suspension NOT IN (SELECT suspension FROM suspensions WHERE known_to IS NULL)
ORDER BY suspension
"""

CLAIMS = """
CREATE OR REPLACE TEMP TABLE asked_claims AS
SELECT suspension AS claim, uscc AS code, licence, folded, decided AS day
FROM suspensions WHERE known_to IS NULL
"""

MOVED = """
CREATE OR REPLACE TEMP TABLE moved_suspensions AS
SELECT s.* REPLACE (f.institution AS institution)
FROM suspensions s LEFT JOIN found f ON f.claim = s.suspension
WHERE s.known_to IS NULL AND s.institution IS DISTINCT FROM f.institution
"""

HAS_MOVED = "suspension IN (SELECT suspension FROM moved_suspensions)"

NEVER_KNOWN = f"SELECT place FROM placed.suspensions WHERE known_from = $run AND {HAS_MOVED}"

ADDED = """
INSERT INTO added.suspensions
SELECT * REPLACE ($run AS known_from, NULL AS known_to) FROM moved_suspensions ORDER BY suspension
"""
