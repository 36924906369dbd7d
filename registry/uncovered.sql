-- Approvals in force whose institution the register does not show in practice; and those of nobody that it knows.
SELECT a.kind, a.name, a.code, a.licence, 'in the register, but not in practice' AS cause
FROM approvals AS a
LEFT JOIN on_the_day AS n ON n.id = a.institution
WHERE n.status IS NULL OR n.status NOT IN ('active', 'suspended', 'revoked')
UNION ALL
SELECT d.kind, d.name, d.uscc AS code, d.licence, 'nobody is known by that name, code or licence number' AS cause
FROM decisions AS d
CROSS JOIN asked_day AS a
WHERE d.known_to IS NULL AND d.institution IS NULL AND d.decided <= a.day
