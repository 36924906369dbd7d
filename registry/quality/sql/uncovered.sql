-- Approvals in force whose institution the register does not show in practice.
SELECT a.kind, a.name, a.code, a.licence, 'in the register, but not in practice' AS cause
FROM approvals AS a
LEFT JOIN on_the_day AS n ON n.id = a.institution
WHERE n.status IS NULL OR n.status NOT IN ('active', 'suspended', 'revoked')
