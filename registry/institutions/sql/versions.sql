-- An institution's steps, from its decisions and suspensions: what each says of it, and from which day.
-- Reads: touched (institution, number) and event_rows (event, status, place) beside the register. What a decision says
-- at length is read in the last query alone, in one pass: whatever is compared or sorted before that is narrow.
CREATE OR REPLACE TEMP TABLE mine AS
SELECT d.rowid AS place, t.number, d.event, d.state, d.decided, d.document
FROM decisions d JOIN touched t ON t.institution = d.institution
WHERE d.known_to IS NULL;

-- Of several rows of one decision (same document and title) the one that came last stands:
-- a corrected row replaces the wrong one, and a permit once said to be invalid stays so.
CREATE OR REPLACE TEMP TABLE twice AS
SELECT place, number, document FROM mine
WHERE document IN (SELECT document FROM mine WHERE document IS NOT NULL GROUP BY document HAVING count(*) > 1);

CREATE OR REPLACE TEMP TABLE replaced AS
WITH doubtful AS (
    SELECT t.place, t.number, t.document, coalesce(d.title, '') AS title, d.state, d.decision, d.arrived,
        left(d.decision, 64) AS content_hash
    FROM decisions d JOIN twice t ON t.place = d.rowid
), contested AS (
    SELECT number, document, title FROM doubtful GROUP BY ALL HAVING count(*) > 1
), contents AS (
    SELECT content_hash, max(arrived) AS came
    FROM doubtful WHERE document IN (SELECT document FROM contested)
    GROUP BY content_hash
)
SELECT d.place
FROM doubtful d
JOIN contested c ON c.number = d.number AND c.document = d.document AND c.title = d.title
JOIN contents t ON t.content_hash = d.content_hash
QUALIFY row_number() OVER (
    PARTITION BY d.number, d.document, d.title ORDER BY t.came DESC, d.content_hash, d.state, d.decision
) > 1;

CREATE OR REPLACE TEMP TABLE firsts AS
SELECT number,
    min(decided) FILTER (event = 'founded') AS founded,
    max(decided) FILTER (event = 'changed' AND state = 'valid') AS last_changed
FROM mine
WHERE place NOT IN (SELECT place FROM replaced)
GROUP BY number;

-- An invalid permit has no effect; an invalid founding means a withdrawn institution, unless a later permit replaced it.
CREATE OR REPLACE TEMP TABLE invalid AS
SELECT m.place, CASE WHEN f.last_changed >= m.decided THEN e.status ELSE 'withdrawn' END AS status
FROM mine m
JOIN firsts f ON f.number = m.number
JOIN event_rows e ON e.event = m.event
WHERE m.state <> 'valid' AND e.status = 'active' AND m.place NOT IN (SELECT place FROM replaced);

CREATE OR REPLACE TEMP TABLE orders AS
SELECT t.number, s.suspension AS source, s.event, s.decided, s.ends
FROM suspensions s JOIN touched t ON t.institution = s.institution
WHERE s.known_to IS NULL
UNION ALL
SELECT m.number, d.decision, m.event, m.decided, NULL
FROM mine m JOIN decisions d ON d.rowid = m.place
WHERE m.state = 'valid' AND m.event = 'suspended' AND m.place NOT IN (SELECT place FROM replaced);

CREATE OR REPLACE TEMP TABLE spans AS
WITH resumed AS (
    SELECT number, decided FROM mine
    WHERE state = 'valid' AND event = 'resumed' AND place NOT IN (SELECT place FROM replaced)
)
SELECT o.number, o.source, o.decided, least(any_value(o.ends), min(r.decided)) AS ends
FROM orders o LEFT JOIN resumed r ON r.number = o.number AND r.decided > o.decided
WHERE o.event = 'suspended'
GROUP BY o.number, o.source, o.decided
HAVING ends IS NULL OR ends > o.decided;

SELECT m.number, d.decided AS day, e.place, coalesce(d.document, '') AS document, d.decision AS source,
    d.institution AS id, d.kind, d.name, d.folded, d.uscc, d.licence, d.district, d.address, d.head, d.authority,
    d.head_office, d.licence_from, d.licence_to,
    CASE WHEN d.state = 'valid' THEN e.status ELSE i.status END AS status, 0 AS suspends
FROM decisions d
JOIN mine m ON m.place = d.rowid
JOIN event_rows e ON e.event = m.event
LEFT JOIN invalid i ON i.place = m.place
WHERE (m.state = 'valid' OR i.place IS NOT NULL) AND m.place NOT IN (SELECT place FROM replaced)
UNION ALL BY NAME
SELECT number, decided AS day, 3 AS place, '' AS document, source, 1 AS suspends FROM spans
UNION ALL BY NAME
SELECT number, ends AS day, 4 AS place, '' AS document, source, -1 AS suspends FROM spans WHERE ends IS NOT NULL
UNION ALL BY NAME
SELECT number, decided AS day, 7 AS place, '' AS document, source, 'revoked' AS status, 0 AS suspends
FROM orders WHERE event = 'revoked'
