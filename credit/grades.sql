-- From lines to scores: the sum, the grade that it gives, or a worse one that a veto gives (rank 0 = the best).
WITH
sums AS (
    SELECT who, CAST(SUM(points) AS BIGINT) AS points, max(worst) AS worst
    FROM policy_lines
    GROUP BY who
),
ranked AS (
    SELECT s.who, s.points, greatest(g.grade_rank, s.worst) AS grade_rank
    FROM sums AS s
    JOIN policy_grades AS g ON s.points >= g.lowest AND s.points < g.below
)
SELECT t.institution, r.points, g.grade
FROM ranked AS r
JOIN policy_grades AS g ON g.grade_rank = r.grade_rank
JOIN policy_subjects AS t ON t.who = r.who
