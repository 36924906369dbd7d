"""Which person a claim means: by licence number if the name agrees, else by name and institution; a name alone never.

Without a number it is the only person of that name who ever practised in that institution, under any of its names; of
several the only one there on the day of the conduct, else of the decision. A number under another name, or one that
nobody has, decides nothing either: the claim waits, and tells why and who may be meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from double_random.registry import reasons
from double_random.registry.institutions.linking import find_institutions
from double_random.registry.practitioners.tables import list_ids
from double_random.store.bitemporal import period_condition

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import duckdb
    import polars

# Why a claim waits, in the words of the closed list.
WHY = {
    "number": reasons.NO_SUCH_LICENCE,
    "other": reasons.OTHER_PERSON,
    "nobody": reasons.NOBODY_OF_NAME,
    "alone": reasons.NAME_ALONE,
    "several": reasons.TWO_OF_NAME,
    "never": reasons.NEVER_THERE,
}


def match_persons(
    connection: duckdb.DuckDBPyConnection,
    derive_posts: Callable[[Collection[str]], polars.DataFrame],
) -> None:
    """Make the temporary tables `person_found` (claim, practitioner, how) and `person_waiting` (claim, why, candidates)
    from `person_asked` (claim, folded, licence, practice, practice_code, day).

    `derive_posts`: where persons practised, by their permits alone.
    """
    connection.execute(NAMES)
    connection.execute(NUMBERS)
    bearers = list_ids(connection, BEARERS)
    _find_practices(connection)
    posts = derive_posts(bearers)
    connection.register("decided_posts", posts.to_arrow())
    connection.execute(THERE)
    connection.unregister("decided_posts")
    connection.execute(FOUND)
    connection.execute(WAITING)


def _find_practices(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `person_places` (practice, practice_code, institution): by code, else by any name that it ever bore, else as
    a record's name is looked up.
    """
    connection.execute(PLACES)
    connection.execute(REMAINING)
    find_institutions(connection)
    connection.execute(NEAR_PLACES)


NAMES = """
CREATE OR REPLACE TEMP TABLE person_names AS
SELECT DISTINCT id, folded FROM practitioners WHERE known_to IS NULL
UNION
SELECT practitioner, former_name FROM practitioner_decisions
WHERE known_to IS NULL AND practitioner IS NOT NULL AND former_name IS NOT NULL
"""

NUMBERS = """
CREATE OR REPLACE TEMP TABLE person_numbers AS
SELECT DISTINCT practitioner AS id, licence FROM practitioner_decisions
WHERE known_to IS NULL AND practitioner IS NOT NULL
UNION
SELECT practitioner, former_licence FROM practitioner_decisions
WHERE known_to IS NULL AND practitioner IS NOT NULL AND former_licence IS NOT NULL
"""

# Only these may be meant by a name and an institution.
BEARERS = """
SELECT DISTINCT n.id FROM person_names n
JOIN person_asked a ON a.folded = n.folded AND coalesce(a.practice, a.practice_code) IS NOT NULL
"""

PLACES = """
CREATE OR REPLACE TEMP TABLE person_places AS
WITH asked AS (
    SELECT DISTINCT practice, practice_code FROM person_asked
    WHERE coalesce(practice, practice_code) IS NOT NULL
), by_code AS (
    SELECT DISTINCT a.practice, a.practice_code, i.id FROM asked a
    JOIN institutions i ON i.uscc = a.practice_code AND i.known_to IS NULL
)
SELECT practice, practice_code, id AS institution FROM by_code
UNION
SELECT a.practice, a.practice_code, i.id FROM asked a
JOIN institutions i ON i.folded = a.practice AND i.known_to IS NULL
WHERE a.practice_code IS NULL OR a.practice_code NOT IN (SELECT practice_code FROM by_code)
"""

