-- Foundings of institutions that were founded under several names by several documents.
-- Of hundreds of thousands of decisions few belong to an institution founded under two names: only these are
-- compared, and only for these the owner of a decision without an institution is computed.
WITH loose AS MATERIALIZED (
    SELECT d.* REPLACE (coalesce(c.id, l.id) AS institution)
    FROM (SELECT * FROM decisions WHERE known_to IS NULL AND institution IS NULL) d
    LEFT JOIN (SELECT uscc, min(institution) AS id FROM decisions
        WHERE known_to IS NULL AND institution = uscc GROUP BY uscc) AS c ON c.uscc = d.uscc
    LEFT JOIN (SELECT licence, min(institution) AS id FROM decisions
        WHERE known_to IS NULL AND institution IS NOT NULL GROUP BY licence) AS l ON l.licence = d.licence
), whose AS (
    FROM decisions WHERE known_to IS NULL AND institution IS NOT NULL
    UNION ALL
    FROM loose WHERE institution IS NOT NULL
), suspects AS MATERIALIZED (
    SELECT institution FROM whose WHERE event = 'founded' AND state = 'valid'
    GROUP BY institution HAVING min(folded) <> max(folded)
), theirs AS MATERIALIZED (
    SELECT * FROM whose WHERE institution IN (FROM suspects)
        AND (folded, institution) NOT IN (
            SELECT (folded, institution) FROM decided_links WHERE known_to IS NULL AND folded <> '')
), founded AS (
    SELECT institution, folded, min(name) AS name, min(CAST(decided AS TEXT)) AS day,
        min(coalesce(document, '')) AS document
    FROM theirs AS d
    WHERE event = 'founded' AND state = 'valid'
        AND NOT EXISTS (
            SELECT 1 FROM theirs AS c
            WHERE c.institution = d.institution AND c.folded = d.folded
                AND c.event <> 'founded'
                AND (contains(coalesce(c.title, ''), '名称') OR contains(coalesce(c.content, ''), '名称'))
        )
    GROUP BY institution, folded
)
SELECT institution, folded, name, day, document FROM founded
WHERE institution IN (
    SELECT institution FROM founded GROUP BY institution HAVING count(*) > 1 AND count(DISTINCT document) > 1
)
ORDER BY institution, day, folded
