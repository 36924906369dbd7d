-- The graded parties (institutions, practitioners): those of the policy's kinds that are active on the day, as known at that run.
SELECT i.id AS institution, h.who
FROM parties AS i
JOIN policy_kinds AS k ON k.kind = i.kind
JOIN ledger_holders AS h ON h.institution = i.id
WHERE i.status = 'active' AND h.who BETWEEN $first AND $last
  AND i.valid_from <= $day AND (i.valid_to IS NULL OR i.valid_to > $day)
  AND i.known_from <= $known_at AND (i.known_to IS NULL OR i.known_to > $known_at)
  AND ($everybody = 1 OR i.id IN (SELECT institution FROM policy_only))
