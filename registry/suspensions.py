"""Penalties that change a state: 停业整顿 (until it ends) and 吊销. Kept also while nobody is known by that name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.linking import find
from registry.names import fold_expression

if TYPE_CHECKING:
    import duckdb
    import polars

EVENTS = {"revocation": "revoked", "suspension": "suspended"}  # penalty kind → what it does


def take(connection: duckdb.DuckDBPyConnection, penalties: polars.DataFrame, run: int) -> None:
    """Keep the penalties of intake that suspend or revoke; one that is known already is not taken twice."""
    import polars

    kinds = polars.col("kinds")
    orders = penalties.with_columns(
        polars.coalesce(
            polars.when(kinds.list.contains(kind)).then(polars.lit(event))
            for kind, event in EVENTS.items()
        ).alias("event"),
        fold_expression("name").alias("folded"),
    ).filter(
        polars.col("event").is_not_null(),
        polars.col("name").is_not_null(),
        polars.col("decided").is_not_null(),
    )
    connection.register("orders_read", orders.to_arrow())
    connection.execute(NEW, {"run": run})
    connection.unregister("orders_read")


def link(connection: duckdb.DuckDBPyConnection, run: int) -> None:
    """Say of every one whose it is; where that is known better now, the row's knowledge ends and a new one says so."""
    connection.execute(CLAIMS)
    find(connection, "suspension_claims")
    connection.execute(MOVED)
    connection.execute(NEVER_KNOWN, {"run": run})
    connection.execute(ENDED, {"run": run})
    connection.execute(ADDED, {"run": run})


NEW = """
INSERT INTO suspensions
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
CREATE OR REPLACE TEMP TABLE suspension_claims AS
SELECT suspension AS claim, uscc AS code, licence, folded, decided AS day
FROM suspensions WHERE known_to IS NULL
"""

MOVED = """
CREATE OR REPLACE TEMP TABLE moved_suspensions AS
SELECT s.* REPLACE (f.institution AS institution)
FROM suspensions s LEFT JOIN found f ON f.claim = s.suspension
WHERE s.known_to IS NULL AND s.institution IS DISTINCT FROM f.institution
"""

NEVER_KNOWN = """
DELETE FROM suspensions
WHERE known_from = $run AND suspension IN (SELECT suspension FROM moved_suspensions)
"""

ENDED = """
UPDATE suspensions SET known_to = $run
WHERE known_to IS NULL AND suspension IN (SELECT suspension FROM moved_suspensions)
"""

ADDED = """
INSERT INTO suspensions
SELECT * REPLACE ($run AS known_from, NULL AS known_to) FROM moved_suspensions ORDER BY suspension
"""
