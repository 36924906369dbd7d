-- Each institution's sum (raw), the same within the limits of the scale (points), and the worst grade of its vetoes.
SELECT s.who, s.institution, f.base + coalesce(t.points, 0) AS raw,
       least(greatest(f.base + coalesce(t.points, 0), f.floor_points), f.ceiling_points) AS points,
       coalesce(v.worst, 0) AS worst
FROM policy_subjects AS s
CROSS JOIN policy_frame AS f
LEFT JOIN (SELECT who, CAST(SUM(held) AS BIGINT) AS points FROM policy_by_group GROUP BY who) AS t ON t.who = s.who
LEFT JOIN (SELECT who, max(worst) AS worst FROM policy_vetoed GROUP BY who) AS v ON v.who = s.who
