-- An institution's steps, from its decisions and suspensions: what each says of it, and from which day; for the part
-- $part of the touched institutions, $size at a time. What a decision says at length is read here alone, in one pass.
WITH step AS (
    SELECT m.number, d.decided AS day, e.place, coalesce(d.document, '') AS document, d.decision AS source,
        d.institution AS id, d.kind, d.name, d.folded, d.uscc, d.licence, d.district, d.address, d.head, d.authority,
        d.head_office, d.licence_from, d.licence_to,
        CASE WHEN d.state = 'valid' THEN e.status ELSE i.status END AS status, 0 AS suspends
    FROM placed.decisions AS d
    JOIN mine AS m ON m.place = d.place
    JOIN event_rows AS e ON e.event = m.event
    LEFT JOIN invalid AS i ON i.place = m.place
    WHERE (m.state = 'valid' OR i.place IS NOT NULL) AND m.place NOT IN (SELECT place FROM replaced)
    UNION ALL BY NAME
    SELECT number, decided AS day, 3 AS place, '' AS document, source, 1 AS suspends FROM spans
    UNION ALL BY NAME
    SELECT number, ends AS day, 4 AS place, '' AS document, source, -1 AS suspends FROM spans WHERE ends IS NOT NULL
    UNION ALL BY NAME
    SELECT number, decided AS day, 7 AS place, '' AS document, source, 'revoked' AS status, 0 AS suspends
    FROM orders WHERE event = 'revoked'
)
SELECT * FROM step WHERE (number - 1) // $size = $part
