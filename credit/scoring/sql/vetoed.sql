-- Vetoes change the grade, not the points: worst is the best grade that remains possible (rank 0 = the best).
SELECT l.who, l.number, l.decided, v.veto_no, v.worst
FROM known AS l
JOIN policy_vetoes AS v
  ON v.sort = l.sort AND l.fine >= v.fine_from AND l.fine < v.fine_below AND l.decided >= v.started_from
LEFT JOIN policy_left_out AS t ON t.who = l.who AND t.number = l.number
WHERE t.number IS NULL
