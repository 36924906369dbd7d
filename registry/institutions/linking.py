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

if TYPE_CHECKING:
    import duckdb


def link_records(connection: duckdb.DuckDBPyConnection, run: int) -> None:
    """Link the claims; called at the end of every sync and every load. Links that do not hold any more end with this
    run.
    """
    ensure_tables(connection)
    connection.execute(OPEN_QUESTIONS, {"run": run})
    find_institutions(connection, "open_questions")
    connection.execute(ENDED, {"run": run})
    connection.execute(ADDED, {"run": run})


def find_institutions(connection: duckdb.DuckDBPyConnection, claims: str) -> None:
    """Make the temporary table `found` (claim, institution, how).

    `claims` names a table with claim, code, licence, folded, day.

    With a null day the name of the last known version counts. A code in the claim must not contradict the candidate's
    own: the same name under another code is another institution.
    """
    has_claims = connection.execute(f"SELECT 1 FROM {claims} LIMIT 1").fetchall()
    sql = FOUND if has_claims else NOBODY_ASKED
    connection.execute(sql.format(claims=claims, region=names.region_pattern()))


# New and unlinked claims, and those whose result may change because this run changed that code, number or name.
OPEN_QUESTIONS = """
CREATE OR REPLACE TEMP TABLE open_questions AS
WITH changed AS (
    SELECT DISTINCT id, uscc, licence, folded FROM institutions WHERE known_from = $run OR known_to = $run
)
SELECT c.claim, c.code, c.licence, c.folded, c.day
FROM claims c
LEFT JOIN links l ON l.claim = c.claim AND l.known_to IS NULL
WHERE l.claim IS NULL
    OR c.claim IN (SELECT record FROM decided_links WHERE known_from = $run OR known_to = $run)
    OR c.folded IN (SELECT folded FROM decided_links WHERE known_from = $run OR known_to = $run)
    OR l.how <> 'person' AND (
        l.institution IN (SELECT id FROM changed)
        OR c.code IN (SELECT uscc FROM changed WHERE uscc IS NOT NULL)
        OR c.licence IN (SELECT licence FROM changed WHERE licence IS NOT NULL)
        OR c.folded IN (SELECT folded FROM changed)
        OR l.how = 'near'
    )
"""

NOBODY_ASKED = "CREATE OR REPLACE TEMP TABLE found (claim TEXT, institution TEXT, how TEXT)"

FOUND = """
CREATE OR REPLACE TEMP TABLE found AS
WITH known AS (
    SELECT id, uscc, licence, folded, valid_from, valid_to FROM institutions WHERE known_to IS NULL
), identities AS (
    SELECT id, max(uscc) AS uscc FROM known GROUP BY id
), by_code AS (
    SELECT c.claim, k.id, bool_or(k.licence = c.licence) AS licensed, bool_or(k.folded = c.folded) AS named
    FROM {claims} c JOIN known k ON k.uscc = c.code
    GROUP BY c.claim, k.id
), code_answers AS (
    SELECT claim,
        CASE WHEN count(*) = 1 THEN min(id)
             WHEN count(*) FILTER (licensed) = 1 THEN min(id) FILTER (licensed)
             WHEN count(*) FILTER (named) = 1 THEN min(id) FILTER (named) END AS id
    FROM by_code GROUP BY claim
), by_licence AS (
    SELECT c.claim, min(k.id) AS id
    FROM {claims} c JOIN known k ON k.licence = c.licence JOIN identities i ON i.id = k.id
    WHERE c.code IS NULL OR i.uscc IS NULL
    GROUP BY c.claim HAVING count(DISTINCT k.id) = 1
), by_name AS (
    SELECT c.claim, min(k.id) AS id
    FROM {claims} c JOIN known k ON k.folded = c.folded
        AND (k.valid_from <= c.day OR c.day IS NULL)
        AND (k.valid_to IS NULL OR k.valid_to > c.day)
    JOIN identities i ON i.id = k.id
    WHERE c.code IS NULL OR i.uscc IS NULL
    GROUP BY c.claim HAVING count(DISTINCT k.id) = 1
), decided AS (
    SELECT d.folded, d.record, coalesce(own.id, moved.id) AS id
    FROM decided_links d
    LEFT JOIN identities own ON own.id = d.institution
    LEFT JOIN (
        SELECT 'L:' || licence AS former_id, min(id) AS id FROM known GROUP BY licence HAVING count(DISTINCT id) = 1
    ) moved ON moved.former_id = d.institution
    WHERE d.known_to IS NULL
), exact AS (
    SELECT c.claim, c.code, c.folded, c.day, l.id AS licence_id, n.id AS name_id, p.id AS person_id,
        r.id AS record_id, a.id AS code_id, a.claim IS NOT NULL AS coded
    FROM {claims} c
    LEFT JOIN code_answers a ON a.claim = c.claim
    LEFT JOIN by_licence l ON l.claim = c.claim
    LEFT JOIN by_name n ON n.claim = c.claim
    LEFT JOIN decided p ON p.folded = c.folded AND p.folded <> '' AND a.claim IS NULL
    LEFT JOIN decided r ON r.record = c.claim AND r.record <> ''
), open AS (
    SELECT claim, code, day,
        regexp_extract(folded, '{region}', 1) AS region, regexp_replace(folded, '{region}', '') AS rest
    FROM exact
    WHERE NOT coded AND coalesce(record_id, person_id, licence_id, name_id) IS NULL AND folded IS NOT NULL
), bearers AS (
    SELECT id, valid_from, valid_to,
        regexp_extract(folded, '{region}', 1) AS region, regexp_replace(folded, '{region}', '') AS rest
    FROM known WHERE EXISTS (SELECT 1 FROM open)
), near AS (
    SELECT o.claim, min(b.id) AS id
    FROM open o JOIN bearers b ON b.rest = o.rest AND (b.region = o.region OR b.region = '' OR o.region = '')
        AND (b.valid_from <= o.day OR o.day IS NULL)
        AND (b.valid_to IS NULL OR b.valid_to > o.day)
    JOIN identities i ON i.id = b.id
    WHERE o.code IS NULL OR i.uscc IS NULL
    GROUP BY o.claim HAVING count(DISTINCT b.id) = 1
), answers AS (
    SELECT e.claim,
        CASE WHEN e.record_id IS NOT NULL THEN e.record_id
             WHEN e.coded THEN e.code_id
             WHEN e.person_id IS NULL AND e.licence_id <> e.name_id THEN NULL
             ELSE coalesce(e.person_id, e.licence_id, e.name_id, n.id) END AS institution,
        CASE WHEN e.record_id IS NOT NULL THEN 'person'
             WHEN e.coded THEN 'code'
             WHEN e.person_id IS NOT NULL THEN 'person'
             WHEN e.licence_id IS NOT NULL THEN 'licence'
             WHEN e.name_id IS NOT NULL THEN 'name' ELSE 'near' END AS how
    FROM exact e LEFT JOIN near n ON n.claim = e.claim
)
SELECT claim, institution, how FROM answers WHERE institution IS NOT NULL
"""

ENDED = """
UPDATE links SET known_to = $run
WHERE known_to IS NULL
    AND claim IN (SELECT claim FROM open_questions)
    AND (claim, institution, how) NOT IN (SELECT (claim, institution, how) FROM found)
"""

ADDED = """
INSERT INTO links
SELECT claim, institution, how, $run, NULL
FROM found ANTI JOIN (SELECT claim FROM links WHERE known_to IS NULL) USING (claim)
ORDER BY claim
"""
