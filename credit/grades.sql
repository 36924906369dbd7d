-- From lines to scores: the sum, the grade that it gives, or a worse one that a veto gives (rank 0 = the best).
WITH
sums AS (
    SELECT institution, CAST(SUM(points) AS BIGINT) AS points, max(worst) AS worst
    FROM policy_lines
    GROUP BY institution
),
ranked AS (
    SELECT s.institution, s.points, greatest(g.grade_rank, s.worst) AS grade_rank
    FROM sums AS s
    JOIN policy_grades AS g ON (g.lowest IS NULL OR s.points >= g.lowest) AND (g.below IS NULL OR s.points < g.below)
)
SELECT r.institution, r.points, g.grade
FROM ranked AS r
JOIN policy_grades AS g ON g.grade_rank = r.grade_rank
