-- Each institution's points in each group of rules; held: within the group's cap.
SELECT b.who, b.grp_no, b.points, least(greatest(b.points, g.low), g.high) AS held
FROM (SELECT who, grp_no, CAST(SUM(held) AS BIGINT) AS points FROM policy_by_rule GROUP BY who, grp_no) AS b
JOIN policy_groups AS g ON g.grp_no = b.grp_no
