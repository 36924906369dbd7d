-- How long each suspension lasts: to its end, or to the next resumption.
WITH resumed AS (
    SELECT number, decided FROM mine
    WHERE state = 'valid' AND event = 'resumed' AND place NOT IN (SELECT place FROM replaced)
)
SELECT o.number, o.source, o.decided, least(any_value(o.ends), min(r.decided)) AS ends
FROM orders AS o LEFT JOIN resumed AS r ON r.number = o.number AND r.decided > o.decided
WHERE o.event = 'suspended'
GROUP BY o.number, o.source, o.decided
HAVING ends IS NULL OR ends > o.decided
