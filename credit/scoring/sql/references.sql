-- The few records that reference another record, or are referenced by one, by document.
SELECT l.who, l.number, s.class, s.drops, l.decided, l.own_key, l.named_key, l.came, l.known_from
FROM known AS l
JOIN policy_sorts AS s ON s.sort = l.sort
WHERE l.own_key IS NOT NULL OR l.named_key IS NOT NULL
