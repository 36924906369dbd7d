-- The part of the ledger for the query, used as `known` in the steps: the records of the institutions from $first to
-- $last, decided by the as-of day and known at that run.
SELECT l.who, l.number, l.sort, l.decided, l.ended, l.fine, l.own_key, l.named_key, l.came, l.known_from
FROM ledger AS l
WHERE l.who BETWEEN $first AND $last
  AND l.decided <= $as_of AND l.known_from <= $known_at AND (l.known_to IS NULL OR l.known_to > $known_at)
