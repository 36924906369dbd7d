-- An invalid permit has no effect; an invalid founding means a withdrawn institution, unless a later permit replaced it.
SELECT m.place, CASE WHEN f.last_changed >= m.decided THEN e.status ELSE 'withdrawn' END AS status
FROM mine AS m
JOIN firsts AS f ON f.number = m.number
JOIN event_rows AS e ON e.event = m.event
WHERE m.state <> 'valid' AND e.status = 'active' AND m.place NOT IN (SELECT place FROM replaced)
