-- The tickets (签号) of a group's rows, smallest first: SHA-256 over what they all begin with, id and salt
-- (inspection/protocol/tickets.py, Tickets.target). So many from the top are drawn.
SELECT sha256(l.begun || f.id || ':' || f.salt) AS ticket, f.id
FROM frame AS f
CROSS JOIN lot AS l
ORDER BY ticket, id
