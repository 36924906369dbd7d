-- The rule, from top to bottom. Each institution's lines add up to its score.
-- Whole numbers only; in the SQL that DuckDB and Spark share. Records come as the ledger (ledger.sql), those who are
-- graded as policy_subjects (subjects.sql), the policy as tables policy_* (parameters.py).
WITH
-- Whose records count for whom: everybody's own; a branch's for its head office too, where the policy says so.
owners AS (
    SELECT who, who AS holder FROM policy_subjects
    UNION ALL
    SELECT b.head AS who, b.branch AS holder FROM policy_branches AS b JOIN policy_subjects AS s ON s.who = b.head
),
-- What is known about them and was decided by the day.
decided AS (
    SELECT o.who, l.number, l.sort, l.decided, l.ended, l.fine, l.own_key, l.named_key, l.known_from
    FROM ledger AS l
    JOIN owners AS o ON o.holder = l.who
    CROSS JOIN policy_frame AS f
    WHERE l.decided <= f.as_of AND l.known_from <= f.known_at AND (l.known_to IS NULL OR l.known_to > f.known_at)
),
-- Of a complaint's (an objection's) several decisions the newest one stands.
superseded AS (
    SELECT who, number
    FROM (
        SELECT d.who, d.number,
               row_number() OVER (PARTITION BY d.who, s.class, d.own_key ORDER BY d.decided DESC, d.known_from DESC, d.number DESC) AS place
        FROM decided AS d
        JOIN policy_sorts AS s ON s.sort = d.sort
        WHERE d.own_key IS NOT NULL AND s.class IN ('complaint', 'objection')
    ) AS decisions
    WHERE place > 1
),
-- What was repaired, corrected or revoked, or is being objected to, where the policy drops it.
dropped AS (
    SELECT DISTINCT d.who, d.named_key AS key_no
    FROM decided AS d
    JOIN policy_sorts AS s ON s.sort = d.sort AND s.drops = 1
    LEFT JOIN superseded AS o ON o.who = d.who AND o.number = d.number
    WHERE d.named_key IS NOT NULL AND o.number IS NULL
),
left_out AS (
    SELECT who, number FROM superseded
    UNION
    SELECT d.who, d.number FROM decided AS d JOIN dropped AS p ON p.who = d.who AND p.key_no = d.own_key
    UNION
    -- With a penalty goes the complaint that became it.
    SELECT d.who, d.number
    FROM decided AS d
    JOIN policy_sorts AS s ON s.sort = d.sort AND s.class = 'complaint'
    JOIN dropped AS p ON p.who = d.who AND p.key_no = d.named_key
),
standing AS (
    SELECT d.who, d.number, d.sort, d.decided, d.ended, d.fine, d.own_key, d.named_key
    FROM decided AS d
    LEFT JOIN left_out AS o ON o.who = d.who AND o.number = d.number
    WHERE o.number IS NULL
),
-- The rule that a record counts under: the first that fits (policy_matches holds one for each sort and size of fine).
ruled AS (
    SELECT s.who, s.number, s.own_key, s.named_key, s.decided, s.ended, r.rule_no, r.pairing, r.grp_no, r.family_no,
           r.repeat_within, r.repeat_points, CASE WHEN r.from_end = 1 THEN s.ended ELSE s.decided END AS started
    FROM standing AS s
    JOIN policy_matches AS r ON r.sort = s.sort AND s.fine >= r.fine_from AND s.fine < r.fine_below
),
-- For the repeats: when the last of a family's earlier records ended, by the day of the decision.
family_days AS (
    SELECT who, family_no, decided, max(ended) AS ended
    FROM ruled
    WHERE family_no IS NOT NULL
    GROUP BY who, family_no, decided
),
earlier AS (
    SELECT who, family_no, decided,
           max(ended) OVER (PARTITION BY who, family_no ORDER BY decided ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier_end
    FROM family_days
),
-- What a record costs at its age: the step whose months still run.
priced AS (
    SELECT u.who, u.number, u.pairing, u.own_key, u.named_key, u.decided, u.rule_no, u.grp_no, p.points,
           u.family_no, u.repeat_within, u.repeat_points
    FROM ruled AS u
    JOIN policy_steps AS p ON p.rule_no = u.rule_no AND u.started >= p.started_from AND u.started < p.started_before
),
counted AS (
    SELECT who, number, pairing, own_key, named_key, decided, rule_no, grp_no, points, 1 AS place
    FROM priced
    UNION ALL
    -- A repeat: the earlier record ended less than so many months before (months end as in periods.py).
    SELECT p.who, p.number, p.pairing, p.own_key, p.named_key, p.decided, p.rule_no, p.grp_no, p.repeat_points, 2
    FROM priced AS p
    JOIN earlier AS e ON e.who = p.who AND e.family_no = p.family_no AND e.decided = p.decided
    WHERE (year(p.decided) * 12 + month(p.decided)) - (year(e.earlier_end) * 12 + month(e.earlier_end))
          - CASE WHEN day(p.decided) <= day(e.earlier_end) THEN 1 ELSE 0 END < p.repeat_within
),
-- A complaint and the penalty that it became: the dearer one counts. The penalty stands; the complaints that
-- name it count, together, only with what they cost above it.
complained AS (
    SELECT who, number, named_key, rule_no, grp_no, decided, -CAST(SUM(points) AS BIGINT) AS cost
    FROM counted
    WHERE pairing = 1 AND named_key IS NOT NULL
    GROUP BY who, number, named_key, rule_no, grp_no, decided
),
penalised AS (
    SELECT c.who, c.own_key, -CAST(SUM(c.points) AS BIGINT) AS cost
    FROM counted AS c
    JOIN (SELECT DISTINCT who, named_key FROM complained) AS n ON n.who = c.who AND n.named_key = c.own_key
    WHERE c.pairing = 2 AND c.own_key IS NOT NULL
    GROUP BY c.who, c.own_key
),
piled AS (
    SELECT c.who, c.number, c.rule_no, c.grp_no, c.decided, c.cost, p.cost AS penalty,
           CAST(SUM(c.cost) OVER (
               PARTITION BY c.who, c.named_key ORDER BY c.decided, c.rule_no, c.cost, c.number ROWS UNBOUNDED PRECEDING
           ) AS BIGINT) AS pile
    FROM complained AS c
    JOIN penalised AS p ON p.who = c.who AND p.own_key = c.named_key
),
weighed AS (
    SELECT who, number, decided, rule_no, grp_no, points, place FROM counted
    UNION ALL
    SELECT who, number, decided, rule_no, grp_no, cost - greatest(0, least(cost, pile - penalty)), 3 AS place
    FROM piled
    WHERE cost > greatest(0, least(cost, pile - penalty))
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
    FROM standing AS s
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
