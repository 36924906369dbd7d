-- Second part of the rule: what each record that stands costs: its rule, its age, its repeats, its pair.
WITH
-- For the repeats: when the last of a family's earlier records ended, by the day of the decision.
family_days AS (
    SELECT s.who, m.family_no, s.decided, max(s.ended) AS ended
    FROM policy_standing AS s
    JOIN policy_families AS m ON m.sort = s.sort AND s.fine >= m.fine_from AND s.fine < m.fine_below
    GROUP BY s.who, m.family_no, s.decided
),
earlier AS (
    SELECT who, family_no, decided, earlier_end
    FROM (
        SELECT who, family_no, decided,
               max(ended) OVER (PARTITION BY who, family_no ORDER BY decided ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier_end
        FROM family_days
    ) AS days
    WHERE earlier_end IS NOT NULL
),
-- What a record costs: by the first rule that fits it, and at its age, by the step whose months still run
-- (policy_prices holds these for each sort and size of fine).
priced AS (
    SELECT s.who, s.number, s.own_key, s.named_key, s.decided, p.rule_no, p.pairing, p.grp_no, p.points, p.family_no,
           p.repeat_within, p.repeat_points
    FROM policy_standing AS s
    JOIN policy_prices AS p ON p.sort = s.sort AND s.fine >= p.fine_from AND s.fine < p.fine_below
     AND CASE WHEN p.from_end = 1 THEN s.ended ELSE s.decided END >= p.started_from
     AND CASE WHEN p.from_end = 1 THEN s.ended ELSE s.decided END < p.started_before
),
counted AS (
    SELECT who, number, pairing, own_key, named_key, decided, rule_no, grp_no, points, 1 AS place
    FROM priced
    UNION ALL
    -- A repeat: the earlier record ended less than so many months before (months end as in periods.py).
    SELECT p.who, p.number, p.pairing, p.own_key, p.named_key, p.decided, p.rule_no, p.grp_no, p.repeat_points, 2
    FROM priced AS p
    JOIN earlier AS e ON e.who = p.who AND e.family_no = p.family_no AND e.decided = p.decided
    WHERE p.repeat_within IS NOT NULL
      AND (year(p.decided) * 12 + month(p.decided)) - (year(e.earlier_end) * 12 + month(e.earlier_end))
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
