-- The part of the ledger that is asked about, as `known` in the parts of the rule: the records of the institutions from
-- $first to $last, decided by the day and known then; a branch's for its head office too, where the policy says so.
SELECT l.who, l.number, l.sort, l.decided, l.ended, l.fine, l.own_key, l.named_key, l.came, l.known_from
FROM ledger AS l
WHERE l.who BETWEEN $first AND $last
  AND l.decided <= $as_of AND l.known_from <= $known_at AND (l.known_to IS NULL OR l.known_to > $known_at)
UNION ALL
SELECT b.head, l.number, l.sort, l.decided, l.ended, l.fine, l.own_key, l.named_key, l.came, l.known_from
FROM ledger AS l
JOIN policy_branches AS b ON b.branch = l.who
WHERE b.head BETWEEN $first AND $last
  AND l.decided <= $as_of AND l.known_from <= $known_at AND (l.known_to IS NULL OR l.known_to > $known_at)
