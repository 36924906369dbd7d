-- Last part of the rule: caps, limits, vetoes; and all lines together. Each institution's lines add up to its score.
WITH
weighed AS (
    SELECT who, number, decided, rule_no, grp_no, points, place FROM policy_counted
    UNION ALL
    SELECT who, number, decided, rule_no, grp_no, points, place FROM policy_pairs
),
-- Caps: first of each rule, then of each group; a cap is a line of its own.
by_rule AS (
    SELECT who, rule_no, grp_no, CAST(SUM(points) AS BIGINT) AS points
    FROM weighed
    GROUP BY who, rule_no, grp_no
),
rule_caps AS (
    SELECT b.who, b.rule_no, b.grp_no, r.cap - b.points AS points
    FROM by_rule AS b
    JOIN policy_rules AS r ON r.rule_no = b.rule_no
    WHERE (r.cap < 0 AND b.points < r.cap) OR (r.cap > 0 AND b.points > r.cap)
),
by_group AS (
    SELECT who, grp_no, CAST(SUM(points) AS BIGINT) AS points
    FROM (SELECT who, grp_no, points FROM by_rule UNION ALL SELECT who, grp_no, points FROM rule_caps) AS both_sums
    GROUP BY who, grp_no
),
group_caps AS (
    SELECT b.who, b.grp_no, g.cap - b.points AS points
    FROM by_group AS b
    JOIN policy_groups AS g ON g.grp_no = b.grp_no
    WHERE (g.cap < 0 AND b.points < g.cap) OR (g.cap > 0 AND b.points > g.cap)
),
-- The limits of the scale: no score falls below its floor or rises above its ceiling.
totals AS (
    SELECT who, CAST(SUM(points) AS BIGINT) AS points
    FROM (SELECT who, points FROM by_group UNION ALL SELECT who, points FROM group_caps) AS all_groups
    GROUP BY who
),
raw AS (
    SELECT s.who, f.base + coalesce(t.points, 0) AS points
    FROM policy_subjects AS s
    CROSS JOIN policy_frame AS f
    LEFT JOIN totals AS t ON t.who = s.who
),
floored AS (
    SELECT r.who, r.points, greatest(r.points, coalesce(f.floor_points, r.points)) AS held
    FROM raw AS r
    CROSS JOIN policy_frame AS f
),
limits AS (
    SELECT h.who, least(h.held, coalesce(f.ceiling_points, h.held)) - h.points AS points
    FROM floored AS h
    CROSS JOIN policy_frame AS f
),
-- Vetoes change the grade, not the points.
vetoes AS (
    SELECT s.who, s.number, s.decided, v.veto_no, v.worst
    FROM policy_standing AS s
    JOIN policy_veto_matches AS m ON m.sort = s.sort AND s.fine >= m.fine_from AND s.fine < m.fine_below
    JOIN policy_vetoes AS v ON v.veto_no = m.veto_no AND s.decided >= v.started_from
)
-- entry: the number of the rule, group or veto that a line is of (policy_entries has the words).
SELECT s.who, 0 AS stage, CAST(NULL AS DATE) AS decided, CAST(NULL AS BIGINT) AS number, 0 AS place,
       0 AS entry, f.base AS points, 0 AS worst
FROM policy_subjects AS s CROSS JOIN policy_frame AS f
UNION ALL
SELECT who, 1, decided, number, place, rule_no, points, 0 FROM weighed
UNION ALL
SELECT who, 2, NULL, NULL, 0, rule_no, points, 0 FROM rule_caps
UNION ALL
SELECT who, 3, NULL, NULL, 0, grp_no, points, 0 FROM group_caps
UNION ALL
SELECT who, 4, NULL, NULL, 0, 0, points, 0 FROM limits WHERE points <> 0
UNION ALL
SELECT who, 5, decided, number, 0, veto_no, 0, worst FROM vetoes
