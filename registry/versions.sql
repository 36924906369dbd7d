-- An institution's steps, from its decisions and suspensions: what each says of it, and from which day.
-- Reads: touched (institution, number) and event_rows (event, status, place) beside the register. What a decision says
-- at length is read in the last query alone, in one pass: whatever is compared or sorted before that is narrow.
CREATE OR REPLACE TEMP TABLE twice AS
SELECT document FROM decisions
WHERE known_to IS NULL AND institution IN (SELECT institution FROM touched) AND document IS NOT NULL
GROUP BY document HAVING count(*) > 1;

-- Of several rows of one decision (same document and title) the one that came last stands:
-- a corrected row replaces the wrong one, and a permit once said to be invalid stays so.
CREATE OR REPLACE TEMP TABLE replaced AS
WITH doubtful AS (
    SELECT decision, institution, document, coalesce(title, '') AS title, state, left(decision, 64) AS content_hash
    FROM decisions
    WHERE known_to IS NULL AND institution IN (SELECT institution FROM touched)
        AND document IN (SELECT document FROM twice)
), contested AS (
    SELECT institution, document, title FROM doubtful GROUP BY ALL HAVING count(*) > 1
), contents AS (
    SELECT left(decision, 64) AS content_hash, max(arrived) AS came
    FROM decisions
    WHERE known_to IS NULL AND institution IN (SELECT institution FROM touched)
        AND document IN (SELECT document FROM contested)
    GROUP BY content_hash
)
SELECT d.decision
FROM doubtful d
JOIN contested c ON c.institution = d.institution AND c.document = d.document AND c.title = d.title
JOIN contents t ON t.content_hash = d.content_hash
QUALIFY row_number() OVER (
    PARTITION BY d.institution, d.document, d.title ORDER BY t.came DESC, d.content_hash, d.state, d.decision
) > 1;

CREATE OR REPLACE TEMP TABLE firsts AS
SELECT t.number,
    min(d.decided) FILTER (d.event = 'founded') AS founded,
    max(d.decided) FILTER (d.event = 'changed' AND d.state = 'valid') AS last_changed
FROM decisions d JOIN touched t ON t.institution = d.institution
WHERE d.known_to IS NULL AND d.decision NOT IN (SELECT decision FROM replaced)
GROUP BY t.number;

-- An invalid permit has no effect; an invalid founding means a withdrawn institution, unless a later permit replaced it.
CREATE OR REPLACE TEMP TABLE invalid AS
SELECT d.decision, CASE WHEN f.last_changed >= d.decided THEN e.status ELSE 'withdrawn' END AS status
FROM decisions d
JOIN touched t ON t.institution = d.institution
JOIN firsts f ON f.number = t.number
JOIN event_rows e ON e.event = d.event
WHERE d.known_to IS NULL AND d.state <> 'valid' AND e.status = 'active'
    AND d.decision NOT IN (SELECT decision FROM replaced);

-- 停业整顿 runs to its end, or to the day on which practice is permitted again.
CREATE OR REPLACE TEMP TABLE orders AS
SELECT t.number, s.suspension AS source, s.event, s.decided, s.ends
FROM suspensions s JOIN touched t ON t.institution = s.institution
WHERE s.known_to IS NULL
UNION ALL
SELECT t.number, d.decision, d.event, d.decided, NULL
FROM decisions d JOIN touched t ON t.institution = d.institution
WHERE d.known_to IS NULL AND d.state = 'valid' AND d.event = 'suspended'
    AND d.decision NOT IN (SELECT decision FROM replaced);

CREATE OR REPLACE TEMP TABLE spans AS
WITH resumed AS (
    SELECT t.number, d.decided
    FROM decisions d JOIN touched t ON t.institution = d.institution
    WHERE d.known_to IS NULL AND d.state = 'valid' AND d.event = 'resumed'
        AND d.decision NOT IN (SELECT decision FROM replaced)
)
SELECT o.number, o.source, o.decided, least(any_value(o.ends), min(r.decided)) AS ends
FROM orders o LEFT JOIN resumed r ON r.number = o.number AND r.decided > o.decided
WHERE o.event = 'suspended'
GROUP BY o.number, o.source, o.decided
HAVING ends IS NULL OR ends > o.decided;

SELECT t.number, d.decided AS day, e.place, coalesce(d.document, '') AS document, d.decision AS source,
    d.institution AS id, d.kind, d.name, d.folded, d.uscc, d.licence, d.district, d.address, d.head, d.authority,
    d.head_office, d.licence_from, d.licence_to,
    CASE WHEN d.state = 'valid' THEN e.status ELSE i.status END AS status, 0 AS suspends
FROM decisions d
JOIN touched t ON t.institution = d.institution
JOIN event_rows e ON e.event = d.event
LEFT JOIN invalid i ON i.decision = d.decision
WHERE d.known_to IS NULL AND (d.state = 'valid' OR i.decision IS NOT NULL)
    AND d.decision NOT IN (SELECT decision FROM replaced)
UNION ALL BY NAME
SELECT number, decided AS day, 3 AS place, '' AS document, source, 1 AS suspends FROM spans
UNION ALL BY NAME
SELECT number, ends AS day, 4 AS place, '' AS document, source, -1 AS suspends FROM spans WHERE ends IS NOT NULL
UNION ALL BY NAME
SELECT number, decided AS day, 7 AS place, '' AS document, source, 'revoked' AS status, 0 AS suspends
FROM orders WHERE event = 'revoked'
