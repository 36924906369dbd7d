-- The rows that a later row of the same decision replaces.
WITH doubtful AS (
    SELECT t.place, t.number, t.document, coalesce(d.title, '') AS title, d.state, d.decision, d.arrived,
        left(d.decision, 64) AS content_hash
    FROM placed.decisions AS d JOIN twice AS t ON t.place = d.place
), contested AS (
    SELECT number, document, title FROM doubtful GROUP BY ALL HAVING count(*) > 1
), contents AS (
    SELECT content_hash, max(arrived) AS came
    FROM doubtful WHERE document IN (SELECT document FROM contested)
    GROUP BY content_hash
)
SELECT d.place
FROM doubtful AS d
JOIN contested AS c ON c.number = d.number AND c.document = d.document AND c.title = d.title
JOIN contents AS t ON t.content_hash = d.content_hash
QUALIFY row_number() OVER (
    PARTITION BY d.number, d.document, d.title ORDER BY t.came DESC, d.content_hash, d.state, d.decision
) > 1
