-- Second part of the rule: what each record that stands costs: its rule, its age, its repeats, its pair.
WITH
-- The rule that a record counts under: the first that fits (policy_matches holds one for each sort and size of fine).
ruled AS (
    SELECT s.who, s.number, s.own_key, s.named_key, s.decided, s.ended, r.rule_no, r.pairing, r.grp_no, r.family_no,
           r.repeat_within, r.repeat_points, CASE WHEN r.from_end = 1 THEN s.ended ELSE s.decided END AS started
    FROM policy_standing AS s
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
)
SELECT who, number, decided, rule_no, grp_no, points, place FROM counted
UNION ALL
SELECT who, number, decided, rule_no, grp_no, cost - greatest(0, least(cost, pile - penalty)), 3 AS place
FROM piled
WHERE cost > greatest(0, least(cost, pile - penalty))
