"""Records that count for another party too (`[[shared]]` of a policy): a practitioner's for the institution where the
person was, an institution's for its head.

A practitioner's record stays with the institution of its time: of the day of conduct, else of the day before the
decision. It never counts for the firm moved to, nor where one decision punishes the institution itself as well. An
institution's record counts for the practitioner who headed it on the day before the decision and practised there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from double_random.registry.practitioners.claims import CLAIMS
from double_random.registry.practitioners.seats import seats_sql
from double_random.store.frames import has_table

if TYPE_CHECKING:
    import polars

    from double_random.credit.policy.model import Policy
    from double_random.credit.schema import ReadableRelease
    from double_random.credit.scoring.policy_tables import ScoringQuery

ABOUT = "('repair', 'correction', 'objection')"


def no_shared_records() -> polars.DataFrame:
    """No record, in the form of `find_shared_records`."""
    import polars

    return polars.DataFrame(schema={"holder": polars.String, "number": polars.Int64})


def find_shared_records(
    release: ReadableRelease, policy: Policy, question: ScoringQuery
) -> polars.DataFrame:
    """holder (an id), number (a record's): for whom else which records count; sorted."""
    import polars

    frames = [no_shared_records()]
    found = list_shared_records(release, policy, question)
    if found is not None:
        frames.append(found.select("holder", "number"))
    return polars.concat(frames).unique().sort("holder", "number")


def list_shared_records(
    release: ReadableRelease, policy: Policy, question: ScoringQuery
) -> polars.DataFrame | None:
    """holder, number, record, party (whose it is), party_name, since (the day that decides); None if none is shared.

    Rulings about a shared record go with it.
    """
    connection = release.connection
    rules = policy.in_force_on(question.as_of)
    ways = {shared.of for shared, _value in rules.shared}
    if not ways or not has_table(connection, "employment"):
        return None
    known = f"known_from <= {question.known_at} AND (known_to IS NULL OR known_to > {question.known_at})"
    parts = []
    if "practitioners" in ways and has_table(connection, CLAIMS):
        parts.append(OF_PRACTITIONERS.format(seats=seats_sql(known), known=known, about=ABOUT))
    if "institution" in ways:
        parts.append(OF_INSTITUTIONS.format(known=known, about=ABOUT))
    if not parts:
        return None
    union = " UNION ALL ".join(f"SELECT * FROM ({part})" for part in parts)
    return release.frame(f"SELECT DISTINCT * FROM ({union}) ORDER BY ALL")


OF_PRACTITIONERS = """
WITH seats AS ({seats}), known_records AS (
    SELECT record, number, class, coalesce(document_key, record) AS own, document_key, related_key
    FROM records WHERE {known}
), own AS (
    SELECT l.institution, r.class, r.document_key
    FROM known_records r JOIN (SELECT * FROM links WHERE {known}) l ON l.claim = r.record
    WHERE r.document_key IS NOT NULL AND l.institution NOT LIKE 'P:%'
), counted AS (
    SELECT CASE WHEN s.conducted IS NULL THEN s.when_decided ELSE s.at_conduct END AS holder, r.*,
        s.practitioner AS party, coalesce(s.conducted, s.decided) AS since
    FROM seats s JOIN known_records r ON r.record = s.claim AND r.class NOT IN {about}
), kept AS (
    SELECT * FROM counted c WHERE c.holder IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM own o
        WHERE o.institution = c.holder AND o.class = c.class AND o.document_key = c.document_key)
), ruled AS (
    SELECT k.holder, r.number, r.record, k.party, k.since
    FROM kept k JOIN seats s ON s.practitioner = k.party
    JOIN known_records r ON r.record = s.claim AND r.class IN {about} AND r.related_key = k.own
), names AS (
    SELECT id, max_by(name, valid_from) AS name FROM practitioners WHERE {known} GROUP BY id
)
SELECT a.holder, a.number, a.record, a.party, n.name AS party_name, a.since
FROM (SELECT holder, number, record, party, since FROM kept UNION SELECT * FROM ruled) a
LEFT JOIN names n ON n.id = a.party
"""

OF_INSTITUTIONS = """
WITH known_records AS (
    SELECT r.record, r.number, r.class, r.decided, coalesce(r.document_key, r.record) AS own, r.document_key,
        r.related_key, l.institution
    FROM (SELECT * FROM records WHERE {known}) r JOIN (SELECT * FROM links WHERE {known}) l ON l.claim = r.record
), posts AS (
    SELECT practitioner, institution, since, until FROM employment WHERE {known}
), persons AS (
    SELECT id, folded, valid_from, valid_to FROM practitioners WHERE {known}
), heads AS (
    SELECT id, name, head, valid_from, valid_to FROM institutions WHERE {known} AND head IS NOT NULL
), counted AS (
    SELECT DISTINCT p.id AS holder, r.number, r.record, r.institution AS party, i.name AS party_name,
        r.decided AS since, r.own, r.class, r.document_key
    FROM known_records r
    JOIN heads i ON i.id = r.institution AND i.valid_from < r.decided AND coalesce(i.valid_to >= r.decided, true)
    JOIN posts e ON e.institution = i.id AND coalesce(e.since < r.decided, true)
        AND coalesce(e.until >= r.decided, true)
    JOIN persons p ON p.id = e.practitioner AND p.folded = upper(regexp_replace(i.head, '\\s', '', 'g'))
    WHERE r.class NOT IN {about} AND r.institution NOT LIKE 'P:%'
    QUALIFY count(DISTINCT p.id) OVER (PARTITION BY r.record) = 1
), kept AS (
    SELECT * FROM counted c WHERE NOT EXISTS (
        SELECT 1 FROM known_records o
        WHERE o.institution = c.holder AND o.class = c.class AND o.document_key = c.document_key)
)
SELECT holder, number, record, party, party_name, since FROM kept
UNION
SELECT k.holder, r.number, r.record, k.party, k.party_name, k.since
FROM kept k JOIN known_records r ON r.institution = k.party AND r.class IN {about} AND r.related_key = k.own
"""
