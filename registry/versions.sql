-- An institution's versions, from its decisions and suspensions: what was so from which day to which.
-- Reads: touched (institution) and event_rows (event, status, place) beside the register. Makes: fresh.
CREATE OR REPLACE TEMP TABLE fresh AS
WITH open_rows AS (
    SELECT decision, institution, kind, event, name, folded, uscc, licence, district, address, head, head_office,
        document, title, decided, licence_from, licence_to, authority, state, arrived,
        left(decision, 64) AS content_hash
    FROM decisions
    WHERE known_to IS NULL AND institution IN (SELECT institution FROM touched)
),

-- Of several rows of one decision (same document and title) the one that came last stands:
-- a corrected row replaces the wrong one, and a permit once said to be invalid stays so.
contested AS (
    SELECT institution, document, coalesce(title, '') AS title
    FROM open_rows WHERE document IS NOT NULL
    GROUP BY ALL HAVING count(*) > 1
), contents AS (
    SELECT content_hash, max(arrived) AS came
    FROM open_rows WHERE document IN (SELECT document FROM contested) GROUP BY content_hash
), replaced AS (
    SELECT o.decision
    FROM open_rows o
    JOIN contested c ON c.institution = o.institution AND c.document = o.document AND c.title = coalesce(o.title, '')
    JOIN contents t ON t.content_hash = o.content_hash
    QUALIFY row_number() OVER (
        PARTITION BY o.institution, o.document, coalesce(o.title, '')
        ORDER BY t.came DESC, o.content_hash, o.state, o.decision
    ) > 1
), standing AS (
    SELECT o.*, e.status AS gives, e.place
    FROM open_rows o JOIN event_rows e ON e.event = o.event
    WHERE o.decision NOT IN (SELECT decision FROM replaced)
), firsts AS (
    SELECT institution,
        min(decided) FILTER (event = 'founded') AS founded,
        max(decided) FILTER (event = 'changed' AND state = 'valid') AS last_changed,
        min(decided) AS begins
    FROM standing GROUP BY institution
),

-- An invalid permit has no effect; an invalid founding means a withdrawn institution, unless a later permit replaced it.
acts AS (
    SELECT s.*,
        CASE WHEN s.state = 'valid' OR f.last_changed >= s.decided THEN s.gives ELSE 'withdrawn' END AS status
    FROM standing s JOIN firsts f ON f.institution = s.institution
    WHERE s.state = 'valid' OR s.gives = 'active'
),

-- 停业整顿 runs to its end, or to the day on which practice is permitted again.
orders AS (
    SELECT institution, suspension AS source, event, decided, ends FROM suspensions
    WHERE known_to IS NULL AND institution IN (SELECT institution FROM touched)
    UNION ALL
    SELECT institution, decision, event, decided, NULL FROM acts WHERE event = 'suspended'
), spans AS (
    SELECT o.institution, o.source, o.decided,
        least(any_value(o.ends), min(a.decided)) AS ends
    FROM orders o
    LEFT JOIN acts a ON a.institution = o.institution AND a.event = 'resumed' AND a.decided > o.decided
    WHERE o.event = 'suspended'
    GROUP BY o.institution, o.source, o.decided
    HAVING ends IS NULL OR ends > o.decided
),

steps AS (
    SELECT institution, decided AS day, place, length(coalesce(document, '')) AS width, coalesce(document, '') AS document,
        decision AS source, kind, name, folded, uscc, licence, head, authority, head_office, status, 0 AS suspends,
        CASE WHEN address IS NOT NULL THEN struct_pack(district := district, address := address) END AS seat,
        CASE WHEN address IS NULL THEN district END AS office_district,  -- its authority's, where no address is given
        CASE WHEN licence_from IS NOT NULL OR licence_to IS NOT NULL
            THEN struct_pack(first := licence_from, last := licence_to) END AS term
    FROM acts
    UNION ALL BY NAME
    SELECT institution, decided AS day, 3 AS place, 0 AS width, '' AS document, source, 1 AS suspends FROM spans
    UNION ALL BY NAME
    SELECT institution, ends AS day, 4 AS place, 0 AS width, '' AS document, source, -1 AS suspends
    FROM spans WHERE ends IS NOT NULL
    UNION ALL BY NAME
    SELECT institution, decided AS day, 7 AS place, 0 AS width, '' AS document, source, 'revoked' AS status, 0 AS suspends
    FROM orders WHERE event = 'revoked'
),

-- What each step leaves unsaid stays as it was.
running AS (
    SELECT institution AS id, day,
        last_value(kind IGNORE NULLS) OVER w AS kind,
        last_value(name IGNORE NULLS) OVER w AS name,
        last_value(folded IGNORE NULLS) OVER w AS folded,
        last_value(uscc IGNORE NULLS) OVER w AS uscc,
        last_value(licence IGNORE NULLS) OVER w AS licence,
        coalesce(last_value(status IGNORE NULLS) OVER w, 'active') AS status,
        CAST(sum(suspends) OVER w AS BIGINT) AS suspended,
        last_value(seat IGNORE NULLS) OVER w AS seat,
        last_value(office_district IGNORE NULLS) OVER w AS office_district,
        last_value(head IGNORE NULLS) OVER w AS head,
        last_value(authority IGNORE NULLS) OVER w AS authority,
        last_value(head_office IGNORE NULLS) OVER w AS head_office,
        last_value(term IGNORE NULLS) OVER w AS term,
        lead(day) OVER (PARTITION BY institution ORDER BY day, place, width, document, source) AS next_day
    FROM steps
    WINDOW w AS (
        PARTITION BY institution ORDER BY day, place, width, document, source
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
), days AS (
    SELECT r.id, r.kind, r.name, r.folded, r.uscc, r.licence,
        CASE WHEN r.status = 'active' AND r.suspended > 0 THEN 'suspended' ELSE r.status END AS status,
        coalesce(r.seat.district, r.office_district) AS district, r.seat.address AS address, r.head, r.authority, r.head_office,
        f.founded, r.term.first AS licence_from, r.term.last AS licence_to, r.day AS valid_from
    FROM running r JOIN firsts f ON f.institution = r.id
    WHERE r.next_day IS DISTINCT FROM r.day AND r.name IS NOT NULL
), looks AS (
    SELECT *, struct_pack(kind, name, uscc, licence, status, district, address, head, authority, head_office,
        licence_from, licence_to) AS look
    FROM days
), changes AS (
    SELECT * EXCLUDE (look) FROM looks
    QUALIFY lag(look) OVER (PARTITION BY id ORDER BY valid_from) IS DISTINCT FROM look
)
SELECT *, lead(valid_from) OVER (PARTITION BY id ORDER BY valid_from) AS valid_to
FROM changes
