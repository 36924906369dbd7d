-- Repeats: an earlier record of the family ended less than so many months before (32 for each month, as days are counted).
SELECT w.who, w.number, w.decided, w.rule_no, r.repeat_points AS points
FROM (
    SELECT who, number, decided, rule_no, points,
           max(ended) OVER (
               PARTITION BY who, family_no ORDER BY decided RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ) AS earlier_end
    FROM policy_counted
    WHERE family_no IS NOT NULL
) AS w
JOIN policy_rules AS r ON r.rule_no = w.rule_no
WHERE w.points IS NOT NULL AND w.decided - w.earlier_end <= r.repeat_within
