"""Which institution a person's permit names: by code, else by a name that one institution alone ever bore, else the one
that bore it on the day. A name of another province is `ELSEWHERE`. Never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from double_random import data
from double_random.registry.institutions.linking import find_institutions
from double_random.registry.practitioners.employment import ELSEWHERE, ENDED_STATUS
from double_random.store.frames import frame_to_arrow

if TYPE_CHECKING:
    from datetime import date

    import duckdb
    import polars

    from double_random.registry.practitioners.kinds import PractitionerFacts

Place = tuple[str, str, str, "date"]  # kind of practitioner, folded name, code (or empty), day


def find_places(
    connection: duckdb.DuckDBPyConnection,
    places: polars.DataFrame,
    facts: PractitionerFacts,
    districts: dict[str, str],
) -> dict[Place, str]:
    """The institution's id, or ELSEWHERE, of each place (columns kind, folded, code, day) that names a known one.

    `districts`: the bureau's own, by name; their codes say which provinces are its own.
    """
    if not places.height:
        return {}
    kinds = [(kind.code, code) for kind in facts.kinds for code in kind.institutions]
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE practice_kinds (kind TEXT, institution_kind TEXT)"
    )
    if kinds:
        connection.executemany("INSERT INTO practice_kinds VALUES (?, ?)", kinds)
    connection.register("places_asked", frame_to_arrow(places.unique()))
    connection.execute(CLAIMS)
    connection.unregister("places_asked")
    connection.execute(EXACT)
    connection.execute(REMAINING)
    find_institutions(connection)
    found = {
        (kind, folded, code, day): institution
        for kind, folded, code, day, institution in connection.execute(FOUND).fetchall()
    }
    own, others = split_regions(districts)
    for place in places.unique().iter_rows():
        if place not in found and is_elsewhere(place[1], own, others):
            found[place] = ELSEWHERE
    return found


def split_regions(districts: dict[str, str]) -> tuple[Sequence[str], Sequence[str]]:
    """The names of the provinces that the bureau's districts lie in, and of all others."""
    regions = data.table("regions.toml")
    here = {code[:2] for code in districts.values()}
    coded = list(zip(regions["words"], map(str, regions["codes"]), strict=True))
    return (
        tuple(word for word, code in coded if code in here),
        tuple(word for word, code in coded if code not in here),
    )


def is_elsewhere(folded: str, own: Sequence[str], others: Sequence[str]) -> bool:
    """Whether a name is that of an institution of another province: it begins with it, and names no own one."""
    return folded.startswith(tuple(others)) and not any(word in folded for word in own)


def load_institution_ends(
    connection: duckdb.DuckDBPyConnection, institutions: Sequence[str]
) -> dict[str, list[date]]:
    """The days on which these institutions ended: the first days of versions that are not in practice any more."""
    connection.execute("CREATE OR REPLACE TEMP TABLE ends_asked (id TEXT)")
    if institutions:
        connection.executemany("INSERT INTO ends_asked VALUES (?)", [[id_] for id_ in institutions])
    ends: dict[str, list[date]] = {}
    for id_, day in connection.execute(ENDS, [list(ENDED_STATUS)]).fetchall():
        ends.setdefault(id_, []).append(day)
    return ends


CLAIMS = """
CREATE OR REPLACE TEMP TABLE place_claims AS
SELECT concat_ws(chr(31), kind, folded, code, CAST(day AS TEXT)) AS claim, kind, folded,
    nullif(code, '') AS code, CAST(NULL AS TEXT) AS licence, day
FROM places_asked
"""

EXACT = """
CREATE OR REPLACE TEMP TABLE places_exact AS
WITH known AS (
    SELECT i.id, i.uscc, i.folded, i.valid_from, i.valid_to, k.kind
    FROM institutions i JOIN practice_kinds k ON k.institution_kind = i.kind
    WHERE i.known_to IS NULL
), by_code AS (
    SELECT c.claim, min(k.id) AS id
    FROM place_claims c JOIN known k ON k.uscc = c.code AND k.kind = c.kind
    GROUP BY c.claim HAVING count(DISTINCT k.id) = 1
), by_name AS (
    SELECT c.claim,
        CASE WHEN count(DISTINCT k.id) = 1 THEN min(k.id)
             WHEN count(DISTINCT k.id) FILTER (k.valid_from <= c.day AND coalesce(k.valid_to > c.day, true)) = 1
                 THEN min(k.id) FILTER (k.valid_from <= c.day AND coalesce(k.valid_to > c.day, true)) END AS id
    FROM place_claims c JOIN known k ON k.folded = c.folded AND k.kind = c.kind
        AND (c.code IS NULL OR k.uscc IS NULL OR k.uscc = c.code)
    GROUP BY c.claim
)
SELECT c.claim, coalesce(b.id, n.id) AS institution
FROM place_claims c LEFT JOIN by_code b ON b.claim = c.claim LEFT JOIN by_name n ON n.claim = c.claim
WHERE coalesce(b.id, n.id) IS NOT NULL
"""

REMAINING = """
CREATE OR REPLACE TEMP TABLE asked_claims AS
SELECT claim, code, licence, folded, day FROM place_claims
WHERE claim NOT IN (SELECT claim FROM places_exact)
"""

FOUND = """
SELECT c.kind, c.folded, coalesce(c.code, ''), c.day, e.institution
FROM place_claims c JOIN places_exact e ON e.claim = c.claim
UNION ALL
SELECT c.kind, c.folded, coalesce(c.code, ''), c.day, f.institution
FROM place_claims c JOIN found f ON f.claim = c.claim
WHERE f.institution IN (
    SELECT i.id FROM institutions i JOIN practice_kinds k ON k.institution_kind = i.kind AND k.kind = c.kind
    WHERE i.known_to IS NULL)
"""

ENDS = """
SELECT i.id, i.valid_from FROM institutions i JOIN ends_asked a ON a.id = i.id
WHERE i.known_to IS NULL AND list_contains(?, i.status)
ORDER BY i.id, i.valid_from
"""
