-- Points and grade: the grade that the points give, or a worse one that a veto gives (rank 0 = the best).
SELECT t.institution, t.points, g.grade
FROM (
    SELECT t.institution, t.points, greatest(g.grade_rank, t.worst) AS grade_rank
    FROM policy_totals AS t
    JOIN policy_grades AS g ON t.points >= g.lowest AND t.points < g.below
) AS t
JOIN policy_grades AS g ON g.grade_rank = t.grade_rank
