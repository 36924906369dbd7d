"""Who a record speaks of: by code, else by licence number, else by the name in force on that day. Never guessed.

One candidate above doubt links; several, or none, stay unlinked and are asked again in every run that could change
the answer. A person's decision (how = person) stands above all of this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.tables import ensure

if TYPE_CHECKING:
    import duckdb


def resolve(connection: duckdb.DuckDBPyConnection, run: int) -> None:
    """Link the claims; called at the end of every sync and every load. What no longer holds ends with this run."""
    ensure(connection)
    connection.execute(OPEN_QUESTIONS, {"run": run})
    find(connection, "open_questions")
    connection.execute(ENDED, {"run": run})
    connection.execute(ADDED, {"run": run})


def find(connection: duckdb.DuckDBPyConnection, claims: str) -> None:
    """Make the temporary table `found` (claim, institution, how).

    `claims` names a table with claim, code, licence, folded, day.

    A null day asks for the name of today's knowledge: the last version's. A code that the claim states must not
    contradict the candidate's own: the same name under another code is another institution.
    """
    connection.execute(FOUND.format(claims=claims))


# What is new, unlinked, or could be answered otherwise since this run changed somebody of that code, number or name.
OPEN_QUESTIONS = """
CREATE OR REPLACE TEMP TABLE open_questions AS
WITH changed AS (
    SELECT DISTINCT id, uscc, licence, folded FROM institutions WHERE known_from = $run OR known_to = $run
)
SELECT c.claim, c.code, c.licence, c.folded, c.day
FROM claims c
LEFT JOIN links l ON l.claim = c.claim AND l.known_to IS NULL
WHERE l.claim IS NULL
    OR l.how <> 'person' AND (
        l.institution IN (SELECT id FROM changed)
        OR c.code IN (SELECT uscc FROM changed WHERE uscc IS NOT NULL)
        OR c.licence IN (SELECT licence FROM changed WHERE licence IS NOT NULL)
        OR c.folded IN (SELECT folded FROM changed)
    )
"""

FOUND = """
CREATE OR REPLACE TEMP TABLE found AS
WITH known AS (
    SELECT id, uscc, licence, folded, valid_from, valid_to FROM institutions WHERE known_to IS NULL
), identities AS (
    SELECT id, max(uscc) AS uscc FROM known GROUP BY id
), by_code AS (
    SELECT c.claim, k.id, bool_or(k.folded = c.folded) AS named
    FROM {claims} c JOIN known k ON k.uscc = c.code
    GROUP BY c.claim, k.id
), code_answers AS (
    SELECT claim,
        CASE WHEN count(*) = 1 THEN min(id)
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
)
SELECT c.claim,
    CASE WHEN a.claim IS NOT NULL THEN a.id ELSE coalesce(l.id, n.id) END AS institution,
    CASE WHEN a.claim IS NOT NULL THEN 'code' WHEN l.id IS NOT NULL THEN 'licence' ELSE 'name' END AS how
FROM {claims} c
LEFT JOIN code_answers a ON a.claim = c.claim
LEFT JOIN by_licence l ON l.claim = c.claim
LEFT JOIN by_name n ON n.claim = c.claim
WHERE CASE WHEN a.claim IS NOT NULL THEN a.id ELSE coalesce(l.id, n.id) END IS NOT NULL
"""

ENDED = """
UPDATE links SET known_to = $run
WHERE known_to IS NULL AND how <> 'person'
    AND claim IN (SELECT claim FROM open_questions)
    AND (claim, institution, how) NOT IN (SELECT (claim, institution, how) FROM found)
"""

ADDED = """
INSERT INTO links
SELECT f.claim, f.institution, f.how, $run, NULL FROM found f
WHERE f.claim NOT IN (SELECT claim FROM links WHERE known_to IS NULL)
ORDER BY f.claim
"""
