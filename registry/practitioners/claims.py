"""Records and recusals about persons: whose they are, linked at every sync and every load; who may be meant while one
waits; and which institution a person's record stays with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from double_random.registry.practitioners.matching import WHY, match_persons
from double_random.store.frames import has_table, query_frame
from double_random.store.tables import end_where, remove_added

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import duckdb
    import polars

    from double_random.store.releases import Draft, Release

CLAIMS = "person_claims"  # its presence says that records about persons were read


def link_person_claims(
    connection: duckdb.DuckDBPyConnection,
    derive_posts: Callable[[Collection[str]], polars.DataFrame],
    run: int,
) -> None:
    """Link the claims that are new, that wait, or whose answer this run may have changed.

    `derive_posts`: where persons practised, by their permits alone.
    """
    if not has_table(connection, CLAIMS):
        return
    connection.execute(ASKED, {"run": run})
    if not connection.execute("SELECT 1 FROM person_asked LIMIT 1").fetchall():
        return
    match_persons(connection, derive_posts)
    connection.execute(ENDING)
    remove_added(connection, "links", NEVER_KNOWN, {"run": run})
    end_where(connection, "links", NOT_FOUND, run)
    connection.execute(ADDED, {"run": run})


def list_waiting(release: Release | Draft) -> dict[str, tuple[str, list[str]]]:
    """The claims about persons that wait: claim → why, in the words of the closed list, and who may be meant."""
    if not release.has(CLAIMS):
        return {}
    connection = release.connection
    connection.execute(ALL_WAITING)
    if not connection.execute("SELECT 1 FROM person_asked LIMIT 1").fetchall():
        return {}
    match_persons(connection, lambda ids: query_frame(connection, POSTS, [sorted(ids)]))
    return {
        claim: (WHY[why], list(candidates))
        for claim, why, candidates in connection.execute(
            "SELECT claim, why, candidates FROM person_waiting ORDER BY claim"
        ).fetchall()
    }


# A day of conduct is asked before the day of the decision.
SHAPE = (
    "c.claim, c.folded, c.licence, c.practice, c.practice_code, coalesce(c.conducted, c.day) AS day"
)

ASKED = f"""
CREATE OR REPLACE TEMP TABLE person_asked AS
WITH persons AS (
    SELECT id, folded FROM practitioners WHERE known_from = $run OR known_to = $run
), numbers AS (
    SELECT licence, former_licence, practitioner, former_name FROM practitioner_decisions
    WHERE known_from = $run OR known_to = $run
), posts AS (
    SELECT practitioner FROM employment WHERE known_from = $run OR known_to = $run
), places AS (
    SELECT folded, uscc FROM institutions WHERE known_from = $run OR known_to = $run
)
SELECT {SHAPE}
FROM person_claims c LEFT JOIN links l ON l.claim = c.claim AND l.known_to IS NULL
WHERE l.claim IS NULL
    OR c.claim IN (SELECT record FROM decided_links WHERE known_from = $run OR known_to = $run)
    OR l.how <> 'person' AND (l.institution IN (SELECT id FROM persons UNION SELECT practitioner FROM posts)
    OR c.folded IN (SELECT folded FROM persons UNION SELECT former_name FROM numbers WHERE former_name IS NOT NULL)
    OR c.licence IN (SELECT licence FROM numbers
        UNION SELECT former_licence FROM numbers WHERE former_licence IS NOT NULL)
    OR c.licence IS NULL AND c.practice IN (SELECT folded FROM places)
    OR c.licence IS NULL AND c.practice_code IN (SELECT uscc FROM places WHERE uscc IS NOT NULL)
    OR c.licence IS NULL AND c.folded IN (
        SELECT n.folded FROM practitioners n JOIN posts p ON p.practitioner = n.id WHERE n.known_to IS NULL)
    OR c.practice IN (SELECT folded FROM decided_links WHERE known_from = $run OR known_to = $run))
"""

ALL_WAITING = f"""
CREATE OR REPLACE TEMP TABLE person_asked AS
SELECT {SHAPE} FROM person_claims c
WHERE c.claim NOT IN (SELECT claim FROM links WHERE known_to IS NULL)
"""

POSTS = """
SELECT practitioner, institution, since, until FROM employment
WHERE known_to IS NULL AND list_contains(?, practitioner)
"""

ENDING = """
CREATE OR REPLACE TEMP TABLE person_ending AS
SELECT l.place, l.known_from FROM placed.links l SEMI JOIN person_asked a ON a.claim = l.claim
WHERE l.known_to IS NULL AND NOT EXISTS (
    SELECT 1 FROM person_found f
    WHERE f.claim = l.claim AND f.practitioner = l.institution AND f.how = l.how)
"""

NEVER_KNOWN = "SELECT place FROM person_ending WHERE known_from = $run"

NOT_FOUND = """
claim IN (SELECT claim FROM person_asked)
AND (claim, institution, how) NOT IN (SELECT (claim, practitioner, how) FROM person_found)
"""

ADDED = """
INSERT INTO added.links
SELECT claim, practitioner, how, $run, NULL
FROM person_found ANTI JOIN (SELECT claim FROM links WHERE known_to IS NULL) USING (claim)
ORDER BY claim
"""
