-- Who is graded: institutions of the policy's kinds that are active on the day, as known then.
SELECT i.id AS institution, h.who
FROM institutions AS i
JOIN policy_kinds AS k ON k.kind = i.kind
JOIN ledger_holders AS h ON h.institution = i.id
CROSS JOIN policy_frame AS f
WHERE i.status = 'active'
  AND i.valid_from <= f.as_of AND (i.valid_to IS NULL OR i.valid_to > f.as_of)
  AND i.known_from <= f.known_at AND (i.known_to IS NULL OR i.known_to > f.known_at)
  AND (f.only_some = 0 OR i.id IN (SELECT institution FROM policy_only))
