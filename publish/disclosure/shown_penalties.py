"""SQL over a release: the penalties that may be shown on a day; allow_list.py selects them and their fields."""

from __future__ import annotations

# Known penalties with their institutions; of practitioners nothing is shown. Penalties past the authority's own end
# date are not read: in a national data set that is nearly all of them.
PENALTIES = """
WITH repairs AS (
    SELECT DISTINCT l.institution, r.related_key
    FROM records r JOIN links l ON l.claim = r.record AND l.known_to IS NULL
    WHERE r.known_to IS NULL AND r.decided <= $1 AND r.related_key IS NOT NULL
        AND (r.class IN ('repair', 'correction') OR r.class = 'objection' AND r.state = 'corrected')
), running AS (
    SELECT l.institution, p.*
    FROM records p JOIN links l ON l.claim = p.record AND l.known_to IS NULL
    WHERE p.known_to IS NULL AND p.decided <= $1 AND p.class = 'penalty' AND p.state = 'decided'
        AND NOT starts_with(l.institution, 'P:')
        AND (p.publish_until IS NULL OR p.publish_until > $1)
)
SELECT p.institution, p.record, p.document, p.conduct, p.facts, p.name, p.kinds, p.basis, p.fine_fen, p.confiscated_fen,
    p.decided, p.publish_until, p.authority, r.related_key IS NOT NULL AS repaired
FROM running p LEFT JOIN repairs r
    ON r.institution = p.institution AND r.related_key = coalesce(p.document_key, p.record)
ORDER BY p.institution, p.decided, p.record
"""

NO_PENALTIES = """
SELECT CAST(NULL AS TEXT) AS institution, CAST(NULL AS TEXT) AS record, CAST(NULL AS TEXT) AS document,
    CAST(NULL AS TEXT) AS conduct, CAST(NULL AS TEXT) AS facts, CAST(NULL AS TEXT) AS name,
    CAST(NULL AS TEXT) AS kinds, CAST(NULL AS TEXT) AS basis,
    CAST(NULL AS BIGINT) AS fine_fen, CAST(NULL AS BIGINT) AS confiscated_fen, CAST(NULL AS DATE) AS decided,
    CAST(NULL AS DATE) AS publish_until, CAST(NULL AS TEXT) AS authority, false AS repaired
WHERE $1 IS NULL
"""
