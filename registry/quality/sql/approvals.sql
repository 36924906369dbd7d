-- Who has an approval in force on the day: of all valid decisions about him none ends him, and one founded him.
WITH
known AS (
    SELECT d.institution, d.kind, d.name, d.uscc, d.licence, d.event,
           row_number() OVER (PARTITION BY d.institution ORDER BY d.decided, d.decision) AS place
    FROM decisions AS d
    CROSS JOIN asked_day AS a
    WHERE d.known_to IS NULL AND d.decided <= a.day AND d.state = 'valid' AND d.institution IS NOT NULL
)
SELECT institution, max(CASE WHEN place = 1 THEN kind END) AS kind, max(name) AS name, max(uscc) AS code,
       max(licence) AS licence
FROM known
GROUP BY institution
HAVING count(*) FILTER (WHERE event IN ('cancelled', 'revoked', 'moved_out')) = 0
   AND count(*) FILTER (WHERE event = 'founded') > 0
