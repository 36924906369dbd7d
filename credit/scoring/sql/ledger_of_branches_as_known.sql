-- The same for their branches, if the policy counts a branch's records for its head office too.
SELECT b.head, l.number, l.sort, l.decided, l.ended, l.fine, l.own_key, l.named_key, l.came, l.known_from
FROM ledger AS l
JOIN policy_branches AS b ON b.branch = l.who
WHERE b.head BETWEEN $first AND $last
  AND l.decided <= $as_of AND l.known_from <= $known_at AND (l.known_to IS NULL OR l.known_to > $known_at)
