"""The institution of a record: by code, else by licence number, else by the name in force on that day. Never guessed.

One certain candidate links; several, or none, stay unlinked and are evaluated again in every run that could change
the result. The same holds for a licence number of one institution beside another one's name. If several have the
code, as with a host's code, the licence number decides, then the name. A name that lacks only its region, or the 市 of
it, matches the one institution with the same rest (how = near). A manual decision (manual_links.py; how = person)
takes precedence over names, and for a single record over everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from double_random.registry.institutions import names
from double_random.registry.tables import ensure_tables
from double_random.store.sql_files import read_sql
from double_random.store.tables import end_where

if TYPE_CHECKING:
    import duckdb

SQL = "registry.institutions"


def link_records(connection: duckdb.DuckDBPyConnection, run: int) -> None:
    """Link the claims; called at the end of every sync and every load. Links that do not hold any more end with this
    run.
    """
    ensure_tables(connection)
    connection.execute(read_sql(SQL, "asked_claims"), {"run": run})
    find_institutions(connection)
    end_where(connection, "links", NOT_FOUND, run)
    connection.execute(ADDED, {"run": run})


def find_institutions(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table `found` (claim, institution, how).

    It is found from the temporary table `asked_claims` (claim, code, licence, folded, day).

    With a null day the name of the last known version counts. A code in the claim must not contradict the candidate's
    own: the same name under another code is another institution.
    """
    if connection.execute("SELECT 1 FROM asked_claims LIMIT 1").fetchall():
        region = {"region": names.region_pattern()}
        connection.execute(read_sql(SQL, "found_links"), region)
    else:
        connection.execute(NOTHING_FOUND)


NOTHING_FOUND = "CREATE OR REPLACE TEMP TABLE found (claim TEXT, institution TEXT, how TEXT)"

NOT_FOUND = """
claim IN (SELECT claim FROM asked_claims)
AND (claim, institution, how) NOT IN (SELECT (claim, institution, how) FROM found)
"""

ADDED = """
INSERT INTO added.links
SELECT claim, institution, how, $run, NULL
FROM found ANTI JOIN (SELECT claim FROM links WHERE known_to IS NULL) USING (claim)
ORDER BY claim
"""
