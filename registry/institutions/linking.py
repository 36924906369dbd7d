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
from double_random.store.tables import end_rows, end_where, find_rows

if TYPE_CHECKING:
    import duckdb

SQL = "registry.institutions"


def link_records(connection: duckdb.DuckDBPyConnection, run: int) -> None:
    """Link the claims; called at the end of every sync and every load. Links that do not hold any more end with this
    run.

    Asked are new claims, those that wait, and those that this run could link otherwise; all of them if it is not known
    which wait: in the first run, and after an undo.
    """
    ensure_tables(connection)
    if connection.execute(IS_KNOWN_WHO_WAITS).fetchall():
        _ask_some_claims(connection, run)
    else:
        _ask_all_claims(connection, run)
    find_institutions(connection)
    end_rows(connection, "links", NOT_FOUND, run)
    connection.execute(ADDED, {"run": run})
    connection.execute(OPEN)
    end_where(connection, "waiting_claims", WAIT_NO_MORE, run)
    connection.execute(WAIT_NOW, {"run": run})


def _ask_all_claims(connection: duckdb.DuckDBPyConnection, run: int) -> None:
    """Make `asked_claims` and `standing` (their links: place, claim, institution, how) from every claim and link."""
    connection.execute(read_sql(SQL, "asked_claims"), {"run": run})
    _find_standing(connection, "SELECT claim FROM asked_claims")
    connection.execute("INSERT INTO added.linkings VALUES (?)", [run])


def _ask_some_claims(connection: duckdb.DuckDBPyConnection, run: int) -> None:
    """Make the same tables; claims and links of earlier runs are read only if the register has changed for them."""
    connection.execute(read_sql(SQL, "open_claims"))
    connection.execute(read_sql(SQL, "changed_parties"), {"run": run})
    if connection.execute("SELECT 1 FROM changed_parties LIMIT 1").fetchall():
        connection.execute(read_sql(SQL, "touched_claims"))
        _find_standing(connection, f"SELECT claim FROM touched_claims UNION ALL {NEAR}")
        connection.execute(TOUCHED)
    elif connection.execute(f"{NEAR} LIMIT 1").fetchall():
        _find_standing(connection, NEAR)
    else:
        connection.execute(NONE_STANDING)


def _find_standing(connection: duckdb.DuckDBPyConnection, claims: str) -> None:
    """Make `standing`: the links of these claims that are known now."""
    find_rows(connection, "links", claims, "links_of_asked")
    connection.execute(STANDING)


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

# Whether a run has asked every claim since the last undo: then `waiting_claims` has all that wait.
IS_KNOWN_WHO_WAITS = """
SELECT 1 FROM linkings WHERE run > (SELECT coalesce(max(undoing), -1) FROM undone) LIMIT 1
"""

STANDING = """
CREATE OR REPLACE TEMP TABLE standing AS
SELECT place, claim, institution, how FROM links_of_asked WHERE known_to IS NULL
"""

NEAR = "SELECT claim FROM asked_claims WHERE how = 'near'"

NONE_STANDING = """
CREATE OR REPLACE TEMP TABLE standing (place BIGINT, claim TEXT, institution TEXT, how TEXT)
"""

# What a person has decided for a claim's name or record is not asked again, but where that decision has changed.
TOUCHED = """
INSERT INTO asked_claims
SELECT claim, code, licence, folded, day, NULL FROM touched_claims
WHERE decided OR claim NOT IN (SELECT claim FROM standing WHERE how = 'person')
"""

NOT_FOUND = """
SELECT s.place FROM standing AS s SEMI JOIN asked_claims AS a ON a.claim = s.claim
ANTI JOIN found AS f ON f.claim = s.claim AND f.institution = s.institution AND f.how = s.how
"""

ADDED = """
INSERT INTO added.links
SELECT claim, institution, how, $run, NULL
FROM found ANTI JOIN standing USING (claim, institution, how)
ORDER BY claim
"""

OPEN = """
CREATE OR REPLACE TEMP TABLE open_now AS
SELECT a.claim, a.code, a.licence, a.folded, a.day, f.how
FROM asked_claims AS a LEFT JOIN found AS f ON f.claim = a.claim
WHERE f.claim IS NULL OR f.how = 'near'
"""

WAIT_NO_MORE = """
claim IN (SELECT claim FROM asked_claims)
AND (claim, coalesce(how, '')) NOT IN (SELECT (claim, coalesce(how, '')) FROM open_now)
"""

WAIT_NOW = """
INSERT INTO added.waiting_claims
SELECT claim, code, licence, folded, day, how, $run, NULL
FROM open_now ANTI JOIN (SELECT claim FROM waiting_claims WHERE known_to IS NULL) USING (claim)
ORDER BY claim
"""
