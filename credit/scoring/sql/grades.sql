-- Points and grade: the grade for the points, or a worse one from a veto (rank 0 = the best).
SELECT t.institution, t.points, g.grade
FROM (
    SELECT t.institution, t.points, greatest(g.grade_rank, t.worst) AS grade_rank
    FROM policy_totals AS t
    JOIN policy_grades AS g ON t.points >= g.lowest AND t.points < g.below
) AS t
JOIN policy_grades AS g ON g.grade_rank = t.grade_rank
