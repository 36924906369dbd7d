-- Approvals in force beside the register, by kind and district.
SELECT a.kind, coalesce(n.district, '') AS district, count(*) AS approvals,
       count(*) FILTER (WHERE n.status IN ('active', 'suspended', 'revoked')) AS covered
FROM approvals AS a
LEFT JOIN on_the_day AS n ON n.id = a.institution
GROUP BY a.kind, coalesce(n.district, '')
