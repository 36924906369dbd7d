-- Records of others that count for somebody too, if the policy shares them: practitioners' for the institution of that
-- time, an institution's for its head. Their sorts have numbers of their own, with scaled points; their documents too, so
-- that two persons under one decision are not taken for each other.
SELECT h.who, l.number, l.sort + $shared_sorts, l.decided, l.ended, l.fine,
       CAST(l.own_key AS BIGINT) + CAST(l.who AS BIGINT) * 4294967296,
       CAST(l.named_key AS BIGINT) + CAST(l.who AS BIGINT) * 4294967296, l.came, l.known_from
FROM ledger AS l
JOIN policy_shared AS s ON s.number = l.number
JOIN ledger_holders AS h ON h.institution = s.holder
WHERE h.who BETWEEN $first AND $last
  AND l.decided <= $as_of AND l.known_from <= $known_at AND (l.known_to IS NULL OR l.known_to > $known_at)