REMAINING = """
CREATE OR REPLACE TEMP TABLE asked_claims AS
SELECT DISTINCT practice AS claim, CAST(NULL AS TEXT) AS code, CAST(NULL AS TEXT) AS licence, practice AS folded,
    CAST(NULL AS DATE) AS day
FROM person_asked a
WHERE practice IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM person_places p
    WHERE p.practice IS NOT DISTINCT FROM a.practice AND p.practice_code IS NOT DISTINCT FROM a.practice_code)
"""

NEAR_PLACES = """
INSERT INTO person_places
SELECT DISTINCT a.practice, a.practice_code, f.institution FROM person_asked a JOIN found f ON f.claim = a.practice
"""

THERE = f"""
CREATE OR REPLACE TEMP TABLE person_there AS
SELECT a.claim, n.id,
    bool_or(CASE WHEN a.day IS NULL THEN e.until IS NULL
        ELSE {period_condition("a.day", "e.")} END) AS on_the_day
FROM person_asked a
JOIN person_names n ON n.folded = a.folded
JOIN person_places p ON p.practice IS NOT DISTINCT FROM a.practice
    AND p.practice_code IS NOT DISTINCT FROM a.practice_code
JOIN decided_posts e ON e.practitioner = n.id AND e.institution = p.institution
GROUP BY a.claim, n.id
"""

FOUND = """
CREATE OR REPLACE TEMP TABLE person_found AS
WITH decided AS (
    SELECT d.record AS claim, min(n.id) AS id FROM decided_links d
    JOIN person_numbers n ON 'P:' || n.licence = d.institution OR n.id = d.institution
    WHERE d.known_to IS NULL AND d.record <> '' GROUP BY d.record HAVING count(DISTINCT n.id) = 1
), by_number AS (
    SELECT DISTINCT a.claim, n.id FROM person_asked a
    JOIN person_numbers n ON n.licence = a.licence
    JOIN person_names m ON m.id = n.id AND m.folded = a.folded
), by_name AS (
    SELECT t.claim,
        CASE WHEN count(*) = 1 THEN min(t.id)
             WHEN count(*) FILTER (t.on_the_day) = 1 THEN min(t.id) FILTER (t.on_the_day) END AS id
    FROM person_there t JOIN person_asked a ON a.claim = t.claim AND a.licence IS NULL
    GROUP BY t.claim
), answers AS (
    SELECT a.claim, coalesce(d.id, l.id, n.id) AS practitioner,
        CASE WHEN d.id IS NOT NULL THEN 'person' WHEN l.id IS NOT NULL THEN 'licence' ELSE 'name' END AS how
    FROM person_asked a
    LEFT JOIN decided d ON d.claim = a.claim
    LEFT JOIN by_number l ON l.claim = a.claim
    LEFT JOIN by_name n ON n.claim = a.claim
)
SELECT claim, practitioner, how FROM answers WHERE practitioner IS NOT NULL
"""

WAITING = """
CREATE OR REPLACE TEMP TABLE person_waiting AS
WITH open AS (
    SELECT * FROM person_asked WHERE claim NOT IN (SELECT claim FROM person_found)
), there AS (
    SELECT claim, list_sort(list(id)) AS ids FROM person_there GROUP BY claim
), bearers AS (
    SELECT o.claim, list_sort(list(DISTINCT n.id)) AS ids
    FROM open o JOIN person_names n ON n.folded = o.folded GROUP BY o.claim
)
SELECT o.claim,
    CASE WHEN o.licence IS NOT NULL AND o.licence NOT IN (SELECT licence FROM person_numbers) THEN 'number'
         WHEN o.licence IS NOT NULL THEN 'other'
         WHEN b.ids IS NULL THEN 'nobody'
         WHEN coalesce(o.practice, o.practice_code) IS NULL THEN 'alone'
         WHEN t.ids IS NULL THEN 'never' ELSE 'several' END AS why,
    coalesce(t.ids, b.ids, CAST([] AS TEXT[])) AS candidates
FROM open o LEFT JOIN there t ON t.claim = o.claim LEFT JOIN bearers b ON b.claim = o.claim
"""
