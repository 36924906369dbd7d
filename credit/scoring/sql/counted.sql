-- The points of each record that counts: by the first rule that matches it and the step that applies at its age
-- (policy_prices has these for each sort and size of fine). Points NULL: the record has no points any more, but another
-- one may be its repeat; records that are too old even for that (oldest) are left out.
SELECT l.who, l.number, l.decided, l.ended, p.rule_no, p.points, p.family_no
FROM known AS l
JOIN policy_prices AS p
  ON p.sort = l.sort AND l.fine >= p.fine_from AND l.fine < p.fine_below
 AND CASE WHEN p.from_end = 1 THEN l.ended ELSE l.decided END >= p.started_from
 AND CASE WHEN p.from_end = 1 THEN l.ended ELSE l.decided END < p.started_before
 AND l.ended >= p.oldest
LEFT JOIN policy_left_out AS t ON t.who = l.who AND t.number = l.number
WHERE t.number IS NULL
