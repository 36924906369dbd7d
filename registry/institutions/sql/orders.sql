-- Suspensions and revocations, from their own table and from decisions.
SELECT t.number, s.suspension AS source, s.event, s.decided, s.ends
FROM suspensions AS s JOIN touched AS t ON t.institution = s.institution
WHERE s.known_to IS NULL
UNION ALL
SELECT m.number, d.decision, m.event, m.decided, NULL
FROM mine AS m JOIN placed.decisions AS d ON d.place = m.place
WHERE m.state = 'valid' AND m.event = 'suspended' AND m.place NOT IN (SELECT place FROM replaced)
