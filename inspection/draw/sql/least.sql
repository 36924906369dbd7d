-- The tickets (签号) of a group's rows, smallest first: SHA-256 of their common prefix, id and salt
-- (inspection/protocol/tickets.py, Tickets.target). The first rows are drawn.
SELECT sha256(l.begun || f.id || ':' || f.salt) AS ticket, f.id
FROM frame AS f
CROSS JOIN lot AS l
ORDER BY ticket, id
