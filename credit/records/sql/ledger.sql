-- The ledger (台账): the owner, sort and days of each record, as whole numbers; independent of policy and as-of day.
-- A day is (year * 12 + month) * 32 + day (periods.py). own_key and named_key: the documents by which records refer to
-- each other, as numbers (most records have none). No record ends before the day on which it was decided.
WITH
linked AS (
    SELECT l.institution, r.number, r.class, r.kinds, r.state, r.decided,
           greatest(coalesce(r.ends, r.decided), r.decided) AS ended,
           coalesce(r.fine_fen, 0) AS fine, coalesce(r.document_key, r.record) AS own, r.related_key AS named,
           r.known_from AS came,
           greatest(r.known_from, l.known_from) AS known_from,
           least(coalesce(r.known_to, l.known_to), coalesce(l.known_to, r.known_to)) AS known_to
    FROM records AS r
    JOIN links AS l ON l.claim = r.record
    WHERE r.decided IS NOT NULL
),
documents AS (
    SELECT document, CAST(row_number() OVER (ORDER BY document) AS INTEGER) AS key_no
    FROM (
        SELECT related_key AS document FROM records WHERE related_key IS NOT NULL
        UNION
        SELECT document_key AS document FROM records WHERE class IN ('complaint', 'objection') AND document_key IS NOT NULL
        UNION
        -- A decision that was loaded twice: the original and its correction.
        SELECT document_key AS document
        FROM records
        WHERE class IN ('penalty', 'sanction') AND document_key IS NOT NULL
        GROUP BY document_key
        HAVING min(known_from) < max(known_from)
    ) AS spoken_of
)
SELECT h.who, c.number, s.sort,
       CAST((year(c.decided) * 12 + month(c.decided)) * 32 + day(c.decided) AS INTEGER) AS decided,
       CAST((year(c.ended) * 12 + month(c.ended)) * 32 + day(c.ended) AS INTEGER) AS ended,
       c.fine, o.key_no AS own_key, n.key_no AS named_key, c.came, c.known_from, c.known_to
FROM linked AS c
JOIN ledger_holders AS h ON h.institution = c.institution
JOIN ledger_sorts AS s ON s.class = c.class AND s.kinds = c.kinds AND s.state = c.state
LEFT JOIN documents AS o ON o.document = c.own
LEFT JOIN documents AS n ON n.document = c.named
WHERE c.known_to IS NULL OR c.known_to > c.known_from
ORDER BY h.who, c.decided, c.number
