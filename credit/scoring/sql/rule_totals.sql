-- Each institution's points under each rule; held: within the rule's cap.
SELECT b.who, b.rule_no, r.grp_no, b.points, least(greatest(b.points, r.low), r.high) AS held
FROM (
    SELECT who, rule_no, CAST(SUM(points) AS BIGINT) AS points
    FROM (
        SELECT who, rule_no, points FROM policy_counted WHERE points IS NOT NULL
        UNION ALL
        SELECT who, rule_no, points FROM policy_repeats
        UNION ALL
        SELECT who, rule_no, points FROM policy_pairs
    ) AS weighed
    GROUP BY who, rule_no
) AS b
JOIN policy_rules AS r ON r.rule_no = b.rule_no
