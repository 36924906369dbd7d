"""The institution that a person's record stays with: where the person was at the conduct, and when it was decided.

The day of the conduct counts as it is; the decision counts as of the day before, for the decision itself may end the
post. Who moves away leaves the record with the institution of that time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from double_random.registry.practitioners.claims import CLAIMS
from double_random.store.bitemporal import knowledge_condition, period_condition

if TYPE_CHECKING:
    import polars

    from double_random.store.releases import Draft, Release


def find_seats(release: Release | Draft, known_at: int | None = None) -> polars.DataFrame | None:
    """claim practitioner conducted decided at_conduct when_decided, of every linked record about a person; None if
    there is none. An institution is null where the person had none, or the day is not known.
    """
    if not release.has(CLAIMS):
        return None
    sql = seats_sql(knowledge_condition("$1", known_at))
    return release.frame(f"{sql} ORDER BY claim", () if known_at is None else (known_at,))


def seats_sql(known: str) -> str:
    """The query of `find_seats`, in no order. `known`: the condition on known_from and known_to of links and posts."""
    return SEATS.format(known=known)


# Of two posts at once the later one.
SEATS = f"""
WITH linked AS (
    SELECT l.claim, l.institution AS practitioner, c.conducted, c.day AS decided,
        CAST(c.day - INTERVAL 1 DAY AS DATE) AS before
    FROM (SELECT * FROM links WHERE {{known}}) l JOIN person_claims c ON c.claim = l.claim
), posts AS (
    SELECT practitioner, institution, since, until FROM employment WHERE {{known}}
), conduct AS (
    SELECT l.claim, max_by(p.institution, (coalesce(p.since, DATE '0001-01-01'), p.institution)) AS institution
    FROM linked l JOIN posts p ON p.practitioner = l.practitioner
        AND {period_condition("l.conducted", "p.")}
    WHERE l.conducted IS NOT NULL GROUP BY l.claim
), decision AS (
    SELECT l.claim, max_by(p.institution, (coalesce(p.since, DATE '0001-01-01'), p.institution)) AS institution
    FROM linked l JOIN posts p ON p.practitioner = l.practitioner
        AND {period_condition("l.before", "p.")}
    WHERE l.before IS NOT NULL GROUP BY l.claim
)
SELECT l.claim, l.practitioner, l.conducted, l.decided, a.institution AS at_conduct, d.institution AS when_decided
FROM linked l LEFT JOIN conduct a ON a.claim = l.claim LEFT JOIN decision d ON d.claim = l.claim
"""
